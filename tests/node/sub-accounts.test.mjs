// Sub-accounts on every kind of operation: which account a request is for, and what its clients share.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AgentPhone } from "agentphone-wasm";
import { clientOf, failureOf, sleep } from "../support/client.mjs";
import { CONNECTED, ENDED, events, readAll } from "../support/event-stream.mjs";
import { answer, hostileServer } from "../support/hostile-server.mjs";
import { itemsOf } from "../support/lists.mjs";

/** @import { Foreign } from "../support/foreign.js" */

/** Answers whatever is asked for; lists have two pages, streams are cut once. */
const everything = () => {
  const seen = new Map();
  return (/** @type {Foreign} */ { path, url }) => {
    const times = (seen.get(path) ?? 0) + 1;
    seen.set(path, times);
    if (path.endsWith("/stream")) return times % 2 ? events(CONNECTED, { then: "cut" }) : events(CONNECTED + ENDED);
    if (path.endsWith("/recording")) return answer(200, "RIFF", { "content-type": "audio/wav" });
    const later = url.includes("offset=");
    return answer(200, { id: "x", status: "completed", data: itemsOf(2, later ? 2 : 0), hasMore: !later });
  };
};
/** One operation of each kind. */
const OPERATIONS = {
  "a read": (/** @type {import("agentphone-wasm").AgentPhone} */ client, /** @type {Foreign} */ options) =>
    client.calls.get("call_1", options),
  "a write": (/** @type {import("agentphone-wasm").AgentPhone} */ client, /** @type {Foreign} */ options) =>
    client.calls.create({ agentId: "agt_1", toNumber: "+14155550100" }, options),
  "a delete": (/** @type {import("agentphone-wasm").AgentPhone} */ client, /** @type {Foreign} */ options) =>
    client.agents.delete("agt_1", options),
  "a list over its pages": (
    /** @type {import("agentphone-wasm").AgentPhone} */ client,
    /** @type {Foreign} */ options,
  ) => client.contacts.list({}, options).toArray(),
  "a stream over its connections": (
    /** @type {import("agentphone-wasm").AgentPhone} */ client,
    /** @type {Foreign} */ options,
  ) => readAll(client.calls.transcript.stream("call_1", options)),
  "a recording": async (/** @type {import("agentphone-wasm").AgentPhone} */ client, /** @type {Foreign} */ options) =>
    (await client.calls.recording.get("call_1", options)).bytes(),
  "a wait": (/** @type {import("agentphone-wasm").AgentPhone} */ client, /** @type {Foreign} */ options) =>
    client.calls.wait("call_1", options),
};
const header = (/** @type {Awaited<ReturnType<typeof hostileServer>>} */ server) => [
  ...new Set(server.received.map((/** @type {Foreign} */ { headers }) => headers["x-sub-account-id"])),
];

describe("a request is for the account that it was made for", { concurrency: true }, () => {
  const WAYS = {
    "the client's option": [
      { subAccount: "sub_1" },
      (/** @type {import("agentphone-wasm").AgentPhone} */ client) => client,
      undefined,
      "sub_1",
    ],
    withSubAccount: [
      {},
      (/** @type {import("agentphone-wasm").AgentPhone} */ client) => client.withSubAccount("sub_1"),
      undefined,
      "sub_1",
    ],
    "withSubAccount over the client's option": [
      { subAccount: "sub_0" },
      (/** @type {import("agentphone-wasm").AgentPhone} */ client) => client.withSubAccount("sub_1"),
      undefined,
      "sub_1",
    ],
    "withSubAccount of withSubAccount": [
      {},
      (/** @type {import("agentphone-wasm").AgentPhone} */ client) =>
        client.withSubAccount("sub_0").withSubAccount("sub_1"),
      undefined,
      "sub_1",
    ],
    "withSubAccount(null), the master": [
      { subAccount: "sub_0" },
      (/** @type {import("agentphone-wasm").AgentPhone} */ client) => client.withSubAccount(null),
      undefined,
      undefined,
    ],
    "the request's option": [
      { subAccount: "sub_0" },
      (/** @type {import("agentphone-wasm").AgentPhone} */ client) => client.withSubAccount("sub_2"),
      { subAccount: "sub_1" },
      "sub_1",
    ],
    "the request's null, the master": [
      { subAccount: "sub_0" },
      (/** @type {import("agentphone-wasm").AgentPhone} */ client) => client,
      { subAccount: null },
      undefined,
    ],
    "nothing, the master": [
      {},
      (/** @type {import("agentphone-wasm").AgentPhone} */ client) => client,
      undefined,
      undefined,
    ],
  };
  for (const [way, [options, clientFor, requestOptions, expected]] of Object.entries(WAYS)) {
    test(way, async (t) => {
      for (const [kind, call] of Object.entries(OPERATIONS)) {
        const server = await hostileServer(t, everything());
        await call(
          /** @type {Foreign} */ (clientFor)?.(clientOf(server, /** @type {Foreign} */ (options))),
          requestOptions,
        );
        assert.deepEqual(header(server), [expected], kind);
        if (kind.includes("over")) assert.equal(server.count(), 2, kind);
      }
    });
  }

  test("the clients do not change each other", async (t) => {
    const server = await hostileServer(t, everything());
    const master = clientOf(server, { headers: { "x-own": "1" }, maxRetries: 0 });
    const [one, two] = [master.withSubAccount("sub_1"), master.withSubAccount("sub_2")];
    for (const client of [master, one, two, master, one]) await client.calls.get("call_1");
    assert.deepEqual(
      server.received.map(({ headers }) => headers["x-sub-account-id"]),
      [undefined, "sub_1", "sub_2", undefined, "sub_1"],
    );
    assert.ok(
      server.received.every(({ headers }) => headers["x-own"] === "1" && headers.authorization?.startsWith("Bearer ")),
    );
    assert.equal(one.constructor, master.constructor);
  });
});

