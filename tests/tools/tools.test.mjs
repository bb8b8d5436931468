// The tools as models and frameworks see them: what they say of themselves, what they refuse, and what they return. The hazards: an
// exception where a model needs an answer, an input that reaches the API unchecked, a result that its own schema does not describe.

import assert from "node:assert/strict";
import { test } from "node:test";
import { AgentPhone, InvalidArgumentError } from "agentphone-wasm";
import { agentTools, toolNames } from "agentphone-wasm/tools";
import { check, KEYWORDS } from "../../src/js/tools/schema.js";
import { PHONE } from "../support/client.mjs";
import { byName, done, setting } from "./setting.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const offline = new AgentPhone({
  apiKey: "sk_test",
  fetch: () => Promise.reject(new TypeError("offline")),
  logLevel: "off",
});

/** Every schema inside of one. @param {Foreign} schema @returns {Foreign[]} */
const schemas = (schema) => [
  schema,
  ...Object.values(schema.properties ?? {}).flatMap(schemas),
  ...(schema.items ? schemas(schema.items) : []),
];

test("every tool says what it is, in a form that all frameworks take", () => {
  const tools = agentTools(offline);
  assert.deepEqual(
    tools.map(({ name }) => name),
    toolNames,
  );
  assert.equal(tools.length, 14);
  for (const tool of tools) {
    assert.match(tool.name, /^[a-z_]{3,20}$/);
    assert.ok(tool.title.length > 3 && tool.description.length > 30, tool.name);
    assert.equal(tool.inputSchema.additionalProperties, false);
    assert.deepEqual(tool.annotations.idempotentHint, true);
    assert.equal(tool.annotations.readOnlyHint, tool.kind === "read");
    for (const schema of [...schemas(tool.inputSchema), ...schemas(tool.outputSchema)])
      for (const keyword of Object.keys(schema)) assert.ok(KEYWORDS.includes(keyword), `${tool.name}: ${keyword}`);
    for (const [name, field] of Object.entries(tool.inputSchema.properties ?? {}))
      assert.ok(field.description, `${tool.name}.${name} has a description`);
    const standard = tool.input["~standard"];
    assert.equal(standard.version, 1);
    assert.deepEqual(standard.jsonSchema.input({ target: "draft-2020-12" }), tool.inputSchema);
  }
});

test("what costs money or reaches people says so", () => {
  const spending = agentTools(offline).filter(({ spends }) => spends);
  assert.deepEqual(
    spending.map(({ name, spends }) => [name, spends]),
    [
      ["buy_number", "number"],
      ["place_call", "call"],
      ["send_text", "text"],
    ],
  );
  for (const { description } of spending) assert.match(description, /cost|\$/);
});

test("every tool works against the sandbox, and returns what its schema says", async () => {
  const { sandbox, client, agentId } = await setting({}, { speed: 20 });
  const tools = byName(client);
  /** @param {string} name @param {object} input */
  const run = async (name, input) => {
    const result = await tools[name].execute(input);
    assert.equal(result.status, "done", `${name}: ${JSON.stringify(result)}`);
    const { issues } = /** @type {Foreign} */ (tools[name].output["~standard"].validate(result));
    assert.equal(issues, undefined, `${name}: ${JSON.stringify(issues)} ${JSON.stringify(result)}`);
    return /** @type {Foreign} */ (result.result);
  };
  assert.ok((await run("find_number", { area_code: "415" })).numbers.length > 0);
  assert.equal((await run("find_number", { owned: true })).numbers.length, 1);
  const { agent_id: other } = await run("create_agent", { name: "Ada", mode: "hosted", instructions: "Be brief." });
  assert.equal((await run("buy_number", { agent_id: other, country: "US" })).agent_id, other);
  assert.equal((await run("update_agent", { agent_id: other, name: "Grace", voicemail: "Call back." })).name, "Grace");
  const { call_id } = await run("place_call", { agent_id: agentId, to: PHONE, instructions: "Book a table." });
  const watched = await run("watch_call", { call_id, wait_seconds: 0 });
  assert.equal(watched.ended, false);
  const over = await run("watch_call", { call_id, wait_seconds: 30 });
  assert.deepEqual([over.ended, over.call_status], [true, "completed"]);
  assert.ok(over.transcript.length > 0 && over.transcript.every((/** @type {Foreign} */ turn) => turn.text));
  assert.equal((await run("find_call", { to: PHONE })).calls[0].call_id, call_id);
  await run("end_call", { call_id });
  const sent = await run("send_text", { agent_id: agentId, to: PHONE, text: "See you." });
  const thread = await run("read_thread", { with: PHONE });
  assert.deepEqual([thread.conversation_id, thread.messages[0].text], [sent.conversation_id, "See you."]);
  // Its delivery goes on meanwhile.
  const same = await run("read_thread", { conversation_id: sent.conversation_id, limit: 1 });
  assert.deepEqual(
    [same.conversation_id, same.messages[0].message_id],
    [thread.conversation_id, thread.messages[0].message_id],
  );
  assert.equal((await run("list_threads", {})).threads.length, 1);
  assert.equal((await run("list_threads", { agent_id: agentId })).threads.length, 1);
  const saved = await run("save_contact", { phone_number: "415-555-0100", name: "Bob" });
  const changed = await run("save_contact", { phone_number: PHONE, name: "Robert", notes: "Likes tea." });
  assert.deepEqual([changed.contact_id, changed.name, changed.notes], [saved.contact_id, "Robert", "Likes tea."]);
  assert.equal((await run("look_up_contact", { search: "Robert" })).contacts[0].phone_number, PHONE);
  assert.equal((await run("usage", {})).numbers.used, 2);
  assert.equal(done(sandbox, "calls.create"), 1);
});

