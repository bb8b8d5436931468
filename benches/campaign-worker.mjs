// One campaign of the simulation, in a process of its own, so that its memory is its own:
//
//   fork("campaign-worker.mjs", ['{"people": 100000, "workers": 16, "file": "/tmp/x.db"}'])

import { statSync } from "node:fs";
import { AgentPhone } from "agentphone-wasm";
import { openStore, planCampaign, runWorker, start, statusOf } from "agentphone-wasm-cli/campaign";
import { ledgerTools } from "../tests/ledger/tools.mjs";
import { recipientOf, simulatedAccount } from "./campaign-account.mjs";
import { virtualClock } from "./campaign-clock.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

const { people, workers, file } = JSON.parse(process.argv[2] ?? "{}");
/** A worker is killed whenever so many more people have been called. */
const KILL_EVERY = Math.max(200, Math.floor(people / 50));
/** The limits of the simulated account: 50 calls at a time for each of its ten numbers, which is what limits the speed. */
const LIMITS = { perMinute: 100_000, perNumber: 50, longestCall: 120 };
/** Milliseconds between two measurements of the memory, each after a collection. */
const SAMPLE = 3_000;

// Where better-sqlite3 is, for a Node.js without SQLite.
process.chdir(ledgerTools());

let underWay = 0;
const clock = virtualClock(() => underWay > 0);
// The client dates what is in doubt, and must not think that a minute ago was an hour ago.
Date.now = clock.now;
const account = simulatedAccount(people, clock.now);

/** What a killed process waits for: nothing comes of it any more. */
const never = () => new Promise(() => {});

/** A store, a client and a switch that kills both. */
const machine = async () => {
  const life = { isOver: false };
  /** What a method returns, unless the process has been killed meanwhile. @param {(...args: Foreign[]) => Promise<Foreign>} work */
  const mortal =
    (work) =>
    async (/** @type {Foreign[]} */ ...args) => {
      if (life.isOver) return never();
      underWay += 1;
      try {
        const result = await work(...args);
        return life.isOver ? never() : result;
      } catch (error) {
        if (life.isOver) return never();
        throw error;
      } finally {
        underWay -= 1;
      }
    };
  /** @template {object} T @param {T} object @param {Partial<T>} [own] @returns {T} */
  const watched = (object, own = {}) =>
    /** @type {T} */ (
      Object.fromEntries(
        Object.entries({ ...object, ...own }).map(([name, found]) => [
          name,
          typeof found === "function" ? mortal(/** @type {Foreign} */ (found)) : found,
        ]),
      )
    );
  const opened = await openStore(file);
  const store = watched(opened, { ledger: watched(opened.ledger) });
  const client = new AgentPhone({
    apiKey: "sk_simulation",
    fetch: mortal(account.fetch),
    logLevel: "off",
    ledger: store.ledger,
  });
  // A killed process does not wake up either.
  const sleep = async (/** @type {Parameters<typeof clock.sleep>} */ ...args) => {
    if (!life.isOver) await clock.sleep(...args);
    if (life.isOver) await never();
  };
  return { store, client, clock: { now: clock.now, sleep }, life, close: () => opened.close() };
};

const first = await machine();
const list = function* () {
  for (let at = 0; at < people; at += 1) yield { phone: recipientOf(at), name: `Person ${at}`, order: `order-${at}` };
};
const began = process.cpuUsage();
const beganAt = performance.now();
await planCampaign({
  store: first.store,
  client: first.client,
  id: "simulation",
  kind: "call",
  agentId: "agent_1",
  initialGreeting: "Hello {{name}}, this is about {{order}}.",
  quietHours: null,
  zone: "America/New_York",
  people: list(),
  now: clock.now,
  ...LIMITS,
});
const cpuSince = (/** @type {NodeJS.CpuUsage} */ from) => {
  const { user, system } = process.cpuUsage(from);
  return (user + system) / people;
};
const planned = cpuSince(began);
await start(first.store, "simulation", clock.now());
const from = clock.now();
const beganRun = process.cpuUsage();

let isOver = false;
let killed = 0;
/** The greatest heap that was in use after a collection. */
let heap = 0;
let resident = 0;
const sample = () => {
  global.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  heap = Math.max(heap, heapUsed);
  resident = Math.max(resident, rss);
};
const sampling = setInterval(sample, SAMPLE);

/** A worker's place: when its process is killed, another one begins. */
const place = async () => {
  for (;;) {
    const one = await machine();
    /** @type {(value: "killed") => void} */
    let kill = () => {};
    const death = new Promise((resolve) => {
      kill = resolve;
    });
    const entry = { kill: () => ((one.life.isOver = true), kill("killed")) };
    alive.push(entry);
    const ended = await Promise.race([runWorker("simulation", { ...one, every: 5_000 }), death]);
    alive.splice(alive.indexOf(entry), 1);
    one.client.dispose();
    await one.close();
    if (ended !== "killed") return ended;
  }
};
/** @type {{ kill: () => void }[]} */
const alive = [];
const all = Promise.all(Array.from({ length: workers }, place));
const killer = (async () => {
  for (let next = KILL_EVERY; !isOver; ) {
    await clock.sleep(1_000);
    if (account.requests.create < next || alive.length === 0) continue;
    next = account.requests.create + KILL_EVERY;
    alive[killed % alive.length].kill();
    killed += 1;
  }
})();
await all;
isOver = true;
await killer;
clearInterval(sampling);
// A short campaign has ended before the first one.
sample();

const cpu = cpuSince(beganRun);
const campaign = await first.store.get("simulation");
if (campaign === undefined) throw new Error("the campaign is gone");
const { counts } = await statusOf(first.store, campaign, clock.now());
let [placed, twice, without] = [0, 0, 0];
for (const calls of account.calls) {
  placed += calls;
  if (calls > 1) twice += 1;
  if (calls === 0) without += 1;
}
await first.close();
process.send?.({
  people,
  workers,
  seconds: (clock.now() - from) / 1000,
  state: campaign.state,
  counts,
  placed,
  twice,
  without,
  killed,
  requests: account.requests,
  planned,
  cpu,
  heap,
  resident,
  bytes: statSync(file).size,
  took: (performance.now() - beganAt) / 1000,
});
process.disconnect?.();
