// @ts-check
// Copies what is to be sent out of a caller's object, once, so that what is checked is what is sent, however its getters
// and proxies behave. The result consists of plain objects and arrays, strings, finite numbers, booleans and null,
// as `JSON.stringify` would read them; but what that would silently drop or turn into null is refused by name.

import { fieldsOf, isArray, isObject, isPlain, isPlainName, isPostponed, kind, namesOf, put } from "../lib/fields.js";

/** Levels of nesting, many times more than the schema of any tool has. JSON parsers, ours too, fail on very deep texts. */
const DEEPEST = 200;
/** Values in one input. A proxy can invent more forever. */
const MOST = 1_000_000;
/** How many parts of a place are shown. */
const SHOWN = 8;

/** Strict JSON parsers refuse half a character, which is what remains when a text is cut inside an emoji. @param {string} text */
const wellFormed = (text) => (/\p{Surrogate}/u.test(text) ? text.replace(/\p{Surrogate}/gu, "\ufffd") : text);

/** A place in the input, such as `customTools[0].name`. @param {(string | number)[]} path */
const placeOf = (path) => {
  const parts = path.slice(0, SHOWN).map((part, at) => {
    if (typeof part === "number") return `[${part}]`;
    return isPlainName(part) ? `${at > 0 ? "." : ""}${part}` : "[…]";
  });
  return parts.join("") + (path.length > SHOWN ? "…" : "");
};

/**
 * What is to be sent of a caller's input; throws what is wrong with it, as a string or with its cause.
 * @param {unknown} given @param {string} what "the body" or "the query" @returns {Record<string, any>}
 */
export const snapshotOf = (given, what) => {
  if (isPostponed(given)) fieldsOf(given, what, "");
  /** @type {(string | number)[]} */
  const path = [];
  /** The objects that are being read, outermost first. @type {object[]} */
  const parents = [];
  let count = 0;
  let problem = "";

  /** @param {string} words @returns {never} */
  const refuse = (words) => {
    problem = `${placeOf(path) || what} ${words}`;
    throw problem;
  };
  const counted = () => (count += 1) > MOST && refuse(`is one of more than ${MOST} values`);

  /** @param {any} value @param {boolean} [asked] Its `toJSON` has been called @returns {any} */
  const read = (value, asked = false) => {
    if (!asked) counted();
    switch (typeof value) {
      case "string":
        return wellFormed(value);
      case "boolean":
      case "undefined":
        return value;
      case "number":
        return Number.isFinite(value) ? value : refuse(`must be a finite number, not ${value}`);
      case "object":
        if (value === null) return value;
        break;
      // biome-ignore lint/suspicious/noFallthroughSwitchClause: JSON has no form for one without `toJSON`
      case "bigint":
        if (!asked && typeof (/** @type {any} */ (value).toJSON) === "function") break;
      default:
        return refuse(`must not be ${kind(value)}`);
    }
    if (!asked && typeof value.toJSON === "function" && !ArrayBuffer.isView(value)) {
      // The `toJSON` of an invalid date returns null.
      if (typeof value.getTime === "function" && Number.isNaN(value.getTime())) refuse("must be a valid date");
      return read(value.toJSON(`${path.at(-1) ?? ""}`), true);
    }
    if (parents.length >= DEEPEST) refuse(`is nested more than ${DEEPEST} levels deep`);
    if (parents.includes(value)) refuse("refers to itself");
    parents.push(value);
    const taken = isArray(value) ? list(value) : object(value);
    parents.pop();
    return taken;
  };

  /** @param {any[]} items */
  const list = (items) => {
    const taken = [];
    for (let at = 0, { length } = items; at < length; at += 1) {
      path.push(at);
      const item = read(items[at]);
      taken.push(item === undefined ? refuse("must not be undefined") : item);
      path.pop();
    }
    return taken;
  };

  /** @param {any} from */
  const object = (from) => {
    const names = namesOf(from) ?? refuse(`must be a plain object, not ${kind(from)}`);
    const taken = /** @type {Record<string, any>} */ ({});
    const plain = isPlain(from);
    for (const name of names) {
      path.push(name);
      const value = from[name];
      // Methods are not fields; but a function in a plain object is probably one that the caller forgot to call.
      const method = typeof value === "function" && (!plain || name === "toJSON");
      const field = method ? undefined : read(value);
      if (field !== undefined) put(taken, wellFormed(name), field);
      path.pop();
    }
    return taken;
  };

  try {
    const taken = isObject(given) && !isArray(given) ? read(given) : given;
    if (isObject(taken) && !isArray(taken)) return taken;
    problem = `${what} must be an object, not ${kind(taken)}`;
  } catch (cause) {
    if (!problem) throw { note: `${placeOf(path) || what} cannot be read: a getter, a proxy or toJSON throws`, cause };
  }
  throw problem;
};
