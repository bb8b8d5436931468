// @ts-check
// Remembers where a call was made, for the stack of its error: by then the stack has only the client's own frames,
// and readers want to know which line of theirs made the call.

/** Frames that are kept: each one costs something in every call, successful ones included. */
const FRAMES = 5;

/** What V8, and others after it, add to `Error`. @typedef {{ stackTraceLimit: number, captureStackTrace?: (target: object, method: Function) => void }} Stacks */
const stacks = /** @type {typeof Error & Stacks} */ (Error);

/** @param {number} limit */
const limited = (limit) => {
  try {
    stacks.stackTraceLimit = limit;
  } catch {
    // Built-in objects are frozen here.
  }
};

/**
 * Runs `work` with stacks of this many frames. @template T @param {number} frames @param {() => T} work @returns {T}
 */
const withFrames = (frames, work) => {
  const before = stacks.stackTraceLimit;
  limited(frames);
  try {
    return work();
  } finally {
    limited(before);
  }
};

/** Makes an error whose own stack is not needed. @template T @param {() => T} make @returns {T} */
export const withoutStack = (make) => withFrames(0, make);

/**
 * Remembers who called `method`. The text is made only when it is read. Undefined if the engine cannot do this.
 * @param {Function} method @returns {{ stack?: string } | undefined}
 */
export const callSite = (method) => {
  if (!stacks.captureStackTrace) return undefined;
  const site = {};
  const before = stacks.stackTraceLimit;
  // Not by `withFrames`, which would add a frame and a function to each call.
  if (before > FRAMES) limited(FRAMES);
  stacks.captureStackTrace(site, method);
  if (before > FRAMES) limited(before);
  return site;
};

/** Gives an error the stack of its call. @template E @param {E} error @param {{ stack?: string } | undefined} site @returns {E} */
export const traced = (error, site) => {
  if (site === undefined || !(error instanceof Error)) return error;
  const { name, message } = error;
  const set = (/** @type {unknown} */ value) =>
    void Object.defineProperty(error, "stack", { value, writable: true, configurable: true });
  const get = () => {
    const { stack = "" } = site;
    const frames = stack.search(/^\s+at /m);
    return `${name}: ${message}\n${frames < 0 ? stack : stack.slice(frames)}`;
  };
  return Object.defineProperty(error, "stack", { get, set, configurable: true });
};
