// Arguments: an id that would reach another resource, a value that is no query or a body that is no
// JSON is refused with INVALID_ARGUMENT, and nothing is sent. What is sent says what was meant.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { InvalidArgumentError } from "agentphone-wasm";
import { assertPrivate, clientOf, failureOf, PHONE, TEXT } from "../support/client.mjs";
import { hostileServer } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

/** Every operation that takes ids, by how many. */
const WITH_IDS = {
  "agents.get": (/** @type {import("agentphone-wasm").AgentPhone} */ c, /** @type {Foreign} */ id) => c.agents.get(id),
  "agents.update": (/** @type {import("agentphone-wasm").AgentPhone} */ c, /** @type {Foreign} */ id) =>
    c.agents.update(id, { name: "x" }),
  "agents.delete": (/** @type {import("agentphone-wasm").AgentPhone} */ c, /** @type {Foreign} */ id) =>
    c.agents.delete(id),
  "agents.numbers.attach": (/** @type {import("agentphone-wasm").AgentPhone} */ c, /** @type {Foreign} */ id) =>
    c.agents.numbers.attach(id, { numberId: "n" }),
  "agents.numbers.detach": (/** @type {import("agentphone-wasm").AgentPhone} */ c, /** @type {Foreign} */ id) =>
    c.agents.numbers.detach(id, "n"),
  "agents.numbers.detach, second id": (
    /** @type {import("agentphone-wasm").AgentPhone} */ c,
    /** @type {Foreign} */ id,
  ) => c.agents.numbers.detach("a", id),
  "calls.get": (/** @type {import("agentphone-wasm").AgentPhone} */ c, /** @type {Foreign} */ id) => c.calls.get(id),
  "calls.end": (/** @type {import("agentphone-wasm").AgentPhone} */ c, /** @type {Foreign} */ id) => c.calls.end(id),
  "messages.react": (/** @type {import("agentphone-wasm").AgentPhone} */ c, /** @type {Foreign} */ id) =>
    c.messages.react(id, { reaction: "love" }),
  "numbers.get": (/** @type {import("agentphone-wasm").AgentPhone} */ c, /** @type {Foreign} */ id) =>
    c.numbers.get(id),
  "numbers.release": (/** @type {import("agentphone-wasm").AgentPhone} */ c, /** @type {Foreign} */ id) =>
    c.numbers.release(id),
};
const BAD_IDS = [
  "",
  " ",
  "\t\n",
  ".",
  "..",
  undefined,
  null,
  7,
  0,
  NaN,
  {},
  [],
  ["a"],
  true,
  10n,
  Symbol("s"),
  () => "a",
  new String("a"),
];

/**
 * The refusal of one call; it must name `field` and leave nothing at the server.
 * @param {PromiseLike<unknown>} promise @param {string | undefined} [field]
 */
async function refused(/** @type {Awaited<ReturnType<typeof hostileServer>>} */ server, promise, field) {
  const sent = server.count();
  const error = await failureOf(promise);
  assert.ok(error instanceof InvalidArgumentError, error.name);
  assert.equal(error.code, "INVALID_ARGUMENT");
  assert.deepEqual([error.attempts, error.outcomeUnknown, error.retryable, error.status], [0, false, false, undefined]);
  if (field) assert.ok(error.message.includes(field), `names ${field}: ${error.message}`);
  assert.ok(error.operation && error.method && error.path, "tells the operation");
  assert.equal(server.count(), sent, "nothing was sent");
  return error;
}

