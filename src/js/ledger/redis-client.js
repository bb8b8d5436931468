// @ts-check
// One way to use node-redis and ioredis, told apart by their shapes, and the check of the settings on which durability depends.

import { isObject } from "../lib/fields.js";
import { causeOf, misconfigured, refuse } from "./errors.js";

const SUBJECT = "redisLedger";
const RELAXED = 'or pass durability: "relaxed"';

/** @typedef {{ evaluate: (script: string, keys: string[], args: string[]) => Promise<any>, settings: ((pattern: string) => Promise<unknown>) | undefined }} Client */

/** @param {any} client @returns {Client} */
export const clientOf = (client) => {
  if (!isObject(client) || typeof (/** @type {any} */ (client).eval) !== "function")
    refuse(SUBJECT, "the first argument must be a client of node-redis or ioredis");
  const { defineCommand, config, configGet } = /** @type {any} */ (client);
  const any = /** @type {any} */ (client);
  // Only ioredis has commands of the user's.
  if (typeof defineCommand === "function")
    return {
      evaluate: async (script, keys, args) => any.eval(script, keys.length, ...keys, ...args),
      settings: typeof config === "function" ? async (pattern) => any.config("GET", pattern) : undefined,
    };
  return {
    evaluate: async (script, keys, args) => any.eval(script, { keys, arguments: args }),
    settings: typeof configGet === "function" ? async (pattern) => any.configGet(pattern) : undefined,
  };
};

/** What CONFIG GET returns: a list of names and values, an object or a map. @param {any} reply @returns {Record<string, string>} */
const fieldsOf = (reply) => {
  if (reply instanceof Map) return Object.fromEntries(reply);
  if (!Array.isArray(reply)) return { ...reply };
  return Object.fromEntries(reply.flatMap((name, at) => (at % 2 === 0 ? [[name, reply[at + 1]]] : [])));
};

/** Whether the server refused the command, as those do that others operate. @param {any} error */
const isRefusal = (error) =>
  /^(NOPERM|ERR unknown (sub)?command)|not (allowed|permitted|supported)|disabled/i.test(error?.message);

/** Throws if the server may lose what it has confirmed, or will not say. @param {Client} client */
export const assertDurable = async ({ settings }) => {
  const unchecked = (/** @type {Error | undefined} */ cause) =>
    misconfigured(
      `${SUBJECT}: the server's settings cannot be read with CONFIG GET. Make sure that it has appendfsync always and evicts no keys, ${RELAXED.replace("or ", "and ")}`,
      cause,
    );
  if (settings === undefined) throw unchecked(undefined);
  let found;
  try {
    found = { ...fieldsOf(await settings("append*")), ...fieldsOf(await settings("maxmemory-policy")) };
  } catch (error) {
    if (isRefusal(error)) throw unchecked(causeOf(error));
    throw error;
  }
  if (found.appendonly === undefined || found.appendfsync === undefined) throw unchecked(undefined);
  if (found.appendonly !== "yes" || found.appendfsync !== "always")
    throw misconfigured(
      `${SUBJECT}: the server may lose what it has confirmed. Set appendonly to yes and appendfsync to always, ${RELAXED}`,
    );
  if (/^allkeys/.test(found["maxmemory-policy"] ?? ""))
    throw misconfigured(
      `${SUBJECT}: the server may evict entries. Set maxmemory-policy to noeviction or a volatile one, ${RELAXED}`,
    );
};
