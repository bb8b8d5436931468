// @ts-check
// Checks of what several functions of the toolkit are given.

import { refuse } from "../errors/refuse.js";

/** Timers take no more. */
const LONGEST = 2 ** 31 - 1;

/** A number of an option, or what it is by default. @param {string} subject @param {string} name @param {any} value @param {number} usual @param {number} [most] @param {string} [unit] */
export const numberOf = (subject, name, value, usual, most = LONGEST, unit = "milliseconds") => {
  if (value === undefined) return usual;
  if (typeof value === "number" && value >= 1 && value <= most) return value;
  return refuse(subject, `${name} must be ${unit}, from 1 to ${most}`);
};

/** @param {string} subject @param {any} signal */
export const signalOf = (subject, signal) =>
  !signal || typeof signal.addEventListener === "function"
    ? signal
    : refuse(subject, "signal must be an AbortSignal", signal);

/** @param {string} subject @param {string} name @param {any} value */
export const functionOf = (subject, name, value) =>
  value === undefined || typeof value === "function" ? value : refuse(subject, `${name} must be a function`, value);
