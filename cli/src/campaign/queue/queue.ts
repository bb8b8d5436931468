// The queue of a campaign over BullMQ: it hands people out to the workers of all machines, with one rate and one limit of
// concurrency. A job is only a hint: whether the person may be called is decided by the person's row when a worker takes it, so a
// job that is delivered twice, late or never does no harm.

import type { Job, Processor, Queue } from "bullmq";
import { keyOf } from "../core/key.js";
import { windowOf } from "../core/rate.js";
import { StoreError } from "../store/error.js";
import type { DuePerson, Settings } from "../types.js";

/** The content of a job. */
export interface Hint {
  readonly seq: number;
  readonly numberId: string;
}

/** Handles a person. Resolves to the milliseconds until the job is due again, or to undefined when the job is over. */
export type Handle = (hint: Hint) => Promise<number | undefined>;

export interface Hands {
  /** Takes no more jobs, and waits for those in progress. */
  close(): Promise<void>;
}

export interface PeopleQueue {
  /** Adds people, each once. */
  add(people: readonly DuePerson[], now: number): Promise<void>;
  /** Hands out no people for this many milliseconds. */
  slow(milliseconds: number): Promise<void>;
  /** Continues after a pause. */
  resume(): Promise<void>;
  /** Begins to take jobs, so many at a time. `onEmpty` is called when the queue is empty. */
  work(beside: number, handle: Handle, onEmpty: () => void): Promise<Hands>;
  close(): Promise<void>;
}

/** The methods of BullMQ's queue that are the same over all its databases. */
export type JobQueue = Pick<
  Queue<Hint>,
  | "addBulk"
  | "rateLimit"
  | "isPaused"
  | "pause"
  | "resume"
  | "obliterate"
  | "setGlobalRateLimit"
  | "setGlobalConcurrency"
  | "waitUntilReady"
  | "close"
>;
export interface JobWorker {
  on(event: "error" | "drained", listener: () => void): unknown;
  pause(doNotWaitActive: boolean): Promise<void>;
  resume(): Promise<void>;
  waitUntilReady(): Promise<void>;
  close(): Promise<void>;
}

/** Connects BullMQ to a database. */
export interface Broker {
  queue(id: string): Promise<JobQueue>;
  worker(
    id: string,
    handle: Processor<Hint>,
    options: WorkOptions,
  ): Promise<{
    readonly worker: JobWorker;
    /** Closes its connections. */
    disconnect(): void;
  }>;
  /** Translates an error of the database. */
  failed(error: unknown): unknown;
}

export interface WorkOptions {
  readonly concurrency: number;
  readonly lockDuration: number;
  readonly stalledInterval: number;
  readonly maxStalledCount: number;
  readonly drainDelay: number;
  readonly runRetryDelay: number;
}

/** How a worker takes jobs. Milliseconds, except for `drainDelay`, which BullMQ counts in seconds. */
const WORK = {
  // A worker that does not renew its lock for so long is dead, or too busy: its jobs are given to others.
  lockDuration: 5_000,
  stalledInterval: 2_000,
  // A job is harmless however often it is given out.
  maxStalledCount: 1_000_000,
  drainDelay: 1,
  runRetryDelay: 1_000,
} as const;

/** Nothing of a finished job is kept: what came of a person is in the store. */
export const JOBS = { removeOnComplete: true, removeOnFail: true, attempts: 1, stackTraceLimit: 0 } as const;
/** Events that BullMQ keeps for listeners, which this program does not use. */
export const EVENTS = { events: { maxLen: 100 } } as const;

/** Milliseconds until a worker asks a database again that has refused it. */
const REFUSED = 500;
/** Milliseconds that a worker may take to begin, and to end in order. */
const PATIENCE = 5_000;

/** Waits no longer than this many milliseconds; resolves to whether the work has ended. */
const within = async (milliseconds: number, work: Promise<unknown>): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), milliseconds)));
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
};

const handsOf = async (broker: Broker, id: string, beside: number, handle: Handle, onEmpty: () => void) => {
  const { DelayedError } = await import("bullmq");
  const processed = async (job: Job<Hint>, token?: string): Promise<void> => {
    const after = await handle(job.data);
    if (after === undefined) return;
    await job.moveToDelayed(Date.now() + after, token);
    throw new DelayedError();
  };
  const { worker, disconnect } = await broker.worker(id, processed, { ...WORK, concurrency: beside });
  let resting: NodeJS.Timeout | undefined;
  // BullMQ would ask a database that starts or shuts down again and again without a pause.
  worker.on("error", () => {
    if (resting !== undefined) return;
    void worker.pause(true);
    resting = setTimeout(() => {
      resting = undefined;
      void worker.resume();
    }, REFUSED).unref();
  });
  worker.on("drained", onEmpty);
  const close = async (): Promise<void> => {
    // Without its database a worker might wait for ever.
    await within(
      PATIENCE,
      worker.close().catch(() => {}),
    );
    clearTimeout(resting);
    disconnect();
  };
  try {
    // A worker whose first connection fails does not try again.
    if (!(await within(PATIENCE, worker.waitUntilReady()))) throw new Error("no response");
  } catch (error) {
    await close();
    throw error;
  }
  return { close };
};

export const queueOf = async (broker: Broker, id: string, settings: Settings): Promise<PeopleQueue> => {
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw broker.failed(error);
    }
  };
  const { kind, perMinute, perNumber, message } = settings;
  const queue = await guarded(() => broker.queue(id));
  try {
    await guarded(async () => {
      await queue.waitUntilReady();
      const { max, duration } = windowOf(perMinute);
      await queue.setGlobalRateLimit(max, duration);
      if (kind === "call") await queue.setGlobalConcurrency(message.numberIds.length * perNumber);
    });
  } catch (error) {
    await queue.close().catch(() => {});
    throw error;
  }
  return {
    add: async (people, now) => {
      if (people.length === 0) return;
      const jobs = people.map(({ seq, recipient, round, numberId, dueAt }) => ({
        name: "person",
        data: { seq, numberId: numberId ?? "" },
        opts: { ...JOBS, jobId: keyOf(id, recipient, round), delay: Math.max(0, dueAt - now) },
      }));
      await guarded(() => queue.addBulk(jobs));
    },
    slow: (milliseconds) => guarded(() => queue.rateLimit(Math.max(1, Math.ceil(milliseconds)))),
    resume: () =>
      guarded(async () => {
        if (await queue.isPaused()) await queue.resume();
      }),
    work: (beside, handle, onEmpty) => guarded(() => handsOf(broker, id, beside, handle, onEmpty)),
    close: () => queue.close().catch(() => {}),
  };
};

/** Tells a campaign's queue about a change of its state. The state in the store counts: workers follow it if this fails. */
export const tell = async (broker: Broker, id: string, what: "running" | "paused" | "over") => {
  let queue: JobQueue | undefined;
  try {
    queue = await broker.queue(id);
    await queue.waitUntilReady();
    if (what === "running") await queue.resume();
    else if (what === "paused") await queue.pause();
    else await queue.obliterate({ force: true });
  } catch (error) {
    if (!(broker.failed(error) instanceof StoreError)) throw error;
  } finally {
    await queue?.close().catch(() => {});
  }
};
