// What a tool for models costs beyond the operation that it wraps: the same keyed call, made directly and by `place_call`, over a stub
// transport, and a read likewise. A tool checks the model's input, finds its key in the ledger, and describes the result.

import { AgentPhone } from "agentphone-wasm";
import { agentTools, policy } from "agentphone-wasm/tools";
import { apiKey } from "./clients.mjs";
import { ranged } from "./report.mjs";
import { interleaved, summary } from "./stats.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

const agentId = "agt_00000000000000000001";
let made = 0;
/** @param {string} _ @param {Foreign} init */
const transport = async (_, init) => {
  if (init.method === "GET") return Response.json({ data: [], hasMore: false, total: 0 });
  made += 1;
  const { toNumber } = JSON.parse(init.body);
  const call = { id: `call_${made}`, agentId, fromNumber: "+14155550101", toNumber, direction: "outbound" };
  return Response.json({ ...call, status: "queued", startedAt: "2026-11-22T12:00:00Z" });
};

/** The options that the tools have by default. */
const request = { timeout: 30_000, totalTimeout: 60_000, settle: { within: 15_000 } };
let people = 0;
const person = () => `+1415${String(2_000_000 + ((people += 1) % 7_000_000))}`;
const greeting = "Hi, this is Ada. Your table is ready.";

const client = new AgentPhone({ apiKey, fetch: transport, logLevel: "off" });
/** @param {Foreign} [options] */
const toolsOf = (options) =>
  Object.fromEntries(agentTools(client, { agentId, ...options }).map((tool) => [tool.name, tool]));
const plain = toolsOf();
const ruled = toolsOf({
  policy: policy({ calls: { day: 1e6, person: 5 }, quietHours: { from: "03:00", to: "03:01" } }),
});

/** @type {Record<string, () => Promise<unknown>>} */
const subjects = {
  "calls.create with a key": () =>
    client.calls
      .create({ agentId, toNumber: person(), initialGreeting: greeting }, { ...request, idempotencyKey: `k${people}` })
      .withResponse(),
  place_call: () => /** @type {Foreign} */ (plain.place_call).execute({ to: person(), greeting }),
  "place_call under a policy": () => /** @type {Foreign} */ (ruled.place_call).execute({ to: person(), greeting }),
  "contacts.list": () => client.contacts.list({ search: "Ada", limit: 10 }, request),
  look_up_contact: () => /** @type {Foreign} */ (plain.look_up_contact).execute({ search: "Ada" }),
};
/** What each is compared with. @type {Record<string, string>} */
const BASES = {
  place_call: "calls.create with a key",
  "place_call under a policy": "calls.create with a key",
  look_up_contact: "contacts.list",
};

/** Microseconds of CPU time each, in interleaved rounds. */
export const measure = async (/** @type {Foreign} */ { quick }) => {
  const [count, rounds] = quick ? [300, 9] : [1000, 21];
  const names = Object.keys(subjects);
  const sample = async (/** @type {string} */ name) => {
    const begun = process.cpuUsage();
    for (let left = count; left > 0; left -= 1) {
      const result = /** @type {Foreign} */ (await subjects[name]?.());
      if (result.status === "refused" || result.status === "failed") throw new Error(`${name}: ${result.message}`);
    }
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / count;
  };
  for (const name of names) await sample(name);
  const samples = /** @type {Record<string, number[]>} */ (await interleaved(names, rounds, sample));
  return Object.fromEntries(
    names.map((name) => {
      const own = samples[name] ?? [];
      const base = samples[BASES[name] ?? ""];
      return [
        name,
        { cpu: summary(own), ...(base && { over: summary(own.map((value, at) => value - (base[at] ?? 0))) }) },
      ];
    }),
  );
};

export const tables = (/** @type {Foreign} */ figures) => [
  {
    title: "A tool for models, µs of CPU a call, transport replaced by a stub",
    head: ["what", "CPU", "over the operation"],
    rows: Object.entries(figures).map(([name, { cpu, over }]) => [name, ranged(cpu), over ? ranged(over) : ""]),
  },
];
