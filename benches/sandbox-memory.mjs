// The sandbox without a network: the cost of a call through client and sandbox, and the engine's cost per request
// as its store grows. CPU time, because wall-clock time suffers on a busy machine.

import { AgentPhone } from "agentphone-wasm";
import { createSandbox } from "../sandbox/node/index.mjs";
import { loadEngine } from "../sandbox/node/load.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

/** Microseconds of CPU time for one run of `work`, the minimum of several rounds. */
const cost = async (/** @type {Foreign} */ work, /** @type {number} */ count, rounds = 5) => {
  for (let i = 0; i < count; i++) await work();
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    for (let i = 0; i < count; i++) await work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / count);
  }
  return least;
};

/** A call through client and sandbox, and its parts. */
export const measureCall = async (/** @type {Foreign} */ { quick }) => {
  const sandbox = createSandbox({ limits: false, balanceCents: 1_000_000_000, clock: "manual" });
  const client = new AgentPhone({ apiKey: "sk_bench", fetch: sandbox.fetch });
  const agent = await client.agents.create({ name: "Bench" });
  await client.numbers.buy({ agentId: agent.id });
  const input = { agentId: agent.id, toNumber: "+14155550100" };
  const headers = { authorization: "Bearer sk_bench", "content-type": "application/json" };
  const post = () => sandbox.fetch("/v1/calls", { method: "POST", headers, body: JSON.stringify(input) });
  const text = await (await post()).text();
  const response = () => new Response(text, { headers: { "content-type": "application/json" } });
  const stub = new AgentPhone({ apiKey: "sk_bench", fetch: async () => response() });
  const count = quick ? 500 : 2000;
  const figures = {
    "making and reading a Response": await cost(() => response().json(), count),
    "client, and a stub for the sandbox": await cost(() => stub.calls.create(input), count),
    "sandbox.fetch, without the client": await cost(async () => (await post()).json(), count),
    "client and sandbox": await cost(() => client.calls.create(input), count),
  };
  sandbox.close();
  return figures;
};

/** Microseconds in the engine for list, get and create, at each store size. */
export const measureCurve = async (/** @type {Foreign} */ { quick }) => {
  const engine = new (loadEngine())({ limits: false });
  const encoder = new TextEncoder();
  const now = Date.now();
  const headers = "authorization: Bearer sk_bench\ncontent-type: application/json\n";
  const body = encoder.encode('{"name":"Bench"}');
  const empty = new Uint8Array();
  const get = (/** @type {string} */ path) => engine.handle("GET", path, headers, empty, now);
  const create = () => engine.handle("POST", "/v1/agents", headers, body, now);
  const read = (/** @type {Uint8Array} */ bytes) =>
    JSON.parse(new TextDecoder().decode(bytes.subarray(bytes.indexOf(0) + 1)));
  const count = 500;
  const rows = [];
  let stored = 0;
  for (const size of quick ? [100, 10_000] : [100, 10_000, 1_000_000]) {
    for (; stored < size; stored++) create();
    // Agents from the whole store: repeated reads of the same one would be served from the CPU's cache.
    const pages = Array.from({ length: 20 }, (_, i) =>
      get(`/v1/agents?limit=100&offset=${Math.floor((size * i) / 20)}`),
    );
    const ids = pages.flatMap((page) => read(page).data.map((/** @type {Foreign} */ { id }) => id));
    let turn = 0;
    /** @type {Record<string, number>} */
    const row = { size };
    row.list = await cost(() => get("/v1/agents?limit=20"), count);
    row.deep = await cost(() => get(`/v1/agents?limit=20&offset=${Math.floor(size / 2)}`), count);
    row.get = await cost(() => get(`/v1/agents/${ids[((turn += 97)) % ids.length]}`), count);
    row.create = await cost(create, count);
    stored += 6 * count;
    row.megabytes = process.memoryUsage().rss / 1e6;
    rows.push(row);
  }
  engine.free();
  return rows;
};
