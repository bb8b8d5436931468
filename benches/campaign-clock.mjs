// The clock of the simulation: it stands still while anybody works, and goes on to the next moment somebody waits for. A heap,
// because many sleepers come and go.

const tick = () => new Promise((resolve) => setImmediate(resolve));
/** Turns of the event loop without work after which everybody sleeps. */
const QUIET = 3;

/** @typedef {{ at: number, wake: (() => void) | undefined }} Sleeper */

/** @param {Sleeper[]} heap @param {Sleeper} sleeper */
const push = (heap, sleeper) => {
  heap.push(sleeper);
  for (let at = heap.length - 1; at > 0; ) {
    const parent = (at - 1) >> 1;
    if (heap[parent].at <= heap[at].at) break;
    [heap[parent], heap[at]] = [heap[at], heap[parent]];
    at = parent;
  }
};

/** @param {Sleeper[]} heap */
const pop = (heap) => {
  const [first] = heap;
  const last = /** @type {Sleeper} */ (heap.pop());
  if (heap.length === 0) return first;
  heap[0] = last;
  for (let at = 0; ; ) {
    let least = at;
    for (const child of [2 * at + 1, 2 * at + 2])
      if (child < heap.length && heap[child].at < heap[least].at) least = child;
    if (least === at) return first;
    [heap[least], heap[at]] = [heap[at], heap[least]];
    at = least;
  }
};

/** @param {() => boolean} isBusy Whether any request or write is under way. */
export const virtualClock = (isBusy) => {
  let now = Date.now();
  /** @type {Sleeper[]} */
  const heap = [];
  let running = false;
  const run = async () => {
    if (running) return;
    running = true;
    while (heap.length > 0) {
      for (let quiet = 0; quiet < QUIET; quiet += 1) {
        await tick();
        if (isBusy()) quiet = -1;
      }
      if (heap.length === 0) break;
      const { at } = heap[0];
      now = Math.max(now, at);
      while (heap.length > 0 && heap[0].at <= now) pop(heap)?.wake?.();
    }
    running = false;
  };
  return {
    now: () => now,
    /** @param {number} milliseconds @param {AbortSignal} [signal] @returns {Promise<void>} */
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        /** @type {Sleeper} */
        const sleeper = { at: now + milliseconds, wake: undefined };
        const done = () => {
          sleeper.wake = undefined;
          signal?.removeEventListener("abort", done);
          resolve();
        };
        sleeper.wake = done;
        signal?.addEventListener("abort", done, { once: true });
        push(heap, sleeper);
        void run();
      }),
  };
};
