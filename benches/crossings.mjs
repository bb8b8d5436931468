// How often one good call crosses the boundary between JavaScript and the module, by direction: functions of the module that
// JavaScript calls, and functions of JavaScript that the module calls. The engine is not asked: every function is
// wrapped before the module is instantiated. `node benches/crossings.mjs` also lists which they are.

import { pathToFileURL } from "node:url";
import { number } from "./report.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

/** Calls that are counted, after as many that are not: the first of a client cost more. */
const CALLS = 50;

/** @type {Map<string, { into: boolean, count: number }>} */
const crossings = new Map();

/** The same functions, each of which counts its calls. @param {Record<string, Foreign>} functions @param {boolean} into */
const counted = (functions, into) =>
  Object.fromEntries(
    Object.entries(functions).map(([name, value]) => {
      if (typeof value !== "function") return [name, value];
      const crossing = { into, count: 0 };
      crossings.set(name, crossing);
      const wrapper = (/** @type {unknown[]} */ ...given) => {
        crossing.count += 1;
        return value(...given);
      };
      return [name, wrapper];
    }),
  );

/** Instantiates modules with functions that count. */
const countFrom = () => {
  const construct = (
    /** @type {typeof WebAssembly.Instance} */ Instance,
    /** @type {Foreign[]} */ [module, imports],
  ) => {
    const wrapped = Object.entries(imports).map(([from, functions]) => [
      from,
      counted(/** @type {Foreign} */ (functions), false),
    ]);
    const { exports } = new Instance(module, Object.fromEntries(wrapped));
    return { exports: counted(exports, true) };
  };
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, { construct });
};

const id = "agt_00000000000000000001";
const agent = { id, name: "Support", voiceMode: "hosted", createdAt: "2026-11-22T12:00:00Z" };
const call = { id: "call_1", agentId: id, fromNumber: "+14155550101", toNumber: "+14155550100", status: "queued" };

/** What is measured: the answer, and the call. @type {Record<string, [answer: unknown, make: (client: Foreign, at: number) => unknown]>} */
const CASES = {
  "a list": [{ data: [agent], total: 1 }, (client) => client.agents.list()],
  "a list with a query": [{ data: [agent], total: 1 }, (client) => client.agents.list({ limit: 50 })],
  "get by id": [agent, (client) => client.agents.get(id)],
  create: [call, (client) => client.calls.create({ agentId: id, toNumber: "+14155550100" })],
  "update by id": [agent, (client) => client.agents.update(id, { name: "Support" })],
  "create with options": [
    call,
    (client) => client.calls.create({ agentId: id, toNumber: "+14155550100" }, { timeout: 5_000 }),
  ],
  "create with an idempotency key": [
    call,
    (client, at) =>
      client.calls.create({ agentId: id, toNumber: `+1415555${1_000 + at}` }, { idempotencyKey: `order-${at}` }),
  ],
  "… to a person who was called before": [
    call,
    (client, at) => client.calls.create({ agentId: id, toNumber: "+14155550100" }, { idempotencyKey: `again-${at}` }),
  ],
};

/** Crossings per call, by case: in all, into the module and out of it, and of each function. */
export const measure = async () => {
  countFrom();
  const { AgentPhone } = await import("agentphone-wasm");
  /** @type {Record<string, { into: number, out: number, functions: [string, number][] }>} */
  const figures = {};
  for (const [name, [answer, make]] of Object.entries(CASES)) {
    const fetch = async () => Response.json(answer);
    const client = new AgentPhone({ apiKey: "sk_test_benchmark", fetch, logLevel: "off" });
    for (let at = 0; at < CALLS; at += 1) await make(client, at);
    for (const crossing of crossings.values()) crossing.count = 0;
    for (let at = 0; at < CALLS; at += 1) await make(client, CALLS + at);
    const all = [...crossings].filter(([, { count }]) => count > 0);
    const sum = (/** @type {boolean} */ into) =>
      all.filter(([, one]) => one.into === into).reduce((total, [, { count }]) => total + count / CALLS, 0);
    figures[name] = { into: sum(true), out: sum(false), functions: all.map(([of, { count }]) => [of, count / CALLS]) };
  }
  return figures;
};

export const tables = (/** @type {Awaited<ReturnType<typeof measure>>} */ figures) => [
  {
    title: "Crossings of the module's boundary by a call",
    head: ["call", "all", "into the module", "out of it"],
    rows: Object.entries(figures).map(([name, { into, out }]) => [
      name,
      number(into + out, 0),
      number(into, 0),
      number(out, 0),
    ]),
    notes: [`Means of ${CALLS} calls. What the module's own memory costs for texts is counted as well.`],
  },
];

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  for (const [name, { functions }] of Object.entries(await measure())) {
    const sorted = functions.sort((one, other) => other[1] - one[1]);
    const all = sorted.reduce((total, [, count]) => total + count, 0);
    console.log(`${name}: ${number(all, 0)}`);
    for (const [of, count] of sorted) console.log(`  ${number(count)} ${of}`);
  }
