// The OpenAI Agents SDK with a scripted model.

import { openaiTools } from "agentphone-wasm/tools";
import { load } from "../tools.mjs";

/** @import { Foreign } from "../../support/foreign.js" */
/** @import { Drive } from "../scripted.js" */

/** What a tool's output says. @param {Foreign} output */
const read = (output) => {
  const text = typeof output === "string" ? output : output.text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** @param {Foreign} input @returns {Foreign[]} */
const resultsOf = (input) =>
  (Array.isArray(input) ? input : [])
    .filter(({ type }) => type === "function_call_result")
    .map(({ output }) => read(output));

/** @type {Drive} */
export const drive = async ({ tools, model, answer }) => {
  const { Agent, Runner, tool, Usage } = await load("@openai/agents");
  let count = 0;
  /** @type {Foreign[]} */
  let results = [];
  const scripted = {
    getResponse: async (/** @type {Foreign} */ { input }) => {
      results = resultsOf(input);
      const calls = model(results);
      const output = calls
        ? calls.map(({ name, input: given }) => ({
            type: "function_call",
            callId: `call_${(count += 1)}`,
            name,
            status: "completed",
            arguments: typeof given === "string" ? given : JSON.stringify(given),
          }))
        : [
            {
              type: "message",
              role: "assistant",
              status: "completed",
              content: [{ type: "output_text", text: "done" }],
            },
          ];
      return { usage: new Usage(), output };
    },
  };
  const agent = new Agent({ name: "Ada", instructions: "", model: scripted, tools: openaiTools(tools, { tool }) });
  const runner = new Runner({ tracingDisabled: true });
  let run = await runner.run(agent, "go", { maxTurns: 50 });
  while (run.interruptions.length > 0) {
    for (const interruption of run.interruptions) {
      if (await answer(interruption)) run.state.approve(interruption);
      else run.state.reject(interruption);
    }
    run = await runner.run(agent, run.state, { maxTurns: 50 });
  }
  return results;
};
