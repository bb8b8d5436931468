// `ensure` of the toolkit, against the sandbox. The hazards: a second agent, a second number that is paid for each month, and
// a secret that is lost at each start of a program.
import assert from "node:assert/strict";
import { after, beforeEach, describe, test } from "node:test";
import { AgentPhone } from "agentphone-wasm";
import { createSandbox } from "agentphone-wasm/sandbox";
import { ensure } from "agentphone-wasm/toolkit";
import { failureOf, KEY } from "../support/client.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const sandbox = createSandbox({ limits: false });
after(() => sandbox.close());
const client = new AgentPhone({
  apiKey: KEY,
  fetch: sandbox.fetch,
  baseUrl: sandbox.url,
  logLevel: "off",
  timeout: 500,
  maxRetries: 0,
});
beforeEach(() => sandbox.reset());

/** How often something was done. */
const done = (/** @type {string} */ operation) => sandbox.ledger().byOperation[operation]?.performed ?? 0;
/** What was sent besides questions. */
const writes = () =>
  sandbox
    .requests()
    .filter(({ method }) => method !== "GET")
    .map(({ operation }) => operation);

describe("ensure.agent", () => {
  const wanted = {
    name: "Ada",
    voiceMode: /** @type {const} */ ("hosted"),
    systemPrompt: "Be brief.",
    customTools: [{ name: "book", description: "Books a table.", url: "https://example.com/book" }],
  };

  test("it is made, then left alone, then changed where it differs", async () => {
    const first = await ensure.agent(client, wanted);
    assert.deepEqual([first.action, first.changes, first.others], ["created", Object.keys(wanted), []]);
    const second = await ensure.agent(client, wanted);
    assert.deepEqual([second.action, second.changes, second.agent.id], ["unchanged", [], first.agent.id]);
    const third = await ensure.agent(client, { ...wanted, systemPrompt: "Be kind.", voiceSpeed: 1.2 });
    assert.deepEqual([third.action, third.changes], ["updated", ["systemPrompt", "voiceSpeed"]]);
    assert.equal(third.agent.systemPrompt, "Be kind.");
    const update = sandbox.requests().filter(({ operation }) => operation === "agents.update");
    assert.equal(update.length, 1);
    assert.deepEqual((await ensure.agent(client, { name: "Ada", voiceSpeed: 1.2 })).action, "unchanged");
    assert.deepEqual(writes(), ["agents.create", "agents.update"]);
  });

  test("what is cleared and what was never set are the same", async () => {
    await ensure.agent(client, { name: "Ada" });
    const again = await ensure.agent(client, {
      name: "Ada",
      transferNumber: "",
      voicemailMessage: null,
      customTools: [],
      description: undefined,
    });
    assert.deepEqual([again.action, again.changes], ["unchanged", []]);
    await ensure.agent(client, { name: "Ada", description: "Front desk" });
    assert.deepEqual((await ensure.agent(client, { name: "Ada", description: null })).changes, ["description"]);
  });

  test("a tool that was taken away or renamed is a change", async () => {
    await ensure.agent(client, wanted);
    assert.deepEqual((await ensure.agent(client, { ...wanted, customTools: [] })).changes, ["customTools"]);
    assert.deepEqual((await ensure.agent(client, wanted)).changes, ["customTools"]);
  });

  test("of several the oldest counts, and the others are told and left alone", async () => {
    const one = await client.agents.create({ name: "Ada" });
    // Times have whole milliseconds.
    await new Promise((resolve) => setTimeout(resolve, 5));
    const two = await client.agents.create({ name: "Ada" });
    await client.agents.create({ name: "ada" });
    const found = await ensure.agent(client, { name: "Ada" });
    assert.deepEqual([found.agent.id, found.others], [one.id, [two.id]]);
  });

  test("one on a later page is found", async () => {
    for (let left = 130; left > 0; left -= 1) await client.agents.create({ name: `Agent ${left}` });
    assert.equal((await ensure.agent(client, { name: "Agent 130" })).action, "unchanged");
    assert.equal((await ensure.agent(client, { name: "Agent 1" })).action, "unchanged");
  });

  test("an answer that is lost makes no second one", async () => {
    sandbox.faults.add({ match: { operation: "agents.create" }, times: 1, cut: "before-headers" });
    const { action, agent } = await ensure.agent(client, { name: "Ada" });
    assert.deepEqual([action, agent.name, done("agents.create")], ["created", "Ada", 1]);
    assert.equal((await ensure.agent(client, { name: "Ada" })).action, "unchanged");
  });

  test("where it was not made the error says what it said", async () => {
    sandbox.faults.add({ match: { operation: "agents.create" }, times: 1, cut: "before-effect" });
    const error = await failureOf(ensure.agent(client, { name: "Ada" }));
    assert.deepEqual([error.outcomeUnknown, done("agents.create")], [true, 0]);
    sandbox.faults.add({ match: { operation: "agents.create" }, times: 1, status: 403, code: "FORBIDDEN" });
    assert.equal((await failureOf(ensure.agent(client, { name: "Ada" }))).code, "FORBIDDEN");
  });
});

