// While a fault is provoked nothing else may ask: a fault rule hits whichever request comes, and the ledger
// counts whoever made it. So what is read again by itself (the polling of a view) waits for the end of a run.

import { held, queries } from "../../data/queries.js";

const LOOK = 20;
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Does the work once everything that was being read has come, and while nothing else is read. */
export async function quietly<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  held.value = true;
  try {
    while (queries.isFetching() > 0) {
      signal.throwIfAborted();
      await pause(LOOK);
    }
    return await work();
  } finally {
    held.value = false;
  }
}

/** A request that was given up may still be on its way to the sandbox: so long one waits for it. */
export const arrived = (): Promise<void> => pause(150);
