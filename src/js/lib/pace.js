// @ts-check
// Lets the host's event loop run between the steps of a loop that may never have to wait: a caller's own `fetch` can
// have the next chunk or page ready each time, and then no timer, no signal and no other code would run.

import { attempt } from "./fields.js";

/** Steps between two pauses. A pause costs as much as several chunks from the network. */
const STEPS = 128;

/**
 * Settles in a later turn of the event loop. It avoids timers if possible, because fake clocks in tests
 * hold them back. Each pause has its own channel, because Node handles many messages of one channel in a turn.
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

  /** Counts a step; returns a promise if a pause is due. It never rejects. */
  step() {
    this.#steps += 1;
    return this.#steps % STEPS === 0 ? turnOfTheLoop() : undefined;
  }
}
