// The long form of a campaign in chaos, over each store in turn, and its table.

import { markdown } from "../../benches/report.mjs";
import { campaignChaos } from "./campaign.mjs";
import { addressOf, campaignStores } from "./campaign-stores.mjs";

const [WORKERS, RESTARTS] = [6, 2];

/** @typedef {Awaited<ReturnType<typeof campaignChaos>>} Outcome */
/** @type {[title: string, of: (outcome: Outcome) => string | number][]} */
const ROWS = [
  ["people", ({ result }) => result.people],
  ["calls placed", ({ result }) => result.calls],
  ["… more than one for a person", ({ result }) => result.twice],
  ["people whose result is known", ({ result }) => result.finished],
  ["… with the call of somebody else", ({ result }) => result.wrong],
  ["people in doubt", ({ result }) => result.inDoubt],
  ["people forgotten", ({ result }) => result.forgotten],
  ["workers killed", ({ figures }) => figures.killed],
  ["restarts of the database", ({ figures }) => figures.restarted],
  ["seconds", ({ figures }) => Math.round(figures.seconds)],
];

/** Runs it and prints what came of it; resolves with the exit code. @param {{ people: number, seed: number, only?: string | undefined, killEvery: number }} given */
export const runCampaigns = async ({ people, seed, only, killEvery }) => {
  // The sandbox tells of its latest 5000 effects, and the faults are told by the last four digits of a number.
  if (!Number.isSafeInteger(people) || people < 1 || people > 5_000) {
    process.stderr.write("--people must be a number from 1 to 5000\n");
    return 2;
  }
  if (!(killEvery >= 100)) {
    process.stderr.write("--kill-every must be at least 0.1 seconds\n");
    return 2;
  }
  /** @type {{ title: string, outcome: Outcome }[]} */
  const columns = [];
  /** @type {string[]} */
  const all = [];
  for (const [name, { title, missing, start }] of Object.entries(campaignStores)) {
    if (only === undefined ? name === "sqlite" : only !== name) continue;
    if (missing) {
      process.stdout.write(`${title}: left out, ${missing}\n`);
      continue;
    }
    const store = await start();
    try {
      const size = { people, seed, workers: WORKERS, killEvery, restarts: RESTARTS };
      const say = (/** @type {string} */ line) => void process.stdout.write(`${title}, ${line}\n`);
      const outcome = await campaignChaos({ ...size, address: addressOf(store), store, say });
      columns.push({ title, outcome });
      all.push(...outcome.breaches.map((breach) => `${title}: ${breach}`));
    } finally {
      await store.remove();
    }
  }
  const head = ["", ...columns.map(({ title }) => title)];
  const rows = ROWS.map(([title, of]) => [title, ...columns.map(({ outcome }) => of(outcome))]);
  process.stdout.write(`\n${markdown({ title: `A campaign in chaos, seed ${seed}`, head, rows })}\n`);
  for (const breach of all.slice(0, 50)) process.stdout.write(`broken: ${breach}\n`);
  return all.length > 0 || columns.length === 0 ? 1 : 0;
};
