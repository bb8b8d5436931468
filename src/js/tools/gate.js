// @ts-check
// Asks the policy before a tool does anything, and a person if the policy requires it.

import { isOpen } from "./calls.js";
import { refused, unknown } from "./results.js";

/** @typedef {import("./define.js").Definition} Definition */
/** @typedef {import("./tools.js").Settings} Settings */
/** @typedef {import("../../tools/tools.js").ToolResult} ToolResult */

const open = { release: async () => {} };

/** Milliseconds that the requests of a tool may take, unless the caller says otherwise. */
export const PATIENCE = 60_000;

/** What a tool does, in the terms of the policy. @param {Definition} definition @param {Settings} settings @param {any} content */
const actionOf = ({ name, kind, spends }, { store }, content) => ({
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

/** The policy could not find out what it must know. */
const AWAY = "POLICY_UNAVAILABLE";

/** @param {any} verdict @param {Settings} settings @returns {ToolResult} */
const refusedBy = ({ code, message, retryAt }, { now }) => {
  const wait = code === AWAY ? 5 : retryAt && Math.max(1, Math.ceil((Number(retryAt) - now()) / 1000));
  return refused(code, `Nothing was done: ${message}.${wait ? "" : " Do not try it again in other words."}`, {
    doNotRepeat: !wait,
    ...(wait && { retryAfterSeconds: wait }),
  });
};

/** What a person is asked. @param {Definition} definition @param {any} verdict @param {any} content */
const approvalOf = ({ name, title }, { code, message, request, expiresAt, cost }, content) => ({
  tool: name,
  title,
  reason: message,
  code,
  input: content,
  ...(cost > 0 && { costAtMost: cost }),
  request,
  expiresAt: expiresAt.toISOString(),
});

/** What a person would be asked first; undefined if no question is needed. @param {Definition} definition @param {Settings} settings @param {any} content @param {any} intent */
export const questionOf = async (definition, settings, content, intent) => {
  if (isKnown(settings, intent)) return undefined;
  const verdict = await settings.policy.check(actionOf(definition, settings, content));
  return verdict.decision === "ask" ? approvalOf(definition, verdict, content) : undefined;
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
 * @param {Definition} definition @param {Settings} settings @param {any} content @param {any} intent What the ledger knows of its key @param {Record<string, any>} context
 * @returns {Promise<{ result?: ToolResult, release: () => Promise<void> }>}
 */
const passed = async (definition, settings, content, intent, { approval, approve }) => {
  const { policy } = settings;
  if (!policy || isKnown(settings, intent)) return open;
  const action = actionOf(definition, settings, content);
  let verdict = await policy.admit({ ...action, ...(approval && { approval }) });
  if (verdict.decision === "ask") {
    const question = approvalOf(definition, verdict, content);
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

/** The greeting of a call, with the policy's disclosure. @param {Definition} definition @param {Settings} settings @param {any} content */
const greeted = ({ spends }, { policy }, content) => {
  const greeting = spends === "call" && policy ? policy.greeting(content.greeting) : undefined;
  return greeting ? { ...content, greeting } : content;
};

/**
 * What the ledger knows of a key when its request is no longer in flight: if it is refused, the next request is this use's own, and the
 * policy must be asked about it. Null if a request should have ended by now and has not: its process may have died.
 * @param {Settings} settings @param {string | undefined} key @param {any} intent @param {any} options
 */
const landed = async ({ client, policy }, key, intent, { totalTimeout = PATIENCE, signal }) => {
  let known = intent;
  const until = Math.min(known?.sentAt, Date.now()) + totalTimeout;
  const isLate = () => signal?.aborted || Date.now() >= until;
  if (!policy || isLate()) return known;
  while (known?.state === "sending") {
    if (isLate()) return null;
    await new Promise((resolve) => setTimeout(resolve, 50));
    known = await client.effects.get(key);
  }
  return known;
};

/**
 * What the policy says, and the content as it is sent. If the policy fails, nothing is sent.
 * @param {Definition} definition @param {Settings} settings @param {any} content @param {{ key?: string, intent?: any }} keyed
 * @param {Record<string, any>} context @param {any} options
 * @returns {Promise<{ result: ToolResult } | { result?: undefined, content: any, release: () => Promise<void> }>}
 */
export const admitted = async (definition, settings, content, { key, intent }, context, options) => {
  try {
    const known = await landed(settings, key, intent, options);
    if (known === null) return { result: unknown(definition, key, "TIMEOUT") };
    let { result, release } = await passed(definition, settings, content, known, context);
    if (result && key && !known) {
      // The same call may have begun at the same moment, and then it is what has used up the limit.
      const other = await landed(settings, key, await settings.client.effects.get(key), options);
      if (other) ({ result, release } = await passed(definition, settings, content, other, context));
    }
    return result ? { result } : { content: greeted(definition, settings, content), release };
  } catch {
    return {
      result: refusedBy({ code: AWAY, message: "the policy could not find out whether it is allowed" }, settings),
    };
  }
};
