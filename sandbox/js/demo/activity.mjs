// @ts-check
// Live activity: every half minute somebody calls or texts, and the agents respond. It runs on the sandbox's
// clock, so that a manual one brings the same arrivals at the same instants.

import { filler } from "./scenes.mjs";
import { LIVE_TEXTS } from "./threads.mjs";

/** @import { Dice } from "./random.mjs" */
/** @import { Receiver } from "./receiver.mjs" */
/** @import { Scenes, Staff } from "./scenes.mjs" */

const LIVE_CALLS = 3;
const CALLS = 0.55;
/** Range of milliseconds between two arrivals. */
const EVERY = /** @type {const} */ ([20_000, 40_000]);
const FIRST = 3000;

/**
 * @param {{ dice: Dice, receiver: Receiver, scenes: Scenes, staff: Staff[], ask: (at: number, method: string, path: string, body: unknown) => { status: number }, now: number }} world
 */
export function createActivity({ dice, receiver, scenes, staff, ask, now }) {
  /** When the current inbound calls will end. @type {number[]} */
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
    // Scripts pause before each turn and twice at the end; one more pause for the greeting.
    talking.push(at + 5000 + script.pauseMs * (turns.length * 2 + 3));
  }

  /** @param {number} at */
  function write(at) {
    const person = scenes.person(dice.chance(0.7));
    const fill = filler(dice, person);
    const { agent, line, in: asked, out } = dice.pick(LIVE_TEXTS);
    const own = staff[agent];
    ask(at, "POST", "/__sandbox/inbound/message", { from: person.phone, to: own?.phones[line], body: fill(asked) });
    plan(at + dice.between(4000, 9000), (later) => {
      ask(later, "POST", "/v1/messages", { number_id: own?.lines[line], to_number: person.phone, body: fill(out) });
    });
  }

  plan(now + FIRST, arrive);

  return {
    /** When the next arrival is due. */
    due: () => planned[0]?.at ?? Infinity,
    /** Runs what is due. After a long sleep that is one arrival, not a whole night's. @param {number} at */
    visit(at) {
      const due = planned.filter((one) => one.at <= at);
      planned = planned.filter((one) => one.at > at);
      for (const { run } of due) run(at);
    },
  };
}
