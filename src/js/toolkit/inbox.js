// @ts-check
// `inbox`: each delivery of a webhook is worked on once, over several machines and in the order of its conversation. A
// delivery is stored before it is worked on, so that what was answered with a 2xx is not lost with the machine.
//
// A conversation is one entry of the store, which holds its queue and who works on it; beside it stands an entry for each
// delivery that was seen. Both are written in one step.

import { AgentPhoneError } from "../errors/error.js";
import { fields, guard, optionsOf, refuse } from "../errors/refuse.js";
import { deliveryKeys } from "../lib/delivery.js";
import { quietly } from "../lib/fields.js";
import { fingerprint } from "../lib/fingerprint.js";

const LEASE = 60_000;
/** As often as the API itself tries. */
const ATTEMPTS = 6;
/** A conversation with more has a handler that never succeeds. */
const MOST = 1000;
/** Milliseconds for which a store is asked again that fails. */
const PATIENCE = 1000;
/** Milliseconds more for which a change is tried again where others were quicker. */
const CONTENTION = 10_000;
const PREFIX = "inbox:c:";

/** @typedef {{ id: string, at: number, failures: number, event: any }} Item */
/** @typedef {{ token: string, until: number, id: string }} Holder */
/** @typedef {{ queue: Item[], holder: Holder | null }} Lane */

const copyOf = (/** @type {any} */ value) => JSON.parse(JSON.stringify(value));
const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
const random = () =>
  globalThis.crypto?.randomUUID?.() ??
  `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}-${Math.random().toString(36).slice(2)}`;

const contended = () =>
  new AgentPhoneError({
    ...fields("CONFLICT", "inbox", "others changed the conversation at each try"),
    retryable: true,
  });

const died = () =>
  new AgentPhoneError(
    fields("TIMEOUT", "inbox", "a delivery was given up: the machines that handled it died before they were done"),
  );

/** An id as part of a key: the header that carries it is not signed, and may hold anything. @param {unknown} id */
const plain = (id) => (typeof id === "string" && /^[!-~]{1,200}$/.test(id) ? id : fingerprint(id).toString(36));

/** A caller's turn is answered at once or not at all: it waits for no other one, and is not tried again. @param {any} event */
const isTurn = ({ event, channel }) => event === "agent.message" && channel === "voice";

/** What a delivery is worked on in order with. @param {any} event @param {string} id */
const laneOf = (event, id) => {
  const { conversationId, callId, from, to, numberId } = Object(event.data);
  if (isTurn(event)) return `${PREFIX}turn:${id}`;
  if (conversationId) return `${PREFIX}conversation:${plain(conversationId)}`;
  return callId ? `${PREFIX}call:${plain(callId)}` : `${PREFIX}parties:${plain([from, to, numberId])}`;
};

/** When it happened, as far as it says. @param {any} event */
const timeOf = ({ timestamp, data }) => {
  const { receivedAt, createdAt, endedAt } = Object(data);
  return Date.parse(receivedAt ?? createdAt ?? endedAt ?? timestamp) || Date.now();
};

