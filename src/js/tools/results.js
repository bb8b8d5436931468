// @ts-check
// What a tool returns: a result for every failure of the API or the network, never an exception, because frameworks turn exceptions
// into messages that make a model call again.

import { AgentPhoneError } from "../errors/error.js";
import { oneOf, text } from "./define.js";

/** @typedef {import("../../tools/tools.js").ToolResult} ToolResult */
/** @typedef {import("./define.js").Definition} Definition */

/** @returns {Record<string, import("../../tools/tools.js").JsonSchema>} */
export const resultFields = () => ({
  status: oneOf(
    "done; already_done: an earlier call did it; unknown: it may have happened; refused: nothing happened; needs_approval: a person must agree first; failed: it could not be read or changed.",
    ["done", "already_done", "unknown", "refused", "needs_approval", "failed"],
  ),
  message: text("What happened, and what to do."),
  doNotRepeat: { type: "boolean", description: "True: do not make this call again." },
  next: text("The tool to use next."),
  code: text("Why it was refused or failed."),
  issues: { type: "array", description: "What is wrong with the input.", items: { type: "string" } },
  retryAfterSeconds: { type: "number", description: "How long to wait before another try." },
  reference: text("Identifies this action, for find_call."),
  approval: { type: "object", description: "What a person is asked." },
});

/** Refused before anything was sent. @param {string} code @param {string} message @param {Partial<ToolResult>} [more] @returns {ToolResult} */
export const refused = (code, message, more = {}) => ({
  status: "refused",
  message,
  doNotRepeat: false,
  code,
  ...more,
});

/** @param {{ message: string }[]} issues */
export const invalid = (issues) =>
  refused("INVALID_INPUT", "Nothing was done: the input is not valid. Correct it and call again.", {
    issues: issues.map(({ message }) => message),
  });

const IN_DOUBT = "do not call this tool again for it";

/** @param {Definition} definition @param {any} reference @param {string} code @returns {ToolResult} */
export const unknown = ({ unknown: next = "usage" }, reference, code) => ({
  status: "unknown",
  message: `It may have happened: ${IN_DOUBT}, and do not say that it failed. Use ${next} to find out.`,
  doNotRepeat: true,
  next,
  code,
  reference,
});

/**
 * The result of an API call that failed.
 * @param {Definition} definition @param {any} error @param {string | undefined} reference The idempotency key, if there is one @returns {ToolResult}
 */
export const failed = (definition, error, reference) => {
  const isOurs = AgentPhoneError.is(error);
  const code = isOurs ? error.code : "UNEXPECTED";
  if (reference !== undefined && (!isOurs || error.outcomeUnknown)) return unknown(definition, reference, code);
  const {
    message = "it failed in an unexpected way",
    retryable = false,
    retryAfter,
    details = [],
  } = isOurs ? error : {};
  const more = {
    code,
    ...(retryAfter !== undefined && { retryAfterSeconds: retryAfter }),
    ...(details.length > 0 && { issues: details.map((/** @type {any} */ one) => `${one.field}: ${one.message}`) }),
    ...(reference !== undefined && { reference }),
  };
  if (code === "LANE_IN_DOUBT")
    return {
      ...refused(
        code,
        `Nothing was done: an earlier request to the same recipient may have happened. Find out first; until then ${IN_DOUBT}.`,
      ),
      ...more,
      doNotRepeat: true,
      ...(definition.unknown && { next: definition.unknown }),
    };
  if (definition.kind === "effect")
    return refused(code, `Nothing happened: ${message}`, { ...more, doNotRepeat: !retryable });
  return { status: "failed", message, doNotRepeat: !isOurs || (!retryable && !error.outcomeUnknown), ...more };
};
