// One client and one case in a process of its own, driven by cpu.mjs: so that no client runs on what the
// engine has learnt from another, and the CPU time of the process (user and system, with the threads that
// compile and collect garbage) is that of the client.
//
// `node --cpu-prof cpu-worker.mjs ours list alone 60000` runs as many requests without a parent, for
// profilers.

import { cases } from "./cpu-cases.mjs";
import { open } from "./clients.mjs";

const [clientName, caseName, mode, count] = process.argv.slice(2);
const { answer, status, send, fails, check, load } = cases[caseName];

const init = { status, headers: { "content-type": "application/json" } };
/** What a transport without a network costs is the same for all three. */
const stub = async () => new Response(answer, init);

const client = await open(clientName, { baseUrl: "https://api.agentphone.ai", fetch: stub });

const outcome = async () => {
  if (!fails) return send(client);
  try {
    await send(client);
  } catch (error) {
    return error;
  }
  throw new Error(`${clientName}, ${caseName}: no error came`);
};

const sequential = async (requests) => {
  for (let i = 0; i < requests; i++) await outcome();
  return requests;
};

const atOnce = async (batches) => {
  for (let i = 0; i < batches; i++) await Promise.all(Array.from({ length: load.batch }, outcome));
  return batches * load.batch;
};

/**
 * CPU microseconds a request. No collection is forced between rounds: it makes the young generation of
 * the heap small again, and the round would measure how that grows.
 */
const sample = async (run) => {
  const before = process.cpuUsage();
  const requests = await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / requests;
};

check(await outcome());
if (mode === "alone") {
  await sequential(Number(count));
} else {
  const rounds = load[mode];
  const ways = { sequential: () => sequential(rounds.sequential), atOnce: () => atOnce(rounds.batches) };
  await sequential(load.warmUp);
  await atOnce(rounds.batches);
  process.on("message", async (way) => process.send(await sample(ways[way])));
  process.send("ready");
}
