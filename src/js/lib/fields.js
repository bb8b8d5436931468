// @ts-check
// Reads the objects that callers pass: options, inputs, headers. Any of them may be an instance of a class, a
// proxy, an object of another realm, or something without fields. Fields are read through the prototype
// chain. An object without fields, such as a Map or a promise, is rejected by name instead of being treated as empty.

const { create, defineProperty, getOwnPropertyDescriptor, getOwnPropertyNames, getPrototypeOf, keys, prototype } =
  Object;

/** More parents than any class has: a proxy can return new parents endlessly. */
const MOST_PARENTS = 100;

/** What `read` returns, or undefined if it throws: getters and proxies of a caller may. @template T @param {() => T} read */
export const attempt = (read) => {
  try {
    return read();
  } catch {
    return undefined;
  }
};

const ignore = () => {};

/** Calls `tell` if `returned` is a promise that rejects: unhandled, it would end a Node process. @param {any} returned @param {(reason: unknown) => void} [tell] */
export const onRejection = (returned, tell = ignore) =>
  void attempt(() => typeof returned?.then === "function" && Promise.resolve(returned).then(undefined, tell));

/**
 * What a caller passes to be awaited later. A promise that rejects before that would be unhandled, and end a Node process.
 * @template T @param {T} given @returns {T | Promise<Awaited<T>>}
 */
export const awaitable = (given) => {
  if (!attempt(() => typeof (/** @type {any} */ (given)?.then) === "function")) return given;
  const promise = Promise.resolve(given);
  onRejection(promise);
  return promise;
};

/** Runs a function of a caller without waiting for it; what it throws, or its promise rejects with, is ignored. @param {() => unknown} run */
export const quietly = (run) => onRejection(attempt(run));

/** @param {unknown} value @returns {value is object} */
export const isObject = (value) => typeof value === "object" && value !== null;
export const isArray = (/** @type {unknown} */ value) => attempt(() => Array.isArray(value)) === true;
/** Not `Object.hasOwn`, which older Safaris and test environments lack. @param {object} value @param {string} name */
export const owns = (value, name) => prototype.hasOwnProperty.call(value, name);
/** An own member of an object, as JSON has them: inherited ones do not count. @param {unknown} value @param {string} name @returns {any} */
export const member = (value, name) => {
  // Written out, because it runs for each field of each request.
  try {
    return isObject(value) && owns(value, name) ? /** @type {any} */ (value)[name] : undefined;
  } catch {
    return undefined;
  }
};

/** A property of any object or function, also an inherited one; undefined if reading it throws. @param {any} value @param {string} name @returns {unknown} */
export const propertyOf = (value, name) => attempt(() => (Object(value) === value ? value[name] : undefined));

/** Sets a field. Assigned, `__proto__` would replace the prototype. @param {Record<string, unknown>} target @param {string} name @param {unknown} value */
export const put = (target, name, value) => {
  if (name === "__proto__")
    defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true });
  else target[name] = value;
};

/** What names in this API look like: letters, `_` and `-`, perhaps followed by a number. */
const NAME = /^[a-z][a-z_-]{0,31}\d{0,2}$/i;
const KEY = /^[a-z]{2,6}[_-](?:live|test)[_-]|^(?:sk|pk|rk|ak|whsec|tok|bearer|basic)[_-]/i;

/** Whether a name that a caller wrote may appear in a message: an API key pasted in its place must not. @param {string} name */
export const isPlainName = (name) => NAME.test(name) && !KEY.test(name);

/** A class of the host. */
const CLASS = /^[A-Z][A-Za-z\d]{1,30}$/;
const tagOf = (/** @type {unknown} */ value) => prototype.toString.call(value).slice(8, -1);

/** Describes a value, in words that fit after "must be a string, not ". @param {any} value */
export const kind = (value) => {
  if (value === undefined || value === null) return String(value);
  if (isArray(value)) return "an array";
  if (typeof value !== "object") return `a ${typeof value}`;
  const tag = attempt(() => (typeof value.then === "function" ? "Promise" : tagOf(value))) ?? "";
  if (tag === "Promise") return "a promise (an await is missing)";
  if (attempt(() => tag === "Object" && Symbol.iterator in value)) return "an iterable";
  return tag === "Object" || !CLASS.test(tag) ? "an object" : `${/^[AEIO]/.test(tag) ? "an" : "a"} ${tag}`;
};

