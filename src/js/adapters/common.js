// @ts-check
// What the adapters share. The caller passes in a framework's functions; no adapter imports a framework. None checks an input by the
// framework's rules: the tools check it themselves, with messages that let a model correct itself.

import { refuse } from "../errors/refuse.js";
import { attempt, isArray } from "../lib/fields.js";

/** @typedef {import("../../tools/tools.js").AgentTool} AgentTool */
/** @typedef {import("../../tools/tools.js").ToolApproval} ToolApproval */
/** @typedef {import("../../tools/tools.js").ToolResult} ToolResult */

/** @param {string} subject @param {any} tools @returns {AgentTool[]} */
export const toolsOf = (subject, tools) =>
  isArray(tools) && tools.every((/** @type {any} */ tool) => typeof tool?.execute === "function")
    ? tools
    : refuse(subject, "the first argument must be what `agentTools` returns");

/** A function of the framework. @param {string} subject @param {any} given @param {string} name @returns {any} */
export const functionOf = (subject, given, name) => {
  const found = attempt(() => given[name]);
  return typeof found === "function"
    ? found
    : refuse(subject, `pass { ${name} } of the framework as the second argument`);
};

/** A schema that shows models the fields but accepts any input: the tool itself reports what is wrong. @param {AgentTool} tool */
export const opened = ({ input }) => ({
  "~standard": { ...input["~standard"], validate: (/** @type {unknown} */ value) => ({ value }) },
});

/** What a person is asked: one sentence, and the input. @param {ToolApproval} approval */
export const questionOf = ({ title, input, costAtMost }) => {
  const cost = costAtMost === undefined ? "" : ` It costs up to $${costAtMost.toFixed(2)}.`;
  return `${title}?${cost} ${JSON.stringify(input)}`;
};

/**
 * A person has answered a question from an earlier run of the tool. Consent is for what they were shown: the signed request of that
 * run.
 * @param {AgentTool} tool @param {unknown} input @param {any} context @param {boolean} agreed @param {unknown} request @returns {Promise<ToolResult>}
 */
export const answered = async (tool, input, context, agreed, request) => {
  if (!agreed) return tool.execute(input, { ...context, approve: () => false });
  try {
    return await tool.execute(input, { ...context, approval: await tool.approve(String(request)) });
  } catch {
    // This policy did not make the request: the person is asked again.
    return tool.execute(input, context);
  }
};
