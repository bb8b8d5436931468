// The tools in the loops of five frameworks, each with its real package and a model that follows a script. The hazards: a framework that
// makes an exception of a result, one that runs a tool again, one whose consent is not asked for, or is taken for something else.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { agentTools, aiTools, langchainTools, mastraTools, mcpTools, openaiTools, policy } from "agentphone-wasm/tools";
import { PHONE } from "../support/client.mjs";
import { done, REQUEST, setting } from "../tools/setting.mjs";
import { load } from "./tools.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const NAMES = ["ai", "openai", "langchain", "mastra", "mcp"];

/** A model that makes these calls, step by step. @param {{ name: string, input: unknown }[][]} steps */
const script = (steps) => {
  let step = 0;
  return () => steps[step++];
};
const place = (more = {}) => ({ name: "place_call", input: { to: PHONE, greeting: "Hi", ...more } });
const usage = { name: "usage", input: {} };

for (const framework of NAMES)
  describe(`in ${framework}`, { concurrency: false }, async () => {
    /** @type {{ drive: import("./scripted.js").Drive }} */
    const { drive } = await import(`./drivers/${framework}.mjs`);
    /** @param {Foreign} [rules] */
    const begin = async (rules) => {
      const { sandbox, client, agentId } = await setting();
      const options = { agentId, request: REQUEST, ...(rules && { policy: policy(rules) }) };
      return { sandbox, client, tools: agentTools(client, options) };
    };
    const never = async () => assert.fail("nobody is to be asked");

    test("a call is placed once: when the model calls again, and when it calls twice at once", async () => {
      const { sandbox, tools } = await begin();
      const model = script([[place()], [place(), place(), usage], [place()]]);
      const results = await drive({ tools, model, answer: never });
      const statuses = results.map(({ status }) => status);
      assert.deepEqual(statuses, ["done", "already_done", "already_done", "done", "already_done"]);
      assert.equal(new Set(results.flatMap(({ result }) => result?.call_id ?? [])).size, 1);
      assert.equal(done(sandbox, "calls.create"), 1);
    });

    test("what was written wrong comes back as words that correct it", async () => {
      const { sandbox, tools } = await begin();
      const model = script([[place({ to: 5 })], [place({ voice: "deep" })], [{ name: "place_call", input: {} }]]);
      const results = await drive({ tools, model, answer: never });
      assert.deepEqual(
        results.map(({ status, code, issues }) => [status, code, issues?.[0].slice(0, 36)]),
        [
          ["refused", "INVALID_INPUT", "to must be a string, not a value of "],
          ["refused", "INVALID_INPUT", "the input has no field voice; there "],
          ["refused", "INVALID_INPUT", "the input needs the field to"],
        ],
      );
      assert.equal(done(sandbox, "calls.create"), 0);
    });

    test("a lost answer is told as unknown, and never as an error to try again", async () => {
      const { sandbox, tools } = await begin();
      sandbox.faults.add({ match: { operation: "calls.create" }, cut: "before-headers", unlisted: true, times: 1 });
      const results = await drive({ tools, model: script([[place()], [place()]]), answer: never });
      assert.deepEqual(
        results.map(({ status, doNotRepeat, next }) => [status, doNotRepeat, next]),
        Array(2).fill(["unknown", true, "find_call"]),
      );
      assert.equal(done(sandbox, "calls.create"), 1);
    });

    test("a person is asked before money is spent, is shown what it is, and a yes does it once", async () => {
      const { sandbox, tools } = await begin({ approval: "spend" });
      /** @type {string[]} */
      const asked = [];
      const answer = async (/** @type {Foreign} */ question) => {
        asked.push(JSON.stringify(question));
        assert.equal(done(sandbox, "calls.create"), 0);
        return true;
      };
      const results = await drive({ tools, model: script([[place(), usage], [place()]]), answer });
      assert.deepEqual(results.map(({ status }) => status).sort(), ["already_done", "done", "done"]);
      assert.equal(asked.length, 1);
      assert.match(asked[0] ?? "", /place_call|Place a phone call/);
      assert.ok(asked[0]?.includes(PHONE) && asked[0].includes("Hi"));
      assert.equal(done(sandbox, "calls.create"), 1);
    });

    test("after a no nothing is done", async () => {
      const { sandbox, tools } = await begin({ approval: "spend" });
      const results = await drive({ tools, model: script([[place()]]), answer: async () => false });
      assert.equal(results.length, 1);
      assert.notEqual(results[0].status, "done");
      assert.equal(done(sandbox, "calls.create"), 0);
    });
  });