test("an agent that is set cannot be chosen by a model", async () => {
  const { client, agentId } = await setting();
  const tools = byName(client, { agentId });
  for (const tool of Object.values(tools)) assert.ok(!("agent_id" in (tool.inputSchema.properties ?? {})), tool.name);
  const { status, issues } = await tools.place_call.execute({ to: PHONE, agent_id: "another" });
  assert.equal(status, "refused");
  assert.match(issues?.[0] ?? "", /^the input has no field agent_id; there are to, greeting/);
});

test("what a model wrote is refused in words that it can correct it by, and nothing is sent", async () => {
  const { sandbox, client, agentId } = await setting();
  const before = sandbox.requests().length;
  const tools = byName(client, { agentId });
  const SECRET = "+14155550177";
  /** @type {[string, unknown, RegExp][]} */
  const cases = [
    ["place_call", {}, /^the input needs the field to$/],
    ["place_call", { to: 4155550177 }, /^to must be a string, not a value of type integer$/],
    ["place_call", { to: "Bob" }, /^to must be a phone number with country code, such as/],
    ["place_call", { to: "ada@example.com" }, /^to must be a phone number/],
    ["place_call", { to: SECRET, greeting: "" }, /^greeting must not be empty$/],
    ["place_call", { to: PHONE, greeting: "x".repeat(2001) }, /^greeting must have at most 2000 characters, not 2001$/],
    ["place_call", { to: PHONE, again: "true" }, /^again must be a boolean, not a value of type string$/],
    ["place_call", null, /^the input needs the field to$/],
    ["place_call", "call Bob", /^the input must be an object, not a value of type string$/],
    ["place_call", [], /^the input must be an object/],
    ["place_call", { to: PHONE, __proto__: null, [SECRET]: 1 }, /^the input has no field of that name; there are/],
    ["send_text", { to: PHONE, text: "x", media_urls: ["a", 1] }, /^media_urls\.1 must be a string/],
    ["send_text", { to: PHONE, text: "x", media_urls: Array(11).fill("a") }, /^media_urls must have at most 10 items$/],
    ["watch_call", { call_id: "c", wait_seconds: 301 }, /^wait_seconds must be 300 or less$/],
    [
      "watch_call",
      { call_id: "c", wait_seconds: 1.5 },
      /^wait_seconds must be an integer, not a value of type number$/,
    ],
    ["buy_number", { country: "DE" }, /^country must be one of US, CA$/],
    ["buy_number", { area_code: "1x5" }, /^area_code must match/],
  ];
  for (const [name, input, message] of cases) {
    const result = await tools[name].execute(input);
    assert.deepEqual([result.status, result.code], ["refused", "INVALID_INPUT"], JSON.stringify(input));
    assert.match(result.issues?.join("\n") ?? "", message);
    assert.ok(!JSON.stringify(result).includes("4155550177"), "what was written is not repeated");
  }
  assert.equal(sandbox.requests().length, before);
});