describe("ensure.number", () => {
  test("it is bought once, and attached", async () => {
    const { agent } = await ensure.agent(client, { name: "Ada" });
    const first = await ensure.number(client, { externalId: "front desk", agentId: agent.id, areaCode: "415" });
    assert.deepEqual([first.action, first.changes], ["created", ["externalId", "agentId", "areaCode"]]);
    assert.equal(first.number.agentId, agent.id);
    const second = await ensure.number(client, { externalId: "front desk", agentId: agent.id, areaCode: "212" });
    assert.deepEqual([second.action, second.changes, second.number.id], ["unchanged", [], first.number.id]);
    assert.equal(sandbox.ledger().numbersBought, 1);
  });

  test("it moves from one agent to another, and away from all", async () => {
    const [ada, bo] = [await client.agents.create({ name: "Ada" }), await client.agents.create({ name: "Bo" })];
    await ensure.number(client, { externalId: "desk", agentId: ada.id });
    const moved = await ensure.number(client, { externalId: "desk", agentId: bo.id });
    assert.deepEqual([moved.action, moved.changes, moved.number.agentId], ["updated", ["agentId"], bo.id]);
    const { id } = moved.number;
    assert.equal((await client.numbers.get(id)).agentId, bo.id);
    assert.equal((await ensure.number(client, { externalId: "desk" })).action, "unchanged");
    assert.equal((await ensure.number(client, { externalId: "desk", agentId: null })).action, "updated");
    assert.equal((await client.numbers.get(id)).agentId, null);
    assert.equal(sandbox.ledger().numbersBought, 1);
  });

  test("a time in another spelling is the same time", async () => {
    await ensure.number(client, { externalId: "desk", expiresAt: "2030-01-01T00:00:00Z" });
    for (const [expiresAt, action] of [
      ["2030-01-01T00:00:00.000Z", "unchanged"],
      ["2030-01-01T01:00:00+01:00", "unchanged"],
      ["2031-01-01T00:00:00Z", "updated"],
    ])
      assert.equal((await ensure.number(client, { externalId: "desk", expiresAt })).action, action);
  });

  test("one that is of another type is refused, and no other bought", async () => {
    await ensure.number(client, { externalId: "desk", type: "sms" });
    const error = await failureOf(ensure.number(client, { externalId: "desk", type: "imessage" }));
    assert.equal(error.code, "INVALID_ARGUMENT");
    assert.match(error.message, /another type/);
    assert.equal(sandbox.ledger().numbersBought, 1);
  });

  test("one that was released is no more", async () => {
    const { number } = await ensure.number(client, { externalId: "desk" });
    await client.numbers.release(number.id);
    assert.equal((await ensure.number(client, { externalId: "desk" })).action, "created");
  });

  test("a purchase whose answer is lost is found", async () => {
    sandbox.faults.add({ match: { operation: "numbers.buy" }, times: 1, cut: "before-headers" });
    const { agent } = await ensure.agent(client, { name: "Ada" });
    const { action, number } = await ensure.number(client, { externalId: "desk", agentId: agent.id });
    assert.deepEqual([action, number.externalId, number.agentId], ["created", "desk", agent.id]);
    assert.equal(sandbox.ledger().numbersBought, 1);
  });
});

