// @ts-check
// `client.effects`: what the ledger holds of this account, and what can be done about what is in doubt. The work is
// done in src/client/effects/manage.rs.

import { ownFailure } from "../errors/failure.js";
import { attempt, isObject, kind, parted } from "../lib/fields.js";
import { callSite, traced } from "../lib/stack.js";
import { lostWith } from "../state/lost.js";
import { ApiPromise } from "../state/promise.js";

/** @typedef {import("./core-handle.js").CoreHandle} CoreHandle */
/** Where the next page of what is in doubt begins, and this page. @typedef {[next: object | undefined, ...intents: object[]]} Pending */

/** @param {string} note @param {Function} call */
const invalid = (note, call) => traced(ownFailure("client.effects", "INVALID_ARGUMENT", note), callSite(call));

/** @param {unknown} key @param {Function} call */
const checkedKey = (key, call) => {
  if (typeof key !== "string" || key === "") throw invalid("the idempotency key must be a string, not empty", call);
  return key;
};

/** What users call what the module does by another name. @type {Record<string, string>} */
const NAMES = { page: "effects.pending", settleRequest: "settle" };

/** @param {CoreHandle} handle @param {string} method @param {unknown} one @param {unknown} other @param {unknown} options @param {Function} call @returns {any} */
const ask = (handle, method, one, other, options, call) => {
  const promise = new ApiPromise(undefined, undefined, callSite(call));
  handle.effects(NAMES[method] ?? `effects.${method}`, [method, one, other], promise, options);
  return promise;
};

/** @param {unknown} key @param {unknown} word @param {Function} call */
const checkedWord = (key, word, call) => {
  checkedKey(key, call);
  const happened = isObject(word) ? attempt(() => /** @type {{ happened?: unknown }} */ (word).happened) : undefined;
  if (happened !== false && (typeof happened !== "string" || happened === ""))
    throw invalid(
      `happened must be the id of what was made, or false where nothing happened, not ${kind(happened)}`,
      call,
    );
  return { happened };
};

/** A point in time, in milliseconds since 1970. @param {unknown} value @param {Function} call */
const checkedTime = (value, call) => {
  // A Date of any realm.
  const time = isObject(value) ? attempt(() => Date.prototype.getTime.call(value)) : value;
  if (typeof time !== "number" || !(time >= 0 && time <= 8.64e15))
    throw invalid(`option sentAfter must be a Date or a number of milliseconds since 1970, not ${kind(value)}`, call);
  return time;
};

/** Everything that is in doubt, page by page, as it is asked for. @param {CoreHandle} handle @param {unknown} options @param {Function} call */
const pendingOf = (handle, options, call) => {
  /** @type {object[]} */
  let ready = [];
  /** @type {object | undefined} */
  let next;
  let asked = false;
  const over = { done: true, value: undefined };
  /** @returns {Promise<IteratorResult<object, undefined>>} */
  const step = () => {
    const value = ready.shift();
    if (value) return Promise.resolve({ done: false, value });
    if (asked && !next) return Promise.resolve(/** @type {any} */ (over));
    asked = true;
    return ask(handle, "page", next, undefined, options, call).then((/** @type {Pending} */ page) => {
      [next, ...ready] = page;
      return step();
    });
  };
  // One after the other, however many are asked for at once.
  let /** @type {Promise<unknown>} */ last = Promise.resolve();
  const iterator = {
    next: () => {
      const result = last.then(step, step);
      last = result.catch(() => {});
      return result;
    },
    return: () => {
      [ready, next, asked] = [[], undefined, true];
      return Promise.resolve(over);
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
};

/** @param {CoreHandle} handle */
export const effectsOf = (handle) => {
  const effects = {
    get(/** @type {unknown} */ key, /** @type {unknown} */ options) {
      return ask(handle, "get", checkedKey(key, effects.get), undefined, options, effects.get);
    },
    pending(/** @type {unknown} */ options) {
      return pendingOf(handle, options, effects.pending);
    },
    settle(/** @type {unknown} */ options) {
      const { taken, rest } = parted(options, ["sentAfter"]);
      const { sentAfter } = taken;
      const after = sentAfter === undefined ? undefined : checkedTime(sentAfter, effects.settle);
      return ask(handle, "settle", after, undefined, rest, effects.settle);
    },
    observe(/** @type {unknown} */ event, /** @type {unknown} */ options) {
      if (!isObject(event)) throw invalid(`event must be a webhook event, not ${kind(event)}`, effects.observe);
      return ask(handle, "observe", event, undefined, options, effects.observe);
    },
    resolve(/** @type {unknown} */ key, /** @type {unknown} */ word, /** @type {unknown} */ options) {
      const checked = checkedWord(key, word, effects.resolve);
      return ask(handle, "resolve", key, checked, options, effects.resolve);
    },
  };
  return effects;
};

/** `client.settle`. @param {CoreHandle} handle */
export const settler = (handle) =>
  function settle(/** @type {unknown} */ error, /** @type {unknown} */ options) {
    const lost = lostWith(error);
    if (!lost)
      throw invalid(
        "there is nothing to settle: pass the error of a call with outcomeUnknown: true, as this process got it",
        settle,
      );
    return ask(handle, "settleRequest", { ...Object(lost.prepared), ...lost }, lost.sentAt, options, settle);
  };
