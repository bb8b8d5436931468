// One run of chaos: workers place the calls of a plan while answers are lost, workers are killed and the database is
// restarted. First with the default, which never sends again what was not found; then, for what is still in doubt, with the
// caller's word that it may be. What came of it is judged by `judge.mjs`.

import { setTimeout as pause } from "node:timers/promises";
import { AgentPhone } from "agentphone-wasm";
import { connect } from "../ledger/connect.mjs";
import { startCrew } from "./crew.mjs";
import { judged } from "./judge.mjs";
import { API_KEY, LATEST, planOf } from "./plan.mjs";
import { startSandbox } from "./sandbox.mjs";

/** @import { Intent, SettleOptions } from "agentphone-wasm" */
/** @import { Job } from "./plan.mjs" */
/** @import { Report } from "./worker.mjs" */
/** @import { Store } from "./stores.mjs" */

/** A use of a key, and what came of it. @typedef {{ job: Job, tries: number, reports: Report[], isOver: boolean }} Use */

/** Milliseconds for one of the two parts of a run: for its waits, and for each key. */
const [PATIENCE, PATIENCE_OF_KEY] = [180_000, 600];
/** How often a use is tried again. */
const MOST_TRIES = 40;
/** Milliseconds before that. */
const PAUSE = 400;

/** What a caller may be told, beside that it is unknown what became of the call; and then tries again. */
const NOTHING_SENT = ["LANE_IN_DOUBT", "LEDGER_UNAVAILABLE", "TIMEOUT"];
/** What was looked for long enough: only time, a person or the caller's word changes it. */
const HELD = ["absent_so_far", "ambiguous"];

/** @type {Record<"hold" | "again", SettleOptions>} */
const POLICIES = {
  hold: { within: 2 * LATEST, absent: "hold" },
  // Nothing comes later than LATEST, and what a busy machine adds: whoever has looked longer may send again.
  again: { within: 4 * LATEST, absent: "again" },
};

/** Waits for `work`, but not for ever. @template T @param {Promise<T>} work @param {number} ms @param {() => string} what @returns {Promise<T>} */
const inTime = async (work, ms, what) => {
  const controller = new AbortController();
  const late = pause(ms, undefined, { signal: controller.signal }).then(() => {
    throw new Error(`${what()}: not done after ${ms / 1000} s`);
  });
  late.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    controller.abort();
  }
};

/**
 * Runs it. Without a store: the official SDK, whose calls are made again until they are answered.
 * @param {{ keys: number, seed: number, workers?: number, kills: number, restarts: number, store?: Store | undefined, say?: (line: string) => void }} given
 */
export const chaos = async ({ keys, seed, workers = 4, kills, restarts, store, say = () => {} }) => {
  const began = performance.now();
  const plan = planOf({ keys, seed, kills, restarts: store?.restart ? restarts : 0 });
  const sandbox = await startSandbox(plan.jobs);
  const kind = store ? "ours" : "official";
  /** @type {Use[]} */
  const uses = plan.jobs.flatMap((job) =>
    Array.from({ length: job.twice ? 2 : 1 }, () => ({ job, tries: 0, reports: [], isOver: false })),
  );
  /** @type {Set<ReturnType<typeof setTimeout>>} */
  const timers = new Set();
  const later = (/** @type {() => void} */ work, /** @type {number} */ ms) => {
    const timer = setTimeout(() => (timers.delete(timer), work()), ms);
    timers.add(timer);
  };
  /** What must not be said or happen. @type {string[]} */
  const breaches = [];
  let [policy, open, over, restarted] = [POLICIES.hold, 0, 0, 0];
  let finish = () => {};
  /** @type {Promise<void>} */
  let restarting = Promise.resolve();

  const give = (/** @type {number} */ at) => {
    const { job } = /** @type {Use} */ (uses[at]);
    crew.give({ use: at, key: job.key, toNumber: job.toNumber, settle: policy });
  };
  const restart = async () => {
    await store?.restart?.(restarted % 2 === 0 ? "kill" : "stop");
    restarted += 1;
  };
  /** What is planned for when so much has been done. */
  const disturb = () => {
    over += 1;
    while (plan.kills.length > 0 && over >= /** @type {number} */ (plan.kills[0])) {
      plan.kills.shift();
      const victim = Math.floor(plan.random() * workers);
      later(() => void crew.kill(victim), Math.floor(plan.random() * 100));
    }
    while (plan.restarts.length > 0 && over >= /** @type {number} */ (plan.restarts[0])) {
      plan.restarts.shift();
      restarting = restarting.then(restart);
    }
  };
  const report = (/** @type {Report} */ said) => {
    const use = /** @type {Use} */ (uses[said.use]);
    use.reports.push(said);
    use.tries += 1;
    const { id, code = "", state = "", unknown = false } = said;
    if (store && code !== "" && !unknown && !NOTHING_SENT.includes(code))
      breaches.push(`${use.job.key}: ${code} ${said.message?.slice(0, 200)}`);
    const isHeld = policy === POLICIES.hold && (HELD.includes(state) || (code === "LANE_IN_DOUBT" && use.tries > 2));
    if (id === undefined && !isHeld && use.tries < MOST_TRIES) return later(() => give(said.use), PAUSE);
    use.isOver = true;
    open -= 1;
    disturb();
    if (open === 0) finish();
  };
  const settings = { kind, url: sandbox.url, agentId: sandbox.agentId, place: store?.place };
  const crew = startCrew({ size: workers, settings, report });
  /** Has these uses done. @param {number[]} wanted @param {string} what */
  const done = async (wanted, what) => {
    if (wanted.length === 0) return;
    open = wanted.length;
    const all = new Promise((resolve) => (finish = () => resolve(undefined)));
    for (const at of wanted) give(at);
    await inTime(all, PATIENCE + PATIENCE_OF_KEY * keys, () => `${what}, but for ${open}`);
    say(`${what}: ${Math.round((performance.now() - began) / 1000)} s`);
  };

  /** @type {Awaited<ReturnType<typeof connect>> | undefined} */
  let connection;
  try {
    await done([...uses.keys()], "placed");
    await restarting;
    const held = store ? (await sandbox.placed()).length : 0;
    /** @type {Intent[]} */
    const pending = [];
    /** @type {Map<string, Intent>} */
    const known = new Map();
    let heldBack = 0;
    if (store) {
      connection = await connect(store.place);
      const client = new AgentPhone({
        apiKey: API_KEY,
        baseUrl: sandbox.url,
        ledger: connection.ledger,
        logLevel: "off",
      });
      await client.effects.settle();
      for await (const _ of client.effects.pending()) heldBack += 1;
      policy = POLICIES.again;
      const left = [...uses.keys()].filter((at) => uses[at]?.reports.at(-1)?.id === undefined);
      for (const at of left) Object.assign(/** @type {Use} */ (uses[at]), { tries: 0, isOver: false });
      await done(left, "placed again");
      await restarting;
      await client.effects.settle();
      for await (const intent of client.effects.pending()) pending.push(intent);
      for (const { key } of plan.jobs) {
        const intent = await client.effects.get(key);
        if (intent) known.set(key, intent);
      }
    }
    const placed = await sandbox.placed();
    const figures = { ...crew.counts, restarted, heldBack, held, seconds: (performance.now() - began) / 1000 };
    return {
      figures,
      ...judged({ jobs: plan.jobs, uses, placed, known, pending, breaches, isOurs: store !== undefined }),
    };
  } finally {
    for (const timer of timers) clearTimeout(timer);
    crew.stop();
    sandbox.stop();
    await restarting.catch(() => {});
    await connection?.end();
  }
};
