// Users extend the client, and put doubles into it. What they replace must be used, and a sub-account's client be of
// their class.
import assert from "node:assert/strict";
import { describe, mock, test } from "node:test";
import { AgentPhone } from "agentphone-wasm";
import { KEY } from "../support/client.mjs";

/** @import { Foreign } from "../support/foreign.js" */

/** @type {import("agentphone-wasm").ClientOptions} */
const OPTIONS = {
  apiKey: KEY,
  baseUrl: "http://x.test",
  logLevel: "off",
  fetch: async (/** @type {Foreign} */ _, /** @type {Foreign} */ { headers }) =>
    Response.json({ id: "1", sub: headers["x-sub-account-id"] ?? null }),
};

describe("a subclass", () => {
  test("is not hidden by the resources it replaces, and can use the one that was there", async () => {
    // As it is for those who write JavaScript: the types do not let a class replace a resource.
    class Replacing extends /** @type {Foreign} */ (AgentPhone) {
      calls = { double: true };
      get agents() {
        return { get: async (/** @type {string} */ id) => ({ ...(await super.agents.get(id)), mine: true }) };
      }
    }
    const client = new /** @type {Foreign} */ (Replacing)(OPTIONS);
    assert.deepEqual(client.calls, { double: true });
    assert.deepEqual(await client.agents.get("a"), { id: "1", sub: null, mine: true });
    assert.equal((await client.numbers.get("n")).id, "1");
  });

  test("is the class of a sub-account's client, however its constructor looks", async () => {
    class Plain extends AgentPhone {
      #cache = new Map();
      remember(/** @type {unknown} */ value) {
        return this.#cache.set(1, value).size;
      }
    }
    class Filling extends AgentPhone {
      /** @param {import("agentphone-wasm").ClientOptions} [options] */
      constructor(options) {
        super({ ...OPTIONS, ...options });
        this.extra = 1;
      }
    }
    class Needing extends AgentPhone {
      constructor(/** @type {{ timeout: number }} */ { timeout }) {
        super({ ...OPTIONS, timeout });
      }
    }
    for (const client of [
      new Plain(OPTIONS),
      new Filling(),
      new Filling({ timeout: 1000 }),
      new Needing({ timeout: 1000 }),
    ]) {
      const sub = client.withSubAccount("sub_1");
      assert.ok(sub instanceof client.constructor);
      assert.equal(/** @type {Foreign} */ (await sub.agents.get("a")).sub, "sub_1");
      assert.equal(/** @type {Foreign} */ (await sub.withSubAccount(null).agents.get("a")).sub, null);
      assert.equal(/** @type {Foreign} */ (await client.agents.get("a")).sub, null);
    }
    assert.equal(/** @type {Foreign} */ (new Plain(OPTIONS).withSubAccount("sub_1")).remember(2), 1);
    assert.equal(/** @type {Foreign} */ (new Filling().withSubAccount("sub_1")).extra, 1);
  });

  test("that makes other clients meanwhile gives none of them the sub-account", async () => {
    /** @type {Foreign} */
    let other;
    class Making extends AgentPhone {
      /** @param {import("agentphone-wasm").ClientOptions} options */
      constructor(options) {
        other = new AgentPhone(OPTIONS);
        super(options);
      }
    }
    const sub = new Making(OPTIONS).withSubAccount("sub_1");
    assert.equal(/** @type {Foreign} */ (await sub.agents.get("a")).sub, "sub_1");
    assert.equal((await other.agents.get("a")).sub, null);
  });

  test("whose constructor throws leaves nothing behind for the next client", async () => {
    let throws = false;
    class Throwing extends AgentPhone {
      /** @param {import("agentphone-wasm").ClientOptions} options */
      constructor(options) {
        if (throws) throw new Error("not now");
        super(options);
      }
    }
    const client = new Throwing(OPTIONS);
    throws = true;
    assert.throws(() => client.withSubAccount("sub_1"), /not now/);
    throws = false;
    assert.equal(/** @type {Foreign} */ (await new Throwing(OPTIONS).agents.get("a")).sub, null);
  });
});

describe("a double", () => {
  test("takes the place of a resource, a nested one or a method", async () => {
    const client = /** @type {Foreign} */ (new AgentPhone(OPTIONS));
    client.calls = { double: 1 };
    Object.assign(client, { agents: { double: 2 } });
    client.conversations.messages = { double: 3 };
    client.numbers.buy = () => 4;
    const { method } = /** @type {Foreign} */ (mock.method(client.contacts, "get", () => 5));
    assert.deepEqual(
      [
        client.calls.double,
        client.agents.double,
        client.conversations.messages.double,
        client.numbers.buy(),
        client.contacts.get("c"),
      ],
      [1, 2, 3, 4, 5],
      method,
    );
    const other = new AgentPhone(OPTIONS);
    assert.equal((await other.agents.get("a")).id, "1");
    assert.equal(typeof other.conversations.messages.list, "function");
  });

  test("is needed by nobody who takes a resource twice", () => {
    const client = new AgentPhone(OPTIONS);
    assert.equal(client.calls, client.calls);
    assert.equal(client.calls.transcript, client.calls.transcript);
    assert.equal(Object.freeze(client).agents, client.agents);
  });
});
