// Defects of the official SDKs (TypeScript, Python), of the MCP server and of the agent tools, each tested once: a title names
// the hazard, then what happens here. This file has those of requests and failures, incumbents-surface.test.mjs what is left
// out, incumbents-rest.test.mjs the others, and webhooks-verify.test.mjs and voice.test.mjs those of webhooks and voice.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as api from "agentphone-wasm";
import { runChild } from "../support/child.mjs";
import { CLASSES, clientOf, failureOf, PHONE, sendText, untilRetry } from "../support/client.mjs";
import { CONNECTED, ENDED, events, readAll, turn } from "../support/event-stream.mjs";
import { answer, cut, good, hostileServer, stall } from "../support/hostile-server.mjs";
import { ids, listing, messages, queryOf, SHAPES } from "../support/lists.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const envelope = (/** @type {string} */ code, message = "m") => ({ error: { message, code, type: "t", details: [] } });

describe("what the official SDK gets wrong", { concurrency: true }, () => {
  test("a call, a message or a purchase sent twice: after 408 or 5xx it is not repeated, and the caller learns that the outcome is unknown", async (t) => {
    const operations = {
      "POST /v1/calls": CLASSES.effect.call,
      "POST /v1/messages": sendText,
      "POST /v1/numbers": (/** @type {import("agentphone-wasm").AgentPhone} */ client) =>
        client.numbers.buy({ country: "US" }),
    };
    for (const status of [408, 500, 502, 503, 504]) {
      const server = await hostileServer(t, ({ path }) => answer(status, { detail: path }, {}, true));
      for (const [place, call] of Object.entries(operations)) {
        const error = await failureOf(call(clientOf(server)));
        assert.deepEqual([error.status, error.outcomeUnknown, server.effects(place)], [status, true, 1]);
      }
    }
  });

  test("a second call behind the caller's back: a 500 is reported, not hidden by a retry that succeeded", async (t) => {
    const server = await hostileServer(t, [answer(500, {}, {}, true), good]);
    assert.equal((await failureOf(CLASSES.effect.call(clientOf(server)))).status, 500);
    assert.equal(server.effects("POST /v1/calls"), 1);
  });

  test("pointless retries: a 429 that waiting cannot cure is sent once", async (t) => {
    const server = await hostileServer(t, answer(429, envelope("CONVERSATION_STREAK_LIMIT"), { "retry-after": "1" }));
    await failureOf(sendText(clientOf(server)));
    assert.equal(server.count(), 1);
  });

  test("Retry-After cut to a minute: after 3600 there is no second request, and the caller learns the hour", async (t) => {
    const server = await hostileServer(t, answer(429, envelope("RATE_LIMIT_EXCEEDED"), { "retry-after": "3600" }));
    const error = await failureOf(CLASSES.read.call(clientOf(server)));
    assert.deepEqual([error.retryAfter, server.count()], [3600, 1]);
  });

  test("an abort that is ignored during backoff: it ends the call at once", async (t) => {
    const server = await hostileServer(t, answer(429, envelope("RATE_LIMIT_EXCEEDED"), { "retry-after": "20" }));
    const controller = new AbortController();
    const client = clientOf(server);
    const { promise } = await untilRetry((options) => CLASSES.read.call(client, options), {
      signal: controller.signal,
    });
    const began = performance.now();
    controller.abort();
    assert.equal((await failureOf(promise)).code, "ABORTED");
    assert.ok(performance.now() - began < 2_000);
  });

  test("an id that changes the path: a missing one, an empty one or .. never reaches another resource", async (t) => {
    const server = await hostileServer(t);
    const { agents, numbers } = clientOf(server);
    for (const id of [undefined, "", "..", {}]) {
      for (const call of [
        agents.get(/** @type {Foreign} */ (id)),
        agents.delete(/** @type {Foreign} */ (id)),
        numbers.release(/** @type {Foreign} */ (id)),
      ]) {
        assert.equal((await failureOf(call)).code, "INVALID_ARGUMENT");
      }
    }
    assert.equal(server.count(), 0);
  });

  test("a recording read as JSON, or the key sent to storage: the audio is bytes, fetched without the key", async (t) => {
    const wave = Buffer.from([...Buffer.from("RIFF"), ...Array.from({ length: 256 }, (_, i) => i)]);
    const audio = {
      performs: false,
      run: (/** @type {import("node:http").ServerResponse} */ response) =>
        response.writeHead(200, { "content-type": "audio/wav" }).end(wave),
    };
    const server = await hostileServer(t, audio);
    const recording = await clientOf(server).calls.recording.get("call_1");
    assert.deepEqual(
      [Buffer.from(await recording.bytes()), server.received[0].headers.authorization],
      [wave, undefined],
    );
  });

  test("a live transcript that arrives only after the call: events are emitted while it goes on", async (t) => {
    /** @type {Foreign} */
    let say;
    const live = {
      performs: false,
      run: (/** @type {import("node:http").ServerResponse} */ response) => {
        response.writeHead(200, { "content-type": "text/event-stream" }).write(CONNECTED);
        say = (/** @type {string} */ text) => response.write(text);
      },
    };
    const server = await hostileServer(t, live);
    const stream = clientOf(server).calls.transcript.stream("call_1");
    assert.equal((await stream.next()).value?.event, "connected");
    for (const words of ["hello", "who is there"]) {
      say?.(turn(words));
      const { value } = /** @type {Foreign} */ (await stream.next());
      assert.equal(value.data.content, words);
    }
    assert.equal(server.received[0].headers.accept, "text/event-stream");
    await stream.return();
  });

  test("a stream that hangs: one that falls silent, or never begins, is given up in time", async (t) => {
    for (const [script, limit, code] of /** @type {const} */ ([
      [stall("headers"), "timeout", "TIMEOUT"],
      [events(CONNECTED, { then: "open" }), "idleTimeout", "CONNECTION_ERROR"],
    ])) {
      const options = { [limit]: 150, maxRetries: 0 };
      const { error } = await readAll(
        clientOf(await hostileServer(t, script)).calls.transcript.stream("call_1", options),
      );
      assert.equal(error?.code, code);
    }
  });

  test("an event stream misread: data over two lines is one event, a cut leads to a new connection, ended is the end", async (t) => {
    const split = 'event: turn\ndata: {"role": "user",\ndata:  "content": "split"}\n\n';
    const server = await hostileServer(t, [
      events(CONNECTED + split, { then: "cut" }),
      events(CONNECTED + split + turn("b") + ENDED, { then: "open" }),
    ]);
    const { said } = await readAll(clientOf(server).calls.transcript.stream("call_1"));
    assert.deepEqual([said, server.count()], ["connected split b ended", 2]);
  });

  test("anything taken for data: a login page, an empty 200 and a 304 are errors", async (t) => {
    const bodies = [
      [200, "<html>Sign in</html>", "INVALID_RESPONSE"],
      [200, "", "INVALID_RESPONSE"],
      [304, "", "HTTP_304"],
    ];
    for (const [status, body, code] of bodies) {
      const server = await hostileServer(t, answer(/** @type {Foreign} */ (status), body));
      assert.equal((await failureOf(clientOf(server).agents.list())).code, code);
    }
  });

  test("a timeout of an unexported class: it is the exported TimeoutError, and says which limit it was", async (t) => {
    const server = await hostileServer(t, stall("headers"));
    const error = await failureOf(CLASSES.read.call(clientOf(server, { timeout: 150, maxRetries: 0 })));
    assert.ok(error instanceof api.TimeoutError);
    assert.ok(error.message.includes("150 ms"), error.message);
  });

  test("a status lost with broken JSON: the error keeps it", async (t) => {
    const server = await hostileServer(t, answer(502, '{"error": {"mess', { "content-type": "application/json" }));
    const error = await failureOf(CLASSES.effect.call(clientOf(server)));
    assert.deepEqual([error.status, error.code, error.name], [502, "BAD_GATEWAY", "ServerError"]);
  });

  test("a broken connection treated alike for all: a read is retried, a call is not, and the cause is kept", async (t) => {
    const server = await hostileServer(t, [cut("before-headers"), good]);
    assert.equal(/** @type {Foreign} */ (await CLASSES.read.call(clientOf(server))).id, "call_1");
    const broken = await hostileServer(t, cut("before-headers"));
    const error = await failureOf(CLASSES.effect.call(clientOf(broken)));
    assert.deepEqual([error.code, broken.count()], ["CONNECTION_ERROR", 1]);
    assert.ok(error.cause instanceof Error && error.cause.cause instanceof Error, "the platform's own error is kept");
  });

  test("one class for all failures: each has its own, with what the response says", async (t) => {
    const details = [{ field: "toNumber", message: "bad", type: "value_error" }];
    const body = {
      error: { message: "Validation error", code: "VALIDATION_ERROR", type: "validation_error", details },
    };
    const server = await hostileServer(t, answer(400, body, { "x-request-id": "req_1", "retry-after": "3" }));
    const error = await failureOf(CLASSES.effect.call(clientOf(server)));
    assert.ok(error instanceof api.ValidationError);
    assert.deepEqual(
      [error.code, error.type, error.details, error.requestId, error.retryAfter],
      ["VALIDATION_ERROR", "validation_error", details, "req_1", 3],
    );
    const classes = {
      401: "AuthenticationError",
      402: "InsufficientBalanceError",
      403: "PermissionDeniedError",
      404: "NotFoundError",
      409: "ConflictError",
      422: "ValidationError",
      429: "RateLimitError",
      500: "ServerError",
    };
    for (const [status, name] of Object.entries(classes)) {
      const failing = clientOf(await hostileServer(t, answer(Number(status))), { maxRetries: 0 });
      assert.equal(
        (await failureOf(CLASSES.effect.call(failing))).constructor,
        /** @type {Record<string, Foreign>} */ (api)[name],
      );
    }
  });

  test("a message that dumps the body: it is one line that says what failed and what to do", async (t) => {
    const body = { ...envelope("INSUFFICIENT_BALANCE", "Your balance is too low"), trace: "x".repeat(500) };
    const error = await failureOf(CLASSES.effect.call(clientOf(await hostileServer(t, answer(402, body)))));
    assert.equal(
      error.message,
      "calls.create: Your balance is too low (INSUFFICIENT_BALANCE, HTTP 402). Add funds on the Billing page or turn on auto-recharge. A number needs at least $3.00.",
    );
  });

  test("two shapes of a 422: both are one class with the same kind of details", async (t) => {
    const fastapi = { detail: [{ loc: ["body", "toNumber"], msg: "field required", type: "missing" }] };
    const own = {
      error: {
        message: "m",
        code: "VALIDATION_ERROR",
        details: [{ field: "body.toNumber", message: "field required", type: "missing" }],
      },
    };
    for (const body of [fastapi, own]) {
      const error = await failureOf(CLASSES.effect.call(clientOf(await hostileServer(t, answer(422, body)))));
      assert.ok(error instanceof api.ValidationError);
      assert.deepEqual(error.details, [{ field: "body.toNumber", message: "field required", type: "missing" }]);
    }
  });

  test("list parameters dropped: limit and search reach the server from every list", async (t) => {
    const server = await hostileServer(t);
    const { agents, numbers, calls, conversations, contacts } = clientOf(server);
    for (const resource of [agents, numbers, calls, conversations]) await resource.list({ limit: 7, offset: 20 });
    await contacts.list({ limit: 7, search: "ann lee" });
    const queries = server.received.map(queryOf);
    assert.deepEqual(queries, [...Array(4).fill({ limit: "7", offset: "20" }), { limit: "7", search: "ann lee" }]);
  });

  test("a list that ends after one page: lists of every shape are iterated to their end", async (t) => {
    for (const [shape, { list }] of Object.entries(SHAPES)) {
      const all = messages(7);
      const read = [];
      for await (const item of list(
        clientOf(
          await hostileServer(
            t,
            listing(shape, () => all),
          ),
        ),
      ))
        read.push(item);
      assert.equal(ids(read), ids(all), shape);
    }
    const bare = clientOf(await hostileServer(t, answer(200, [{ id: "a" }])));
    assert.equal(ids(await bare.agents.webhook.deliveries.list("agt_1").toArray()), "a");
  });

  test("no way to name a sub-account: it is an option of the client and of every request", async (t) => {
    const server = await hostileServer(t);
    const client = clientOf(server, { subAccount: "sub_1" });
    for (const options of [undefined, { subAccount: "sub_2" }]) {
      for (const call of [
        client.calls.get("call_1", options),
        client.agents.list({}, options),
        client.usage.get(options),
      ])
        await call;
    }
    const sent = server.received.map(({ headers }) => headers["x-sub-account-id"]);
    assert.deepEqual(sent, [...Array(3).fill("sub_1"), ...Array(3).fill("sub_2")]);
  });

  test("a missing key found at the first call: it is read from AGENTPHONE_API_KEY, and its absence found at construction", async (t) => {
    const server = await hostileServer(t);
    const source = `import { AgentPhone } from "agentphone-wasm";
      try {
        const client = new AgentPhone();
        await client.calls.create({ agentId: "a", toNumber: "${PHONE}" });
        console.log("sent");
      } catch (error) { console.log(error.code, error.attempts); }`;
    const env = { AGENTPHONE_BASE_URL: server.url };
    const [without, withKey] = await Promise.all([
      runChild(source, { env }),
      runChild(source, { env: { ...env, AGENTPHONE_API_KEY: "sk_test_env" } }),
    ]);
    assert.deepEqual([without.stdout.trim(), withKey.stdout.trim()], ["CONFIGURATION_ERROR 0", "sent"]);
    assert.deepEqual(
      server.received.map((r) => r.headers.authorization),
      ["Bearer sk_test_env"],
    );
  });

  test("a key under the official SDK's name: for token, the error names apiKey", () => {
    assert.throws(() => new api.AgentPhone(/** @type {Foreign} */ ({ token: "sk_test_x" })), /token.*apiKey/);
  });
});
