// A campaign in chaos: workers in processes of their own that are killed, a database that is restarted, and an AgentPhone that
// loses a third of its answers. What came of it is judged by what the sandbox knows.

import { fork } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { AgentPhone } from "agentphone-wasm";
import { keyOf, openStore, planCampaign, start, statusOf } from "agentphone-wasm-cli/campaign";
import { seeded } from "../fuzz/chance.mjs";
import { ledgerTools } from "../ledger/tools.mjs";
import { API_KEY, LATEST, LOSSES } from "./plan.mjs";
import { startSandbox } from "./sandbox.mjs";

/** @import { Store } from "./stores.mjs" */

const WORKER = fileURLToPath(new URL("campaign-worker.mjs", import.meta.url));
const ID = "chaos";
/** Seconds after which a call has ended: those of the sandbox take eight. */
const LONGEST_CALL = 20;
/** Milliseconds that a run may take, and more for each person. */
const [PATIENCE, PATIENCE_OF_PERSON] = [240_000, 250];

/** Loses a third of the answers, each in one of the ways of the plan, by the sandbox's own dice. @param {string} url */
const lose = async (url) => {
  const kinds = Object.values(LOSSES).map((kind) => kind(LATEST));
  let left = 1;
  for (const faults of kinds)
    for (const fault of faults) {
      const share = 1 / 3 / kinds.length / faults.length;
      const rule = { ...fault, match: { operation: "calls.create" }, probability: share / left };
      left -= share;
      const response = await fetch(`${url}/__sandbox/faults`, { method: "POST", body: JSON.stringify(rule) });
      if (!response.ok) throw new Error(await response.text());
    }
};

/** Workers, of which there are always so many; the dead are replaced. @param {number} size @param {object} settings */
const crewOf = (size, settings) => {
  /** @type {Set<import("node:child_process").ChildProcess>} */
  const workers = new Set();
  const counts = { killed: 0, died: 0 };
  let isOver = false;
  const hire = () => {
    const child = fork(WORKER, [JSON.stringify(settings)], {
      execArgv: [],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    workers.add(child);
    let isDone = false;
    child.on("message", (message) => (isDone ||= message === "done"));
    child.once("close", (_, signal) => {
      workers.delete(child);
      if (isOver || isDone) return;
      if (signal !== "SIGKILL") counts.died += 1;
      // One that fails by itself would be replaced for ever.
      if (signal === "SIGKILL") hire();
    });
  };
  for (let at = 0; at < size; at += 1) hire();
  return {
    counts,
    kill: (/** @type {number} */ at) => {
      const child = [...workers][at % Math.max(1, workers.size)];
      if (child?.kill("SIGKILL")) counts.killed += 1;
    },
    stop: () => {
      isOver = true;
      for (const child of workers) child.kill("SIGKILL");
    },
  };
};

/** @param {{ people: number, seed: number, workers: number, killEvery: number, restarts: number, address: string, store: Store, say?: (line: string) => void }} given */
export const campaignChaos = async ({
  people,
  seed,
  workers,
  killEvery,
  restarts,
  address,
  store: server,
  say = () => {},
}) => {
  const began = performance.now();
  const random = seeded(seed);
  const sandbox = await startSandbox([]);
  await lose(sandbox.url);
  // better-sqlite3 is looked for from the folder of the process.
  const folder = process.cwd();
  process.chdir(ledgerTools());
  const store = await openStore(address).finally(() => process.chdir(folder));
  const client = new AgentPhone({ apiKey: API_KEY, baseUrl: sandbox.url, ledger: store.ledger, logLevel: "off" });
  let crew;
  try {
    const rows = Array.from({ length: people }, (_, at) => ({
      phone: `+1415555${`${at}`.padStart(4, "0")}`,
      name: `Person ${at}`,
    }));
    await planCampaign({
      store,
      client,
      id: ID,
      kind: "call",
      agentId: sandbox.agentId,
      people: rows,
      initialGreeting: "Hello {{name}}",
      perMinute: 60_000,
      perNumber: 400,
      longestCall: LONGEST_CALL,
      quietHours: null,
    });
    await start(store, ID);
    crew = crewOf(workers, { address, url: sandbox.url, id: ID });
    let [restarted, lastKill] = [0, performance.now()];
    const end = performance.now() + PATIENCE + people * PATIENCE_OF_PERSON;
    for (let said = 0; ; ) {
      if (performance.now() > end) throw new Error("the campaign does not end");
      await pause(200);
      const campaign = await store.get(ID).catch(() => undefined);
      if (campaign === undefined) continue;
      if (campaign.state !== "running") break;
      const { finished, counts } = await statusOf(store, campaign);
      if (performance.now() - lastKill > killEvery) {
        crew.kill(Math.floor(random() * workers));
        lastKill = performance.now();
      }
      // Spread over the campaign.
      if (
        server.restart &&
        restarted < restarts &&
        finished + counts.doubt > ((restarted + 1) * people) / (restarts + 1)
      ) {
        await server.restart(restarted % 2 === 0 ? "kill" : "stop");
        restarted += 1;
      }
      if (performance.now() - said > 10_000) {
        say(`${finished} of ${people} finished, ${counts.doubt} in doubt, ${crew.counts.killed} workers killed`);
        said = performance.now();
      }
    }
    crew.stop();
    const placed = await sandbox.placed();
    return {
      ...judged(await everybody(store), placed),
      figures: { ...crew.counts, restarted, seconds: (performance.now() - began) / 1000 },
    };
  } finally {
    crew?.stop();
    sandbox.stop();
    await store.close();
  }
};

/** @param {import("agentphone-wasm-cli/campaign").CampaignStore} store */
const everybody = async (store) => {
  const all = [];
  for (let after = 0; ; ) {
    const page = await store.people(ID, { after, limit: 1_000 });
    if (page.length === 0) return all;
    all.push(...page);
    after = page.at(-1)?.seq ?? after;
  }
};

/** @param {import("agentphone-wasm-cli/campaign").Person[]} people @param {import("agentphone-wasm/sandbox").Effect[]} placed */
const judged = (people, placed) => {
  /** @type {string[]} */
  const breaches = [];
  /** @type {Map<string, string[]>} */
  const calls = new Map(people.map(({ recipient, round }) => [keyOf(ID, recipient, round), []]));
  for (const { id, idempotencyKey } of placed) {
    const own = calls.get(idempotencyKey ?? "");
    if (own) own.push(id ?? "");
    else breaches.push("a call that belongs to nobody");
  }
  const result = {
    people: people.length,
    calls: placed.length,
    twice: 0,
    finished: 0,
    inDoubt: 0,
    forgotten: 0,
    wrong: 0,
  };
  for (const { seq, recipient, round, state, resultId } of people) {
    const own = calls.get(keyOf(ID, recipient, round)) ?? [];
    if (own.length > 1) {
      result.twice += 1;
      breaches.push(`person ${seq}: ${own.length} calls`);
    }
    if (resultId !== null && !own.includes(resultId)) {
      result.wrong += 1;
      breaches.push(`person ${seq}: the id of another call`);
    }
    if (state === "doubt") result.inDoubt += 1;
    else if (state === "answered" || state === "voicemail" || state === "busy" || state === "no-answer") {
      result.finished += 1;
      if (own.length === 0) breaches.push(`person ${seq}: ${state}, and was never called`);
    } else {
      result.forgotten += 1;
      breaches.push(`person ${seq}: ${state}`);
    }
  }
  return { result, breaches };
};
