// Runs each compared client in its own process, in turns: no client benefits from what V8 has optimized for
// another, and a slow phase of the machine affects all of them alike. A failing request ends its process, and with
// it the benchmark.

import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { costNames } from "./clients.mjs";
import { interleaved, summary } from "./stats.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

/** Starts `benches/FILE ARGS…` and waits for its warm-up. @param {string} file @param {string[]} args @param {string[]} execArgv */
const start = async (file, args, execArgv) => {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, { execArgv });
  const ended = new Promise((_, reject) => {
    child.once("exit", (code) => reject(new Error(`${file} ${args.join(" ")}: the process ended with ${code}`)));
  });
  ended.catch(() => {});
  const answer = () => Promise.race([once(child, "message").then(([message]) => message), ended]);
  const stop = () => child.connected && child.disconnect();
  try {
    await answer();
  } catch (error) {
    stop();
    throw error;
  }
  return {
    sample: (/** @type {string} */ way) => {
      child.send(way);
      return answer();
    },
    stop,
  };
};

/**
 * The samples of each way by client: `{ [way]: { [client]: sample[] } }`. `file` is forked with the client's name and
 * `args`; it sends "ready", and answers the name of a way with one sample. `names`: the compared clients.
 * @param {{ file: string, args: string[], ways: string[], rounds: number, execArgv?: string[], names?: readonly string[] }} turns
 */
export const takeTurns = async ({ file, args, ways, rounds, execArgv = [], names = costNames }) => {
  /** @type {Record<string, Awaited<ReturnType<typeof start>>>} */
  const children = {};
  try {
    for (const client of names) children[client] = await start(file, [client, ...args], execArgv);
    /** @type {Record<string, Foreign>} */
    const samples = {};
    for (const way of ways) {
      samples[way] = await interleaved(names, rounds, (/** @type {string} */ client) => children[client].sample(way));
    }
    return samples;
  } finally {
    for (const child of Object.values(children)) child.stop();
  }
};

/** One figure from samples by client, and its difference from `fetch` in the same round. */
export const compared = (
  /** @type {Record<string, Foreign[]>} */ samples,
  /** @type {(sample: Foreign) => number} */ figure,
) => {
  const of = (/** @type {string} */ client) => samples[client].map(figure);
  const over = (/** @type {string} */ client) =>
    summary(
      of(client).map((/** @type {number} */ value, /** @type {number} */ round) => value - figure(samples.raw[round])),
    );
  return {
    total: Object.fromEntries(costNames.map((client) => [client, summary(of(client))])),
    overhead: { ours: over("ours"), official: over("official") },
  };
};
