// The stores that a run of chaos keeps its keys in: real servers, and a SQLite file.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { noPostgres, noRedis, startPostgres, startRedis } from "../ledger/servers.mjs";

/** @typedef {{ place: import("../ledger/connect.mjs").Place, restart: ((how: "stop" | "kill") => Promise<void>) | undefined, remove: () => Promise<void> }} Store */

/** A server that is down for a moment. @param {Awaited<ReturnType<typeof startRedis>>} server @param {string} kind @returns {Store} */
const ofServer = (server, kind) => ({
  place: { kind, port: server.port, options: { timeout: 2_000 } },
  restart: async (how) => {
    await server[how]();
    await server.start();
  },
  remove: server.remove,
});

const hasSqlite = Number(process.versions.node.split(".")[0]) >= 24;

/** By name; `missing`: why it cannot be used here, or false. @type {Record<string, { title: string, missing: string | false, start: () => Promise<Store> }>} */
export const stores = {
  sqlite: {
    title: "SQLite",
    missing: false,
    start: async () => {
      const folder = mkdtempSync(join(tmpdir(), "agentphone-chaos-"));
      const place = { kind: hasSqlite ? "sqlite-path" : "better-sqlite3", path: join(folder, "effects.db") };
      const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      process.once("exit", remove);
      return { place, restart: undefined, remove: async () => (process.off("exit", remove), remove()) };
    },
  },
  postgres: {
    title: "PostgreSQL",
    missing: noPostgres,
    start: async () => ofServer(await startPostgres({ max_connections: "100" }), "pg"),
  },
  redis: { title: "Redis", missing: noRedis, start: async () => ofServer(await startRedis(), "redis") },
};
