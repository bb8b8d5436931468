// What a worker does with people from either source, claims or a queue: it handles them, stores their results, and takes its turns at
// the sweep.

import { randomUUID } from "node:crypto";
import type { AgentPhone } from "agentphone-wasm";
import { lookBack } from "../core/look-back.js";
import { StoreError } from "../store/error.js";
import type { CampaignStore, Change } from "../store/store.js";
import type { Campaign, Person } from "../types.js";
import { type Clock, realClock } from "./clock.js";
import type { Policy, WorkerContext, WorkerEvent } from "./context.js";
import { place } from "./place.js";
import { dropLost } from "./renumber.js";
import { sweep } from "./sweep.js";

export interface WorkerOptions {
  readonly store: CampaignStore;
  /** Creates a client that uses the store's ledger: `(ledger) => new AgentPhone({ ledger })`. */
  readonly client: AgentPhone;
  /** Caps, budget, gaps, opt-outs and the disclosure; checked right before each request. */
  readonly policy?: Policy | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
  /** People that this worker handles at a time. Default: 20. */
  readonly beside?: number | undefined;
  /** Milliseconds between two checks of calls in progress. Default: 3000. */
  readonly every?: number | undefined;
  /** Time limit of one request in milliseconds. Default: 30 000. */
  readonly patience?: number | undefined;
  readonly note?: ((event: WorkerEvent) => void) | undefined;
}

const BESIDE = 20;
const EVERY = 3_000;
const PATIENCE = 30_000;
/** A lease lasts longer than the time limit of its request, by this factor plus this many milliseconds. */
const LEASE_FACTOR = 2;
const LEASE_MORE = 10_000;
/** Possible states of a person whom another worker took over before the request was sent. */
const TAKEN_OVER = ["waiting", "skipped"] as const;
/** Minimum and maximum wait in milliseconds for an unavailable store. */
const STORE_PAUSE = [250, 5_000] as const;

