// @ts-check
// The user's servers of a demonstration, in place of a network: they know what their agents say in a call,
// and fail now and then, so that the log of deliveries has something to show.

/** @import { Dice } from "./random.mjs" */
/** @typedef {{ url: string, headers: Record<string, string>, body: string }} Sent */
/** @typedef {{ status: number, body: string } | { error: string }} Reply */

/** What is answered to words that are in no dialogue. */
const AT_A_LOSS = [
  "I see. Could you tell me a little more?",
  "Let me look that up. Is there anything else that I should know?",
  "Thank you. I have written that down, and somebody will come back to you.",
];
/** So many answers are remembered: a demonstration may run for days. */
const REMEMBERED = 2000;
/** Share of events whose first tries fail. */
const TROUBLE = 0.05;

/** @param {Dice} dice */
export function createReceiver(dice) {
  /** What an agent answers, by what was said to it. @type {Map<string, string>} */
  const answers = new Map();
  /** How many tries of a delivery still fail. @type {Map<string, number>} */
  const failing = new Map();

  return {
    /** Whether an address is one of the demonstration's own. @param {string} url */
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
        const text = answers.get(data.transcript) ?? dice.pick(AT_A_LOSS);
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
