// @ts-check
// The tools for the OpenAI Agents SDK (`@openai/agents`): `needsApproval` asks the policy, and a run is interrupted until a person has
// answered.

import { attempt } from "../lib/fields.js";
import { functionOf, toolsOf } from "./common.js";

const SUBJECT = "openaiTools";
/** Without it, the SDK tells the model that an error occurred, and to try again. */
const UNREADABLE = {
  status: "refused",
  message: "Nothing was done: the input is not JSON. Correct it and call again.",
  doNotRepeat: false,
  code: "INVALID_INPUT",
};

/** @type {typeof import("../../tools/adapters.js").openaiTools} */
export const openaiTools = (given, framework) => {
  const make = functionOf(SUBJECT, framework, "tool");
  return toolsOf(SUBJECT, given).map((tool) =>
    make({
      name: tool.name,
      description: tool.description,
      parameters: tool.inputSchema,
      // A strict schema has no optional fields.
      strict: false,
      needsApproval: async (/** @type {unknown} */ _, /** @type {unknown} */ input, /** @type {string} */ callId) =>
        (await tool.approvalFor(input, { callId })) !== undefined,
      execute: (/** @type {unknown} */ input, /** @type {any} */ context, /** @type {any} */ details) => {
        const callId = attempt(() => details.toolCall.callId);
        const isAgreed = attempt(() => context.isToolApproved({ toolName: tool.name, callId })) === true;
        return tool.execute(input, { callId, signal: details?.signal, ...(isAgreed && { approve: () => true }) });
      },
      errorFunction: () => JSON.stringify(UNREADABLE),
    }),
  );
};