describe("wrong ids are refused where they are given", { concurrency: true }, () => {
  for (const id of [undefined, "", "a b", "a\r\nx: y", "ü", 5, {}, [], true]) {
    test(JSON.stringify(id) ?? "undefined", async (t) => {
      const server = await hostileServer(t);
      const client = clientOf(server);
      assert.throws(() => client.withSubAccount(/** @type {Foreign} */ (id)), { code: "CONFIGURATION_ERROR" });
      assert.throws(() => clientOf(server, { subAccount: /** @type {Foreign} */ (id) }), {
        code: "CONFIGURATION_ERROR",
      });
      assert.equal(
        (await failureOf(client.calls.get("call_1", { subAccount: /** @type {Foreign} */ (id) }))).code,
        "CONFIGURATION_ERROR",
      );
      assert.equal(server.count(), 0);
    });
  }
});

describe("a sub-account that is undefined is refused, because what is meant for it must not happen in the main account", {
  concurrency: true,
}, () => {
  test("where a client is made", () => {
    const OfClass = class {
      apiKey = "sk_test_1";
      get subAccount() {
        return undefined;
      }
    };
    for (const options of [{ apiKey: "sk_test_1", subAccount: undefined }, new OfClass()]) {
      assert.throws(() => new AgentPhone(options), {
        code: "CONFIGURATION_ERROR",
        message: /subAccount is undefined: leave it out, or pass .* null/,
      });
    }
  });
  for (const [kind, call] of Object.entries(OPERATIONS)) {
    test(`by ${kind}`, async (t) => {
      const server = await hostileServer(t, everything());
      for (const client of [clientOf(server), clientOf(server, { subAccount: "sub_1" })]) {
        // A transcript read to its end gives its error with what it has read.
        const [{ value, reason = value.error }] = /** @type {Foreign} */ (
          await Promise.allSettled([call(client, { subAccount: undefined })])
        );
        assert.equal(reason.code, "CONFIGURATION_ERROR");
      }
      assert.equal(server.count(), 0);
    });
  }
});

describe("what the clients of one key share", { concurrency: true }, () => {
  test("the rate limiter: what the key may not do, no sub-account may", async (t) => {
    const server = await hostileServer(t, ({ number }) =>
      number === 1 ? answer(429, {}, { "retry-after-ms": "400" }) : answer(200, { id: "x" }),
    );
    const master = clientOf(server);
    const first = master.withSubAccount("sub_1").calls.get("call_1");
    await server.arrival();
    await sleep(50);
    await Promise.all([first, ...["sub_2", null, "sub_3"].map((id) => master.withSubAccount(id).calls.get("call_1"))]);
    const [refused, ...later] = server.received;
    assert.equal(later.length, 4);
    for (const { at } of later) assert.ok(at - refused.at >= 395, `${at - refused.at} ms after the refusal`);
  });

  test("the retry budget: an outage costs as much as if there were one client", async (t) => {
    const server = await hostileServer(t, answer(503));
    const master = clientOf(server, { maxRetryDelay: 1 });
    await Promise.all(
      Array.from({ length: 200 }, (_, i) => failureOf(master.withSubAccount(`sub_${i}`).calls.get("call_1"))),
    );
    assert.ok(server.count() > 200 && server.count() <= 320, `${server.count()} requests`);
  });
});