describe("ensure.webhook", () => {
  const url = "https://example.com/agentphone";

  for (const ofAgent of [false, true]) {
    test(`the secret of ${ofAgent ? "an agent's" : "the project's"} is kept until something differs`, async () => {
      const agentId = ofAgent ? (await client.agents.create({ name: "Ada" })).id : undefined;
      const first = await ensure.webhook(client, { url, agentId, timeout: 60 });
      assert.deepEqual([first.action, first.changes], ["created", ["url", "timeout"]]);
      for (const same of [{ url }, { url, timeout: 60 }, { url: "HTTPS://example.com:443/agentphone" }]) {
        const again = await ensure.webhook(client, { ...same, agentId });
        assert.deepEqual([again.action, again.changes, again.webhook.secret], ["unchanged", [], first.webhook.secret]);
      }
      const changed = await ensure.webhook(client, { url, agentId, contextLimit: 20 });
      assert.deepEqual([changed.action, changed.changes], ["updated", ["contextLimit", "secret"]]);
      assert.notEqual(changed.webhook.secret, first.webhook.secret);
      assert.equal(changed.webhook.timeout, 60, "what was not asked for stays");
      assert.equal(done(ofAgent ? "agents.webhook.set" : "webhooks.set"), 2);
    });
  }

  test("an answer that is lost gives the secret all the same", async () => {
    sandbox.faults.add({ match: { operation: "webhooks.set" }, times: 1, cut: "before-headers" });
    const { action, webhook } = await ensure.webhook(client, { url });
    assert.equal(action, "created");
    assert.equal(webhook.secret, (await client.webhooks.get())?.secret);
    assert.equal(done("webhooks.set"), 1);
    sandbox.faults.add({ match: { operation: "webhooks.set" }, times: 1, cut: "before-effect" });
    const error = await failureOf(ensure.webhook(client, { url, timeout: 99 }));
    assert.equal(error.outcomeUnknown, true);
  });
});

test("wrong arguments are named before anything is sent", async () => {
  for (const [call, words] of /** @type {[() => Promise<unknown>, RegExp][]} */ ([
    [() => ensure.agent(/** @type {Foreign} */ (undefined), { name: "Ada" }), /must be a client/],
    [() => ensure.agent(client, /** @type {Foreign} */ (undefined)), /second argument must be an object/],
    [() => ensure.agent(client, { name: " " }), /name must be/],
    [() => ensure.number(client, /** @type {Foreign} */ ({})), /externalId must be/],
    [
      () => ensure.number(client, /** @type {Foreign} */ ({ externalId: "x", external: 1 })),
      /there is no option external/,
    ],
    [() => ensure.webhook(client, /** @type {Foreign} */ ({})), /url must be/],
    [() => ensure.webhook(/** @type {Foreign} */ ({}), { url: "https://example.com" }), /must be a client/],
  ])) {
    const error = await failureOf(call());
    assert.equal(error.code, "INVALID_ARGUMENT");
    assert.match(error.message, words);
  }
  assert.deepEqual(sandbox.requests(), []);
});

test("a setting of null asks for nothing, and does not make a new secret at each start", async () => {
  const url = "https://example.com/agentphone";
  const { webhook } = await ensure.webhook(client, { url, contextLimit: 10 });
  for (let start = 0; start < 2; start += 1) {
    const again = await ensure.webhook(client, /** @type {Foreign} */ ({ url, contextLimit: null, timeout: null }));
    assert.deepEqual([again.action, again.webhook.secret], ["unchanged", webhook.secret]);
  }
  assert.deepEqual(writes(), ["webhooks.set"]);
});
