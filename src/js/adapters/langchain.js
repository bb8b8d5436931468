// @ts-check
// The tools for LangChain and LangGraph (`@langchain/core`): with LangGraph's `interrupt`, a person is asked in the middle of a tool,
// and the graph continues when they have answered.

import { attempt, isObject } from "../lib/fields.js";
import { answered, functionOf, opened, questionOf, toolsOf } from "./common.js";

const SUBJECT = "langchainTools";

/** A tool's message: the result as text for the model, and as an object for programs. @param {import("./common.js").ToolResult} result */
const messageOf = (result) => [JSON.stringify(result), result];

/** @type {typeof import("../../tools/adapters.js").langchainTools} */
export const langchainTools = (given, framework) => {
  const make = functionOf(SUBJECT, framework, "tool");
  const interrupt = attempt(() => framework.interrupt);
  return toolsOf(SUBJECT, given).map((tool) =>
    make(
      async (/** @type {unknown} */ input, /** @type {any} */ config) => {
        const context = { callId: attempt(() => config.toolCall.id), signal: attempt(() => config.signal) };
        const result = await tool.execute(input, context);
        if (result.status !== "needs_approval" || !result.approval || !interrupt) return messageOf(result);
        // `interrupt` throws until there is an answer; then the whole tool runs again, and `interrupt` returns the answer.
        const answer = interrupt({ question: questionOf(result.approval), ...result.approval });
        const isAgreed = answer === true || (isObject(answer) && /** @type {any} */ (answer).approved === true);
        const { request = result.approval.request } = /** @type {any} */ (Object(answer));
        return messageOf(await answered(tool, input, context, isAgreed, request));
      },
      {
        name: tool.name,
        description: tool.description,
        schema: opened(tool),
        responseFormat: "content_and_artifact",
      },
    ),
  );
};
