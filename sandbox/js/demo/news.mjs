// @ts-check
// What goes on while somebody looks: every half a minute somebody calls or writes, and the agents answer. By
// the clock of the sandbox, so that a manual one brings the same arrivals at the same instants.

import { filler } from "./scenes.mjs";
import { NEWS } from "./threads.mjs";

/** @import { Dice } from "./random.mjs" */
/** @import { Receiver } from "./receiver.mjs" */
/** @import { Scenes, Staff } from "./scenes.mjs" */

const LIVE_CALLS = 3;
const CALLS = 0.55;
/** Milliseconds between two arrivals, from and to. */
const EVERY = /** @type {const} */ ([20_000, 40_000]);
const FIRST = 3000;

/**
 * @param {{ dice: Dice, receiver: Receiver, scenes: Scenes, staff: Staff[], ask: (at: number, method: string, path: string, body: unknown) => { status: number }, now: number }} world
 */
export function createNews({ dice, receiver, scenes, staff, ask, now }) {
  /** When the calls that came in will be over. @type {number[]} */
  let talking = [];
  /** @type {{ at: number, run: (at: number) => void }[]} */
  let planned = [];
  const plan = (/** @type {number} */ at, /** @type {(at: number) => void} */ run) => {
    planned.push({ at, run });
    planned.sort((one, other) => one.at - other.at);
  };

  /** @param {number} at */
  function arrive(at) {
    talking = talking.filter((end) => end > at);
    if (talking.length < LIVE_CALLS && dice.chance(CALLS)) call(at);
    else write(at);
    plan(at + dice.between(...EVERY), arrive);
  }

  /** @param {number} at */
  function call(at) {
    const person = scenes.person(dice.chance(0.6));
    const { script, turns, staff: own } = scenes.call(scenes.dialogue("in"), person);
    receiver.learn(turns);
    ask(at, "POST", "/__sandbox/inbound/call", { from: person.phone, to: own?.phones[0], script });
    // A pause before each turn and two at the end, as scripts are played, and the greeting.
    talking.push(at + 5000 + script.pauseMs * (turns.length * 2 + 3));
  }

  /** @param {number} at */
  function write(at) {
    const person = scenes.person(dice.chance(0.7));
    const fill = filler(dice, person);
    const { agent, line, in: asked, out } = dice.pick(NEWS);
    const own = staff[agent];
    ask(at, "POST", "/__sandbox/inbound/message", { from: person.phone, to: own?.phones[line], body: fill(asked) });
    plan(at + dice.between(4000, 9000), (later) => {
      ask(later, "POST", "/v1/messages", { number_id: own?.lines[line], to_number: person.phone, body: fill(out) });
    });
  }

  plan(now + FIRST, arrive);

  return {
    /** When something comes next. */
    due: () => planned[0]?.at ?? Infinity,
    /** Does what is due. After a long sleep one arrival, and not those of a night. @param {number} at */
    visit(at) {
      const due = planned.filter((one) => one.at <= at);
      planned = planned.filter((one) => one.at > at);
      for (const { run } of due) run(at);
    },
  };
}
