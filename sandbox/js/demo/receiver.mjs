// @ts-check
// The demo's webhook servers, used instead of a network: they know what their agents say in a call, and fail
// occasionally, so that the delivery log has something to show.

/** @import { Dice } from "./random.mjs" */
/** @typedef {{ url: string, headers: Record<string, string>, body: string }} Sent */
/** @typedef {{ status: number, body: string } | { error: string }} Reply */

/** Responses to words that are in no dialogue. */
const FALLBACKS = [
  "I see. Could you tell me a little more?",
  "Let me look that up. Is there anything else that I should know?",
  "Thank you. I have written that down, and somebody will come back to you.",
];
/** Limits how many responses are remembered, because a demo may run for days. */
const REMEMBERED = 2000;
/** Share of events whose first attempts fail. */
const TROUBLE = 0.05;

/** @param {Dice} dice */
export function createReceiver(dice) {
  /** An agent's responses, by what was said to it. @type {Map<string, string>} */
  const answers = new Map();
  /** How many more attempts of a delivery fail. @type {Map<string, number>} */
  const failing = new Map();

  return {
    /** Whether a URL is one of the demo's own. @param {string} url */
    owns: (url) => /^https:\/\/[\w.-]+\.example\//.test(url),

    /** @param {[string, string][]} turns */
    learn(turns) {
      for (const [said, answer] of turns) {
        answers.delete(said);
        answers.set(said, answer);
      }
      for (const said of answers.keys()) {
        if (answers.size <= REMEMBERED) break;
        answers.delete(said);
      }
    },

    /** @param {Sent} sent @returns {Reply} */
    reply({ headers, body }) {
      const { event, channel, data } = JSON.parse(body);
      if (event === "agent.message" && channel === "voice") {
        const text = answers.get(data.transcript) ?? dice.pick(FALLBACKS);
        return { status: 200, body: JSON.stringify({ text }) };
      }
      const id = headers["x-webhook-id"] ?? "";
      const left = failing.get(id) ?? (dice.chance(TROUBLE) ? dice.between(1, 3) : 0);
      failing.delete(id);
      if (left === 0) return { status: 200, body: '{"ok":true}' };
      failing.set(id, left - 1);
      return dice.chance(0.5) ? { status: 503, body: "Service Unavailable" } : { error: "ECONNRESET" };
    },
  };
}

/** @typedef {ReturnType<typeof createReceiver>} Receiver */
