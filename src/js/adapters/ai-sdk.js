// @ts-check
// The tools for the AI SDK (`ai`): spread into `generateText`, `streamText` or `ToolLoopAgent`, with the approvals of the policy as its
// `toolApproval`.

import { attempt, isArray } from "../lib/fields.js";
import { opened, questionOf, toolsOf } from "./common.js";

/** @typedef {import("./common.js").AgentTool} AgentTool */

/** The parts of all messages, the latest first. @param {any} messages @returns {any[]} */
const partsOf = (messages) =>
  (isArray(messages) ? [...messages] : []).reverse().flatMap(({ content }) => (isArray(content) ? content : []));

/** Whether a person has agreed to this tool call: the SDK also runs a tool if no person was asked. @param {any} messages @param {string} toolCallId */
const wasApproved = (messages, toolCallId) => {
  const parts = partsOf(messages);
  const asked = parts.filter((part) => part?.type === "tool-approval-request" && part.toolCallId === toolCallId);
  const isAnswer = (/** @type {any} */ part) =>
    part?.type === "tool-approval-response" && asked.some(({ approvalId }) => approvalId === part.approvalId);
  return parts.find(isAnswer)?.approved === true;
};

/** @param {AgentTool} tool */
const toolOf = (tool) => ({
  title: tool.title,
  description: tool.description,
  inputSchema: opened(tool),
  execute: (/** @type {unknown} */ input, /** @type {any} */ { toolCallId: callId, abortSignal: signal, messages }) => {
    const isAgreed = attempt(() => wasApproved(messages, callId)) === true;
    return tool.execute(input, { callId, signal, ...(isAgreed && { approve: () => true }) });
  },
});

/** @type {typeof import("../../tools/adapters.js").aiTools} */
export const aiTools = (given) => {
  const tools = toolsOf("aiTools", given);
  return {
    tools: Object.fromEntries(tools.map((tool) => [tool.name, toolOf(tool)])),
    toolApproval: async ({ toolCall }) => {
      const tool = tools.find(({ name }) => name === toolCall?.toolName);
      const approval = await tool?.approvalFor(toolCall.input, { callId: toolCall.toolCallId });
      return approval ? { type: "user-approval", reason: questionOf(approval) } : undefined;
    },
  };
};
