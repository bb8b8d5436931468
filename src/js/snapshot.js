// @ts-check
// Takes what is to be sent out of a caller's object: once, so that what is checked is what is sent, however its getters
// and proxies behave. The result is made of plain objects and arrays, of strings, finite numbers, booleans and null,
// as `JSON.stringify` would read them; but what that would drop or turn into null in silence is refused by its name.

import { isArray, isObject, isPlain, isPlainName, isPostponed, fieldsOf, kind, namesOf, put } from "./fields.js";

/** Levels of nesting, many times more than any schema of a tool has. Readers of JSON, ours too, fail on very deep texts. */
const DEEPEST = 200;
/** Values in one input. A proxy can invent more for ever. */
const MOST = 1_000_000;
/** Parts of a place that are shown. */
const SHOWN = 8;

/** Strict readers of JSON refuse half a character, as is left where a text is cut inside an emoji. @param {string} text */
const wellFormed = (text) => (/\p{Surrogate}/u.test(text) ? text.replace(/\p{Surrogate}/gu, "\ufffd") : text);

/** A place in the input, such as `customTools[0].name`. @param {(string | number)[]} path */
const placeOf = (path) => {
  const parts = path.slice(0, SHOWN).map((part, at) => {
    if (typeof part === "number") return `[${part}]`;
    return isPlainName(part) ? `${at > 0 ? "." : ""}${part}` : "[…]";
  });
  return parts.join("") + (path.length > SHOWN ? "…" : "");
};

class Reader {
  /** @type {(string | number)[]} */ path = [];
  /** The objects that are being read, from the outermost on. @type {object[]} */ parents = [];
  /** What is wrong, once it is known. @type {string | undefined} */ problem;
  count = 0;

  /** @param {string} what The name of the input itself */
  constructor(what) {
    this.what = what;
  }

  /** @param {string} words @returns {never} */
  refuse(words) {
    this.problem = `${this.path.length > 0 ? placeOf(this.path) : this.what} ${words}`;
    throw this;
  }

  /** @param {any} value @param {boolean} [asked] Its `toJSON` has been called @returns {any} */
  read(value, asked = false) {
    switch (typeof value) {
      case "string": return wellFormed(value);
      case "boolean": case "undefined": return value;
      case "number": return Number.isFinite(value) ? value : this.refuse(`must be a finite number, not ${value}`);
      case "object": if (value === null) return value; break;
      case "bigint": if (!asked && typeof (/** @type {any} */ (value).toJSON) === "function") break;
      // Otherwise JSON has no form for it: falls through
      default: return this.refuse(`must not be ${kind(value)}`);
    }
    if ((this.count += 1) > MOST) this.refuse(`holds more than ${MOST} values`);
    if (!asked && typeof value.toJSON === "function" && !ArrayBuffer.isView(value)) return this.json(value);
    if (this.parents.length >= DEEPEST) this.refuse(`is nested more than ${DEEPEST} levels deep`);
    if (this.parents.includes(value)) this.refuse("refers to itself");
    this.parents.push(value);
    const taken = isArray(value) ? this.list(value) : this.object(value);
    this.parents.pop();
    return taken;
  }

  /** @param {any} value */
  json(value) {
    // The `toJSON` of a date that is none gives null.
    if (typeof value.getTime === "function" && Number.isNaN(value.getTime())) this.refuse("must be a valid date");
    return this.read(value.toJSON(`${this.path.at(-1) ?? ""}`), true);
  }

  /** @param {any[]} list */
  list(list) {
    const taken = [];
    const { length } = list;
    for (let at = 0; at < length; at += 1) {
      this.path.push(at);
      if ((this.count += 1) > MOST) this.refuse(`is one of more than ${MOST} values`);
      const item = this.read(list[at]);
      taken.push(item === undefined ? this.refuse("must not be undefined") : item);
      this.path.pop();
    }
    return taken;
  }

  /** @param {any} object */
  object(object) {
    const names = namesOf(object);
    if (!names) return this.refuse(`must be a plain object, not ${kind(object)}`);
    const taken = /** @type {Record<string, any>} */ ({});
    const plain = isPlain(object);
    for (const name of names) {
      this.path.push(name);
      const value = object[name];
      // Methods are no fields; but in a plain object a function stands where somebody forgot to call it.
      const method = typeof value === "function" && (!plain || name === "toJSON");
      const field = method ? undefined : this.read(value);
      if (field !== undefined) put(taken, wellFormed(name), field);
      this.path.pop();
    }
    return taken;
  }
}

/**
 * What is to be sent of a caller's input; throws what is wrong with it, in words or with its cause.
 * @param {any} given @param {string} what "the body" or "the query" @returns {Record<string, any>}
 */
export const snapshotOf = (given, what) => {
  if (isPostponed(given)) fieldsOf(given, what, "");
  const reader = new Reader(what);
  try {
    const taken = isObject(given) && !isArray(given) ? reader.read(given) : given;
    if (isObject(taken) && !isArray(taken)) return taken;
    reader.problem = `${what} must be an object, not ${kind(taken)}`;
  } catch (cause) {
    if (cause !== reader) throw { note: `${reader.path.length > 0 ? placeOf(reader.path) : what} cannot be read: a getter, a proxy or toJSON throws`, cause };
  }
  throw reader.problem;
};