describe("where nobody is asked", () => {
  const setup = async () => {
    const { sandbox, client, agentId } = await setting();
    const rules = policy({ approval: "spend" });
    return { sandbox, tools: agentTools(client, { agentId, policy: rules, only: ["place_call"] }) };
  };
  const input = { to: PHONE };

  test("the AI SDK without toolApproval, and with an approval of another call", async () => {
    const { sandbox, tools } = await setup();
    const { place_call: tool } = aiTools(tools).tools;
    const parts = (/** @type {Foreign} */ other) => [
      { role: "assistant", content: [{ type: "tool-approval-request", approvalId: "1", toolCallId: other }] },
      { role: "tool", content: [{ type: "tool-approval-response", approvalId: "1", approved: true }] },
    ];
    for (const messages of [[], parts("call_2"), /** @type {Foreign} */ (5)])
      assert.equal((await tool?.execute(input, { toolCallId: "call_1", messages }))?.status, "needs_approval");
    assert.equal((await tool?.execute(input, { toolCallId: "call_1", messages: parts("call_1") }))?.status, "done");
    assert.equal(done(sandbox, "calls.create"), 1);
  });

  test("OpenAI Agents, where a tool is invoked beside the loop", async () => {
    const { sandbox, tools } = await setup();
    const { tool, RunContext } = await load("@openai/agents");
    const [place_call] = openaiTools(tools, { tool });
    const result = await /** @type {Foreign} */ (place_call).invoke(new RunContext(), JSON.stringify(input));
    assert.equal(result.status, "needs_approval");
    const unreadable = await /** @type {Foreign} */ (place_call).invoke(new RunContext(), "{to:");
    assert.equal(JSON.parse(unreadable).code, "INVALID_INPUT");
    assert.equal(done(sandbox, "calls.create"), 0);
  });

  test("LangChain without interrupt, and an answer to another question", async () => {
    const { sandbox, tools } = await setup();
    const { tool } = await load("@langchain/core/tools");
    const run = async (/** @type {Foreign} */ framework, /** @type {Foreign} */ given) => {
      const [made] = langchainTools(tools, framework);
      const call = { type: "tool_call", id: "1", name: "place_call", args: given };
      return (await /** @type {Foreign} */ (made).invoke(call)).artifact;
    };
    assert.equal((await run({ tool }, input)).status, "needs_approval");
    /** @type {Foreign} */
    let first;
    const asking = (/** @type {Foreign} */ question) => {
      first ??= question;
      return { approved: true, request: first.request };
    };
    const other = { to: "+14155550101" };
    assert.equal(
      (await run({ tool, interrupt: (/** @type {Foreign} */ question) => ((first = question), false) }, other)).code,
      "NOT_APPROVED",
    );
    assert.equal((await run({ tool, interrupt: asking }, input)).code, "APPROVAL_INVALID");
    assert.equal(done(sandbox, "calls.create"), 0);
  });

  test("Mastra, where a run is resumed that was never suspended, or with another's question", async () => {
    const { sandbox, tools } = await setup();
    const { createTool } = await load("@mastra/core/tools");
    const { place_call: tool } = mastraTools(tools, { createTool });
    const execute = async (/** @type {Foreign} */ run) => /** @type {Foreign} */ (tool).execute(input, run);
    assert.equal((await execute({})).status, "needs_approval");
    const other = await tools[0]?.execute({ to: "+14155550101" });
    for (const [request, code] of [
      [undefined, "APPROVAL_REQUIRED"],
      ["ask.a.b.c.d", "APPROVAL_REQUIRED"],
      [other?.approval?.request, "APPROVAL_INVALID"],
    ])
      assert.equal((await execute({ resumeData: { approved: true }, suspendPayload: { request } })).code, code);
    assert.equal(done(sandbox, "calls.create"), 0);
  });

  test("MCP clients that cannot ask anybody, and one that answers what it was not asked", async () => {
    const { sandbox, tools } = await setup();
    const { connected } = await import("./drivers/mcp.mjs");
    const { client } = await connected(tools, async () => true, {});
    const result = await client.callTool({ name: "place_call", arguments: input });
    assert.deepEqual([result.structuredContent.status, result.isError ?? false], ["needs_approval", false]);
    const { tools: listed } = await client.listTools();
    assert.deepEqual([listed[0].annotations.idempotentHint, listed[0].inputSchema.required], [true, ["to"]]);
    assert.ok(listed[0].outputSchema.properties.status);
    await client.close();
    /** @type {Foreign} */
    let run;
    const { inputRequired } = await load("@modelcontextprotocol/server");
    mcpTools({ registerTool: (_name, _config, handler) => (run = handler) }, tools, { inputRequired });
    const inputResponses = { approval: { action: "accept", content: { approved: true } } };
    for (const requestState of [() => undefined, () => "ask.a.b.c.d"]) {
      const forged = await run(input, { mcpReq: { inputResponses, requestState } });
      assert.equal(forged.structuredContent.status, "needs_approval");
    }
    assert.equal(done(sandbox, "calls.create"), 0);
  });

  test("a framework whose function is missing is named at once", async () => {
    const { tools } = await setup();
    const wrong = /** @type {Foreign} */ ({});
    assert.throws(
      () => openaiTools(tools, wrong),
      /openaiTools: pass \{ tool \} of the framework as the second argument/,
    );
    assert.throws(() => langchainTools(tools, wrong), /pass \{ tool \}/);
    assert.throws(() => mastraTools(tools, wrong), /pass \{ createTool \}/);
    assert.throws(() => mcpTools(wrong, tools), /pass \{ registerTool \}/);
    assert.throws(() => aiTools(wrong), /first argument must be what `agentTools` returns/);
  });
});
