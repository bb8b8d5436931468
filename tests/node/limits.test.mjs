// Rate limits and outages: the client waits as long as it was asked to, no longer than is worth it,
// lets one refusal speak for all, and never adds to the load of a server that is down.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { runChild } from "../support/child.mjs";
import { CLASSES, clientOf, failureOf, sendText, sleep, untilRetry } from "../support/client.mjs";
import { answer, cut, good, hostileServer } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const vectors = JSON.parse(
  readFileSync(new URL("../../contract/vectors/retry-after.json", import.meta.url), "utf8"),
).cases;
const limited = (/** @type {import("node:http").OutgoingHttpHeaders} */ headers, code = "RATE_LIMIT_EXCEEDED") =>
  answer(429, { error: { message: "slow down", code, type: "rate_limit_error", details: [] } }, headers);

/**
 * A script that lets `requests` through in each second, as a server with a fixed window does.
 * @param {number} requests
 */
function fixedWindow(requests) {
  let [opened, used] = [-Infinity, 0];
  return () => {
    const at = Date.now();
    if (at - opened >= 1_000) [opened, used] = [at, 0];
    used += 1;
    return used <= requests ? good : limited({ "retry-after": String(Math.ceil((opened + 1_000 - at) / 1_000)) });
  };
}

/** The same for a server that takes requests one after the other, each for `ms`. @param {number} ms */
function oneByOne(ms, /** @type {Foreign} */ script) {
  let free = 0;
  return async (/** @type {Foreign} */ request) => {
    free = Math.max(free, Date.now()) + ms;
    await sleep(free - Date.now());
    return script(request);
  };
}

/** Runs `work` in a process of its own; gives the numbers of the `calls` that never settle. @param {string} work */
async function stuck(work) {
  const { stdout, stderr } = await runChild(`
    import { AgentPhone } from "agentphone-wasm";
    const late = (ms) => new Promise((resolve) => setTimeout(resolve, ms, "late"));
    const good = () => new Response("{}");
    const limited = (wait) => new Response("{}", { status: 429, headers: { "retry-after-ms": String(wait) } });
    const clientOf = (fetch) => new AgentPhone({ apiKey: "sk_test_x", baseUrl: "http://127.0.0.1:9", logLevel: "off", fetch: async () => fetch() });
    const calls = [];
    ${work}
    const settled = await Promise.all(calls.map((call) => Promise.race([call, late(5_000)])));
    console.log(JSON.stringify(settled.flatMap((value, call) => (value === "late" ? [call] : []))));
    process.exit();`);
  assert.equal(stderr, "");
  return JSON.parse(stdout);
}

describe("every form of Retry-After is understood", { concurrency: true }, () => {
  for (const [index, { headers, now, waitMs, why }] of vectors.entries()) {
    test(`${index}: ${JSON.stringify(headers)}${why ? `, ${why}` : ""}`, async (t) => {
      // Dates are measured by the server's clock, so that these hold at any time.
      const server = await hostileServer(t, limited({ date: new Date(now).toUTCString(), ...headers }));
      const error = await failureOf(CLASSES.effect.call(clientOf(server, { maxRetries: 0 })));
      assert.equal(error.retryAfter, waitMs === null ? undefined : waitMs / 1000);
      assert.equal(error.name, "RateLimitError");
      assert.equal(error.outcomeUnknown, false);
    });
  }
});

describe("the wait that was asked for is kept", { concurrency: true }, () => {
  const inASecond = () => new Date(Math.ceil(Date.now() / 1000) * 1000 + 1000);
  /** What the headers say, and the least that is waited. @type {Record<string, [() => Record<string, string>, number]>} */
  const FORMS = {
    "whole seconds": [() => ({ "retry-after": "1" }), 1000],
    "a fraction": [() => ({ "retry-after": "0.8" }), 800],
    milliseconds: [() => ({ "retry-after-ms": "700" }), 700],
    "an HTTP date": [() => ({ "retry-after": inASecond().toUTCString() }), 900],
    "a reset in seconds from now": [() => ({ "x-ratelimit-reset": "1" }), 1000],
    "a reset as Unix milliseconds": [() => ({ "x-ratelimit-reset": String(inASecond().getTime()) }), 900],
  };
  for (const [name, [headers, least]] of Object.entries(FORMS)) {
    for (const [kind, { call }] of Object.entries(CLASSES)) {
      test(`${name}: ${kind}`, async (t) => {
        const server = await hostileServer(t, ({ number }) => (number === 1 ? limited(headers()) : good));
        assert.equal(/** @type {Foreign} */ (await call(clientOf(server))).id, "call_1");
        const [first, second] = server.received;
        assert.equal(server.count(), 2);
        assert.ok(second.at - first.at >= least - 5, `sent after ${second.at - first.at} ms`);
      });
    }
  }

  test("a 503 with Retry-After is waited for by an effect too, and by that call alone", async (t) => {
    const server = await hostileServer(t, [answer(503, {}, { "retry-after-ms": "600" }), good]);
    const client = clientOf(server);
    const slow = await untilRetry((options) => CLASSES.effect.call(client, options));
    await CLASSES.effect.call(client);
    assert.equal(server.count(), 2, "the other call did not wait");
    await slow.promise;
    assert.ok(server.received[2].at - server.received[0].at >= 595);
  });
});

