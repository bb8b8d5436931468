// The cost of a ledger: reading and writing a key, compared with one handwritten INSERT or SET on the same server
// and connection. Most of the time goes to the disk, which must have each write before it is confirmed.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "../tests/ledger/connect.mjs";
import { noPostgres, noRedis, startPostgres, startRedis } from "../tests/ledger/servers.mjs";
import { number, ranged } from "./report.mjs";
import { interleaved, summary } from "./stats.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

const VALUE = { state: "sending", operation: "calls.create", hash: "x".repeat(43), lane: "x".repeat(43), attempts: 1 };
const TEXT = JSON.stringify(VALUE);
let count = 0;
const unique = () => `reminder:order-${(count += 1)}`;

/** The ledger operations of one use of a key. @param {Foreign} ledger */
const uses = (ledger) => ({
  read: () => ledger.read([unique()]),
  write: () =>
    ledger.write([{ key: unique(), was: null, entry: { stamp: "1", open: true, at: Date.now(), value: VALUE } }]),
  call: async () => {
    const key = unique();
    const at = Date.now();
    await ledger.read([key]);
    await ledger.write([{ key, was: null, entry: { stamp: "1", open: true, at, value: VALUE } }]);
    await ledger.write([{ key, was: "1", entry: { stamp: "2", open: false, at, value: VALUE } }]);
  },
});

/** Stores, each with the handwritten equivalent. @type {Record<string, () => Promise<{ ledger: Foreign, byHand?: () => unknown, end: () => Promise<void> } | string>>} */
const stores = {
  memory: async () => {
    const map = new Map();
    return { ...(await connect({ kind: "memory" })), byHand: async () => map.set(unique(), TEXT) };
  },
  "SQLite (better-sqlite3)": async () => {
    const folder = mkdtempSync(join(tmpdir(), "agentphone-bench-"));
    const { ledger, raw, end } = await connect({ kind: "better-sqlite3", path: join(folder, "x.db") });
    await ledger.read(["x"]);
    raw.exec("CREATE TABLE by_hand (key TEXT PRIMARY KEY, value TEXT)");
    const insert = raw.prepare("INSERT INTO by_hand VALUES (?, ?)");
    return {
      ledger,
      byHand: async () => insert.run(unique(), TEXT),
      end: async () => (await end(), rmSync(folder, { recursive: true })),
    };
  },
  PostgreSQL: async () => {
    if (noPostgres) return noPostgres;
    const server = await startPostgres();
    const { ledger, raw, end } = await connect({ kind: "pg", port: server.port });
    await raw.query("CREATE TABLE by_hand (key text PRIMARY KEY, value text)");
    return {
      ledger,
      byHand: () => raw.query("INSERT INTO by_hand VALUES ($1, $2)", [unique(), TEXT]),
      end: async () => (await end(), server.remove()),
    };
  },
  "Redis (node-redis)": async () => {
    if (noRedis) return noRedis;
    const server = await startRedis();
    const { ledger, raw, end } = await connect({ kind: "redis", port: server.port });
    return {
      ledger,
      byHand: () => raw.set(unique(), TEXT, { NX: true }),
      end: async () => (await end(), server.remove()),
    };
  },
};

/** Microseconds, by store and operation. @param {Foreign} options */
export const measure = async ({ quick }) => {
  /** @type {Record<string, Foreign>} */
  const figures = {};
  for (const [name, open] of Object.entries(stores)) {
    const opened = await open();
    if (typeof opened === "string") {
      figures[name] = opened;
      continue;
    }
    const { ledger, byHand, end } = opened;
    const subjects = /** @type {Record<string, () => unknown>} */ ({ byHand, ...uses(ledger) });
    const batch = (name === "memory" ? 2000 : 50) / (quick ? 2 : 1);
    const sample = async (/** @type {string} */ subject) => {
      const began = performance.now();
      for (let turn = 0; turn < batch; turn += 1) await subjects[subject]();
      return ((performance.now() - began) / batch) * 1000;
    };
    const names = Object.keys(subjects);
    await interleaved(names, 3, sample);
    const samples = await interleaved(names, quick ? 5 : 15, sample);
    figures[name] = Object.fromEntries(names.map((subject) => [subject, summary(samples[subject])]));
    await end();
  }
  return figures;
};

export const tables = (/** @type {Foreign} */ figures) => [
  {
    title: "A ledger, µs",
    head: ["store", "one INSERT or SET by hand", "read", "write", "a keyed call: read, write, write"],
    rows: Object.entries(figures).map(([name, figure]) =>
      typeof figure === "string"
        ? [name, figure, "-", "-", "-"]
        : [name, ...["byHand", "read", "write", "call"].map((what) => ranged(figure[what], name === "memory" ? 2 : 0))],
    ),
    notes: [`One after another, a value of ${number(TEXT.length, 0)} bytes; medians, in brackets the middle half.`],
  },
];
