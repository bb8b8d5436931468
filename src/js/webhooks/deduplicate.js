// @ts-check
// `webhooks.deduplicate`: AgentPhone repeats a delivery until it gets a 2xx, and anyone who saw a delivery can
// replay it while it is fresh. JavaScript, because the store is the user's and may be asynchronous.

import { optionsOf, refuse } from "../errors/refuse.js";
import { deliveryKeys } from "../lib/delivery.js";

/** Seconds. The retries of a delivery spread over 21 hours. */
const TTL = 86_400;
const MAX = 10_000;

/**
 * Keys in memory. A `Map` keeps the order of insertion, and all keys live equally long, so the
 * oldest come first.
 * @param {number} max Deliveries, each of which has two keys.
 */
const memory = (max) => {
  const keys = new Map();
  return {
    /** @param {string} key @param {number} ttl */
    claim: (key, ttl) => {
      const now = Date.now();
      if (keys.get(key) > now) return false;
      keys.delete(key);
      for (const [old, until] of keys) {
        if (until > now && keys.size < 2 * max) break;
        keys.delete(old);
      }
      keys.set(key, now + ttl * 1000);
      return true;
    },
    /** @param {string} key */
    release: (key) => void keys.delete(key),
  };
};

const SUBJECT = "webhooks.deduplicate";

/** @param {string} must @param {unknown} value */
const wrong = (must, value) => refuse(SUBJECT, must, value);

/** By what it is known that is looked up. @param {any} event */
const keysOf = (event) => {
  if (typeof event === "string" && event !== "") return [`id:${event}`];
  return deliveryKeys(event) ?? wrong("must be an event of webhooks.verify or an id", event);
};

export const deduplicate = (/** @type {any} */ options = {}) => {
  const { ttl = TTL, max = MAX, store = memory(max) } = optionsOf(SUBJECT, options, ["ttl", "max", "store"]);
  if (typeof ttl !== "number" || !(ttl > 0)) wrong("ttl must be seconds, more than 0", ttl);
  if (typeof max !== "number" || !(max >= 1)) wrong("max must be a number of deliveries, 1 or more", max);
  if (typeof store?.claim !== "function" || typeof store.release !== "function")
    wrong("store must have claim and release", store);
  /** The keys claimed per event, because a handler may change the event before it passes it back. @type {WeakMap<object, string[]>} */
  const claimed = new WeakMap();

  /** @param {string[]} keys */
  const release = async (keys) => {
    for (const key of keys) await store.release(key);
  };

  /** @param {any} event */
  const seen = async (event) => {
    const held = [];
    const keys = keysOf(event);
    if (typeof event === "object") claimed.set(event, keys);
    try {
      for (const key of keys) {
        if (!(await store.claim(key, ttl))) return true;
        held.push(key);
      }
      return false;
    } catch (error) {
      // Otherwise the retry that follows this failure would count as seen.
      await release(held).catch(() => {});
      throw error;
    }
  };
  return Object.assign(seen, {
    release: async (/** @type {any} */ event) => release(claimed.get(event) ?? keysOf(event)),
  });
};
