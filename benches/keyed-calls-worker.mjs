// Runs one way of placing calls, or of recording one by hand, in its own process (workers.mjs).
//
// `node --cpu-prof keyed-calls-worker.mjs memory alone {} 60000` places that many calls without a parent, for
// profiling.

import { join } from "node:path";
import { AgentPhone } from "agentphone-wasm";
import { connect } from "../tests/ledger/connect.mjs";
import { apiKey } from "./clients.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

const [subject = "", mode = "", where = "{}", alone] = process.argv.slice(2);
const places = JSON.parse(where);
const [name = "", byHand] = subject.split(" ");
const isLocal = name === "plain" || name === "memory";
/** Calls per round and during warm-up. A store on disk is much slower. */
const load = isLocal ? { full: 2000, quick: 1000, warmUp: 6000 } : { full: 200, quick: 100, warmUp: 300 };

const agentId = "agt_00000000000000000001";
let made = 0;
const transport = async (/** @type {string} */ _, /** @type {Foreign} */ init) => {
  made += 1;
  const { toNumber } = JSON.parse(init.body);
  const call = {
    id: `call_${made}`,
    agentId,
    fromNumber: "+14155550101",
    toNumber,
    direction: "outbound",
    status: "queued",
  };
  return Response.json({ ...call, startedAt: "2026-11-22T12:00:00Z" });
};

const sqliteKind = Number(process.versions.node.split(".")[0]) >= 24 ? "node:sqlite" : "better-sqlite3";
/** @type {Record<string, () => ReturnType<typeof connect>>} */
const KINDS = {
  sqlite: () => connect({ kind: sqliteKind, path: join(places.folder, byHand ? "hand.db" : "effects.db") }),
  postgres: () => connect({ kind: "pg", port: places.postgres }),
  redis: () => connect({ kind: "redis", port: places.redis }),
};
const connection = await KINDS[name]?.();

/** Records a key by hand. @type {Record<string, (raw: Foreign) => Promise<(key: string, value: string) => unknown>>} */
const BY_HAND = {
  sqlite: async (raw) => {
    raw.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE noted (key TEXT PRIMARY KEY, value TEXT)",
    );
    const insert = raw.prepare("INSERT INTO noted VALUES (?, ?)");
    return (key, value) => insert.run(key, value);
  },
  postgres: async (raw) => {
    await raw.query("CREATE TABLE noted (key TEXT PRIMARY KEY, value TEXT)");
    return (key, value) => raw.query("INSERT INTO noted VALUES ($1, $2)", [key, value]);
  },
  redis: async (raw) => (key, value) => raw.set(key, value),
};

/** The measured operation. @param {Foreign} ledger */
const caller = async (ledger) => {
  let at = 0;
  if (byHand) {
    const note = await /** @type {Foreign} */ (BY_HAND)[name](connection?.raw);
    return () => note(`order-${++at}`, '{"state":"placed","id":"call_1"}');
  }
  const client = new AgentPhone({ apiKey, fetch: transport, logLevel: "off", ledger });
  return async () => {
    at += 1;
    const toNumber = `+1415${5550000 + (at % 10_000)}`;
    const call = await client.calls.create(
      { agentId, toNumber },
      name === "plain" ? {} : { idempotencyKey: `order-${at}` },
    );
    if (call.toNumber !== toNumber) throw new Error("another call");
  };
};

let run = await caller(connection?.ledger);
const repeat = async (/** @type {number} */ count) => {
  for (let at = 0; at < count; at += 1) await run();
};
const sample = async (/** @type {number} */ count) => {
  const began = performance.now();
  const before = process.cpuUsage();
  await repeat(count);
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / count, wall: ((performance.now() - began) * 1000) / count };
};

if (mode === "alone") {
  await repeat(Number(alone));
} else {
  if (!isLocal && !byHand) {
    // V8 needs thousands of calls to optimize the client well, which would take minutes on a disk.
    const measured = run;
    run = await caller(undefined);
    await repeat(6000);
    run = measured;
  }
  await repeat(load.warmUp);
  process.on("message", async () => process.send?.(await sample(load[/** @type {"full" | "quick"} */ (mode)])));
  process.on("disconnect", () => process.exit());
  process.send?.("ready");
}