describe("arguments", { concurrency: true }, () => {
  for (const [operation, call] of Object.entries(WITH_IDS)) {
    test(`${operation}: an id that is none reaches nobody`, async (t) => {
      const own = await hostileServer(t);
      for (const id of BAD_IDS) await refused(own, call(clientOf(own), id), "_id");
    });
  }

  test("an id stays inside its segment", async (t) => {
    const own = await hostileServer(t);
    const ids = [
      "a/b?c#d",
      "../../v1/numbers",
      "a b",
      "é%",
      "%2e%2e",
      "\\..\\",
      "a;b=c",
      "...",
      "\u0000",
      "-",
      "a".repeat(3000),
      "😀",
    ];
    for (const id of ids) {
      await clientOf(own).calls.end(id);
      const { url, method } = own.received.at(-1) ?? assert.fail("nothing came");
      const [, , , segment, end, ...more] = url.split("/");
      assert.equal(`${method} ${url.slice(0, 10)}`, "POST /v1/calls/");
      assert.deepEqual([decodeURIComponent(segment), end, more], [id, "end", []]);
      assert.ok(!/[?#\\]/.test(url), url);
    }
  });

  test("an id of half a character pair is refused or sent whole, never as another's", async (t) => {
    const own = await hostileServer(t);
    await clientOf(own)
      .calls.get("a\ud800")
      .catch((error) => assert.equal(error.code, "INVALID_ARGUMENT"));
    for (const { url } of own.received) assert.match(url, /^\/v1\/calls\/a./);
  });

  test("no refusal shows the id", async (t) => {
    const own = await hostileServer(t);
    const error = await refused(own, clientOf(own).calls.get(/** @type {Foreign} */ ([PHONE])), "call_id");
    assertPrivate(error.message + JSON.stringify(error), "the error");
  });

  for (const value of [NaN, Infinity, -Infinity, {}, [], ["a"], new Date(NaN), 10n, Symbol("s"), () => 1, new Map()]) {
    test(`a query value of ${inspect(value)} is refused by name`, async (t) => {
      const own = await hostileServer(t);
      await refused(own, clientOf(own).calls.list({ limit: 5, search: /** @type {Foreign} */ (value) }), "search");
    });
  }

  for (const query of ["limit=5", 7, true, ["limit"], () => {}, Symbol("s")]) {
    test(`a query that is ${inspect(query)} is refused`, async (t) => {
      const own = await hostileServer(t);
      await refused(own, clientOf(own).calls.list(/** @type {Foreign} */ (query)), "query");
    });
  }

  test("query values arrive as they are, absent ones not at all", async (t) => {
    const own = await hostileServer(t);
    const query = {
      offset: 0,
      search: "a&b=c d+é",
      limit: undefined,
      status: null,
      type: "",
      from: new Date(0),
      deep: false,
      big: 1e21,
    };
    await clientOf(own).calls.list(query);
    assert.deepEqual(
      [...new URLSearchParams(own.received[0].url.split("?")[1])],
      [
        ["offset", "0"],
        ["search", "a&b=c d+é"],
        ["type", ""],
        ["from", "1970-01-01T00:00:00.000Z"],
        ["deep", "false"],
        ["big", "1e+21"],
      ],
    );
  });

  test("no query, an empty one and one of absent values ask for the bare path", async (t) => {
    const own = await hostileServer(t);
    for (const query of [undefined, null, {}, { limit: undefined, search: null }])
      await clientOf(own).calls.list(/** @type {Foreign} */ (query));
    assert.deepEqual(
      own.received.map((r) => r.url),
      Array(4).fill("/v1/calls"),
    );
  });

  const cycle = { agentId: "a", toNumber: PHONE };
  /** @type {Foreign} */ (cycle).self = cycle;
  const BODIES = {
    "a cycle": cycle,
    "a bigint": { agentId: "a", toNumber: PHONE, n: 1n },
    "toJSON that throws": {
      agentId: "a",
      toNumber: PHONE,
      toJSON() {
        throw "no";
      },
    },
    "toJSON that gives undefined": { agentId: "a", toNumber: PHONE, toJSON: () => undefined },
    "an array": [{ agentId: "a", toNumber: PHONE }],
    "a string": '{"agentId":"a"}',
    "a number": 7,
    undefined: undefined,
    null: null,
    "a function": Object.assign(() => {}, { agentId: "a", toNumber: PHONE }),
  };
  for (const [name, body] of Object.entries(BODIES)) {
    test(`a body that is ${name} places no call`, async (t) => {
      const own = await hostileServer(t);
      const error = await refused(own, clientOf(own).calls.create(/** @type {Foreign} */ (body)));
      assertPrivate(error.message + JSON.stringify(error), "the error");
    });
  }

  test("a required field that is missing is named", async (t) => {
    const own = await hostileServer(t);
    const client = clientOf(own);
    for (const value of [undefined, null]) {
      await refused(own, client.calls.create({ agentId: "a", toNumber: /** @type {Foreign} */ (value) }), "toNumber");
      await refused(own, client.calls.create({ toNumber: PHONE, agentId: /** @type {Foreign} */ (value) }), "agentId");
      await refused(own, client.agents.create({ name: /** @type {Foreign} */ (value) }), "name");
      await refused(own, client.agents.numbers.attach("a", { numberId: /** @type {Foreign} */ (value) }), "numberId");
      await refused(own, client.messages.react("m", { reaction: /** @type {Foreign} */ (value) }), "reaction");
    }
  });

  test("null in a PATCH reaches the wire and clears; undefined does not", async (t) => {
    const own = await hostileServer(t);
    await clientOf(own).agents.update("a", {
      description: null,
      voice: undefined,
      name: "",
      customTools: [],
      interruptionSensitivity: 0,
    });
    assert.equal(own.received[0].body, '{"description":null,"name":"","customTools":[],"interruptionSensitivity":0}');
  });

  test("a body is written when the call is made: a change afterwards changes nothing", async (t) => {
    const own = await hostileServer(t);
    const body = { agentId: "a", toNumber: PHONE };
    const promise = clientOf(own).calls.create(body);
    body.toNumber = "+14155550199";
    await promise;
    assert.equal(JSON.parse(own.received[0].body).toNumber, PHONE);
  });

  test("a text of every kind of character arrives as it is", async (t) => {
    const own = await hostileServer(t);
    for (const body of [TEXT, 'é😀\u2028\u0000"\\', "x".repeat(100_000)]) {
      await clientOf(own).messages.send({ agent_id: "agt_1", to_number: PHONE, body });
      assert.equal(JSON.parse(own.received.at(-1)?.body ?? "").body, body);
    }
  });

  test("half a character, left where a text was cut inside an emoji, leaves as the replacement character", async (t) => {
    const own = await hostileServer(t);
    const cut = "See you 🥐".slice(0, -1);
    await clientOf(own).calls.create({
      agentId: "a",
      toNumber: PHONE,
      systemPrompt: cut,
      variables: /** @type {Foreign} */ ({ [cut]: [cut] }),
    });
    assert.ok(!/\\ud[89a-f]/i.test(own.received[0].body), own.received[0].body);
    assert.deepEqual(JSON.parse(own.received[0].body).variables, { "See you \ufffd": ["See you \ufffd"] });
    await clientOf(own).calls.list({ search: cut });
    assert.match(own.received[1].url, /%EF%BF%BD$/);
  });

  test("a refusal is a rejection, never a throw, also through withResponse", async (t) => {
    const promise = clientOf(await hostileServer(t)).calls.get("");
    assert.ok(promise instanceof Promise);
    const [plain, withResponse] = await Promise.all([failureOf(promise), failureOf(promise.withResponse())]);
    assert.equal(plain, withResponse);
  });

  test("an argument too many is ignored", async (t) => {
    const own = await hostileServer(t);
    assert.equal((await /** @type {Foreign} */ (clientOf(own)).calls.end("a", undefined, "more")).id, "call_1");
    assert.equal(
      (await /** @type {Foreign} */ (clientOf(own)).calls.get("a", undefined, undefined, "more")).id,
      "call_1",
    );
  });

  test("a method works when it is taken off its object", async (t) => {
    const { calls } = clientOf(await hostileServer(t));
    const { get } = calls;
    assert.equal((await get("a")).id, "call_1");
    assert.equal((await calls.get.call(undefined, "a")).id, "call_1");
  });

  test("an object that was frozen, has no prototype or comes from a class is a body like any other", async (t) => {
    const own = await hostileServer(t);
    class Request {
      agentId = "a";
      toNumber = PHONE;
    }
    const bare = Object.assign(Object.create(null), { agentId: "a", toNumber: PHONE });
    for (const body of [Object.freeze({ agentId: "a", toNumber: PHONE }), bare, new Request()]) {
      await clientOf(own).calls.create(body);
      assert.deepEqual(JSON.parse(own.received.at(-1)?.body ?? ""), { agentId: "a", toNumber: PHONE });
    }
  });

  class Hidden {
    #number = "+14155550100";
    get agentId() {
      return "a";
    }
    get toNumber() {
      return this.#number;
    }
  }

  test("what toJSON gives is what is checked, because it is what is sent", async (t) => {
    const own = await hostileServer(t);
    const fine = Object.assign(new Hidden(), { toJSON: () => ({ agentId: "a", toNumber: PHONE }) });
    await clientOf(own).calls.create(fine);
    assert.deepEqual(JSON.parse(own.received[0].body), { agentId: "a", toNumber: PHONE });
    const other = await hostileServer(t);
    for (const given of [{}, { agentId: "a", toNumber: "911 please" }]) {
      await refused(
        other,
        clientOf(other).calls.create(/** @type {Foreign} */ ({ agentId: "a", toNumber: PHONE, toJSON: () => given })),
      );
    }
  });
});
