// @ts-check
// The steps of a guided first call: which one is next, by what the account has. Nothing else is kept but the call, so that
// whoever leaves goes on where they were, also when a step was done elsewhere.

/** @typedef {"agent" | "number" | "call" | "listen" | "done"} Step */
/** @typedef {{ id: string, name: string, numbers?: readonly { id: string, phoneNumber: string }[] | null | undefined }} AgentOf */
/** What there is. @typedef {{ agents: readonly AgentOf[], call: { status: string } | null }} State */

/** A number of the sandbox that is always answered, by somebody who follows a script. */
export const ANSWERED = "+15005550000";

const LIVE = ["queued", "ringing", "in-progress"];

/** The agent that places the call: one with a number if there is one. @param {readonly AgentOf[]} agents */
export const callerOf = (agents) => agents.find(({ numbers }) => (numbers ?? []).length > 0) ?? agents[0];

/** The next step. @param {State} state @returns {Step} */
export function stepOf({ agents, call }) {
  if (call !== null) return LIVE.includes(call.status) ? "listen" : "done";
  const caller = callerOf(agents);
  if (caller === undefined) return "agent";
  return (caller.numbers ?? []).length === 0 ? "number" : "call";
}

/** All that one sees, in their order. @type {readonly Exclude<Step, "done">[]} */
export const STEPS = ["agent", "number", "call", "listen"];

/** Whether a step is behind, at hand, or ahead. @param {Exclude<Step, "done">} step @param {Step} next @returns {"done" | "now" | "later"} */
export function placeOf(step, next) {
  if (step === next) return "now";
  return next === "done" || STEPS.indexOf(step) < STEPS.indexOf(next) ? "done" : "later";
}