describe("a wait that is not worth it", { concurrency: true }, () => {
  for (const [status, seconds] of [
    [429, 3600],
    [503, 3600],
    [429, 61],
    [429, 99_999_999_999],
  ]) {
    test(`${status} with Retry-After: ${seconds} fails at once, with one request`, async (t) => {
      const server = await hostileServer(t, answer(status, { detail: "later" }, { "retry-after": String(seconds) }));
      for (const { call } of Object.values(CLASSES)) {
        const before = server.count();
        const error = await failureOf(call(clientOf(server)));
        assert.equal(error.status, status);
        assert.equal(error.retryAfter, Math.min(seconds, 2_147_483.647));
        assert.deepEqual([error.retryable, error.outcomeUnknown, server.count() - before], [true, false, 1]);
      }
    });
  }

  test("a refused rate that names no wait is not asked again at once, by nobody who was refused", async (t) => {
    for (const { call } of Object.values(CLASSES)) {
      const server = await hostileServer(t, [answer(429, { detail: "Too many requests" }), good]);
      await call(clientOf(server));
      const [first, second] = server.received;
      assert.ok(second.at - first.at >= 995, `${second.at - first.at} ms`);
    }
    const server = await hostileServer(t, [answer(429, {}), good]);
    await CLASSES.read.call(clientOf(server, { maxRetryDelay: 50 }));
    assert.equal(server.count(), 2);
  });

  test("maxRetryDelay says what is worth it, and the rate limiter stays open for others", async (t) => {
    const server = await hostileServer(t, [limited({ "retry-after": "2" }), good]);
    const client = clientOf(server, { maxRetryDelay: 1_000 });
    assert.equal((await failureOf(CLASSES.effect.call(client))).retryAfter, 2);
    assert.equal(/** @type {Foreign} */ (await CLASSES.effect.call(client)).id, "call_1");
    assert.ok(server.received[1].at - server.received[0].at < 1_500);
  });
});

describe("the messaging rules that time does not cure", { concurrency: true }, () => {
  for (const code of [
    "CONVERSATION_STREAK_LIMIT",
    "CONVERSATION_AWAITING_REPLY",
    "CONVERSATION_INACTIVE",
    "OUTBOUND_LIMIT_REACHED",
    "NEW_CONVERSATION_LIMIT_REACHED",
  ]) {
    test(`${code} is sent once, and holds up no other text`, async (t) => {
      const server = await hostileServer(t, [limited({ "retry-after": "20" }, code), good]);
      const client = clientOf(server, { replay: "always" });
      const error = await failureOf(sendText(client));
      assert.deepEqual(
        [error.code, error.name, error.retryable, error.outcomeUnknown],
        [code, "MessagingLimitError", false, false],
      );
      assert.equal(server.count(), 1);
      await sendText(client);
      assert.equal(server.count(), 2);
    });
  }
});

