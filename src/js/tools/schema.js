// @ts-check
// Checks a model's input against the JSON Schema of a tool. Only the keywords that the tools use are supported; a test checks that
// their schemas use no others. The result is a copy with only the known fields: a model may send anything.

import { attempt, isArray, isObject, isPlainName, put } from "../lib/fields.js";

/** @typedef {import("../../tools/tools.js").JsonSchema} Schema */
/** @typedef {{ message: string, path: string[] }} Issue */

/** A model that gets everything wrong does not need a longer list. */
const MOST_ISSUES = 10;

/** Every keyword that `check` enforces, or that does not constrain a value. */
export const KEYWORDS = [
  "type",
  "description",
  "properties",
  "required",
  "additionalProperties",
  "items",
  "enum",
  "minLength",
  "maxLength",
  "pattern",
  "minimum",
  "maximum",
  "minItems",
  "maxItems",
  "default",
];

/** A value's type in the terms of JSON Schema; never the value. @param {unknown} value */
const typeOf = (value) => {
  if (value === null) return "null";
  if (isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
};

/** @param {string} type @param {string} wanted */
const fits = (type, wanted) => type === wanted || (wanted === "number" && type === "integer");

/** @param {number} count @param {string} what */
const counted = (count, what) => `${count} ${what}${count === 1 ? "" : "s"}`;

/** What is wrong with a string. @param {Schema} schema @param {string} value @returns {string | undefined} */
const wrongText = ({ minLength = 0, maxLength = Infinity, pattern }, value) => {
  if (value.length < minLength)
    return minLength === 1 ? "must not be empty" : `must have at least ${counted(minLength, "character")}`;
  if (value.length > maxLength) return `must have at most ${counted(maxLength, "character")}, not ${value.length}`;
  return pattern !== undefined && !new RegExp(pattern, "u").test(value) ? `must match ${pattern}` : undefined;
};

/** What is wrong with a number. @param {Schema} schema @param {number} value @returns {string | undefined} */
const wrongNumber = ({ minimum = -Infinity, maximum = Infinity }, value) => {
  if (value < minimum) return `must be ${minimum} or more`;
  return value > maximum ? `must be ${maximum} or less` : undefined;
};

/**
 * A checked copy; what is wrong is added to `issues`.
 * @param {Schema} schema @param {any} value @param {string[]} path @param {Issue[]} issues @returns {any}
 */
const checked = (schema, value, path, issues) => {
  const fail = (/** @type {string} */ message) => {
    if (issues.length < MOST_ISSUES) issues.push({ message: `${path.join(".") || "the input"} ${message}`, path });
  };
  const type = typeOf(value);
  const { type: wanted = type, enum: words } = schema;
  if (!fits(type, wanted))
    return fail(
      `must be ${/^[aio]/.test(wanted) ? "an" : "a"} ${wanted}, not ${type === "null" ? type : `a value of type ${type}`}`,
    );
  if (words && !words.includes(value)) return fail(`must be one of ${words.join(", ")}`);
  if (type === "string") {
    const wrong = wrongText(schema, value);
    return wrong ? fail(wrong) : value;
  }
  if (type === "number" || type === "integer") {
    const wrong = wrongNumber(schema, value);
    return wrong ? fail(wrong) : value;
  }
  if (type === "array") return list(schema, value, path, issues, fail);
  return type === "object" ? fieldsOf(schema, value, path, issues, fail) : value;
};

/** @param {Schema} schema @param {any[]} value @param {string[]} path @param {Issue[]} issues @param {(message: string) => void} fail */
const list = ({ items = {}, minItems = 0, maxItems = Infinity }, value, path, issues, fail) => {
  if (value.length < minItems) return fail(`must have at least ${counted(minItems, "item")}`);
  if (value.length > maxItems) return fail(`must have at most ${counted(maxItems, "item")}`);
  const copy = [];
  for (let at = 0; at < value.length; at += 1) copy.push(checked(items, value[at], [...path, String(at)], issues));
  return copy;
};

/** @param {Schema} schema @param {any} value @param {string[]} path @param {Issue[]} issues @param {(message: string) => void} fail */
const fieldsOf = ({ properties, required = [] }, value, path, issues, fail) => {
  // The API decides what is in it; no input has such a field.
  if (!properties) return value;
  const known = Object.keys(properties);
  const fields = known.length > 0 ? `there are ${known.join(", ")}` : "it has none";
  /** @type {Record<string, unknown>} */
  const copy = {};
  for (const name of Object.keys(value)) {
    const schema = known.includes(name) ? properties[name] : undefined;
    // A name may be any text that a model, or a person who writes to the model, has made up.
    if (!schema) fail(`has no field ${isPlainName(name) ? name : "of that name"}; ${fields}`);
    else {
      const field = value[name];
      // Models write null for fields that they leave out.
      const absent = field === undefined || (field === null && !required.includes(name));
      if (!absent) put(copy, name, checked(schema, field, [...path, name], issues));
    }
    if (issues.length >= MOST_ISSUES) return copy;
  }
  for (const name of required) if (!(name in copy)) fail(`needs the field ${name}`);
  return copy;
};

/**
 * The value as a checked copy, or what is wrong with it, field by field. It never throws.
 * @param {Schema} schema @param {unknown} value @returns {{ value: any, issues?: undefined } | { issues: Issue[], value?: undefined }}
 */
export const check = (schema, value) => {
  /** @type {Issue[]} */
  const issues = [];
  const copy = attempt(() => ({ value: checked(schema, value, [], issues) }));
  if (!copy) return { issues: [{ message: "the input cannot be read", path: [] }] };
  return issues.length > 0 ? { issues } : copy;
};

/**
 * A schema in the form of Standard Schema: `validate` for programs, `jsonSchema` for models.
 * @param {Schema} input @param {Schema} [output] Describes what `validate` returns, if that is different.
 */
export const standard = (input, output = input) => ({
  "~standard": {
    version: /** @type {const} */ (1),
    vendor: "agentphone-wasm",
    validate: (/** @type {unknown} */ value) => check(input, value),
    // The keywords mean the same in all drafts.
    jsonSchema: { input: () => plain(input), output: () => plain(output) },
  },
});

/** @param {Schema} schema @returns {Record<string, unknown>} */
const plain = (schema) => ({ ...copyOf(schema) });

/** A copy that its owner may change. @template T @param {T} value @returns {T} */
export const copyOf = (value) => (isObject(value) ? JSON.parse(JSON.stringify(value)) : value);
