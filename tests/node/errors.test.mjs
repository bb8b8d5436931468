// What the caller is told when the API says no: every case of contract/vectors/errors.json through
// the real stack. How errors travel (JSON, clones, two copies) is in errors-travel.test.mjs.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import * as api from "agentphone-wasm";
import { assertPrivate, clientOf, failureOf, KEY, PHONE, sendText, TEXT } from "../support/client.mjs";
import { answer, hostileServer } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const { cases } = JSON.parse(readFileSync(new URL("../../contract/vectors/errors.json", import.meta.url), "utf8"));
const once = { maxRetries: 0 };
const fail = async (/** @type {test.TestContext} */ t, /** @type {Foreign[]} */ ...args) =>
  failureOf(
    sendText(clientOf(await hostileServer(t, answer(.../** @type {Parameters<typeof answer>} */ (args))), once)),
  );

describe("each documented error arrives as its own class, with its code and all its fields", {
  concurrency: true,
}, () => {
  for (const [index, { shape, status, body, text, headers, error: want }] of cases.entries()) {
    test(`${index}: ${shape} ${status} is ${want.code}`, async (t) => {
      const error = await fail(t, status, text ?? body, { "x-request-id": "req_7", ...headers });
      const Class =
        want.class === "Other"
          ? api.AgentPhoneError
          : /** @type {Record<string, Foreign>} */ (api)[`${want.class}Error`];
      assert.ok(error instanceof Class);
      assert.ok(error instanceof api.AgentPhoneError && error instanceof Error);
      assert.equal(error.constructor, Class);
      assert.equal(error.name, Class.name);
      assert.equal(error.name, want.class === "Other" ? "AgentPhoneError" : `${want.class}Error`);
      for (const field of ["code", "type", "retryable", "outcomeUnknown", "rawCode"]) {
        assert.equal(/** @type {Record<string, Foreign>} */ (error)[field], want[field], field);
      }
      assert.equal(error.status, status);
      assert.equal(error.details.length, want.details);
      assert.equal(error.retryAfter, want.retryAfterMs === undefined ? undefined : want.retryAfterMs / 1000);
      if (want.says) assert.ok(error.message.includes(want.says), error.message);
      assert.ok(error.message.startsWith("messages.send: ") && !error.message.includes("\n"), error.message);
      assert.deepEqual(
        [error.method, error.path, error.operation, error.requestId, error.attempts],
        ["POST", "/v1/messages", "messages.send", "req_7", 1],
      );
      assert.ok(error.elapsed >= 0);
      assert.deepEqual(error.body, text ?? body, "the answer's body");
      assert.equal(error.headers?.get("x-request-id"), "req_7");
      assertPrivate(inspect(error) + JSON.stringify(error), "the error");
    });
  }
});

test("an error passes for no class but its own and its parents", async (t) => {
  const classes = /** @type {Foreign[]} */ (Object.values(api)).filter((value) => value.prototype instanceof Error);
  assert.ok(classes.length >= 20);
  for (const { status, body, text, headers } of cases) {
    const error = await fail(t, status, text ?? body, headers);
    for (const Class of classes) {
      const parent = Class === error.constructor || Object.prototype.isPrototypeOf.call(Class.prototype, error);
      assert.equal(error instanceof Class, parent, `${error.name} instanceof ${Class.name}`);
    }
  }
});

describe("the fields of a detail", { concurrency: true }, () => {
  test("FastAPI's loc becomes a path with dots", async (t) => {
    const error = await fail(t, 422, {
      detail: [{ loc: ["body", "media_urls", 0], msg: "no URL", type: "value_error.url" }],
    });
    assert.deepEqual(error.details, [{ field: "body.media_urls.0", message: "no URL", type: "value_error.url" }]);
  });

  test("the envelope's details are kept as they are", async (t) => {
    const details = [{ field: "country", message: "Country must be a 2-letter ISO code", type: "value_error" }];
    const error = await fail(t, 400, { error: { message: "Validation error", code: "VALIDATION_ERROR", details } });
    assert.deepEqual(error.details, details);
  });
});

describe("surprising error bodies never become another error", { concurrency: true }, () => {
  const bodies = {
    "an array": [1, 2],
    null: "null",
    "a number": "7",
    "a string": '"plain"',
    "code as a number": { error: { code: 7, message: 9, details: "none" } },
    "details of nulls": { error: { code: "X", message: "m", details: [null, 1, "s", {}] } },
    "an empty detail list": { detail: [] },
    "nested a hundred deep": "[".repeat(100) + "]".repeat(100),
    "a megabyte of text": "x".repeat(1_000_000),
    "control characters": "bad\u0000\u0007\r\nthing",
    "a code of a thousand letters": { error: { code: "C".repeat(1000), message: "m" } },
    "keys of the prototype": '{"__proto__": {"code": "POLLUTED"}, "constructor": 1}',
  };
  for (const [name, body] of Object.entries(bodies)) {
    test(name, async (t) => {
      const error = await fail(t, 500, body);
      assert.equal(error.status, 500);
      assert.ok(error instanceof api.AgentPhoneError);
      assert.ok(error.message.length < 600 && !/[\u0000-\u001f]/.test(error.message), "message of one short line");
      assert.ok(error.code.length <= 81, "code");
      assert.equal(/** @type {Foreign} */ ({}).code, undefined, "no prototype is touched");
    });
  }
});

