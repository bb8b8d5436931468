// A policy on a clock of its own, for the tests of what policies say.

import { memoryLedger } from "agentphone-wasm/ledger";
import { policy } from "agentphone-wasm/tools";

/** @import { Foreign } from "../support/foreign.js" */

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const ADA = "+14155550100";
export const BOB = "+12125550101";
/** Noon in New York, nine in San Francisco. */
export const NOON = Date.UTC(2026, 5, 15, 16);

/** A policy on a clock of its own. @param {Foreign} options @param {number} [start] */
export const ruled = (options, start = NOON) => {
  const clock = { now: start };
  const rules = policy({ ledger: memoryLedger(), now: () => clock.now, ...options });
  /** @param {Foreign} action */
  const said = async (action) => {
    const verdict = /** @type {Foreign} */ (await rules.admit(action));
    return verdict.decision === "refuse" ? verdict.code : verdict.decision;
  };
  return { rules, clock, said };
};
export const call = (to = ADA, more = {}) => ({ spends: "call", to, ...more });
export const words = (to = ADA, more = {}) => ({ spends: "text", to, ...more });
