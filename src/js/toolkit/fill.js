// @ts-check
// `voice.fill`: words for the silence while an answer is still being made, and an end before the webhook's time is up.

import { guard, optionsOf, refuse } from "../errors/refuse.js";
import { attempt, awaitable, isObject, quietly } from "../lib/fields.js";
import { iterator } from "../lib/iterator.js";
import { wordsIn } from "../lib/model-stream.js";
import { numberOf } from "./check.js";

const SUBJECT = "voice.fill";
const AFTER = 1500;
/** The API's own limit is 30 s, unless the webhook has another one: what comes later is silence. */
const DEADLINE = 25_000;

/** Whether a piece is heard: models begin with pieces that say nothing. @param {any} piece */
const isHeard = (piece) => {
  // Reading a piece that reports an error throws it; the reader of the stream handles that.
  const text = typeof piece === "string" ? piece : attempt(() => wordsIn(piece) ?? "an answer");
  return text === undefined || text.trim() !== "";
};

/** @param {any} source Awaitable @param {AbortSignal} signal @returns {Promise<Iterator<unknown> | AsyncIterator<unknown>>} */
const open = async (source, signal) => {
  const given = await (typeof source === "function" ? source(signal) : source);
  if (!isObject(given)) return [given][Symbol.iterator]();
  const stream = /** @type {any} */ (given).textStream ?? given;
  const many = stream[Symbol.asyncIterator] ?? stream[Symbol.iterator];
  return many ? many.call(stream) : [given][Symbol.iterator]();
};

/** @param {any} source @param {any} options */
const filled = (source, options) => {
  const given = optionsOf(SUBJECT, options, ["after", "say", "deadline", "late"]);
  const lines = [given.say].flat();
  if (lines.length === 0 || !lines.every((line) => typeof line === "string" && line.trim() !== ""))
    refuse(SUBJECT, "say must be a line, or an array of lines", given.say);
  const { late } = given;
  if (late !== undefined && typeof late !== "string" && !isObject(late))
    refuse(SUBJECT, "late must be a line or an answer", late);
  const after = numberOf(SUBJECT, "after", given.after, AFTER);
  const deadline = numberOf(SUBJECT, "deadline", given.deadline, DEADLINE);

  const awaited = awaitable(source);
  const controller = new AbortController();
  /** @type {any} */ let pieces;
  /** @type {Promise<any> | undefined} */ let pending;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ let timer;
  /** When the first piece was asked for, and when something was last heard. */
  let [begun, heard] = [Number.NaN, 0];
  let over = false;

  const stop = () => {
    over = true;
    clearTimeout(timer);
    quietly(() => controller.abort());
    // Not awaited: a generator that waits for its next word answers only then.
    quietly(() => pieces?.return?.());
    return Promise.resolve();
  };
  const step = async () => {
    pieces ??= await open(awaited, controller.signal);
    // It came too late to be stopped.
    if (over) quietly(() => pieces.return?.());
    return over ? { done: true, value: undefined } : pieces.next();
  };

  const tooLate = async () => {
    await stop();
    return { done: late === undefined, value: late };
  };

  const next = async () => {
    if (over) return { done: true, value: undefined };
    const now = performance.now();
    if (Number.isNaN(begun)) [begun, heard] = [now, now];
    const left = Math.max(begun + deadline - now, 0);
    // Not left to the timer: a source that always has its next piece ready would keep it from running.
    if (left === 0) return tooLate();
    pending ??= step();
    const wait = lines.length > 0 ? Math.min(left, Math.max(heard + after - now, 0)) : left;
    const silence = new Promise((resolve) => (timer = setTimeout(resolve, wait)));
    const found = await Promise.race([pending, silence])
      .catch((error) => {
        stop();
        throw error;
      })
      .finally(() => clearTimeout(timer));
    if (over) return { done: true, value: undefined };
    if (found === undefined && wait === left) return tooLate();
    if (found === undefined) {
      heard = performance.now();
      return { done: false, value: { text: lines.shift(), interim: true } };
    }
    pending = undefined;
    if (found.done) await stop();
    const value = await found.value;
    if (isHeard(value)) heard = performance.now();
    return { done: found.done === true, value: found.done ? undefined : value };
  };
  return iterator(next, stop);
};

export const voice = {
  fill: (/** @type {any} */ source, /** @type {any} */ options) => guard(SUBJECT, () => filled(source, options)),
};
