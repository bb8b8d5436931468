// @ts-check
// Where a call was made, for the stack of the error that it may end with: by then the stack has only our own frames,
// and a reader wants to know which line of theirs it was.

/** Frames that are kept: each costs something at every call, also at those that succeed. */
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
 * Runs `work` with stacks of so many frames. @template T @param {number} frames @param {() => T} work @returns {T}
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

/** Makes an error whose own stack nobody will read. @template T @param {() => T} make @returns {T} */
export const withoutStack = (make) => withFrames(0, make);

/**
 * Remembers who called `method`. Its text is made when somebody reads it. Nothing where the engine cannot.
 * @param {Function} method @returns {{ stack?: string } | undefined}
 */
export const callSite = (method) => {
  if (!stacks.captureStackTrace) return undefined;
  const site = {};
  const before = stacks.stackTraceLimit;
  // Not by `withFrames`: a frame and a function more for each call.
  if (before > FRAMES) limited(FRAMES);
  stacks.captureStackTrace(site, method);
  if (before > FRAMES) limited(before);
  return site;
};

/** Gives an error of ours the stack of its call. @template E @param {E} error @param {{ stack?: string } | undefined} site @returns {E} */
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
