// Options whose getters and proxies throw, wherever options are taken: the caller gets an AgentPhoneError, never what was
// thrown, nothing is sent, and no other call is touched.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { AgentPhone, AgentPhoneError } from "agentphone-wasm";
import { assertPrivate, clientOf, failureOf, KEY, PHONE } from "../support/client.mjs";
import { answer, hostileServer } from "../support/hostile-server.mjs";
import { itemsOf } from "../support/lists.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const boom = () => {
  throw `thrown: ${KEY}`;
};
const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const withGetter = (/** @type {PropertyKey} */ name) =>
  Object.defineProperty({}, name, { enumerable: true, get: boom });

/** Objects that cannot be read, by what is wrong with them; `names` are those that the taker reads. */
const hostile = (/** @type {Foreign} */ names) => ({
  "a revoked proxy": revoked(),
  "a proxy whose every trap throws": new Proxy({}, new Proxy({}, { get: () => boom })),
  "a proxy that lists no names": new Proxy({}, { ownKeys: boom }),
  "a proxy without a prototype to read": new Proxy({}, { getPrototypeOf: boom }),
  "a proxy with a prototype for ever": (() => {
    /** @type {object} */
    const self = new Proxy({}, { getPrototypeOf: () => self });
    return self;
  })(),
  "a class whose getters throw": new (class {
    get [names[0]]() {
      return boom();
    }
  })(),
  ...Object.fromEntries(
    names.map((/** @type {string} */ name) => [`a getter of ${name} that throws`, withGetter(name)]),
  ),
});

const TAKERS = {
  "a request": [
    ["timeout", "signal", "headers", "hooks", "subAccount"],
    (/** @type {Foreign} */ client, /** @type {Foreign} */ options) => client.calls.get("a", options),
  ],
  "a write": [
    ["apiKey", "fetch"],
    (/** @type {Foreign} */ client, /** @type {Foreign} */ options) => client.agents.create({ name: "x" }, options),
  ],
  "a list": [
    ["signal", "maxRetries"],
    (/** @type {Foreign} */ client, /** @type {Foreign} */ options) => client.agents.list({}, options),
  ],
  "a list that is walked": [
    ["signal"],
    async (/** @type {Foreign} */ client, /** @type {Foreign} */ options) => {
      for await (const _ of client.agents.list({}, options));
    },
  ],
  pages: [
    ["signal"],
    (/** @type {Foreign} */ client, /** @type {Foreign} */ options) => client.agents.list({}, options).pages().next(),
  ],
  "a stream": [
    ["idleTimeout", "signal", "totalTimeout"],
    (/** @type {Foreign} */ client, /** @type {Foreign} */ options) =>
      client.calls.transcript.stream("a", options).next(),
  ],
  "a recording": [
    ["range", "signal", "headers"],
    (/** @type {Foreign} */ client, /** @type {Foreign} */ options) => client.calls.recording.get("a", options),
  ],
  "a recording's range": [
    ["start", "end"],
    (/** @type {Foreign} */ client, /** @type {Foreign} */ options) =>
      client.calls.recording.get("a", { range: options }),
  ],
  "a wait": [
    ["until", "totalTimeout", "signal"],
    (/** @type {Foreign} */ client, /** @type {Foreign} */ options) => client.calls.wait("a", options),
  ],
  headers: [
    ["accept"],
    (/** @type {Foreign} */ client, /** @type {Foreign} */ options) => client.calls.get("a", { headers: options }),
  ],
  "headers beside a range": [
    ["accept"],
    (/** @type {Foreign} */ client, /** @type {Foreign} */ options) =>
      client.calls.recording.get("a", { range: { start: 0 }, headers: options }),
  ],
  hooks: [
    ["onError", "onRequest"],
    (/** @type {Foreign} */ client, /** @type {Foreign} */ options) => client.calls.get("a", { hooks: options }),
  ],
  "a logger": [
    ["warn"],
    (/** @type {Foreign} */ client, /** @type {Foreign} */ options) => client.calls.get("a", { logger: options }),
  ],
  "a signal": [
    ["aborted", "addEventListener"],
    (/** @type {Foreign} */ client, /** @type {Foreign} */ options) => client.calls.get("a", { signal: options }),
  ],
  "a query": [
    ["limit"],
    (/** @type {Foreign} */ client, /** @type {Foreign} */ options) => client.agents.list(options),
  ],
  "a body": [
    ["name"],
    (/** @type {Foreign} */ client, /** @type {Foreign} */ options) => client.agents.create(options),
  ],
  "a body's list": [
    ["name"],
    (/** @type {Foreign} */ client, /** @type {Foreign} */ options) =>
      client.agents.create({ name: "x", customTools: options }),
  ],
  "an id": [["x"], (/** @type {Foreign} */ client, /** @type {Foreign} */ options) => client.calls.get(options)],
  "another page's signal": [
    ["aborted"],
    async (/** @type {Foreign} */ client, /** @type {Foreign} */ options) => (await client.agents.list()).next(options),
  ],
};