/** `Object.prototype`, of this realm or another. @param {object} parent */
const isRoot = (parent) => getPrototypeOf(parent) === null && owns(parent, "isPrototypeOf");

/** True for a plain object. @param {object} value */
export const isPlain = (value) => {
  const parent = getPrototypeOf(value);
  return parent === null || isRoot(parent);
};

/**
 * The names of an object's fields: its own, those it inherits, and the getters of its class, but nothing of
 * `Object.prototype`. Undefined for objects without fields: the host's classes all have their own tag.
 * @param {any} value @param {string[]} [known] Names that also count if they are methods of its class
 * @returns {string[] | undefined}
 */
export const namesOf = (value, known = []) => {
  if (isPlain(value)) return keys(value);
  if (
    tagOf(value) !== "Object" ||
    typeof value.then === "function" ||
    Symbol.iterator in value ||
    Symbol.asyncIterator in value
  )
    return undefined;
  const names = new Set(keys(value));
  let parents = 0;
  for (let holder = getPrototypeOf(value); holder !== null && !isRoot(holder); holder = getPrototypeOf(holder)) {
    if ((parents += 1) > MOST_PARENTS) return undefined;
    for (const name of getOwnPropertyNames(holder)) {
      const { enumerable, get } = getOwnPropertyDescriptor(holder, name) ?? {};
      if ((enumerable || get || known.includes(name)) && name !== "__proto__") names.add(name);
    }
  }
  return [...names];
};

/** Errors of reading, by the placeholder that stands for the value. @type {WeakMap<object, unknown>} */
const postponed = new WeakMap();
export const isPostponed = (/** @type {any} */ value) => postponed.has(value);

/**
 * What `read` returns; if it throws, a placeholder that throws the same error when it is read later. So an object is read
 * only once, and its error is still reported together with all other mistakes.
 * @param {() => any} read
 */
export const once = (read) => {
  try {
    return read();
  } catch (problem) {
    const mark = {};
    postponed.set(mark, problem);
    return mark;
  }
};

/**
 * A copy of an object's fields, each read once. Throws a description of what is wrong.
 * @param {any} value @param {string} what Its name @param {string} each What one of its fields is called @param {string[]} [known]
 */
export const fieldsOf = (value, what, each, known = []) => {
  if (postponed.has(value)) throw postponed.get(value);
  let names;
  try {
    names = isObject(value) && !Array.isArray(value) ? namesOf(value, known) : undefined;
  } catch {
    throw `${what} cannot be read`;
  }
  if (!names) {
    const found = kind(value);
    throw `${what} must be an object, not ${found}${what === "options" && found === "an AbortSignal" ? ": pass it as { signal }" : ""}`;
  }
  // Without a parent: something that was added to all objects must not pass for a field.
  const copy = /** @type {Record<string, any>} */ (create(null));
  for (const name of names) {
    try {
      const field = value[name];
      const method = typeof field === "function" && !known.includes(name) && !owns(value, name);
      if (!method) put(copy, name, field);
    } catch {
      // It must not pass for a missing field.
      throw `${each} ${isPlainName(name) ? name : "with a name that is not shown"} cannot be read: its getter throws`;
    }
  }
  return copy;
};

/**
 * Splits a caller's options into some fields and all others. Options that cannot be read
 * are passed on unchanged, and the module rejects them.
 * @param {unknown} given @param {string[]} names
 */
export const parted = (given, names) => {
  const rest =
    given === undefined || given === null ? given : once(() => fieldsOf(given, "options", "option", OPTIONS));
  const taken = /** @type {Record<string, any>} */ (create(null));
  for (const name of names) {
    if (!rest || !owns(rest, name)) continue;
    taken[name] = rest[name];
    delete rest[name];
  }
  return { taken, rest };
};

/** Options that may be methods of a class. */
export const OPTIONS = ["apiKey", "fetch"];
