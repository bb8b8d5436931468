// A worker on one of many machines: a queue hands people out, and this worker takes each in the store before it sends anything.
// The worker whose turn it is keeps the queue filled from the people in the store, a window at a time: what the queue has
// forgotten is added again, and the queue stays small however long the list is.

import { nextStep } from "../core/next.js";
import type { Hands, Hint, PeopleQueue } from "../queue/queue.js";
import type { Change, QueueingStore } from "../store/store.js";
import type { Campaign, DuePerson } from "../types.js";
import type { Shift } from "./shift.js";

/** Maximum number of people who wait in the queue. */
const WINDOW = 500;
/** People who are due within so many milliseconds are delayed jobs; those due later are not in the queue yet. */
const HORIZON = 15_000;
/** Milliseconds between two looks at the campaign, and minimum between two fillings. */
const LOOK = 1_000;
const LEAST = 50;
/** Milliseconds until the turn of a dead worker ends. */
const TURN = 2 * LOOK;
/** Milliseconds after which people who are still waiting are added again, in case the queue has lost them. */
const RECONCILE = 10_000;

/** Fills the queue with people who are due. */
const fillerOf = (shift: Shift, store: QueueingStore, queue: PeopleQueue) => {
  const { id, clock } = shift.context;
  const added = new Set<string>();
  let forgetAt = 0;

  /** Adds those who may be called within the horizon; the others wait in the store for the end of their quiet hours. */
  const offer = async ({ settings }: Campaign, people: readonly DuePerson[], now: number): Promise<boolean> => {
    const later: Change[] = [];
    const next: DuePerson[] = [];
    for (const person of people) {
      const step = nextStep(settings, person, Math.max(now, person.dueAt));
      const dueAt = step.do === "wait" ? step.until : person.dueAt;
      const stays = { seq: person.seq, was: "waiting", token: "", state: "waiting" } as const;
      if (step.do === "wait" && dueAt > now + HORIZON) later.push({ ...stays, reason: step.reason, dueAt });
      else next.push({ ...person, dueAt });
    }
    await store.record(id, later, now);
    await queue.add(next, now);
    return later.length > 0;
  };

  /** Resolves to whether there may be more to do at once. */
  return async (campaign: Campaign): Promise<boolean> => {
    const { settings, slowUntil, state } = campaign;
    const now = clock.now();
    const { kind, message, perNumber } = settings;
    const places = kind === "call" ? { numberIds: message.numberIds, perNumber } : null;
    const { lapsed, waiting } = await store.due(id, { now, until: now + HORIZON, limit: WINDOW, places });
    if (state !== "running") {
      forgetAt = 0;
      // The queue hands out no people now, so those whose worker died are settled here.
      for (const { seq, numberId } of lapsed) await takeHint(shift, store, campaign, { seq, numberId: numberId ?? "" });
      return false;
    }
    if (now >= forgetAt) {
      added.clear();
      forgetAt = now + RECONCILE;
      await queue.resume();
    }
    if (slowUntil > now) {
      await queue.slow(slowUntil - now);
      return false;
    }
    const fresh = (people: readonly DuePerson[]): DuePerson[] =>
      people.filter(({ seq, round }) => !added.has(`${seq}/${round}`));
    const [again, first] = [fresh(lapsed), fresh(waiting)];
    await queue.add(
      again.map((person) => ({ ...person, dueAt: now })),
      now,
    );
    const isMore = await offer(campaign, first, now);
    for (const { seq, round } of [...again, ...first]) added.add(`${seq}/${round}`);
    return isMore;
  };
};

/** Takes a person and handles them. Resolves to the milliseconds until they are due again, if that is soon. */
const takeHint = async (
  shift: Shift,
  store: QueueingStore,
  campaign: Campaign,
  { seq, numberId }: Hint,
): Promise<number | undefined> => {
  const { clock, id } = shift.context;
  const soon = (dueAt: number): number | undefined => {
    const after = dueAt - clock.now();
    return after > 0 && after <= HORIZON ? after : undefined;
  };
  const { kind, perNumber } = campaign.settings;
  const taken = await shift.patiently(() =>
    store.take(id, {
      seq,
      numberId,
      places: kind === "call" ? perNumber : null,
      token: shift.nextToken(),
      now: clock.now(),
      lease: shift.lease,
    }),
  );
  if (taken === undefined) return undefined;
  if ("dueAt" in taken) return soon(taken.dueAt);
  const change = await shift.handle({ ...campaign, state: taken.state }, taken.person);
  return change?.state === "waiting" ? soon(change.dueAt ?? 0) : undefined;
};

export const runByQueue = async (shift: Shift, store: QueueingStore): Promise<Campaign> => {
  const { id, clock } = shift.context;
  // The numbers are compared before this worker takes people.
  const look = async (): Promise<Campaign> => shift.compareNumbers(await shift.patiently(shift.found));
  let campaign = await look();
  const queue = await shift.patiently(() => store.openQueue(id, campaign.settings));
  shift.onSlow(queue.slow);
  const fill = fillerOf(shift, store, queue);
  let hands: Hands | undefined;
  let isTurn = false;
  /** Whether the queue had nothing for this worker. */
  let isEmpty = true;
  const release = async (): Promise<void> => {
    const held = hands;
    hands = undefined;
    await held?.close();
  };
  const work = async (hint: Hint): Promise<number | undefined> => {
    isEmpty = false;
    try {
      return await takeHint(shift, store, campaign, hint);
    } catch (error) {
      shift.fail(error);
      return undefined;
    }
  };
  try {
    for (;;) {
      await shift.check();
      if (shift.isAborted()) {
        await release();
        await shift.finish();
        return await shift.found();
      }
      campaign = await look();
      if (campaign.state !== "running") {
        await release();
        if (await shift.isOver(campaign)) return campaign;
      } else if (hands === undefined) {
        const onEmpty = (): void => {
          isEmpty = true;
          if (isTurn) shift.wake();
        };
        hands = await shift.patiently(() => queue.work(shift.beside, work, onEmpty));
      }
      isTurn = await shift.patiently(() => shift.turn(TURN));
      // The worker whose turn it is may be dead, so an idle worker fills the queue too. Both may do so, because people are added only once.
      const mayFill = isTurn || (isEmpty && shift.size() === 0);
      const isMore = mayFill && (await shift.patiently(() => fill(campaign)));
      if (isTurn && shift.untilSweep() <= 0) shift.sweepNow(campaign, async () => true);
      if (isMore) continue;
      await clock.sleep(LEAST, shift.signal);
      await shift.rest(Math.max(1, Math.min(LOOK, isTurn ? shift.untilSweep() : LOOK)));
    }
  } finally {
    await release();
    await queue.close();
  }
};
