// @ts-check
// Listens to callers' signals. One signal is often shared by a thousand requests, streams and lists; a listener for each
// of them makes Node warn of a leak and costs a walk at every removal. So each signal has one listener here, and it is
// removed when the last that uses it has ended.

import { attempt, onRejection, quietly } from "../lib/fields.js";
import { deferred, wakeup } from "../lib/wakeup.js";

/**
 * What listens to a signal: the module's calls by their numbers, and streams and lists by themselves.
 * @typedef {object} Hub
 * @property {() => void} fire
 * @property {boolean} fired
 * @property {Map<unknown, () => void>} waiting
 * @property {number} calls How many of them are the module's
 * @property {() => void} leave Removes the listener, in the async context of the first waiter
 */
/** Weak: an abandoned stream is collected together with its signal. @type {WeakMap<AbortSignal, Hub>} */
const hubs = new WeakMap();
/** Those with calls of the module's. @type {Map<Hub, AbortSignal>} */
const inModule = new Map();

/** @param {AbortSignal} signal @param {Hub} hub */
const close = (signal, hub) => {
  hubs.delete(signal);
  inModule.delete(hub);
};

/** Whatever the caller's signal throws. @param {AbortSignal} signal @param {Hub} hub */
const remove = (signal, { fire }) => quietly(() => signal.removeEventListener("abort", fire));

/** @param {AbortSignal} signal */
export const hasAborted = (signal) => attempt(() => signal.aborted) === true;

/** @param {AbortSignal} signal */
export const reasonOf = (signal) => attempt(() => signal.reason);

/** A controller of our own. Without signal and effect, where the host's cannot be made: a page may have replaced it. @returns {AbortController} */
export const newController = () =>
  attempt(() => {
    const controller = new AbortController();
    return controller.signal.aborted === false && typeof controller.abort === "function" ? controller : undefined;
  }) ?? /** @type {any} */ ({ abort() {} });

/** Undefined for a signal that cannot be listened to. @param {AbortSignal} signal @returns {Hub | undefined} */
const opened = (signal) => {
  /** @type {Map<unknown, () => void>} */
  const waiting = new Map();
  const fire = () => {
    hub.fired = true;
    close(signal, hub);
    remove(signal, hub);
    for (const notify of waiting.values()) notify();
  };
  const hub = { fire, fired: false, waiting, calls: 0, leave: wakeup(() => remove(signal, hub)) };
  // One that could not be listened to, because it throws or there was no stack, is not for others to rely on.
  if (!attempt(() => (onRejection(signal.addEventListener("abort", fire)), true))) return undefined;
  if (!hub.fired) hubs.set(signal, hub);
  return hub;
};

/** Adds a waiter; a signal that fired while the listener was added has not notified it. @param {Hub} hub @param {unknown} key @param {() => void} notify */
const wait = (hub, key, notify) => {
  hub.waiting.set(key, notify);
  if (hub.fired) notify();
};

/**
 * Calls `notify` when `signal` aborts, on the stack of the aborting code: it must not run code of a caller. Does nothing
 * without a signal.
 * @param {AbortSignal | undefined} signal @param {unknown} key To be left by @param {() => void} notify
 */
export const onAbort = (signal, key, notify) => {
  // Anything but a signal is refused elsewhere.
  const hub = signal && Object(signal) === signal ? (hubs.get(signal) ?? opened(signal)) : undefined;
  if (hub) wait(hub, key, notify);
};

/**
 * Calls `settle` when `signal` aborts, or at once if it has aborted already. Aborting a signal that several callers
 * share runs none of them on the aborting stack: each resumes in a reaction of its own promise.
 * @param {AbortSignal} signal @param {(index: number, generation: number, ok: boolean, value: unknown) => void} settle
 * @param {number} index @param {number} generation
 */
export const listen = (signal, settle, index, generation) => {
  if (hasAborted(signal)) return settle(index, generation, true, undefined);
  if (Object(signal) !== signal) return;
  const hub = hubs.get(signal) ?? opened(signal);
  if (!hub) return;
  wait(hub, index, deferred(settle, index, generation));
  if (hub.fired) return;
  hub.calls += 1;
  inModule.set(hub, signal);
};

/** Removes a waiter from a signal. @param {AbortSignal | undefined} signal @param {unknown} key */
export const leave = (signal, key) => {
  const hub = signal && hubs.get(signal);
  if (!signal || !hub?.waiting.delete(key)) return;
  if (typeof key === "number" && (hub.calls -= 1) === 0) inModule.delete(hub);
  if (hub.waiting.size > 0) return;
  close(signal, hub);
  remove(signal, hub);
};

/** The calls that listened are gone: the module has broken down. Whose signal it is did not break it, and nothing of it is called here. */
export const leaveAll = () => {
  for (const [hub, signal] of inModule) {
    for (const key of hub.waiting.keys()) if (typeof key === "number") hub.waiting.delete(key);
    hub.calls = 0;
    if (hub.waiting.size === 0) {
      hub.leave();
      hubs.delete(signal);
    }
    inModule.delete(hub);
  }
};
