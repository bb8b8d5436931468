// A world for campaigns: a local AgentPhone whose clock stands still unless everybody sleeps, so that hours pass in
// milliseconds and every run is the same.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AgentPhone } from "agentphone-wasm";
import { createSandbox } from "agentphone-wasm/sandbox";
import { openStore, planCampaign } from "agentphone-wasm-cli/campaign";
import { ledgerTools } from "../../tests/ledger/tools.mjs";

/** @import { CampaignStore, Clock, PlanOptions } from "agentphone-wasm-cli/campaign" */
/** @import { Sandbox, SandboxOptions } from "agentphone-wasm/sandbox" */

// Where better-sqlite3 is, for a Node.js without SQLite: it is looked for from the folder of the process, too.
process.chdir(ledgerTools());

const tick = () => new Promise((resolve) => setImmediate(resolve));

/** A clock that goes on when everybody sleeps and no request is under way. @param {Sandbox} sandbox @param {() => boolean} isBusy @returns {Clock} */
const clockOf = (sandbox, isBusy) => {
  /** @type {{ at: number, wake: () => void }[]} */
  let sleepers = [];
  let pumping = false;
  const pump = async () => {
    if (pumping) return;
    pumping = true;
    while (sleepers.length > 0) {
      for (let quiet = 0; quiet < 4; quiet += 1) {
        await tick();
        if (isBusy()) quiet = -1;
      }
      const next = Math.min(...sleepers.map(({ at }) => at));
      const left = next - sandbox.clock.now();
      if (!Number.isFinite(next)) break;
      if (left > 0) await sandbox.clock.advance(left);
      const due = sleepers.filter(({ at }) => at <= sandbox.clock.now());
      sleepers = sleepers.filter((sleeper) => !due.includes(sleeper));
      for (const { wake } of due) wake();
    }
    pumping = false;
  };
  return {
    now: () => sandbox.clock.now(),
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const sleeper = { at: sandbox.clock.now() + milliseconds, wake: () => resolve() };
        sleepers.push(sleeper);
        signal?.addEventListener("abort", () => {
          sleepers = sleepers.filter((each) => each !== sleeper);
          resolve();
        });
        void pump();
      }),
  };
};

export const numberAt = (/** @type {number} */ at) => `+1415${5550000 + at}`;
export const peopleOf = (/** @type {number} */ count) =>
  Array.from({ length: count }, (_, at) => ({ phone: numberAt(at), name: `Person ${at}` }));

/** @param {{ sandbox?: SandboxOptions, address?: string, numbers?: number }} [options] */
export const worldOf = async ({ sandbox: given = {}, address, numbers = 3 } = {}) => {
  const folder = mkdtempSync(join(tmpdir(), "agentphone-campaign-"));
  const sandbox = createSandbox({
    clock: "manual",
    // The ledger runs by the real clock, and looks for calls that are not older than their request.
    start: new Date(),
    balanceCents: 1e9,
    ...given,
  });
  let underWay = 0;
  /** @type {typeof fetch} */
  const counted = async (url, init) => {
    underWay += 1;
    try {
      return await sandbox.fetch(url, init);
    } finally {
      underWay -= 1;
    }
  };
  /** A copy of an object whose methods are waited for by the clock. @template {object} T @param {T} object @param {Partial<T>} [own] @returns {T} */
  const watched = (object, own = {}) => {
    const methods = Object.entries({ ...object, ...own }).map(([name, found]) => {
      if (typeof found !== "function") return [name, found];
      const counted = async (/** @type {unknown[]} */ ...args) => {
        underWay += 1;
        try {
          return await found(...args);
        } finally {
          underWay -= 1;
        }
      };
      return [name, counted];
    });
    return Object.fromEntries(methods);
  };
  const clock = clockOf(sandbox, () => underWay > 0);
  /** @type {CampaignStore[]} */
  const stores = [];
  /** Another process, as it were: a store and a client of its own. @param {import("agentphone-wasm").ClientOptions} [options] */
  const join_ = async (options) => {
    const opened = await openStore(address ?? join(folder, "campaigns.db"));
    const store = watched(opened, { ledger: watched(opened.ledger) });
    stores.push(opened);
    const client = new AgentPhone({
      apiKey: "sk_test_campaign",
      fetch: counted,
      logLevel: "off",
      ledger: store.ledger,
      ...options,
    });
    return { store, client, clock };
  };
  const first = await join_();
  const agent = await first.client.agents.create({ name: "Ada" });
  for (let at = 0; at < numbers; at += 1) await first.client.numbers.buy({ agentId: agent.id });
  return {
    ...first,
    sandbox,
    folder,
    agentId: agent.id,
    join: join_,
    /** @param {Partial<PlanOptions> & { people: PlanOptions["people"] }} options */
    plan: (options) =>
      planCampaign({
        ...first,
        id: "c1",
        kind: "call",
        agentId: agent.id,
        zone: "America/New_York",
        perNumber: 5,
        perMinute: 6_000,
        quietHours: null,
        now: clock.now,
        ...options,
      }),
    placed: () => sandbox.effects().filter(({ operation }) => operation === "calls.create"),
    close: async () => {
      for (const store of stores) await store.close();
      sandbox.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};
