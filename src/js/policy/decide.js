// @ts-check
// The decisions of a policy: pure functions of the rules, the action, and what is known. Nothing is read or written here, and the
// time is a parameter.

import { DAY, HOUR, roomAt, since } from "./counters.js";
import { minuteOfDay, quietFor } from "./zones.js";

/** @typedef {import("./rules.js").Rules} Rules */
/** @typedef {import("./counters.js").Total} Total */
/** @typedef {import("./counters.js").Person} Person */
/** An action to decide on. @typedef {{ tool: string | undefined, kind: "read" | "change" | "effect", spends: "call" | "text" | "number" | undefined, to: string | undefined, content: unknown, minutes: number }} Action */
/** What was found out about the recipient. @typedef {{ optedOut: boolean, zones: string[] }} Facts */
/** Why not. `at`: when it can be tried again. @typedef {{ decision: "refuse", code: string, message: string, at?: number }} Refusal */
/** A person must be asked. @typedef {{ decision: "ask", code: string, message: string }} Question */

/** @param {string} code @param {string} message @param {number} [at] @returns {Refusal} */
export const refusal = (code, message, at) => ({ decision: "refuse", code, message, ...(at !== undefined && { at }) });

/** Dollars in thousandths, without what binary fractions add: $0.07 are 70, not 70.00000000000001. @param {number} dollars */
const millsOf = (dollars) => Number((1000 * dollars).toFixed(6));

/** What an action costs at most, in thousandths of a dollar. @param {Rules} rules @param {Action} action */
export const costOf = ({ prices }, { spends, minutes }) => {
  if (spends === "call") return Math.ceil(millsOf(prices.minute * minutes));
  if (spends === undefined) return 0;
  return Math.ceil(millsOf(spends === "text" ? prices.text : prices.number));
};

/** What a program may do at all, regardless of what was done before. @param {Rules} rules @param {Action} action @returns {Refusal | undefined} */
export const forbidden = ({ readOnly, tools }, { tool, kind }) => {
  if (readOnly && kind !== "read") return refusal("READ_ONLY", "only reading is allowed here");
  if (tools && tool !== undefined && !tools.includes(tool))
    return refusal("TOOL_NOT_ALLOWED", "this tool is not allowed here");
  return undefined;
};

/** @param {readonly string[]} patterns Numbers, or prefixes with a star @param {string} to */
const matches = (patterns, to) =>
  patterns.some((pattern) => (pattern.endsWith("*") ? to.startsWith(pattern.slice(0, -1)) : to === pattern));

/** Whether this person may be reached now. @param {Rules} rules @param {Action} action @param {Facts} facts @param {number} now @returns {Refusal | Question | undefined} */
export const unreachable = ({ allow, deny, quietHours }, { to, spends }, { optedOut, zones }, now) => {
  if (to === undefined) return undefined;
  if (deny && matches(deny, to)) return refusal("RECIPIENT_DENIED", "this recipient must not be reached");
  if (allow && !matches(allow, to))
    return refusal("RECIPIENT_NOT_ALLOWED", "this recipient is not among those allowed");
  if (optedOut) return refusal("OPTED_OUT", "this person does not want to be reached");
  if (!quietHours || (spends === "text" && !quietHours.texts)) return undefined;
  let longest = 0;
  let known = zones.length > 0;
  for (const zone of zones) {
    const minute = minuteOfDay(zone, now);
    if (minute === undefined) known = false;
    else longest = Math.max(longest, quietFor(quietHours, minute));
  }
  if (longest > 0)
    return refusal("QUIET_HOURS", "it is too late or too early where this person lives", now + longest * 60_000);
  if (known || quietHours.unknown === "allow") return undefined;
  if (quietHours.unknown === "ask")
    return {
      decision: "ask",
      code: "ZONE_UNKNOWN",
      message: "it is not known what time it is where this person lives",
    };
  return refusal("ZONE_UNKNOWN", "it is not known what time it is where this person lives");
};

/** @param {Rules} rules @param {Action} action @returns {Question | undefined} */
export const question = ({ approval }, { kind, spends }) =>
  (approval.when === "every" && kind !== "read") || (approval.when === "spend" && spends)
    ? { decision: "ask", code: "APPROVAL_REQUIRED", message: "a person must agree to it first" }
    : undefined;

/** Whether one more exceeds a limit. @param {Rules} rules @param {Action} action @param {Total} total @param {Person} person @param {number} now @returns {Refusal | undefined} */
export const exceeded = (rules, action, total, person, now) => {
  const { spends, to } = action;
  if (spends === undefined) return undefined;
  const cost = costOf(rules, action);
  const { money, minGap } = rules;
  if (money.action !== undefined && cost > millsOf(money.action))
    return refusal("MONEY_LIMIT", "one such action costs more than is allowed");
  const field = /** @type {const} */ ({ call: "calls", text: "texts", number: "numbers" })[spends];
  const limits = rules[field];
  for (const [span, most, dollars] of /** @type {const} */ ([
    [HOUR, limits.hour, money.hour],
    [DAY, limits.day, money.day],
  ])) {
    const name = span === HOUR ? "hour" : "day";
    const fits = (/** @type {import("./counters.js").Amount} */ amount) => most === undefined || amount[field] < most;
    const affordable = (/** @type {import("./counters.js").Amount} */ amount) =>
      dollars === undefined || amount.mills + cost <= millsOf(dollars);
    const used = since(total, now - span);
    if (!fits(used))
      return refusal(
        "COUNT_LIMIT",
        `the limit of ${field} an ${name} is reached`.replace("an day", "a day"),
        roomAt(total, span, now, fits),
      );
    if (!affordable(used))
      return refusal(
        "MONEY_LIMIT",
        `the money limit for an ${name} is reached`.replace("an day", "a day"),
        roomAt(total, span, now, affordable),
      );
  }
  return to === undefined || field === "numbers"
    ? undefined
    : tooOften({ most: limits.person, minGap }, field, person[field], now);
};

/** Whether one more exceeds a limit per person. @param {{ most: number | undefined, minGap: number }} limits @param {"calls" | "texts"} field @param {number[]} times @param {number} now @returns {Refusal | undefined} */
const tooOften = ({ most, minGap }, field, times, now) => {
  const last = times.at(-1);
  if (field === "calls" && last !== undefined && now - last < minGap)
    return refusal("TOO_SOON", "this person was called too recently", last + minGap);
  const today = times.filter((time) => time > now - DAY);
  if (most === undefined || today.length < most) return undefined;
  const room = most > 0 ? Number(today.at(-most)) + DAY : undefined;
  return refusal("PERSON_LIMIT", `the limit of ${field} to one person a day is reached`, room);
};
