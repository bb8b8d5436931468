// A worker on one machine: it claims people from the file of the store, where rate, places and people change in one step.

import type { ClaimingStore } from "../store/store.js";
import type { Campaign } from "../types.js";
import type { Shift } from "./shift.js";

/** A busy worker claims people only when at least 1/CLAIMS_OF_FULL of its places are free. */
const CLAIMS_OF_FULL = 4;

export const runByClaims = async (shift: Shift, store: ClaimingStore): Promise<Campaign> => {
  const { beside, every, lease, patiently } = shift;
  const { id, clock } = shift.context;
  for (;;) {
    await shift.check();
    if (shift.isAborted()) {
      await shift.finish();
      return shift.found();
    }
    const room = beside - shift.size();
    // Several at a time: each claim is a transaction.
    const isFull = shift.size() > 0 && room < beside / CLAIMS_OF_FULL;
    if (isFull) {
      await shift.rest(every);
      continue;
    }
    const claim = await patiently(() =>
      store.claim(id, { token: shift.nextToken(), now: clock.now(), limit: Math.max(room, 0), lease }),
    );
    const { people, nextAt } = claim;
    // Also if it has begun to run again since the last claim: people of a lost number are not called from it.
    const campaign = await shift.compareNumbers(claim.campaign);
    for (const person of people) void shift.handle(campaign, person).then(shift.wake);
    if (people.length === 0 && (await shift.isOver(campaign))) return campaign;
    // Short, because the worker that has the turn may die. Two concurrent passes only cost requests.
    if (shift.untilSweep() <= 0) shift.sweepNow(campaign, () => shift.turn(every));
    if (people.length > 0 && shift.size() < beside && nextAt <= clock.now()) continue;
    // Until more people may be due, or a task of this worker has ended.
    const wait = Math.max(1, Math.min(nextAt - clock.now(), shift.untilSweep()));
    await shift.rest(shift.size() >= beside ? every : wait);
  }
};