export const shiftOf = (id: string, options: WorkerOptions) => {
  const {
    store,
    client,
    policy,
    signal,
    clock = realClock,
    beside = BESIDE,
    every = EVERY,
    patience = PATIENCE,
    note = () => {},
  } = options;
  const worker = randomUUID();
  /** Tells the queue, if there is one. */
  let slowQueue: ((milliseconds: number) => Promise<void>) | undefined;
  const slow = async (until: number): Promise<void> => {
    await store.slow(id, until);
    if (slowQueue === undefined) return;
    // The latest time that any worker has asked for, because a shorter wait must not replace a longer one.
    const { slowUntil = until } = (await store.get(id)) ?? {};
    await slowQueue(slowUntil - clock.now());
  };
  /** Whether the numbers were compared with those of the agent since the campaign was seen to run. */
  let areCompared = false;
  const suspectNumbers = (): void => void (areCompared = false);
  const context: WorkerContext = { id, store, client, clock, policy, worker, patience, note, slow, suspectNumbers };
  const isAborted = (): boolean => signal?.aborted === true;

  /** Retries as long as the store is unavailable. */
  const patiently = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let wait: number = STORE_PAUSE[0]; ; wait = Math.min(2 * wait, STORE_PAUSE[1])) {
      try {
        return await work();
      } catch (error) {
        const { code, cause } = error as {
          code?: string;
          cause?: { code?: string; retryable?: boolean; message: string };
        };
        const isOfLedger = code === "LEDGER_UNAVAILABLE";
        // Of another version, or not durable: waiting does not help, and its own message says what does.
        if (isOfLedger && cause?.retryable === false && cause.code?.startsWith("LEDGER_"))
          throw new StoreError("STORE_CONFIGURATION", cause.message);
        const isAway = error instanceof StoreError ? error.retryable : isOfLedger;
        if (!isAway || isAborted()) throw error;
        const message = error instanceof StoreError ? error.message : "the ledger of the store cannot be used";
        note({ note: "store", code: code ?? "", message });
      }
      await clock.sleep(wait, signal);
    }
  };

  /** Results that are not stored yet: stored together, because each transaction has a cost. */
  let results: Change[] = [];
  let writing: Promise<void> | undefined;
  const write = (): Promise<void> =>
    (writing ??= (async () => {
      while (results.length > 0) {
        const batch = results;
        results = [];
        const done = await patiently(() => store.record(id, batch, clock.now()));
        // A worker with a wrong clock took the person over and assumed that nothing was sent: the existing call wins.
        const lost = batch.filter(({ resultId }, at) => !done[at] && typeof resultId === "string");
        const all = lost.flatMap((change) => TAKEN_OVER.map((was) => ({ ...change, was, token: "" })));
        await patiently(() => store.record(id, all, clock.now()));
      }
    })().finally(() => (writing = undefined)));

  let failure: { readonly error: unknown } | undefined;
  /** Whether there was a reason to wake up since the last rest. */
  let isNews = false;
  let stopResting = (): void => {};
  const wake = (): void => {
    isNews = true;
    stopResting();
  };
  const fail = (error: unknown): void => {
    failure ??= { error };
    wake();
  };
  const underWay = new Set<Promise<unknown>>();
  let tokens = 0;
  let sweeping: Promise<void> | undefined;
  let nextSweep = 0;
  let passes = 0;

  /** Handles a person, and resolves to the change that was stored. Never rejects: a failure ends the worker. */
  const handle = (campaign: Campaign, person: Person): Promise<Change | undefined> => {
    const work = (async () => {
      try {
        const change = await patiently(() => place(context, campaign, person));
        if (change === undefined) return undefined;
        results.push(change);
        // Together with those that end in the same turn of the event loop.
        await new Promise((resolve) => setImmediate(resolve));
        await write();
        return change;
      } catch (error) {
        fail(error);
        return undefined;
      }
    })();
    underWay.add(work);
    return work.finally(() => underWay.delete(work));
  };

  /** Gives this worker the turn until this time from now, unless another one has it. */
  const turn = (milliseconds: number): Promise<boolean> =>
    store.turn(id, worker, clock.now(), clock.now() + milliseconds);

  /** Begins a pass of the sweep, if it is this worker's turn. */
  const sweepNow = (campaign: Campaign, isTurn: () => Promise<boolean>): void => {
    sweeping ??= (async () => {
      if (await isTurn()) await sweep(context, campaign, lookBack((passes += 1)));
    })()
      .catch((error: unknown) => {
        // The next pass follows soon.
        if (!(error instanceof StoreError && error.retryable)) fail(error);
      })
      .finally(() => {
        sweeping = undefined;
        nextSweep = clock.now() + every;
        wake();
      });
  };

  const found = async (): Promise<Campaign> => {
    const campaign = await store.get(id);
    if (campaign === undefined) throw new StoreError("STORE_CONFIGURATION", "the store has no campaign with this id");
    return campaign;
  };

  /** When the campaign begins to run, removes the numbers that its agent has lost. Resolves to the campaign as it is then. */
  const compareNumbers = async (campaign: Campaign): Promise<Campaign> => {
    if (campaign.state !== "running") areCompared = false;
    if (areCompared || campaign.state !== "running") return campaign;
    areCompared = true;
    const isChanged = await patiently(() => dropLost(context, campaign, signal));
    return isChanged ? patiently(found) : campaign;
  };

  /** Sleeps for this long, or until there is a reason to wake up. */
  const rest = async (milliseconds: number): Promise<void> => {
    const controller = new AbortController();
    stopResting = () => controller.abort();
    signal?.addEventListener("abort", stopResting, { once: true });
    if (!isNews && !isAborted()) await clock.sleep(milliseconds, controller.signal);
    isNews = false;
    signal?.removeEventListener("abort", stopResting);
  };

  return {
    context,
    signal,
    beside,
    every,
    /** Milliseconds until another worker may take a person of this one. */
    lease: LEASE_FACTOR * patience + LEASE_MORE,
    nextToken: (): string => `${worker}:${(tokens += 1)}`,
    onSlow: (work: (milliseconds: number) => Promise<void>): void => void (slowQueue = work),
    isAborted,
    patiently,
    handle,
    fail,
    wake,
    rest,
    turn,
    sweepNow,
    /** The people being handled. */
    size: () => underWay.size,
    /** Milliseconds until the next pass of the sweep is due; infinite during one. */
    untilSweep: () => (sweeping === undefined ? nextSweep - clock.now() : Number.POSITIVE_INFINITY),
    /** Throws what ended the work. */
    check: async (): Promise<void> => {
      if (failure === undefined) return;
      await Promise.allSettled([...underWay]);
      throw failure.error;
    },
    /** Waits for everything that was begun. */
    finish: async (): Promise<void> => {
      await Promise.all([...underWay, sweeping]);
      await write();
    },
    found,
    compareNumbers,
    /** Whether a campaign that is not running needs no worker any more. */
    isOver: async (campaign: Campaign): Promise<boolean> => {
      if (campaign.state === "running" || underWay.size > 0 || sweeping !== undefined) return false;
      const counts = await patiently(() => store.counts(id));
      // Calls in progress are followed to their end, even after a stop, unless the key is refused.
      const isQuiet = counts.placing + counts.placed === 0;
      if (!isQuiet && campaign.state !== "done" && campaign.reason !== "key-refused") return false;
      // People that a worker returned after the stop.
      if (campaign.state === "stopped" && counts.waiting > 0) await patiently(() => store.abandon(id, clock.now()));
      return true;
    },
  };
};

export type Shift = ReturnType<typeof shiftOf>;