test("inputs that fight back are refused and break nothing", async () => {
  const { place_call: place } = byName(offline, { agentId: "agt_1" });
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const circle = /** @type {Foreign} */ ({ to: PHONE });
  circle.greeting = circle;
  const throwing = {
    get to() {
      throw new Error("no");
    },
  };
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`field${at}`, at]));
  for (const input of [revoked.proxy, circle, throwing, many, { to: "1".repeat(1e6) }, Symbol("x"), 1n, () => {}]) {
    const result = await place.execute(input);
    assert.equal(result.code, "INVALID_INPUT");
    assert.ok(JSON.stringify(result).length < 4000);
  }
  for (const context of [null, 1, "x", revoked.proxy, { callId: 7, signal: undefined }]) {
    const { status } = await byName(offline).usage.execute({}, /** @type {Foreign} */ (context));
    assert.equal(status, "failed");
  }
});

test("null is as good as absent where a field may be absent, and a list of mistakes has an end", () => {
  const schema = { type: "object", properties: { a: { type: "string" }, b: { type: "integer" } }, required: ["a"] };
  assert.deepEqual(check(schema, { a: "x", b: null }), { value: { a: "x" } });
  assert.deepEqual(Object.keys(check(schema, { a: null })), ["issues"]);
  const wrong = check({ type: "array", items: schema }, Array(100).fill({}));
  assert.equal(wrong.issues?.length, 10);
});

test("a network that is down is a result: read tools may be called again, and nothing is said to have failed that may have happened", async () => {
  const tools = byName(offline, { agentId: "agt_1" });
  const { status, doNotRepeat, code } = await tools.usage.execute({});
  assert.deepEqual([status, doNotRepeat, code], ["failed", false, "CONNECTION_ERROR"]);
  const placed = await tools.place_call.execute({ to: PHONE });
  assert.deepEqual([placed.status, placed.doNotRepeat], ["unknown", true]);
  assert.match(placed.message, /do not call this tool again/);
});

test("a signal ends a tool, which says so", async () => {
  const { client, agentId } = await setting();
  const { watch_call: watch, place_call: place } = byName(client, { agentId });
  const signal = AbortSignal.abort();
  assert.deepEqual((await place.execute({ to: PHONE }, { signal })).status, "refused");
  assert.equal((await watch.execute({ call_id: "call_1" }, { signal })).code, "ABORTED");
});

test("only the tools that were asked for are there, and wrong options are refused at once", () => {
  assert.deepEqual(
    agentTools(offline, { only: ["usage", "place_call"] }).map(({ name }) => name),
    ["place_call", "usage"],
  );
  /** @type {[Foreign, RegExp][]} */
  const cases = [
    [{ only: ["dial"] }, /only must be an array of tool names; there are find_number/],
    [{ window: 10 }, /window must be milliseconds/],
    [{ agentId: 1 }, /agentId must be a string, not a number/],
    [{ ledger: {} }, /ledger must be a ledger/],
    [{ request: 5 }, /request must be options/],
    [{ colour: 1 }, /there is no option colour/],
    [null, /options must be an object, not null/],
  ];
  for (const [options, message] of cases)
    assert.throws(
      () => agentTools(offline, options),
      (error) => error instanceof InvalidArgumentError && message.test(error.message),
    );
  assert.throws(() => agentTools(/** @type {Foreign} */ ({})), /the first argument must be a client/);
});

test("an attempt without an answer leaves time to find out what became of it", async () => {
  /** @type {Foreign} */
  let given;
  const create = (/** @type {Foreign} */ _, /** @type {Foreign} */ options) => {
    given = options;
    return { withResponse: () => Promise.reject(new Error("stop")) };
  };
  const calls = { create };
  const double = new Proxy(offline, { get: (target, name) => (name === "calls" ? calls : Reflect.get(target, name)) });
  const [place] = agentTools(double, { only: ["place_call"], agentId: "agt_1" });
  await place?.execute({ to: PHONE });
  assert.ok(given.timeout + given.settle.within < given.totalTimeout, JSON.stringify(given));
});
