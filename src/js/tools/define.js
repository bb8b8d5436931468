// @ts-check
// The vocabulary in which the tools are defined: their fields and their metadata.

/** @typedef {import("../../tools/tools.js").JsonSchema} Schema */

/**
 * One tool. A tool of the kind `effect` does something that must not happen twice, so its requests have an idempotency key.
 * `run` returns the API's response; the request options passed to it contain that key.
 * @typedef {object} Definition
 * @property {string} name
 * @property {string} title
 * @property {string} description
 * @property {"read" | "change" | "effect"} kind
 * @property {"call" | "text" | "number"} [spends] What the policy counts it as: it costs money
 * @property {Record<string, Schema>} input
 * @property {string[]} [required]
 * @property {Record<string, "phone" | "address">} [people] Fields that name a person; `address`: also an email or a group
 * @property {Record<string, Schema>} result
 * @property {string} [unknown] The tool that finds out the outcome after a lost response
 * @property {(of: Running) => Promise<Outcome>} run
 */
/**
 * The arguments of `run`. `input`: checked; `options`: those of its requests, with the idempotency key of an effect.
 * @typedef {{ client: any, input: any, options: Record<string, any> }} Running
 */
/** The outcome of a run. @typedef {{ result: Record<string, unknown>, message: string, next?: string | undefined, replayed?: boolean }} Outcome */

/** @param {string} description @param {number} [maxLength] @returns {Schema} */
export const text = (description, maxLength = 500) => ({ type: "string", description, minLength: 1, maxLength });

/** An id of the API: opaque, and part of a path. @param {string} description @returns {Schema} */
export const id = (description) => ({ type: "string", description, minLength: 1, maxLength: 200 });

/** @param {string} description @param {string[]} words @returns {Schema} */
export const oneOf = (description, words) => ({ type: "string", description, enum: words });

/** @param {string} description @param {number} minimum @param {number} maximum @returns {Schema} */
export const whole = (description, minimum, maximum) => ({ type: "integer", description, minimum, maximum });

/** @param {string} description @returns {Schema} */
export const flag = (description) => ({ type: "boolean", description });

/** @param {string} description @param {Record<string, Schema>} properties @returns {Schema} */
export const listOf = (description, properties) => ({
  type: "array",
  description,
  items: { type: "object", properties },
});

/** Fields that every tool with an effect also accepts. */
export const repeating = () => ({
  key: text(
    "Optional: your own name for the one thing that this call should do, such as an order number. The same key never does it twice.",
    200,
  ),
  again: flag(
    "True to repeat what was already done. Only when the user wants it a second time, never because of an error.",
  ),
});

/** @param {Record<string, any>} from @param {Record<string, string>} names The field of the result, by the API's field. */
export const pick = (from, names) => {
  /** @type {Record<string, unknown>} */
  const picked = {};
  for (const [theirs, ours] of Object.entries(names)) {
    const value = from?.[theirs];
    if (value !== undefined && value !== null) picked[ours] = value;
  }
  return picked;
};
