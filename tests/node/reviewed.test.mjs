// Hazards that a reading of the code brought up: odd values from outside, errors that end in the
// middle, subclasses of users, and what the caller sent in a form in which it was not sent.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { describe, test } from "node:test";
import { AgentPhone, NotFoundError, PermissionDeniedError } from "agentphone-wasm";
import { clientOf, failureOf } from "../support/client.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const stub =
  (/** @type {unknown} */ body, status = 200, headers = {}) =>
  async () =>
    new Response(JSON.stringify(body), { status, headers });
const of = (/** @type {Foreign} */ fetch, options = {}) =>
  new AgentPhone({ apiKey: "sk_test_1", fetch, logLevel: "off", maxRetries: 0, ...options });

describe("a value from outside whose getters throw", () => {
  for (const [what, value] of /** @type {const} */ ([
    [
      "then",
      {
        get then() {
          throw new Error("then");
        },
      },
    ],
    [
      "constructor",
      Object.defineProperty(Promise.resolve(), "constructor", {
        get() {
          throw new Error("constructor");
        },
      }),
    ],
  ])) {
    test(`${what} of what fetch returns rejects that call and no other of the same tick`, async () => {
      let first = true;
      const client = of(() => (first ? ((first = false), value) : stub({ id: "call_1" })()));
      const [bad, good] = await Promise.allSettled([client.calls.get("bad"), client.calls.get("good")]);
      assert.equal(/** @type {Foreign} */ (bad).reason.code, "CONNECTION_ERROR");
      assert.equal(/** @type {Foreign} */ (good).value.id, "call_1");
    });
  }

  test("a revoked proxy as body or options is refused by a rejection", async () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const client = of(stub({}));
    for (const promise of [
      client.calls.create(/** @type {Foreign} */ (proxy)),
      client.agents.create(/** @type {Foreign} */ (proxy)),
    ]) {
      assert.match((await failureOf(promise)).code, /INVALID_ARGUMENT|CONFIGURATION_ERROR|INVALID_RESPONSE/);
    }
  });

  test("a signal that fires while it is listened to still aborts", async () => {
    const signal = {
      aborted: false,
      reason: "at once",
      addEventListener: (/** @type {Foreign} */ _, /** @type {Foreign} */ listener) => listener(),
      removeEventListener() {},
    };
    const error = await failureOf(
      of(stub({ id: "x" })).calls.get("call_1", { signal: /** @type {Foreign} */ (signal) }),
    );
    assert.deepEqual([error.code, error.cause], ["ABORTED", "at once"]);
  });
});

describe("an error", () => {
  test("whose body is cut off is still the refusal that its status says, except where it may be unsure", async (t) => {
    for (const [status, code, unknown] of /** @type {const} */ ([
      [401, "UNAUTHORIZED", false],
      [404, "NOT_FOUND", false],
      [409, "CONNECTION_ERROR", true],
    ])) {
      const server = createServer((_, response) => {
        response.writeHead(status, { "content-length": 100 });
        response.write('{"detail":"some wor', () => response.destroy());
      });
      await new Promise((resolve) =>
        server.listen(0, /** @type {Foreign} */ ("127.0.0.1"), /** @type {Foreign} */ (resolve)),
      );
      t.after(() => server.close());
      const where = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
      const error = await failureOf(
        clientOf(where, { maxRetries: 0 }).calls.create({ agentId: "a", toNumber: "+14155550100" }),
      );
      assert.deepEqual([error.status, error.code, error.outcomeUnknown], [status, code, unknown]);
    }
  });

  test("is no instance of a user's subclass that it was not made by", async () => {
    class Mine extends NotFoundError {}
    const error = await failureOf(of(stub({ detail: "no" }, 404)).calls.get("call_1"));
    assert.ok(error instanceof NotFoundError && !(error instanceof Mine) && !(error instanceof PermissionDeniedError));
  });

  test("with a rule for one field says it in the message, without advice that points at nothing", async () => {
    const detail = { field: "country", message: "must be US or CA", type: "value_error" };
    const told = await failureOf(
      of(
        stub({ error: { message: "Validation error", code: "VALIDATION_ERROR", details: [detail] } }, 400),
      ).agents.list(),
    );
    assert.match(told.message, /country: must be US or CA .*named in details/);
    const silent = await failureOf(
      of(stub({ error: { message: "Validation error", code: "VALIDATION_ERROR" } }, 400)).agents.list(),
    );
    assert.ok(!silent.message.includes("details"), silent.message);
    const soon = await failureOf(
      of(stub({ error: { message: "Slow down", code: "RATE_LIMITED" } }, 429)).agents.list(),
    );
    assert.ok(!soon.message.includes("retryAfter"), soon.message);
  });

  test("shows nothing of a text that the server quotes escaped, cut off or in a URL, nor a key as request id", async () => {
    const body = 'The "plan" is\nsecret and long enough';
    for (const said of [JSON.stringify(body), `too long: ${body.slice(0, 20)}`, body.replaceAll(/\s+/g, " ")]) {
      const fetch = stub({ detail: said }, 400, { "x-request-id": "sk_test_1" });
      const error = await failureOf(of(fetch).messages.send({ agent_id: "agt_1", to_number: "+14155550100", body }));
      assert.ok(!/plan|secret/.test(JSON.stringify(error)), JSON.stringify(error));
      assert.ok(!JSON.stringify(error).includes("sk_test_1"));
    }
    const search = await failureOf(
      of(stub({ detail: "nothing for search=Ada%20Lovelace" }, 400)).calls.list({ search: "Ada Lovelace" }),
    );
    assert.ok(!search.message.includes("Lovelace"), search.message);
  });
});

describe("a hook", () => {
  test("that itself makes a wrong call does not call itself until the stack is full", async () => {
    let left = 3;
    const done = new Promise((resolve) => {
      const client = of(stub({}), {
        hooks: { onError: () => (left-- > 0 ? void client.calls.get("").catch(() => {}) : resolve("bounded")) },
      });
      client.calls.get("").catch(() => {});
    });
    assert.equal(await done, "bounded");
  });

  test("of a request sees the refusal of its own argument", async () => {
    /** @type {Foreign[]} */
    const seen = [];
    await failureOf(of(stub({})).calls.get("", { hooks: { onError: (error) => seen.push(error.code) } }));
    assert.deepEqual(seen, ["INVALID_ARGUMENT"]);
  });
});

test("a call whose two time limits end together ends with them, and is not sent again", async () => {
  let requests = 0;
  const client = of(() => (requests++, new Promise(() => {})), { maxRetries: 5, timeout: 250, totalTimeout: 250 });
  const error = await failureOf(client.calls.list());
  assert.deepEqual([error.code, error.attempts, requests], ["TIMEOUT", 1, 1]);
});

test("objects have no free() that would leave their client unusable", () => {
  const client = of(stub({}));
  assert.equal(/** @type {Foreign} */ (client).free, undefined);
  for (const thing of [client.calls, client.agents.numbers]) {
    assert.equal(/** @type {Foreign} */ (thing).free, undefined);
    assert.equal(/** @type {Foreign} */ (thing)[Symbol.dispose], undefined);
  }
});
