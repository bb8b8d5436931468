// @ts-check
// Creates single calls and threads from the tables: fills in names and other values, and spreads the words over a
// believable time.

import { people } from "./cast.mjs";
import { DIALOGUES, WORDS } from "./dialogues.mjs";

/** @import { Person } from "./cast.mjs" */
/** @import { Dialogue } from "./dialogues.mjs" */
/** @import { Dice } from "./random.mjs" */
/** @typedef {{ id: string, hosted: boolean, phones: string[], lines: string[] }} Staff An agent, its phone numbers and their ids. */

/** Range of milliseconds between two turns. */
const PAUSE = [3200, 9500];

/**
 * Returns the values for `{…}`, the same throughout a call or thread.
 * @param {Dice} dice
 * @param {Person} person
 */
export function filler(dice, { name }) {
  const [first = ""] = name.split(" ");
  /** @type {Record<string, string>} */
  const words = { name: first, full: name, n: String(dice.between(1000, 9999)) };
  for (const [what, choices] of Object.entries(WORDS)) words[what] = dice.pick(choices);
  return (/** @type {string} */ text) => text.replaceAll(/\{(\w+)\}/g, (_, what) => words[what] ?? "");
}

/**
 * @param {Dice} dice
 * @param {Person[]} folk
 * @param {Staff[]} staff
 */
export function createScenes(dice, folk = people(), staff = []) {
  return {
    /** @param {"in" | "out"} [way] @returns {Dialogue} */
    dialogue: (way) => dice.weighed(way ? DIALOGUES.filter((dialogue) => dialogue.way === way) : DIALOGUES),

    /** Agents call only people they know, but anybody may call them. @param {boolean} known */
    person: (known) => dice.pick(known ? folk.filter((person) => person.known) : folk),

    /**
     * A call: what the other side does, and how the agent begins. A webhook agent needs the turns.
     * @param {Dialogue} dialogue
     * @param {Person} person
     */
    call(dialogue, person) {
      const fill = filler(dice, person);
      const hosted = staff[dialogue.agent]?.hosted ?? false;
      const opening = fill(dialogue.opening ?? "");
      /** @type {[string, string][]} */
      const turns = dialogue.turns.map(([said, answer]) => [fill(said), fill(answer)]);
      // The other side says hello first if it was called, or if the agent has no greeting of its own.
      if (opening && (hosted || dialogue.way === "in"))
        turns.unshift([dice.pick(["Hello?", "Hi there.", "Yes, hello?"]), opening]);
      const script = {
        lines: turns.map(([caller, agent]) => ({ caller, agent })),
        pauseMs: dice.between(/** @type {number} */ (PAUSE[0]), /** @type {number} */ (PAUSE[1])),
        summary: fill(dialogue.summary.replaceAll("{name}", "{full}")),
        sentiment: dialogue.mood !== "neutral" && dice.chance(0.12) ? "neutral" : dialogue.mood,
        successful: dialogue.done,
      };
      return { script, turns, opening, staff: staff[dialogue.agent] };
    },
  };
}

/** @typedef {ReturnType<typeof createScenes>} Scenes */