/** @param {any} options */
const made = (options) => {
  const given = optionsOf("inbox", options, ["store", "lease", "attempts", "onError"]);
  const { store, lease = LEASE, attempts = ATTEMPTS } = given;
  const {
    onError = (/** @type {unknown} */ error) => console.error("agentphone: a handler of the inbox failed", error),
  } = given;
  if (!["read", "write", "open"].every((name) => typeof store?.[name] === "function"))
    refuse("inbox", "store must be a ledger, with read, write and open", store);
  if (typeof lease !== "number" || !(lease >= 100 && lease < 2 ** 31))
    refuse("inbox", "lease must be milliseconds, at least 100");
  if (!Number.isInteger(attempts) || attempts < 1) refuse("inbox", "attempts must be a whole number, at least 1");
  if (typeof onError !== "function") refuse("inbox", "onError must be a function", onError);

  /**
   * Changes a conversation by compare-and-set, together with the deliveries that it is new for. `edit` gets a copy of its
   * own; without a result nothing is written. Returns the last result of `edit`, which must check what it has
   * written already: a store that fails may have made the change.
   * @param {string} key @param {string[]} seen @param {(lane: Lane, known: boolean) => Lane | undefined} edit
   * @param {number} [patience] Milliseconds for which a store that fails is asked again
   */
  const change = async (key, seen, edit, patience = PATIENCE) => {
    const until = performance.now() + patience;
    /** @template T @param {() => Promise<T>} ask @returns {Promise<T | undefined>} */
    const asked = async (ask) => {
      try {
        return await ask();
      } catch (error) {
        if (performance.now() >= until) throw error;
        return undefined;
      }
    };
    for (let tries = 0; ; tries += 1) {
      if (tries > 0) await pause(Math.random() * 2 ** Math.min(tries + 2, 9));
      if (performance.now() > until + CONTENTION) throw contended();
      const found = await asked(() => store.read([key, ...seen]));
      if (!found) continue;
      const [entry, ...others] = found;
      const known = others.some(Boolean);
      const lane = edit(copyOf(entry?.value ?? { queue: [], holder: null }), known);
      const isEmpty = lane?.queue.length === 0;
      if (!lane || (isEmpty && !entry)) return lane;
      const now = Date.now();
      const stamp = random();
      const written = await asked(() =>
        store.write([
          {
            key,
            was: entry?.stamp ?? null,
            entry: isEmpty ? null : { stamp, open: true, at: entry?.at ?? now, value: lane },
          },
          ...(known ? [] : seen).map((one) => ({
            key: one,
            was: null,
            entry: { stamp: random(), open: false, at: now, value: null },
          })),
        ]),
      );
      if (written) return lane;
    }
  };

  const drop = (/** @type {Lane} */ lane, /** @type {string} */ id) =>
    void (lane.queue = lane.queue.filter((one) => one.id !== id));

  /** Counts an attempt that has failed, and gives up a delivery that has had all of its. @param {Lane} lane @param {string} id */
  const fail = (lane, id) => {
    const item = lane.queue.find((one) => one.id === id);
    if (!item) return;
    item.failures += 1;
    if (isTurn(item.event) || item.failures >= attempts) drop(lane, id);
  };

  /** Takes the first of a conversation, unless another machine works on it. */
  const taking = () => {
    const token = random();
    let gaveUp = false;
    return {
      token,
      /** @param {Lane} lane */
      claim: (lane) => {
        const { holder } = lane;
        // It is ours already where the answer of the store was lost.
        if (holder?.token === token) return lane;
        if (holder && holder.until > Date.now()) return undefined;
        const before = lane.queue.length;
        // Its machine died, which counts: a delivery that ends each process must not stop its conversation for ever.
        if (holder) fail(lane, holder.id);
        gaveUp = lane.queue.length < before;
        const [first] = lane.queue;
        if (!first && !holder) return undefined;
        lane.holder = first ? { token, until: Date.now() + lease, id: first.id } : null;
        return lane;
      },
      report: () => {
        if (gaveUp) quietly(() => onError(died()));
      },
    };
  };

  /** @param {string} key */
  const take = async (key) => {
    const { claim, report } = taking();
    const lane = await change(key, [], claim);
    report();
    return lane?.holder ? lane : undefined;
  };

  /** Works on what was taken. Gives what the handler returned; throws what it threw, when the delivery has been given back. @param {string} key @param {Lane} lane @param {any} handler */
  const work = async (key, { queue, holder }, handler) => {
    const { token, id } = /** @type {Holder} */ (holder);
    const item = /** @type {Item} */ (queue.find((one) => one.id === id));
    const controller = new AbortController();
    /** @type {ReturnType<typeof setTimeout>} */
    let timer;
    const renew = async () => {
      const held = await change(key, [], (lane) => {
        if (lane.holder?.token !== token) return undefined;
        lane.holder.until = Date.now() + lease;
        return lane;
      });
      if (held) beat();
      else controller.abort();
    };
    // A renewal that fails is followed by another: the lease is long enough for two of them. One may end behind the handler.
    const beat = () => {
      if (!controller.signal.aborted) timer = setTimeout(() => quietly(() => renew().catch(beat)), lease / 3);
    };
    beat();
    /** @param {(lane: Lane, mine: boolean) => unknown} edit */
    const end = async (edit) => {
      clearTimeout(timer);
      controller.abort();
      // Nobody else begins with it before the lease is over.
      await change(
        key,
        [],
        (lane) => {
          const mine = lane.holder?.token === token;
          edit(lane, mine);
          if (mine) lane.holder = null;
          return lane;
        },
        lease,
      );
    };
    let result;
    try {
      result = await handler(item.event, { signal: controller.signal, attempt: item.failures + 1 });
    } catch (error) {
      await end((lane, mine) => mine && fail(lane, id));
      throw error;
    }
    // Also if another machine has taken over: it is done, and must not be done again.
    await end((lane) => drop(lane, id));
    return { id, result };
  };

  /**
   * Works on a conversation until nothing is left of it, except what other workers have.
   * @param {string} key @param {any} handler @param {Lane | undefined} first @param {string} [own] The delivery whose result and error are the caller's
   */
  const drain = async (key, handler, first, own) => {
    const counts = { handled: 0, failed: 0 };
    /** @type {any} */
    let outcome = { status: "queued" };
    for (let lane = first ?? (await take(key)); lane; lane = await take(key)) {
      try {
        const { id, result } = await work(key, lane, handler);
        counts.handled += 1;
        if (id === own) outcome = { status: "handled", result };
      } catch (error) {
        counts.failed += 1;
        if (lane.holder?.id === own) throw error;
        quietly(() => onError(error));
        break;
      }
    }
    return { outcome, counts };
  };

  /** @param {string} subject @param {any} handler */
  const checked = (subject, handler) => {
    if (typeof handler !== "function") refuse(subject, "the handler must be a function", handler);
  };

  return {
    handle: async (/** @type {any} */ event, /** @type {any} */ handler) => {
      const { keys, lane, item } = guard("inbox.handle", () => {
        checked("inbox.handle", handler);
        const found = deliveryKeys(event)?.filter((key) => /^[!-~]{1,400}$/.test(key));
        if (!found?.[0]) return refuse("inbox.handle", "the first argument must be an event of webhooks.verify", event);
        const id = found.at(-1) ?? "";
        return {
          keys: found.map((key) => `inbox:d:${key}`),
          lane: laneOf(event, id),
          item: { id, at: timeOf(event), failures: 0, event: copyOf(event) },
        };
      });
      const { token, claim, report } = taking();
      let status = "duplicate";
      const accepted = await change(lane, keys, (now, known) => {
        status = now.queue.some(({ id }) => id === item.id) ? "waiting" : "duplicate";
        // Written already, though the store said that it failed.
        if (now.holder?.token === token) return now;
        // One that still waits may have been pruned from those that were seen.
        if (known || status === "waiting") return undefined;
        if (now.queue.length >= MOST) return refuse("inbox.handle", "the queue of this conversation is full");
        now.queue.push(item);
        now.queue.sort((one, other) => one.at - other.at);
        return now.queue[0] === item ? (claim(now) ?? now) : now;
      });
      report();
      if (!accepted && status === "duplicate") return { status };
      const mine = accepted?.holder?.id === item.id ? accepted : undefined;
      return (await drain(lane, handler, mine, item.id)).outcome;
    },
    resume: async (/** @type {any} */ handler) => {
      checked("inbox.resume", handler);
      const total = { handled: 0, failed: 0 };
      /** @type {{ at: number, key: string } | undefined} */
      let after;
      for (;;) {
        /** @type {{ at: number, key: string }[]} */
        const page = await store.open({ limit: 100, after });
        for (const { key } of page) {
          if (!key.startsWith(PREFIX)) continue;
          const { counts } = await drain(key, handler, undefined);
          total.handled += counts.handled;
          total.failed += counts.failed;
        }
        const last = page.at(-1);
        if (!last) return total;
        after = { at: last.at, key: last.key };
      }
    },
  };
};

export const inbox = (/** @type {any} */ options) => guard("inbox", () => made(options));
