// @ts-check
// Asks the policy before a tool does anything, and a person if the policy requires it.

import { isOpen } from "./calls.js";
import { refused } from "./results.js";

/** @typedef {import("./define.js").Definition} Definition */
/** @typedef {import("./tools.js").Settings} Settings */
/** @typedef {import("../../tools/tools.js").ToolResult} ToolResult */

const open = { release: async () => {} };

/** What a tool does, in the terms of the policy. @param {Definition} definition @param {Settings} settings @param {any} input */
const actionOf = ({ name, kind, spends }, { store }, { key: _, again: __, ...content }) => ({
  tool: name,
  kind,
  content,
  ledger: store,
  ...(spends && { spends }),
  ...(spends && content.to && { to: content.to }),
});

/** Whether an earlier use has done it or may have: then this use sends nothing. @param {Settings} settings @param {any} intent */
const isKnown = ({ request }, intent) =>
  intent && (intent.state === "placed" || (isOpen(intent) && request.settle?.absent !== "again"));

/** Seconds to wait if the policy could not find out what it must know. */
const AWAY = 5;

/** @param {any} verdict @param {Settings} settings @returns {ToolResult} */
const refusedBy = ({ code, message, retryAt }, { now }) => {
  const isAway = code === "POLICY_UNAVAILABLE";
  const wait = isAway ? AWAY : retryAt && Math.max(1, Math.ceil((Number(retryAt) - now()) / 1000));
  return refused(code, `Nothing was done: ${message}.${wait ? "" : " Do not try it again in other words."}`, {
    doNotRepeat: !wait,
    ...(wait && { retryAfterSeconds: wait }),
  });
};

/** What a person is asked. @param {Definition} definition @param {any} verdict @param {any} input */
const approvalOf = (
  { name, title },
  { code, message, request, expiresAt, cost },
  { key: _, again: __, ...content },
) => ({
  tool: name,
  title,
  reason: message,
  code,
  input: content,
  ...(cost > 0 && { costAtMost: cost }),
  request,
  expiresAt: expiresAt.toISOString(),
});

/** What a person would be asked first; undefined if no question is needed. @param {Definition} definition @param {Settings} settings @param {any} input @param {any} intent */
export const questionOf = async (definition, settings, input, intent) => {
  if (isKnown(settings, intent)) return undefined;
  const verdict = await settings.policy.check(actionOf(definition, settings, input));
  return verdict.decision === "ask" ? approvalOf(definition, verdict, input) : undefined;
};

/** The answer of the caller's `approve`; undefined if there is none yet. @param {any} approve @param {any} approval */
const answered = async (approve, approval) => {
  if (typeof approve !== "function") return undefined;
  try {
    return await approve(approval);
  } catch {
    return undefined;
  }
};

/**
 * Whether it may be done: a result if not, otherwise a function that undoes the count.
 * @param {Definition} definition @param {Settings} settings @param {any} input @param {any} intent What the ledger knows of its key @param {Record<string, any>} context
 * @returns {Promise<{ result?: ToolResult, release: () => Promise<void> }>}
 */
export const passed = async (definition, settings, input, intent, { approval, approve }) => {
  const { policy } = settings;
  if (!policy || isKnown(settings, intent)) return open;
  const action = actionOf(definition, settings, input);
  let verdict = await policy.admit({ ...action, ...(approval && { approval }) });
  if (verdict.decision === "ask") {
    const question = approvalOf(definition, verdict, input);
    const answer = await answered(approve, question);
    if (answer === false)
      return {
        ...open,
        result: refused("NOT_APPROVED", "Nothing was done: a person did not agree to it.", { doNotRepeat: true }),
      };
    if (answer !== true)
      return {
        ...open,
        result: {
          status: "needs_approval",
          message: "Nothing was done yet: a person must agree to it first. Wait for this.",
          doNotRepeat: false,
          code: verdict.code,
          approval: question,
        },
      };
    verdict = await policy.admit({ ...action, approval: await policy.approve(verdict.request) });
  }
  return verdict.decision === "allow" ? verdict : { ...open, result: refusedBy(verdict, settings) };
};
