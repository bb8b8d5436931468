// @ts-check
// `policy`: what tools, campaigns and commands may do, enforced before the request. decide.js decides what is allowed; this file finds
// out what it must know, and counts in a ledger, so that limits hold across all machines. An action is counted before it is done. The
// count is undone only if it is proven that nothing happened.

import { AgentPhoneError } from "../errors/error.js";
import { guard, optionsOf, refuse } from "../errors/refuse.js";
import { isArray } from "../lib/fields.js";
import { approved, asked, checked } from "./approvals.js";
import { added, personOf, timesWith, timesWithout, totalOf } from "./counters.js";
import { costOf, exceeded, forbidden, question, refusal, unreachable } from "./decide.js";
import { recipientOf, rulesOf } from "./rules.js";
import { change, digestOf } from "./store.js";
import { zonesOf } from "./zones.js";

/** @typedef {import("./rules.js").Rules} Rules */
/** @typedef {import("./decide.js").Action} Action */
/** @typedef {import("./decide.js").Refusal} Refusal */
/** @typedef {import("./decide.js").Question} Question */
/** @typedef {import("./store.js").Store} Store */

const SUBJECT = "policy.admit";
const KINDS = ["read", "change", "effect"];
const SPENDING = ["call", "text", "number"];

/** @param {any} given @param {Rules} rules */
const actionOf = (given, { maxMinutes }) => {
  const all = optionsOf(SUBJECT, given, ["tool", "kind", "spends", "to", "content", "minutes", "approval", "ledger"]);
  const { tool, spends, content, approval, ledger } = all;
  const { kind = spends ? "effect" : "read", minutes = maxMinutes } = all;
  if (!KINDS.includes(kind)) refuse(SUBJECT, `kind must be one of ${KINDS.join(", ")}`);
  if (spends !== undefined && !SPENDING.includes(spends))
    refuse(SUBJECT, `spends must be one of ${SPENDING.join(", ")}`);
  for (const [name, value] of Object.entries({ tool, to: all.to, approval }))
    if (value !== undefined && typeof value !== "string") refuse(SUBJECT, `${name} must be a string`, value);
  const must = "to must be a phone number with country code, an email or the id of a group";
  const to = all.to === undefined ? undefined : (recipientOf(all.to) ?? refuse(SUBJECT, must));
  if ((spends === "call" || spends === "text") && !to) refuse(SUBJECT, "to must say who is reached");
  if (typeof minutes !== "number" || !(minutes > 0 && minutes <= 24 * 60))
    refuse(SUBJECT, "minutes must be minutes, more than 0 and at most 1440");
  return { action: /** @type {Action} */ ({ tool, kind, spends, to, content, minutes }), approval, ledger };
};

/** Finds out what a decision needs. @param {Rules} rules @param {Action} action @returns {Promise<import("./decide.js").Facts>} */
const factsOf = async ({ optOuts, quietHours }, { to, spends }) => {
  if (to === undefined) return { optedOut: false, zones: [] };
  const optedOut = optOuts ? (await optOuts(to, spends ?? "")) !== false : false;
  if (!quietHours) return { optedOut, zones: [] };
  const told = quietHours.zone ? await quietHours.zone(to) : undefined;
  const zones = typeof told === "string" ? [told] : isArray(told) ? told : zonesOf(to);
  // An invalid zone counts as unknown: the others alone would not be all of them.
  return { optedOut, zones: zones.map((/** @type {unknown} */ zone) => (typeof zone === "string" ? zone : "")) };
};

/** Which of a person's times an action is added to. @param {Action} action @returns {"calls" | "texts" | undefined} */
const listOf = ({ to, spends }) => {
  if (to === undefined || spends === undefined || spends === "number") return undefined;
  return spends === "call" ? "calls" : "texts";
};

/** Where an action is counted. @param {Rules} rules @param {Action} action @param {string | undefined} nonce */
const placesOf = ({ place: start }, action, nonce) => [
  `${start}total`,
  ...(listOf(action) === undefined ? [] : [`${start}p:${digestOf(action.to)}`]),
  ...(nonce === undefined ? [] : [`${start}a:${nonce}`]),
];

/** What an action adds to the counts. @param {Rules} rules @param {Action} action @param {1 | -1} sign */
const amountOf = (rules, action, sign) => ({
  calls: action.spends === "call" ? sign : 0,
  texts: action.spends === "text" ? sign : 0,
  numbers: action.spends === "number" ? sign : 0,
  mills: sign * costOf(rules, action),
});

/** The counts with an action, or without it. @param {Rules} rules @param {Action} action @param {any[]} values @param {number} at @param {1 | -1} sign @param {boolean} hasNonce */
const counted = (rules, action, values, at, sign, hasNonce) => {
  const now = rules.now();
  const next = [added(totalOf(values[0]), at, now, amountOf(rules, action, sign))];
  const field = listOf(action);
  if (field) {
    const person = personOf(values[1]);
    const times = sign > 0 ? timesWith(person[field], at, now) : timesWithout(person[field], at);
    next.push(/** @type {any} */ ({ ...person, [field]: times }));
  }
  // An approval stays used: another try needs a new question.
  if (hasNonce) next.push(/** @type {any} */ ({ used: true }));
  return next;
};

