// A worker: gets people, calls or texts them, and follows the calls, until the campaign ends or the worker is stopped. Any number
// of workers may run, in any number of processes.

import type { Campaign } from "../types.js";
import { runByClaims } from "./by-claims.js";
import { runByQueue } from "./by-queue.js";
import { shiftOf, type WorkerOptions } from "./shift.js";

export type { WorkerOptions } from "./shift.js";

/** Runs until the campaign is done, paused or stopped and no call is in progress, or until the signal aborts. Resolves to the campaign. */
export const runWorker = (id: string, options: WorkerOptions): Promise<Campaign> => {
  const shift = shiftOf(id, options);
  const { store } = options;
  return store.claim === undefined ? runByQueue(shift, store) : runByClaims(shift, store);
};
