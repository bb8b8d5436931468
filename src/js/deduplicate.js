// @ts-check
// `webhooks.deduplicate`: AgentPhone delivers again until it gets a 2xx, and anyone who saw a delivery can
// send it again while it is fresh. JavaScript, because the store is the user's and may be asynchronous.

import { refuse } from "./refuse.js";

/** Seconds: the retries of a delivery spread over 21 hours. */
const TTL = 86_400;
const MAX = 10_000;

/**
 * Keys in memory. A `Map` keeps the order of insertion, and all keys live equally long, so that the
 * oldest stand in front.
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

/** @param {string} must @param {unknown} value */
const wrong = (must, value) => refuse("webhooks.deduplicate", must, value);

/**
 * By what a delivery is known. X-Webhook-ID is the same on retries, but is not signed: whoever replays
 * a delivery can change it. The fingerprint is of what is signed, so it comes first: a replay claims
 * no id.
 * @param {any} event
 */
const keysOf = (event) => {
  if (typeof event === "string" && event !== "") return [`id:${event}`];
  const { fingerprint, id } = event?.delivery ?? {};
  if (!fingerprint) wrong("what is looked up must be an event of webhooks.verify or an id", event);
  // A tapback names the message that it is for; only a message's own id is that of its delivery.
  const own = id ?? (event.event === "agent.message" ? event.data?.messageId : undefined);
  return own ? [`fingerprint:${fingerprint}`, `id:${own}`] : [`fingerprint:${fingerprint}`];
};

export const deduplicate = ({ ttl = TTL, max = MAX, store = memory(max) } = {}) => {
  if (!(ttl > 0)) wrong("ttl must be seconds, more than 0", ttl);
  if (!(max >= 1)) wrong("max must be a number of deliveries, 1 or more", max);
  if (typeof store?.claim !== "function" || typeof store.release !== "function") wrong("store must have claim and release", store);

  /** @param {string[]} keys */
  const release = async (keys) => {
    for (const key of keys) await store.release(key);
  };

  /** @param {any} event */
  const seen = async (event) => {
    const held = [];
    try {
      for (const key of keysOf(event)) {
        if (!(await store.claim(key, ttl))) return true;
        held.push(key);
      }
      return false;
    } catch (error) {
      // Otherwise the retry that this failure brings about would count as seen.
      await release(held).catch(() => {});
      throw error;
    }
  };
  return Object.assign(seen, { release: (/** @type {any} */ event) => release(keysOf(event)) });
};
