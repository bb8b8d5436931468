// Runs chaos: keys placed by workers that are killed, over stores that are restarted, against an AgentPhone that loses a third
// of the answers. Prints what came of it, beside the same load with the official SDK, and fails where a promise is broken.
//
//   npm run chaos                                2 000 keys over SQLite, PostgreSQL and Redis
//   npm run chaos -- --keys 200 --only redis     fewer, over one store: sqlite, postgres, redis or official
//   npm run chaos -- --seed 7                    the same choices again
//
// It builds the package first. What the seed does not decide is when the processes run.

import { parseArgs } from "node:util";
import { markdown } from "../benches/report.mjs";
import { buildPackage } from "./build.mjs";
import { prepare } from "./tools.mjs";

const { values } = parseArgs({
  options: {
    keys: { type: "string", default: "2000" },
    seed: { type: "string", default: `${Math.floor(Date.now() / 86_400_000)}` },
    only: { type: "string" },
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
const { chaos } = await import("../tests/chaos/run.mjs");
const { stores } = await import("../tests/chaos/stores.mjs");
const { tableOf } = await import("../tests/chaos/table.mjs");

// The processes that were started end with this one, and what they have stored is removed.
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
    // Of the official SDK nothing is promised.
    if (store) all.push(...breaches.map((breach) => `${title}: ${breach}`));
  } finally {
    await started?.remove();
  }
}
process.stdout.write(`\n${markdown(tableOf(columns, seed))}\n`);
for (const breach of all.slice(0, 50)) process.stdout.write(`broken: ${breach}\n`);
if (all.length > 0) process.stdout.write(`\n${all.length} broken, seed ${seed}\n`);
process.exit(all.length > 0 || columns.length === 0 ? 1 : 0);