describe("a server that echoes what it was sent", { concurrency: true }, () => {
  const echoes = {
    "in the envelope": {
      error: {
        message: `cannot send ${TEXT} to ${PHONE} with ${KEY}`,
        code: "VALIDATION_ERROR",
        details: [{ field: "to_number", message: `${PHONE} is bad`, type: "value_error" }],
      },
    },
    "in FastAPI's input": {
      detail: [{ loc: ["body", "body"], msg: `bad: ${TEXT}`, type: "value_error", input: TEXT }],
    },
    "in plain text": `Bearer ${KEY} may not text ${PHONE}: ${TEXT}`,
    "in a page's title": `<html><title>${KEY} ${PHONE} ${TEXT}</title>`,
    "as code and type": { error: { message: "m", code: KEY, type: TEXT } },
    "in another spelling of the number": { detail: "+1 (415) 555-0100 is not allowed" },
  };
  for (const [name, body] of Object.entries(echoes)) {
    test(`${name}: neither message nor JSON nor inspect shows it`, async (t) => {
      const error = await fail(t, 422, body, { "x-echo": KEY });
      for (const text of [error.message, String(error), JSON.stringify(error), inspect(error), error.stack]) {
        assertPrivate(text, "the error");
        assert.ok(!text?.includes("555-0100"), text);
      }
    });
  }

  test("nor does the error of a key that a function supplied", async (t) => {
    const server = await hostileServer(t, answer(401, { detail: `key ${KEY} is unknown` }));
    const error = await failureOf(sendText(clientOf(server, { ...once, apiKey: async () => KEY })));
    assertPrivate(inspect(error) + JSON.stringify(error), "the error");
  });

  test("nor does the error of a text of several lines, whose white space becomes one line", async (t) => {
    const body = "first  line\nsecond line";
    const server = await hostileServer(
      t,
      answer(422, { detail: [{ loc: ["body"], msg: `cannot send ${body}!`, type: "t" }] }),
    );
    const error = await failureOf(clientOf(server, once).messages.send({ agent_id: "agt_1", to_number: PHONE, body }));
    assert.ok(!/first|second/.test(JSON.stringify(error)), JSON.stringify(error));
  });

  test("nor does a message that is cut in the middle of a secret", async (t) => {
    for (const secret of [KEY, TEXT, PHONE]) {
      const error = await fail(t, 422, { detail: `${"x ".repeat(150 - 5)}${secret}` });
      const shown = JSON.stringify(error);
      assert.ok(!shown.includes(secret.slice(0, 8)), shown);
    }
  });

  test("nor does the error of an id or a query that the server repeats", async (t) => {
    const server = await hostileServer(t, answer(404, { detail: "no call call_private_77 with word_private" }));
    const client = clientOf(server, once);
    const byId = await failureOf(client.calls.get("call_private_77"));
    assert.ok(!byId.message.includes("call_private_77"), byId.message);
    const byQuery = await failureOf(client.calls.list({ search: "word_private" }));
    assert.ok(!byQuery.message.includes("word_private"), byQuery.message);
    const other = clientOf(
      await hostileServer(t, answer(404, { detail: "nothing for 471100 and Persephone, offset 5000" })),
      once,
    );
    for (const [search, shown] of /** @type {const} */ ([
      [471_100, "Persephone"],
      ["Persephone", "471100"],
    ])) {
      const { message } = await failureOf(other.calls.list({ search: /** @type {Foreign} */ (search), offset: 5000 }));
      assert.ok(
        !message.includes(/** @type {Foreign} */ (search)) &&
          message.includes(shown) &&
          message.includes("offset 5000"),
        message,
      );
    }
  });
});

test("the client itself shows no key when it is inspected or written as JSON", async (t) => {
  const client = clientOf(await hostileServer(t));
  await client.calls.get("call_1");
  for (const thing of [client, client.calls, client.calls.get, Object.getPrototypeOf(client)]) {
    const shown = inspect(thing, { showHidden: true, depth: 9, getters: true });
    assertPrivate(shown + JSON.stringify(thing) + String(thing), "the client");
  }
});
