// @ts-check
// Lets the host's event loop go on between the steps of a loop that may never have to wait: a caller's own `fetch` can
// have the next chunk or page ready each time, and then no timer rings, no signal fires and nobody else's code runs.

import { attempt } from "./fields.js";

/** Steps between two pauses. A pause costs as much as some chunks of the network's. */
const STEPS = 128;

/**
 * Settles in a later turn of the event loop. Not by a timer where there is another way, because the clocks of tests
 * hold timers back; and each time by a channel of its own, because Node takes many messages of one in a turn.
 */
export const turnOfTheLoop = () =>
  /** @type {Promise<void>} */ (
    new Promise((resolve) => {
      const sent = attempt(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          port1.close();
          resolve();
        };
        port2.postMessage(undefined);
        return true;
      });
      // Not every host has channels.
      if (!sent) setTimeout(resolve, 0);
    })
  );

export class Pace {
  #steps = 0;

  /** Counts a step; gives a promise where a pause is due. It never rejects. */
  step() {
    this.#steps += 1;
    return this.#steps % STEPS === 0 ? turnOfTheLoop() : undefined;
  }
}
