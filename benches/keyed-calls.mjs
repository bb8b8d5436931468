// The cost of an idempotency key: the same call with and without one, over a stub transport, with each ledger. For
// comparison, one handwritten INSERT or SET, which a program would use to record by itself that it has called
// somebody. A keyed call writes twice: before its request, and when the response has arrived.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { noPostgres, noRedis, startPostgres, startRedis } from "../tests/ledger/servers.mjs";
import { number, ranged } from "./report.mjs";
import { summary } from "./stats.mjs";
import { takeTurns } from "./workers.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

/** @type {Record<string, string>} */
const titles = {
  plain: "a call without a key",
  memory: "… with a key: memory",
  sqlite: "… with a key: SQLite",
  "sqlite by hand": "one INSERT by hand: SQLite",
  postgres: "… with a key: PostgreSQL",
  "postgres by hand": "one INSERT by hand: PostgreSQL",
  redis: "… with a key: Redis",
  "redis by hand": "one SET by hand: Redis",
};

/** The available servers and their addresses. @param {string} folder */
const started = async (folder) => {
  const servers = {
    ...(noPostgres ? {} : { postgres: await startPostgres() }),
    ...(noRedis ? {} : { redis: await startRedis() }),
  };
  const ports = Object.fromEntries(Object.entries(servers).map(([name, { port }]) => [name, port]));
  return {
    places: { folder, ...ports },
    names: Object.keys(titles).filter(
      (name) => !/postgres|redis/.test(name) || /** @type {string} */ (name.split(" ")[0]) in ports,
    ),
    stop: () => Promise.all(Object.values(servers).map(({ remove }) => remove())),
  };
};

/** Microseconds per call, of the calling process's CPU time and by the clock. */
export const measure = async (/** @type {Foreign} */ { quick }) => {
  const folder = mkdtempSync(join(tmpdir(), "agentphone-bench-"));
  const { places, names, stop } = await started(folder);
  try {
    const [mode, rounds] = quick ? ["quick", 7] : ["full", 19];
    const turns = {
      file: "keyed-calls-worker.mjs",
      args: [mode, JSON.stringify(places)],
      ways: ["call"],
      rounds,
      names,
    };
    const { call } = await takeTurns(turns);
    const base = (/** @type {number} */ round) => call?.plain[round].cpu;
    return Object.fromEntries(
      names.map((name) => [
        name,
        {
          cpu: summary(call?.[name].map((/** @type {Foreign} */ { cpu }) => cpu)),
          over: summary(call?.[name].map((/** @type {Foreign} */ { cpu }, /** @type {number} */ at) => cpu - base(at))),
          wall: summary(call?.[name].map((/** @type {Foreign} */ { wall }) => wall)),
        },
      ]),
    );
  } finally {
    await stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
};

export const tables = (/** @type {Foreign} */ figures) => [
  {
    title: "An idempotency key, µs a call, transport replaced by a stub",
    head: ["what", "CPU", "CPU over a call without a key", "time"],
    rows: Object.entries(figures).map(([name, { cpu, over, wall }]) => [
      titles[name],
      ranged(cpu),
      name === "plain" || name.endsWith("hand") ? "-" : ranged(over),
      number(wall.median, 0),
    ]),
    notes: [
      [
        `CPU is that of the calling process. Medians of ${figures.plain.cpu.rounds} interleaved rounds, in brackets the middle half.`,
        "SQLite in WAL with synchronous FULL, PostgreSQL with fsync, Redis with appendfsync always.",
      ].join(" "),
    ],
  },
];
