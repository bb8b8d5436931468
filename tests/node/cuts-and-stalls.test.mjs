// Connections that break or fall silent, wherever that happens: a cut answer never places a second
// call, a stall never hangs, and a success is believed only when it is whole.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CLASSES, clientOf, failureOf, sendText } from "../support/client.mjs";
import { hangingUrl, refusedUrl } from "../support/dead-ports.mjs";
import { answer, cut, drip, good, hostileServer, raw, stall } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const lengthLie = (/** @type {number} */ declared, /** @type {string} */ body) =>
  raw(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${declared}\r\n\r\n${body}`);
const CUTS = {
  "cut before the headers": cut("before-headers"),
  "reset before the headers": cut("before-headers", { reset: true }),
  "cut after the headers": cut("after-headers"),
  "reset after the headers": cut("after-headers", { reset: true }),
  "cut in mid-body": cut("mid-body"),
  "reset in mid-body": cut("mid-body", { reset: true }),
  "content-length longer than the body": lengthLie(900, '{"id":"call_1"}'),
  "chunked body without its end": raw('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"id"\r\n'),
  "half a status line": raw("HTTP/1.1 20"),
  "half a header": raw("HTTP/1.1 200 OK\r\ncontent-ty"),
  "no HTTP at all": raw("SSH-2.0-OpenSSH_9.6\r\n"),
  "a header that is none": raw("HTTP/1.1 200 OK\r\nno colon here\r\n\r\n"),
};

describe("a broken answer", { concurrency: true }, () => {
  for (const [name, fault] of Object.entries(CUTS)) {
    test(`${name}: a call is placed once and its outcome is told as unknown`, async (t) => {
      const server = await hostileServer(t, [fault, good]);
      const error = await failureOf(CLASSES.effect.call(clientOf(server, { maxRetries: 3 })));
      assert.equal(server.count(), 1);
      assert.equal(server.effects("POST /v1/calls"), 1);
      assert.equal(error.code, "CONNECTION_ERROR");
      assert.equal(error.outcomeUnknown, true);
      assert.equal(error.retryable, false);
      assert.ok(error.message.includes("may have happened"), error.message);
    });

    for (const kind of ["read", "idempotent"]) {
      test(`${name}: a ${kind} succeeds on the second request`, async (t) => {
        const server = await hostileServer(t, [fault, good]);
        const { data, attempts } = await /** @type {Record<string, Foreign>} */ (CLASSES)[kind]
          .call(clientOf(server))
          .withResponse();
        assert.equal(data.id, "call_1");
        assert.equal(attempts, 2);
        assert.equal(server.count(), 2);
      });
    }
  }

  test("120 lost answers place 120 calls, not one more, and each is told", async (t) => {
    const server = await hostileServer(t, (_, number) => (number % 2 ? cut("before-headers") : cut("mid-body")));
    const client = clientOf(server);
    const errors = await Promise.all(Array.from({ length: 120 }, () => failureOf(CLASSES.effect.call(client))));
    assert.equal(server.effects("POST /v1/calls"), 120);
    assert.ok(errors.every((error) => error.outcomeUnknown && error.attempts === 1));
  });

  test("a call that was carried out in spite of its error status is not placed again", async (t) => {
    for (const status of [408, 500, 502, 503, 504]) {
      const server = await hostileServer(t, [answer(status, { detail: "x" }, {}, true), good]);
      const error = await failureOf(CLASSES.effect.call(clientOf(server)));
      assert.deepEqual([server.count(), server.effects(), error.outcomeUnknown], [1, 1, true], String(status));
    }
  });

  test("one that closes a kept-alive connection between two requests costs no effect twice", async (t) => {
    const server = await hostileServer(t, [good, cut("before-headers", { reset: true }), good]);
    const client = clientOf(server);
    await CLASSES.effect.call(client);
    const error = await failureOf(CLASSES.effect.call(client));
    assert.equal(error.outcomeUnknown, true);
    assert.equal(server.count("POST /v1/calls"), 2);
  });
});

describe("a success that is none", { concurrency: true }, () => {
  const BODIES = {
    "a page": ["<!doctype html><title>Sign in</title>", { "content-type": "text/html" }],
    "broken JSON": ['{"id": "call_1", "sta', {}],
    "an empty body": ["", {}],
    "white space": [" \n ", {}],
    "a string": ['"ok"', {}],
    null: ["null", {}],
    "an array": ["[]", {}],
    "plain text": ["OK", { "content-type": "text/plain" }],
    "two objects": ['{"id":"a"}{"id":"b"}', {}],
  };
  for (const [name, [body, headers]] of Object.entries(BODIES)) {
    test(`${name} is no data: INVALID_RESPONSE, sent once`, async (t) => {
      for (const [kind, { call }] of Object.entries(CLASSES)) {
        // It is done, and nothing has to be read (answers-empty.test.mjs).
        if (kind === "idempotent" && typeof body === "string" && body.trim() === "") continue;
        const server = await hostileServer(t, [answer(200, body, /** @type {Foreign} */ (headers)), good]);
        const error = await failureOf(call(clientOf(server)));
        assert.equal(error.code, "INVALID_RESPONSE");
        assert.equal(error.name, "InvalidResponseError");
        assert.equal(error.status, 200);
        assert.equal(error.outcomeUnknown, kind === "effect");
        assert.equal(server.count(), 1);
      }
    });
  }

  test("a body longer than its content-length is cut, and so is no JSON", async (t) => {
    const server = await hostileServer(t, lengthLie(7, '{"id":"call_1"}'));
    const error = await failureOf(CLASSES.effect.call(clientOf(server)));
    assert.ok(["INVALID_RESPONSE", "CONNECTION_ERROR"].includes(error.code), error.code);
    assert.equal(error.outcomeUnknown, true);
  });

  test("204 and 304 give no undefined as an agent", async (t) => {
    for (const status of [204, 205, 304]) {
      const server = await hostileServer(t, answer(status, ""));
      const error = await failureOf(clientOf(server).agents.get("agt_1"));
      assert.equal(error.status, status);
      assert.equal(error.code, status === 304 ? "HTTP_304" : "INVALID_RESPONSE");
    }
  });

  test("JSON where nothing is promised is no failure of what has been done; a page is", async (t) => {
    const calls = {
      contact: (/** @type {import("agentphone-wasm").AgentPhone} */ client) => client.contacts.delete("a"),
      card: (/** @type {import("agentphone-wasm").AgentPhone} */ client) => client.numbers.contactCard.delete("a"),
      background: (/** @type {import("agentphone-wasm").AgentPhone} */ client) =>
        client.conversations.background.delete("a"),
    };
    for (const call of Object.values(calls)) {
      for (const body of [{ success: true }, "null", "[]", ""])
        assert.equal(await call(clientOf(await hostileServer(t, answer(200, body)))), undefined);
      for (const body of ["<html>Sign in</html>", "OK"]) {
        assert.equal(
          (await failureOf(call(clientOf(await hostileServer(t, answer(200, body)))))).code,
          "INVALID_RESPONSE",
        );
      }
    }
  });

  test("a byte order mark, a charset and odd media types do not hide good JSON", async (t) => {
    for (const type of ["application/json; charset=utf-8", "text/html", "application/problem+json"]) {
      const server = await hostileServer(t, answer(200, '\ufeff{"id":"é"}', { "content-type": type }));
      assert.equal((await clientOf(server).calls.get("call_1")).id, "é");
    }
  });
});

describe("an answer in many pieces", { concurrency: true }, () => {
  test("is whole however it was cut, also inside a character", async (t) => {
    const text = Buffer.from(JSON.stringify({ id: "é😀", list: [1, 2, 3] }));
    const server = await hostileServer(t, {
      performs: true,
      run(response) {
        response.writeHead(200, { "content-type": "application/json" });
        const next = (/** @type {Foreign} */ at) =>
          at < text.length
            ? response.write(text.subarray(at, at + 1), () => setImmediate(next, at + 1))
            : response.end();
        next(0);
      },
    });
    assert.deepEqual(await clientOf(server).calls.get("call_1"), { id: "é😀", list: [1, 2, 3] });
  });

  test("that comes slowly but in time is no timeout", async (t) => {
    const server = await hostileServer(t, drip({ id: "call_1" }, { bytes: 4, everyMs: 30 }));
    assert.equal((await clientOf(server, { timeout: 10_000 }).calls.get("call_1")).id, "call_1");
  });

  test("of eight megabytes is whole", async (t) => {
    const text = "x".repeat(8_000_000);
    const server = await hostileServer(t, answer(200, { id: text }));
    assert.equal((await clientOf(server).calls.get("call_1")).id.length, text.length);
  });
});

describe("a connection that never comes about", { concurrency: true }, () => {
  test("ends with TIMEOUT in time and claims nothing of the outcome", async (t) => {
    const url = await hangingUrl(t);
    if (!url) return t.skip("this kernel completes every connection");
    const began = Date.now();
    const client = clientOf(url, { timeout: 300, maxRetries: 0 });
    const [read, effect] = await Promise.all([
      failureOf(CLASSES.read.call(client)),
      failureOf(CLASSES.effect.call(client)),
    ]);
    assert.ok(Date.now() - began < 5_000);
    assert.deepEqual([read.code, read.outcomeUnknown], ["TIMEOUT", false]);
    // fetch does not tell how far a request came, so that the client must not claim that it was not sent.
    assert.deepEqual([effect.code, effect.outcomeUnknown], ["TIMEOUT", true]);
  });

  test("can be aborted", async (t) => {
    const url = await hangingUrl(t);
    if (!url) return t.skip("this kernel completes every connection");
    const controller = new AbortController();
    const promise = CLASSES.read.call(clientOf(url), { signal: controller.signal });
    setTimeout(() => controller.abort(), 100);
    assert.equal((await failureOf(promise)).code, "ABORTED");
  });

  test("a plain port behind https receives nothing and is no success", async (t) => {
    const server = await hostileServer(t);
    const client = clientOf(`https://127.0.0.1:${server.port}`, { maxRetries: 1 });
    const [read, text] = await Promise.all([failureOf(CLASSES.read.call(client)), failureOf(sendText(client))]);
    assert.deepEqual([read.code, text.code], ["CONNECTION_ERROR", "CONNECTION_ERROR"]);
    assert.equal(server.count(), 0);
    assert.equal(read.attempts, 2);
    // The handshake failed: nothing was sent, so that it may be tried again.
    assert.deepEqual([text.outcomeUnknown, text.attempts], [false, 2]);
  });

  test("a server that comes up during the backoff is reached", async (t) => {
    const url = await refusedUrl(t);
    const target = await hostileServer(t);
    let refused = 0;
    const client = clientOf(url, {
      fetch: (address, init) => fetch(refused++ === 0 ? address : address.replace(url, target.url), init),
    });
    assert.equal(/** @type {Foreign} */ (await CLASSES.effect.call(client)).id, "call_1");
    assert.equal(target.count(), 1);
  });
});

describe("after a fault the client still works", { concurrency: true }, () => {
  test("every kind of it in turn, then a good answer", async (t) => {
    const faults = [...Object.values(CUTS), stall("body"), answer(200, "<html>"), answer(500), answer(404)];
    const server = await hostileServer(t, [...faults, good]);
    const client = clientOf(server, { maxRetries: 0, timeout: 2_000 });
    for (const fault of faults) assert.ok((await failureOf(CLASSES.effect.call(client))).code, String(fault));
    assert.equal(/** @type {Foreign} */ (await CLASSES.effect.call(client)).id, "call_1");
    assert.equal(server.count(), faults.length + 1);
  });
});