describe("what cannot be read is refused with an error of ours", { concurrency: true }, () => {
  for (const [taker, [names, take]] of Object.entries(TAKERS)) {
    test(`by ${taker}`, async (t) => {
      const server = await hostileServer(t, answer(200, { data: itemsOf(2), hasMore: true, id: "call_1" }));
      const client = clientOf(server);
      for (const [name, options] of Object.entries(hostile(names))) {
        const before = server.count();
        const error = await failureOf(/** @type {Foreign} */ (take)(client, options));
        assert.match(error.code, /^(INVALID_ARGUMENT|CONFIGURATION_ERROR)$/, `${name}: ${error}`);
        assertPrivate(error.message + JSON.stringify(error), name);
        assert.equal(server.count(), before + (taker.startsWith("another") ? 1 : 0), name);
      }
      assert.equal((await client.calls.get("a")).id, "call_1");
    });
  }

  test("by toArray, which asks for no page more", async (t) => {
    const server = await hostileServer(t, answer(200, { data: itemsOf(2), hasMore: true }));
    const odd = [
      ...Object.values(hostile(["limit"])),
      ...[Symbol("s"), 5n, "5", -1, 1.5, Number.NaN, { valueOf: boom }, null].map((limit) => ({ limit })),
      { limt: 5 },
      null,
      5,
      "5",
      [],
      new Map(),
      new AbortController().signal,
    ];
    for (const options of odd) {
      const error = await failureOf(
        clientOf(server)
          .agents.list()
          .toArray(/** @type {Foreign} */ (options)),
      );
      assert.equal(error.code, "INVALID_ARGUMENT", inspect(options));
    }
    for (const options of [undefined, {}, { limit: undefined }, { limit: 2 }])
      assert.ok(
        (
          await clientOf(server, { maxRetries: 0 })
            .agents.list()
            .toArray(options)
            .catch(({ code }) => code)
        ).length >= 2,
      );
  });

  test("by the constructor and withSubAccount", () => {
    for (const [name, options] of Object.entries(hostile(["apiKey", "baseUrl", "headers", "hooks", "logger"]))) {
      const thrown = (/** @type {Foreign} */ make) => {
        try {
          make();
        } catch (error) {
          return error;
        }
      };
      const error = thrown(() => new AgentPhone(options));
      assert.ok(AgentPhoneError.is(error) && error.code === "CONFIGURATION_ERROR", `${name}: ${inspect(error)}`);
      assert.ok(
        AgentPhoneError.is(
          thrown(() => new AgentPhone({ apiKey: KEY }).withSubAccount(/** @type {Foreign} */ (options))),
        ),
        name,
      );
      for (const option of ["headers", "hooks", "logger", "baseUrl"])
        assert.ok(
          AgentPhoneError.is(thrown(() => new AgentPhone({ apiKey: KEY, [option]: options }))),
          `${option}, ${name}`,
        );
    }
  });

  test("also where the stream, the wait or the recording is given no object", async (t) => {
    const server = await hostileServer(t);
    for (const options of [7, "x", true, [], () => {}, new Map(), Promise.resolve({}), new AbortController().signal]) {
      for (const take of [TAKERS["a stream"], TAKERS["a wait"], TAKERS["a recording"], TAKERS["a list"]]) {
        assert.equal(
          (await failureOf(/** @type {Foreign} */ (take[1])(clientOf(server), options))).code,
          "CONFIGURATION_ERROR",
          inspect(options),
        );
      }
    }
    assert.equal(server.count(), 0);
  });
});

test("a hook is told of a refusal for options that cannot be read", async (t) => {
  /** @type {Foreign[]} */
  const seen = [];
  const client = clientOf(await hostileServer(t), { hooks: { onError: ({ code }) => seen.push(code) } });
  for (const take of [TAKERS["a request"], TAKERS["a list"], TAKERS["a stream"], TAKERS["a recording"]])
    await failureOf(/** @type {Foreign} */ (take[1])(client, withGetter("signal")));
  assert.deepEqual(seen, Array(4).fill("CONFIGURATION_ERROR"));
});

test("a call that hostile options refuse leaves the others alone", async (t) => {
  const server = await hostileServer(t, answer(200, { id: "call_1" }));
  const client = clientOf(server);
  const outcomes = await Promise.allSettled([
    client.calls.get("a"),
    client.calls.get("a", revoked()),
    client.calls.create({ agentId: "a", toNumber: PHONE }),
    client.calls.get(/** @type {Foreign} */ (revoked())),
  ]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled", "rejected"],
  );
});
