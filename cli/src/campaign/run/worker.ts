// A worker: gets people, calls or texts them, and follows the calls, until the campaign ends or the worker is stopped. Any number
// of workers may run, in any number of processes.

import { checkAccount } from "../account.js";
import type { Campaign } from "../types.js";
import { runByClaims } from "./by-claims.js";
import { runByQueue } from "./by-queue.js";
import { shiftOf, type WorkerOptions } from "./shift.js";

export type { WorkerOptions } from "./shift.js";

/** Runs until the campaign is done, paused or stopped and no call is in progress, or until the signal aborts. Resolves to the campaign. */
export const runWorker = async (id: string, options: WorkerOptions): Promise<Campaign> => {
  const shift = shiftOf(id, options);
  const { store, client } = options;
  checkAccount(await shift.patiently(shift.found), client);
  // A ledger that cannot be used for good ends the worker with its own message, before anything is sent.
  await shift.patiently(() => client.effects.get(id));
  return store.claim === undefined ? runByQueue(shift, store) : runByClaims(shift, store);
};
