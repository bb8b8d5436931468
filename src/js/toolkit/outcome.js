// @ts-check
// `outcomeOf`: how a call ended, out of its status, the reason of its end and its first words.

import { guard, refuse } from "../errors/refuse.js";
import { isArray, isObject } from "../lib/fields.js";
import { firstText, turnsOf } from "./turns.js";

/** What a status says on its own. */
const STATUSES = /** @type {const} */ ([
  [/^(queued|ringing|in-progress)$/, "pending"],
  [/^busy$/, "busy"],
  [/^no-?answer$/, "no-answer"],
  [/^(failed|cancell?ed|error)$/, "failed"],
]);

/** What a reason of the end says that is more exact than the status. */
const REASONS = /** @type {const} */ ([
  [/voicemail|machine/, "voicemail"],
  [/busy|declined/, "busy"],
  [/no-answer|unanswered|registered-call-timeout/, "no-answer"],
]);

/** What machines say when they pick up, and people do not. */
const GREETING =
  /\b(leave|record) (me |us |him |her )?(a|your) (\w+ )?(message|voicemail)|\b(after|at) the (tone|beep)\b|\bforwarded to (an automatic )?voice ?mail|\bmailbox (is|belongs)|\bca(n ?no|n['’]?)t (come to|take|answer) (the|your) (phone|call)|\bnot available to (take|answer)/i;

/** @param {string | undefined} word */
const plain = (word) => word?.toLowerCase().replaceAll("_", "-");

/** Whether a machine answered: by the first words of the other side. @param {any} call */
const greets = (call) => {
  if (plain(firstText(call.direction)) === "inbound") return false;
  const said = (turnsOf(call) ?? []).filter(({ role }) => role === "user").slice(0, 2);
  return GREETING.test(said.map(({ content }) => content.slice(0, 1000)).join(" "));
};

/** @param {any} given */
const outcome = (given) => {
  const inner = isObject(given) ? /** @type {any} */ (given).data : undefined;
  const call = isObject(inner) && !isArray(inner) ? inner : given;
  if (!isObject(call) || isArray(call)) return refuse("outcomeOf", "the first argument must be a call", given);
  const { status, disconnectionReason, endedAt, durationSeconds } = /** @type {any} */ (call);
  const state = plain(firstText(status));
  const why = plain(firstText(disconnectionReason));
  const by = STATUSES.find(([words]) => words.test(state ?? ""))?.[1];
  const reason = firstText(disconnectionReason) ?? state ?? "unknown";
  if (by === "pending") return { outcome: by, reason };
  const exact = REASONS.find(([words]) => words.test(why ?? ""))?.[1];
  if (exact) return { outcome: exact, reason };
  if (by) return { outcome: by, reason };
  if (greets(call)) return { outcome: "voicemail", reason: "greeting" };
  if (state === "completed" || durationSeconds > 0 || /hangup|transfer/.test(why ?? ""))
    return { outcome: "answered", reason };
  return { outcome: endedAt || why ? "failed" : "pending", reason };
};

export const outcomeOf = (/** @type {any} */ call) => guard("outcomeOf", () => outcome(call));
