// The AI SDK with a scripted model.

import { aiTools } from "agentphone-wasm/tools";
import { load } from "../tools.mjs";
import { outputsIn, speaker } from "./parts.mjs";

/** @import { Foreign } from "../../support/foreign.js" */
/** @import { Drive } from "../scripted.js" */

const usage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
};

/** @type {Drive} */
export const drive = async ({ tools, model, answer }) => {
  const { generateText, isStepCount, stepCountIs = isStepCount } = await load("ai");
  const { MockLanguageModelV4 } = await load("ai/test");
  const speak = speaker();
  /** @type {Foreign[]} */
  let results = [];
  const scripted = new MockLanguageModelV4({
    doGenerate: async (/** @type {Foreign} */ { prompt }) => {
      results = outputsIn(prompt).map((output) => (output.type === "json" ? output.value : output));
      const calls = model(results);
      const content = speak(calls);
      return { finishReason: { unified: calls ? "tool-calls" : "stop", raw: undefined }, usage, content, warnings: [] };
    },
  });
  const options = { model: scripted, stopWhen: stepCountIs(50), ...aiTools(tools) };
  /** @type {Foreign[]} */
  const messages = [{ role: "user", content: "go" }];
  for (;;) {
    const { responseMessages, content } = await generateText({ ...options, messages });
    messages.push(...responseMessages);
    const asked = content.filter((/** @type {Foreign} */ part) => part.type === "tool-approval-request");
    if (asked.length === 0) return results;
    const answers = await Promise.all(
      asked.map(async (/** @type {Foreign} */ part) => ({
        type: "tool-approval-response",
        approvalId: part.approvalId,
        approved: await answer(part),
      })),
    );
    messages.push({ role: "tool", content: answers });
  }
};
