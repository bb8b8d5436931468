// @ts-check
// `agentphone-wasm/sandbox/demo`: two weeks of believable activity for demonstrations, and live activity while it is
// watched. A separate entry, so that only its users load its texts.

import { createActivity } from "./activity.mjs";
import { AGENTS, people } from "./cast.mjs";
import { createPast, request } from "./past.mjs";
import { createDice } from "./random.mjs";
import { createReceiver } from "./receiver.mjs";
import { createScenes } from "./scenes.mjs";
import { liveThrough } from "./week.mjs";

/** @import { Engine } from "../host.mjs" */
/** @import { Staff } from "./scenes.mjs" */

/** Enough for the past and for years of live activity. */
const BALANCE_CENTS = 50_000;

/** @type {typeof import("./index.d.ts").demo} */
export function demo({ seed, live = true } = {}) {
  return /** @type {import("../types.js").Demo} */ ({
    balanceCents: BALANCE_CENTS,
    play: (engine, end, usual = 1, kept = false) => play(engine, end, seed ?? usual, live, kept),
  });
}

/**
 * Plays the two weeks that end now, and returns what the host needs to continue.
 * @param {Engine} engine
 * @param {number} end
 * @param {number} seed
 * @param {boolean} live
 * @param {boolean} kept Whether the host is about to restore a state that already contains them.
 */
function play(engine, end, seed, live, kept) {
  const dice = createDice(seed);
  const receiver = createReceiver(dice);
  const past = createPast(engine, receiver);
  const staff = kept ? [] : liveThrough({ past, dice, receiver, end });
  /** @type {Parameters<typeof createActivity>[0]["ask"]} */
  const ask = (at, method, path, body) => request(engine, at, method, path, body);
  const begin = (/** @type {number} */ now) =>
    live && staff.length > 0
      ? createActivity({ dice, receiver, scenes: createScenes(dice, people(), staff), staff, ask, now })
      : undefined;
  let activity = begin(end);
  const first = kept ? undefined : engine.snapshot();
  return {
    /** The webhooks of the past, oldest first. */
    sent: past.sent,
    /** Finds the demo's agents in a restored state. @param {number} now */
    resume(now) {
      staff.splice(0, Infinity, ...staffOf(engine, now));
      activity = begin(now);
    },
    due: () => activity?.due() ?? Infinity,
    visit: (/** @type {number} */ at) => activity?.visit(at),
    /** Responses of the demo's servers; undefined for any other URL. @param {string} url @param {RequestInit} init */
    network(url, init) {
      if (!receiver.owns(url)) return undefined;
      const reply = receiver.reply({
        url,
        headers: /** @type {Record<string, string>} */ (init.headers),
        body: String(init.body),
      });
      return "error" in reply
        ? Promise.reject(new Error(reply.error))
        : Promise.resolve(new Response(reply.body, { status: reply.status }));
    },
    /** The state after a reset. @param {number} now */
    again(now) {
      activity = first === undefined ? undefined : begin(now);
      return first;
    },
  };
}

/**
 * The cast's agents with their lines, if all of them exist.
 * @param {Engine} engine
 * @param {number} now
 * @returns {Staff[]}
 */
function staffOf(engine, now) {
  const list = (/** @type {string} */ path) => /** @type {any[]} */ (request(engine, now, "GET", path).data.data);
  // Newest first.
  const [agents, numbers] = [list("/v1/agents?limit=100"), list("/v1/numbers?limit=100").reverse()];
  const staff = AGENTS.map(({ fields }) => {
    const { id = "" } = agents.find(({ name }) => name === fields.name) ?? {};
    const own = numbers.filter(({ agentId }) => agentId === id);
    return {
      id,
      hosted: fields.voiceMode === "hosted",
      phones: own.map((n) => n.phoneNumber),
      lines: own.map((n) => n.id),
    };
  });
  return staff.every(({ id, lines }, i) => id !== "" && lines.length >= (AGENTS[i]?.lines.length ?? 0)) ? staff : [];
}
