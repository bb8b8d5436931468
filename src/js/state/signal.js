// @ts-check
// Listens to callers' signals. One signal is often shared by a thousand requests; a listener for each of them makes
// Node warn of a leak and costs a walk at every removal. So each signal has one listener here, and it is removed
// when the last request that uses it has settled.

import { attempt } from "../lib/fields.js";
import { deferred } from "../lib/wakeup.js";

/** @typedef {{ fire: () => void, waiting: Map<number, (reason: unknown) => void> }} Hub */
/** @type {Map<AbortSignal, Hub>} */
const hubs = new Map();

/** Whatever the caller's signal throws. @param {AbortSignal} signal @param {Hub} hub */
const close = (signal, { fire }) => {
  hubs.delete(signal);
  attempt(() => signal.removeEventListener("abort", fire));
};

/** @param {AbortSignal} signal */
export const hasAborted = (signal) => attempt(() => signal.aborted) === true;

/** @param {AbortSignal} signal */
export const reasonOf = (signal) => attempt(() => signal.reason);

/**
 * Tells `settle` when `signal` aborts, or at once where it has aborted already. Whoever aborts a signal
 * that several callers share runs none of them on its own stack: each goes on in a reaction of a promise of its own.
 * @param {AbortSignal} signal @param {(place: number, round: number, ok: boolean, value: unknown) => void} settle
 * @param {number} place @param {number} round
 */
export const listen = (signal, settle, place, round) => {
  if (hasAborted(signal)) return settle(place, round, true, undefined);
  const known = hubs.get(signal);
  const waiting = known?.waiting ?? new Map();
  waiting.set(place, deferred(settle, place, round));
  if (known) return;
  const fire = () => {
    close(signal, hub);
    for (const tell of waiting.values()) tell();
  };
  const hub = { fire, waiting };
  hubs.set(signal, hub);
  attempt(() => signal.addEventListener("abort", fire));
};

/** Gives up a place behind a signal. @param {AbortSignal} signal @param {number} place */
export const leave = (signal, place) => {
  const hub = hubs.get(signal);
  if (hub?.waiting.delete(place) && hub.waiting.size === 0) close(signal, hub);
};

/** Those who listened are gone: the module has broken down. */
export const leaveAll = () => {
  for (const [signal, hub] of hubs) close(signal, hub);
};
