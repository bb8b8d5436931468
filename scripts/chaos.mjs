// Runs the chaos test: workers that are killed place calls with keys, using stores that are restarted, against an
// AgentPhone that loses a third of the responses. Prints the outcome, compared with the same load on the official
// SDK, and fails if a guarantee is broken.
//
//   npm run chaos                                2 000 keys over SQLite, PostgreSQL and Redis
//   npm run chaos -- --keys 200 --only redis     fewer, over one store: sqlite, postgres, redis or official
//   npm run chaos -- --seed 7                    the same choices again
//   npm run chaos -- campaign                    a campaign of 5 000 people, 6 workers, over PostgreSQL and Redis; --people 500
//   npm run chaos -- campaign --kill-every 4     seconds between two kills (default: 1), for a machine where a worker takes long to start
//
// It builds the package first. The seed decides everything except process scheduling.

import { parseArgs } from "node:util";
import { markdown } from "../benches/report.mjs";
import { buildPackage } from "./build.mjs";
import { prepare } from "./tools.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    people: { type: "string", default: "5000" },
    keys: { type: "string", default: "2000" },
    seed: { type: "string", default: `${Math.floor(Date.now() / 86_400_000)}` },
    only: { type: "string" },
    "kill-every": { type: "string", default: "1" },
    built: { type: "boolean", default: false },
  },
});
const [keys, seed] = [Number(values.keys), Number(values.seed)];
if (!Number.isSafeInteger(keys) || keys < 1 || keys > 4000 || !Number.isSafeInteger(seed)) {
  process.stderr.write("--keys must be a number from 1 to 4000, --seed a whole number\n");
  process.exit(2);
}
if (!values.built) {
  prepare();
  await buildPackage();
}
if (positionals[0] === "campaign") {
  if (!values.built) await (await import("./build-cli.mjs")).buildCli();
  const { runCampaigns } = await import("../tests/chaos/campaign-table.mjs");
  const killEvery = 1_000 * Number(values["kill-every"]);
  process.exit(await runCampaigns({ people: Number(values.people), seed, only: values.only, killEvery }));
}
const { chaos } = await import("../tests/chaos/run.mjs");
const { stores } = await import("../tests/chaos/stores.mjs");
const { tableOf } = await import("../tests/chaos/table.mjs");

// On exit, the processes that were started are ended and what they have stored is removed.
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.once(signal, () => process.exit(1));

/** @type {Parameters<typeof tableOf>[0]} */
const columns = [];
/** @type {string[]} */
const all = [];
const size = { keys, seed, kills: Math.ceil(keys / 50), restarts: 2 };
for (const name of [...Object.keys(stores), "official"]) {
  if (values.only !== undefined && values.only !== name) continue;
  const store = stores[name];
  if (store?.missing) {
    process.stdout.write(`${store.title}: left out, ${store.missing}\n`);
    continue;
  }
  const title = store?.title ?? "official SDK, blind retry";
  const started = await store?.start();
  const say = (/** @type {string} */ line) => void process.stdout.write(`${title}, ${line}\n`);
  try {
    const { figures, result, breaches } = await chaos({ ...size, store: started, say });
    columns.push({ title, figures, result });
    say(`${result.calls} calls for ${keys} keys, ${result.settled} settled, ${breaches.length} promises broken`);
    // The official SDK makes no guarantees.
    if (store) all.push(...breaches.map((breach) => `${title}: ${breach}`));
  } finally {
    await started?.remove();
  }
}
process.stdout.write(`\n${markdown(tableOf(columns, seed))}\n`);
for (const breach of all.slice(0, 50)) process.stdout.write(`broken: ${breach}\n`);
if (all.length > 0) process.stdout.write(`\n${all.length} broken, seed ${seed}\n`);
process.exit(all.length > 0 || columns.length === 0 ? 1 : 0);
