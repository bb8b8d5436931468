// @ts-check
// The tools for Mastra (`@mastra/core`): if the policy requires a person's approval, the tool suspends its run and continues when it is
// resumed.

import { attempt } from "../lib/fields.js";
import { answered, functionOf, opened, questionOf, toolsOf } from "./common.js";

const SUBJECT = "mastraTools";

/** A schema for what a suspended run stores, and what it is resumed with. @param {Record<string, object>} properties */
const schemaOf = (properties) => {
  const schema = { type: "object", properties };
  return {
    "~standard": {
      version: 1,
      vendor: "agentphone-wasm",
      validate: (/** @type {unknown} */ value) => ({ value }),
      jsonSchema: { input: () => ({ ...schema }), output: () => ({ ...schema }) },
    },
  };
};

/** @type {typeof import("../../tools/adapters.js").mastraTools} */
export const mastraTools = (given, framework) => {
  const make = functionOf(SUBJECT, framework, "createTool");
  const all = toolsOf(SUBJECT, given).map((tool) => [
    tool.name,
    make({
      id: tool.name,
      description: tool.description,
      inputSchema: opened(tool),
      suspendSchema: schemaOf({ question: { type: "string" }, request: { type: "string" } }),
      resumeSchema: schemaOf({ approved: { type: "boolean" } }),
      execute: async (/** @type {unknown} */ input, /** @type {any} */ run) => {
        const of = (/** @type {string} */ name) =>
          attempt(() => run.agent?.[name] ?? run.workflow?.[name] ?? run[name]);
        const context = { callId: of("toolCallId"), signal: attempt(() => run.abortSignal) };
        const answer = of("resumeData");
        if (answer) return answered(tool, input, context, answer.approved === true, of("suspendPayload")?.request);
        const result = await tool.execute(input, context);
        const suspend = of("suspend");
        if (result.status !== "needs_approval" || !result.approval || typeof suspend !== "function") return result;
        return suspend({ question: questionOf(result.approval), ...result.approval });
      },
    }),
  ]);
  return Object.fromEntries(all);
};
