// @ts-check
// `agentphone-wasm/sandbox/demo`: a week of believable activity for those who want to show something, and
// news while somebody looks. Apart from the sandbox, so that nobody else loads its texts.

import { createNews } from "./news.mjs";
import { createPast, request } from "./past.mjs";
import { createDice } from "./random.mjs";
import { createReceiver } from "./receiver.mjs";
import { createScenes } from "./scenes.mjs";
import { liveThrough } from "./week.mjs";

/** @import { Engine } from "../host.mjs" */

/** Enough for the week and for years of news. */
const BALANCE_CENTS = 50_000;

/** @type {typeof import("./index.d.ts").demo} */
export function demo({ seed, live = true } = {}) {
  return /** @type {import("../types.js").Demo} */ ({ balanceCents: BALANCE_CENTS, play: (engine, end, usual = 1) => play(engine, end, seed ?? usual, live) });
}

/**
 * Lives through the week that ends now, and gives what the host needs to go on.
 * @param {Engine} engine
 * @param {number} end
 * @param {number} seed
 * @param {boolean} live
 */
function play(engine, end, seed, live) {
  const dice = createDice(seed);
  const receiver = createReceiver(dice);
  const { staff, folk } = liveThrough({ past: createPast(engine, receiver), dice, receiver, end });
  const scenes = createScenes(dice, folk, staff);
  /** @type {Parameters<typeof createNews>[0]["ask"]} */
  const ask = (at, method, path, body) => request(engine, at, method, path, body);
  const news = live ? createNews({ dice, receiver, scenes, staff, ask, now: end }) : undefined;
  const week = engine.snapshot();
  return {
    due: () => news?.due() ?? Infinity,
    visit: (/** @type {number} */ at) => news?.visit(at),
    /** What the servers of the demonstration answer; undefined for any other address. @param {string} url @param {RequestInit} init */
    network(url, init) {
      if (!receiver.owns(url)) return undefined;
      const reply = receiver.reply({ url, headers: /** @type {Record<string, string>} */ (init.headers), body: String(init.body) });
      return "error" in reply ? Promise.reject(new Error(reply.error)) : Promise.resolve(new Response(reply.body, { status: reply.status }));
    },
    /** The state to which a reset goes back. @param {number} now */
    again(now) {
      news?.begin(now);
      return week;
    },
  };
}