describe("the rate limiter", { concurrency: true }, () => {
  for (const [name, script] of Object.entries({
    "60 calls at once against 10 in a second": fixedWindow(10),
    "a burst that takes the server longer than a window": oneByOne(40, fixedWindow(8)),
  })) {
    test(`${name}: all succeed, with little more than a request each`, async (t) => {
      const server = await hostileServer(t, script);
      const client = clientOf(server);
      const results = await Promise.allSettled(Array.from({ length: 60 }, () => CLASSES.effect.call(client)));
      const failed = results.filter((result) => result.status === "rejected");
      assert.deepEqual(
        failed.map(({ reason }) => reason.message),
        [],
      );
      assert.equal(server.effects(), 60);
      // The promise is 440 requests for 200 calls against 20 a second.
      assert.ok(server.count() <= 60 * 2.2, `${server.count()} requests`);
    });
  }

  test("who waits is let through in order", async (t) => {
    const server = await hostileServer(t, ({ number }) => (number === 1 ? limited({ "retry-after-ms": "300" }) : good));
    const client = clientOf(server);
    const first = await untilRetry((options) => client.calls.get("first", options));
    const rest = ["second", "third", "fourth", "fifth"].map((id) => client.calls.get(id));
    await Promise.all([first.promise, ...rest]);
    assert.deepEqual(
      server.received.map((r) => r.path.split("/").at(-1)),
      ["first", "first", "second", "third", "fourth", "fifth"],
    );
  });

  test("one that is aborted in the queue gives its place up and is never sent", async (t) => {
    const server = await hostileServer(t, ({ number }) => (number === 1 ? limited({ "retry-after-ms": "400" }) : good));
    const client = clientOf(server);
    const first = await untilRetry((options) => client.calls.get("first", options));
    const controller = new AbortController();
    const gone = failureOf(client.calls.get("gone", { signal: controller.signal }));
    const last = client.calls.get("last");
    controller.abort();
    assert.equal((await gone).attempts, 0);
    await Promise.all([first.promise, last]);
    assert.deepEqual(
      server.received.map((r) => r.path.split("/").at(-1)),
      ["first", "first", "last"],
    );
  });

  test("it closes for one operation at one host of one client, and for nothing else", async (t) => {
    const script = (/** @type {Foreign} */ { path, headers }) =>
      path === "/v1/calls/a" && headers["x-who"] === "limited" ? limited({ "retry-after": "30" }) : good;
    const [server, other] = [await hostileServer(t, script), await hostileServer(t, script)];
    const client = clientOf(server, { headers: { "x-who": "limited" } });
    const controller = new AbortController();
    const closed = await untilRetry((options) => client.calls.get("a", options), { signal: controller.signal });
    await client.calls.list();
    await client.agents.get("a");
    await client.calls.end("a");
    await client.calls.get("b", { baseUrl: other.url });
    await clientOf(server).calls.get("a");
    controller.abort();
    assert.equal((await failureOf(closed.promise)).code, "ABORTED");
  });

  test("a clock that ticks between two readings leaves nobody at it", async () => {
    // The clock ticks at each reading, so that some of these waits end between any two of them.
    assert.deepEqual(
      await stuck(`
      let now = 0;
      performance.now = () => ++now;
      for (let wait = 0; wait < 40; wait += 1) {
        let sent = 0;
        const client = clientOf(() => (++sent === 1 ? limited(wait) : good()));
        calls.push(client.calls.get("a"));
      }`),
      [],
    );
  });

  test("one that comes between the opening and its timer leaves nobody at it", async () => {
    // The process is busy when the rate limiter opens, so that the timer of a retry rings before the limiter's.
    assert.deepEqual(
      await stuck(`
      const busy = () => { for (const end = Date.now() + 900; Date.now() < end; ); };
      const script = [() => limited(700), () => late(50).then(() => Promise.reject(new Error("cut"))), good, good];
      const client = clientOf(() => script.shift()());
      calls.push(client.calls.get("a"));
      calls.push(client.calls.get("b", { hooks: { onRetry: () => setImmediate(busy) } }));`),
      [],
    );
  });

  test("one who gets no answer behind it does not hold it shut", async (t) => {
    const script = [limited({ "retry-after-ms": "100" }), cut("before-headers"), good];
    const server = await hostileServer(t, script);
    const client = clientOf(server);
    const results = await Promise.allSettled([client.calls.get("a"), sleep(50).then(() => client.calls.get("b"))]);
    assert.ok(
      results.every((result) => result.status === "fulfilled"),
      JSON.stringify(results),
    );
  });
});

describe("an outage is not made worse", { concurrency: true }, () => {
  const OUTAGES = {
    "HTTP 503": answer(503, "upstream connect error"),
    "cut connections": cut("before-headers"),
  };
  for (const [name, fault] of Object.entries(OUTAGES)) {
    test(`${name}: 200 calls at once cost at most 1.6 requests each`, async (t) => {
      const server = await hostileServer(t, fault);
      const client = clientOf(server);
      const errors = await Promise.all(Array.from({ length: 200 }, () => failureOf(CLASSES.read.call(client))));
      assert.equal(errors.length, 200);
      assert.ok(server.count() <= 200 * 1.6, `${server.count()} requests`);
      assert.ok(server.count() > 200, "the first ones were retried");
      assert.equal(
        errors.reduce((sum, error) => sum + error.attempts, 0),
        server.count(),
        "attempts are told truly",
      );
    });
  }

  test("200 effects cost exactly one request each", async (t) => {
    const server = await hostileServer(t, answer(503));
    const client = clientOf(server);
    await Promise.all(Array.from({ length: 200 }, () => failureOf(CLASSES.effect.call(client))));
    assert.equal(server.count(), 200);
  });

  test("after it, successes fill the budget again", async (t) => {
    let down = true;
    const server = await hostileServer(t, ({ number }) => (down || number % 2 ? answer(503) : good));
    const client = clientOf(server, { maxRetryDelay: 1 });
    await Promise.all(Array.from({ length: 150 }, () => failureOf(CLASSES.read.call(client))));
    down = false;
    const noRetry = await Promise.allSettled(
      Array.from({ length: 12 }, () => CLASSES.read.call(client, { replay: "never" })),
    );
    assert.ok(noRetry.filter((result) => result.status === "fulfilled").length >= 5);
    const before = server.count();
    await Promise.allSettled([CLASSES.read.call(client), CLASSES.read.call(client)]);
    assert.ok(server.count() - before >= 3, "one of the two was retried");
  });
});
