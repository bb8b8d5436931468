// Messages of models as the AI SDK writes them, which Mastra has taken over.

/** @import { Foreign } from "../../support/foreign.js" */
/** @import { Driven } from "../scripted.js" */

/** What tools have told the model. @param {Foreign[]} prompt @returns {Foreign[]} */
export const outputsIn = (prompt) =>
  prompt
    .filter(({ role }) => role === "tool")
    .flatMap(({ content }) => content)
    .filter(({ type }) => type === "tool-result")
    .map(({ output }) => output);

/** Makes what the model says of its tool calls, each with an id of its own, or of their end. */
export const speaker = () => {
  let count = 0;
  return (/** @type {ReturnType<Driven["model"]>} */ calls) =>
    calls
      ? calls.map(({ name, input }) => ({
          type: "tool-call",
          toolCallId: `call_${(count += 1)}`,
          toolName: name,
          input: typeof input === "string" ? input : JSON.stringify(input),
        }))
      : [{ type: "text", text: "done" }];
};
