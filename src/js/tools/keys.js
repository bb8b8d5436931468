// @ts-check
// The idempotency key of a tool with an effect. Models repeat themselves: after an error, after a reload, in two calls at once.
// The key of such a repetition is decided in the ledger, by compare-and-set, so that all machines choose the same one.

import { change, digestOf, random } from "../policy/store.js";
import { isOpen } from "./calls.js";

/** The prefix of all keys of tools. */
const PREFIX = "tools:";
/** How many ids of tool calls are remembered. */
const MOST_CALLS = 20;

/** The ledger's value for a content. `calls`: the tool calls that requested a repetition. @typedef {{ key: string, at: number, calls: string[] }} Current */

/**
 * The key of a use, if it is the current one; undefined if the use needs a new key.
 * @param {Current} current @param {any} intent What the client's ledger knows of its key @param {{ again: boolean, call: string | undefined, window: number, begun: number, now: number }} use
 */
const stays = ({ key, at, calls }, intent, { again, call, window, begun, now }) => {
  // It is in flight, was refused, or is in doubt. In doubt, no other key may be used.
  const isDone = intent && !isOpen(intent) && intent.state === "placed";
  if (intent && !isDone) return key;
  if (!intent && now - at <= window) return key;
  if (!intent) return undefined;
  // Another use requested a repetition after this use had started: both mean the same repetition.
  if (again) return at >= begun || (call !== undefined && calls.includes(call)) ? key : undefined;
  return now - Math.max(Number(intent.sentAt), at) <= window ? key : undefined;
};

/**
 * @param {import("./tools.js").Settings} settings @param {string} tool Its name @param {import("./tools.js").Use} use
 * @param {string | undefined} callId @param {any} options
 * @returns {Promise<{ key: string, intent: any }>} The key, and what the client's ledger knows of it
 */
export const keyOf = async (
  { store, client, scope, namespace, window, now },
  tool,
  { content, key, again },
  callId,
  options,
) => {
  const begun = now();
  if (key !== undefined) {
    const named = `${PREFIX}${digestOf(namespace, tool, key)}`;
    return { key: named, intent: await client.effects.get(named, options) };
  }
  const place = `${PREFIX}${digestOf(scope, tool, content)}`;
  const call = callId === undefined ? undefined : digestOf(callId);
  /** The key that was current at first. @type {string | undefined} */
  let first;
  return change(
    store,
    [place],
    async ([value]) => {
      const current = /** @type {Current | undefined} */ (value);
      const intent = current && (await client.effects.get(current.key, options));
      // Another use has requested a repetition at the same time.
      if (first !== undefined && current && current.key !== first) return { result: { key: current.key, intent } };
      first = current?.key;
      const kept = current && stays(current, intent, { again, call, window, begun, now: now() });
      if (kept) return { result: { key: kept, intent } };
      const made = `${place}:${random()}`;
      const calls = [...(again && call !== undefined ? [call] : []), ...(current?.calls ?? [])].slice(0, MOST_CALLS);
      return { values: [{ key: made, at: now(), calls }], result: { key: made, intent: undefined } };
    },
    { now },
  );
};
