// Starts programs that use a ledger in processes of their own.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** @import { Place } from "./connect.mjs" */

const WORKER = fileURLToPath(new URL("worker.mjs", import.meta.url));

/**
 * @param {{ task: string, place: Place, turns?: number, key?: string }} work @param {string} [runtime]
 */
export const start = (work, runtime = process.execPath) => {
  const child = spawn(runtime, [WORKER, JSON.stringify(work)], { stdio: ["pipe", "pipe", "pipe"] });
  const out = { said: "", failed: "" };
  child.stdout.setEncoding("utf8").on("data", (chunk) => (out.said += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk) => (out.failed += chunk));
  const ended = once(child, "close").then(([code]) => {
    if (code !== 0 && code !== null) throw new Error(`${work.task} ended with ${code}\n${out.said}${out.failed}`);
    return out.said.split("\n").filter(Boolean);
  });
  // Whoever waits for it gets the error.
  ended.catch(() => {});
  /** Until it has said so many lines. @param {number} lines */
  const until = (lines) =>
    new Promise((resolve, reject) => {
      const look = () => out.said.split("\n").length > lines && resolve(undefined);
      child.stdout.on("data", look);
      child.once("close", () => ended.then(look, reject));
      look();
    });
  return { child, ended, until, say: (/** @type {string} */ text) => void child.stdin.write(`${text}\n`) };
};

/** Runs several at once to their ends. @param {Parameters<typeof start>[0][]} works */
export const runAll = (works) => Promise.all(works.map((work) => start(work).ended));

/** Starts several that use a new store for the first time at the same moment. @param {Place} place @param {number} count */
export const beginTogether = async (place, count) => {
  const all = Array.from({ length: count }, () => start({ task: "begin", place }));
  await Promise.all(all.map(({ until }) => until(1)));
  for (const { say } of all) say("go");
  return (await Promise.all(all.map(({ ended }) => ended))).map((lines) => lines.at(-1));
};

/** The keys that were confirmed before a program was killed. @param {string[]} lines The last may have been cut. */
export const confirmed = (lines) => lines.filter((line) => /^\d+ \d+$/.test(line)).slice(0, -1);

/** Which of the confirmed keys, with what was written beside each, are gone. @param {import("./connect.mjs").Ledger} ledger @param {string[]} keys */
export const lost = async (ledger, keys) => {
  const all = keys.flatMap((key) => [key, `${key} too`]);
  const found = await ledger.read(all);
  return all.filter((_, at) => found[at] === undefined);
};