/** Counts an action in one atomic step, unless it exceeds a limit. @param {Rules} rules @param {Action} action @param {Store} store @param {string | undefined} nonce @returns {Promise<Refusal | { at: number, places: string[] }>} */
const reserve = async (rules, action, store, nonce) => {
  const places = placesOf(rules, action, nonce);
  return change(
    store,
    places,
    /** @returns {import("./store.js").Edited<Refusal | { at: number, places: string[] }>} */
    (values) => {
      const now = rules.now();
      if (nonce !== undefined && values.at(-1) !== undefined)
        return { result: refusal("APPROVAL_INVALID", "the approval has been used") };
      const [total, person] = [totalOf(values[0]), personOf(listOf(action) && values[1])];
      const wrong = exceeded(rules, action, total, person, now);
      if (wrong) return { result: wrong };
      return { values: counted(rules, action, values, now, 1, nonce !== undefined), result: { at: now, places } };
    },
    { now: rules.now },
  );
};

/** @param {Rules} rules @param {string} text */
const greeting = ({ disclosure }, text) => {
  if (disclosure === undefined || text.includes(disclosure)) return text;
  return text ? `${disclosure} ${text}` : disclosure;
};

/** The question to a person. @param {Rules} rules @param {Action} action @param {Question} why */
const ask = async (rules, action, { code, message }) => {
  const { request, until } = await asked(rules, action, rules.now());
  const cost = costOf(rules, action) / 1000;
  return { decision: "ask", code, message, request, expiresAt: new Date(until), cost };
};

const nothing = async () => {};

/** As callers see it. @param {Refusal} refused */
const shown = ({ decision, code, message, at }) => ({
  decision,
  code,
  message,
  ...(at !== undefined && { retryAt: new Date(at) }),
});

/** @param {Rules} rules @param {Action} action @param {string | undefined} approval @param {Store | undefined} store @param {boolean} [dry] Nothing is counted @returns {Promise<any>} */
const admitted = async (rules, action, approval, store, dry = false) => {
  const first = forbidden(rules, action);
  if (first) return shown(first);
  if (action.kind === "read") return { decision: "allow", release: nothing };
  // What cannot be found out counts against the action. Errors of the caller's functions are not about the action, whatever they are.
  const facts = await factsOf(rules, action).catch(() => Promise.reject());
  const barrier = unreachable(rules, action, facts, rules.now());
  if (barrier?.decision === "refuse") return shown(barrier);
  const why = barrier ?? question(rules, action);
  /** @type {string | undefined} */
  let nonce;
  if (why) {
    if (approval === undefined) {
      // A person is not asked about what would be refused afterwards.
      const tooMuch = store && action.spends && (await previewed(rules, action, store));
      return tooMuch ? shown(tooMuch) : ask(rules, action, why);
    }
    const valid = await checked(rules, approval, action, rules.now());
    if ("wrong" in valid) return shown(refusal("APPROVAL_INVALID", valid.wrong));
    nonce = valid.nonce;
  }
  if (action.spends === undefined && nonce === undefined) return { decision: "allow", release: nothing };
  if (!store) return refuse(SUBJECT, "the policy counts in a ledger: give it one, or the call");
  if (dry) {
    const tooMuch = await previewed(rules, action, store);
    return tooMuch ? shown(tooMuch) : { decision: "allow", release: nothing };
  }
  const reserved = await reserve(rules, action, store, nonce);
  if ("decision" in reserved) return shown(reserved);
  const { at, places } = reserved;
  /** @type {Promise<void> | undefined} */
  let released;
  const undo = async () => {
    try {
      const edit = (/** @type {any[]} */ values) => ({
        values: counted(rules, action, values, at, -1, nonce !== undefined),
        result: undefined,
      });
      await change(store, places, edit, { once: true, now: rules.now });
    } catch {
      // It stays counted, which is safe.
    }
  };
  return { decision: "allow", release: () => (released ??= undo()) };
};

/** Whether it would exceed a limit, without counting it. @param {Rules} rules @param {Action} action @param {Store} store */
const previewed = async (rules, action, store) => {
  const places = placesOf(rules, action, undefined);
  const [total, person] = await store.read(places);
  return exceeded(rules, action, totalOf(total?.value), personOf(person?.value), rules.now());
};

/** The verdict if the policy cannot find out what it must know. @param {unknown} error */
const unavailable = (error) => {
  if (AgentPhoneError.is(error) && /** @type {any} */ (error).code === "INVALID_ARGUMENT") throw error;
  return shown(refusal("POLICY_UNAVAILABLE", "the policy could not find out whether it is allowed"));
};

/** @type {typeof import("../../tools/policy.js").policy} */
export const policy = (options) => {
  const rules = rulesOf(options);
  return Object.freeze({
    /** @param {any} given */
    admit: async (given) => {
      const { action, approval, ledger } = guard(SUBJECT, () => actionOf(given, rules));
      return admitted(rules, action, approval, rules.ledger ?? ledger).catch(unavailable);
    },
    /** @param {any} given */
    check: async (given) => {
      const { action, approval, ledger } = guard(SUBJECT, () => actionOf(given, rules));
      return admitted(rules, action, approval, rules.ledger ?? ledger, true).catch(unavailable);
    },
    /** @param {any} request */
    approve: async (request) =>
      (await approved(rules, request)) ?? refuse("policy.approve", "the request is not one of this policy"),
    greeting: (/** @type {any} */ text = "") => greeting(rules, typeof text === "string" ? text : ""),
    allows: (/** @type {any} */ tool, /** @type {any} */ kind) =>
      forbidden(rules, { tool, kind, spends: undefined, to: undefined, content: undefined, minutes: 1 }) === undefined,
  });
};
