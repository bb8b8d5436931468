// Mastra's agent with a scripted model.

import { mastraTools } from "agentphone-wasm/tools";
import { load } from "../tools.mjs";
import { outputsIn, speaker } from "./parts.mjs";

/** @import { Foreign } from "../../support/foreign.js" */
/** @import { Drive } from "../scripted.js" */

/** @type {Drive} */
export const drive = async ({ tools, model, answer }) => {
  const { Agent } = await load("@mastra/core/agent");
  const { Mastra } = await load("@mastra/core");
  const { InMemoryStore } = await load("@mastra/core/storage");
  const { createTool } = await load("@mastra/core/tools");
  const speak = speaker();
  /** @type {Foreign[]} */
  let results = [];
  const usage = { inputTokens: 1, outputTokens: 1, totalTokens: 2 };
  /** @param {Foreign} options */
  const next = ({ prompt }) => {
    results = outputsIn(prompt).map((output) => output.value ?? output);
    const calls = model(results);
    const content = speak(calls);
    return { content, finishReason: calls ? "tool-calls" : "stop" };
  };
  const scripted = {
    specificationVersion: "v2",
    provider: "scripted",
    modelId: "scripted",
    supportedUrls: {},
    doGenerate: async (/** @type {Foreign} */ options) => ({ ...next(options), usage, warnings: [] }),
  };
  const agent = new Agent({
    id: "ada",
    name: "ada",
    instructions: "Be brief.",
    model: scripted,
    tools: mastraTools(tools, { createTool }),
  });
  const mastra = new Mastra({ agents: { ada: agent }, storage: new InMemoryStore(), logger: false });
  const ada = mastra.getAgent("ada");
  let run = await ada.generate("go", { maxSteps: 50 });
  while (run.finishReason === "suspended") {
    const { runId, suspendPayload } = run;
    const approved = await answer(suspendPayload);
    run = await ada.resumeGenerate({ approved }, { runId, toolCallId: suspendPayload?.toolCallId, maxSteps: 50 });
  }
  return results;
};
