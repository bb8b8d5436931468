// The cost of reading a long list to its end: 100 000 contacts in pages of 200 from a `fetch` stub. `for await`
// and `toArray` of this package compared with a careful handwritten loop over `fetch`; and the memory held at the
// first and at the last page, which must not grow with the list.

import { apiKey } from "./clients.mjs";
import { number, ranged } from "./report.mjs";
import { interleaved, summary } from "./stats.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

const PAGE = 200;

const contact = (/** @type {number} */ index) => ({
  id: `cm${index.toString(36).padStart(10, "0")}`,
  name: `Contact ${index}`,
  phoneNumber: `+1415555${String(index % 10_000).padStart(4, "0")}`,
  email: null,
  notes: null,
  createdAt: "2026-11-22T08:00:00.000Z",
  updatedAt: "2026-11-22T08:00:00.000Z",
});

/** A `fetch` with prepared texts, so that the server is not measured. */
const listing = (/** @type {number} */ total) => {
  const pages = new Map();
  for (let offset = 0; offset < total; offset += PAGE) {
    const data = Array.from({ length: Math.min(PAGE, total - offset) }, (_, index) => contact(offset + index));
    pages.set(String(offset), JSON.stringify({ data, hasMore: offset + PAGE < total, total }));
  }
  const headers = { "content-type": "application/json" };
  return async (/** @type {string | URL} */ url) =>
    new Response(pages.get(new URL(url).searchParams.get("offset") ?? "0"), { headers });
};

const byHand = async (/** @type {Foreign} */ fetch, /** @type {Foreign} */ see) => {
  for (let offset = 0; ; offset += PAGE) {
    const response = await fetch(`https://api.test/v1/contacts?limit=${PAGE}&offset=${offset}`, {
      headers: { accept: "application/json", authorization: `Bearer ${apiKey}` },
    });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const { data, hasMore } = JSON.parse(await response.text());
    for (const item of data) see(item);
    if (!hasMore) return;
  }
};

/** @type {Record<string, Foreign>} */
const titles = { raw: "raw fetch, by hand", items: "for await, item by item", pages: "for await, page by page" };

/** Megabytes held, after a collection if the process allows it. */
const held = () => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1e6;
};

export const measure = async (/** @type {Foreign} */ { quick }) => {
  const { AgentPhone } = await import("agentphone-wasm");
  const [rounds, total] = quick ? [3, 20_000] : [9, 100_000];
  const fetch = listing(total);
  const client = new AgentPhone({ apiKey, fetch, baseUrl: "https://api.test" });
  const list = () => client.contacts.list({ limit: PAGE });
  /** @type {Record<string, Foreign>} */
  const subjects = {
    raw: (/** @type {Foreign} */ see) => byHand(fetch, see),
    items: async (/** @type {(arg0: import("agentphone-wasm").Contact) => void} */ see) => {
      for await (const item of list()) see(item);
    },
    pages: async (/** @type {(arg0: import("agentphone-wasm").Contact) => void} */ see) => {
      for await (const { data } of list().pages()) for (const item of data) see(item);
    },
  };
  const sample = async (/** @type {string} */ name) => {
    let seen = 0;
    const before = process.cpuUsage();
    await subjects[name](() => (seen += 1));
    const { user, system } = process.cpuUsage(before);
    if (seen !== total) throw new Error(`${name}: ${seen} of ${total} items`);
    return (user + system) / (total / PAGE);
  };
  const names = Object.keys(subjects);
  await interleaved(names, 1, sample);
  const samples = await interleaved(names, rounds, sample);
  const over = (/** @type {string} */ name) =>
    summary(
      samples[name].map((/** @type {number} */ value, /** @type {number} */ round) => value - samples.raw[round]),
    );
  let seen = 0;
  const memory = { first: 0, last: 0 };
  for await (const { data } of list().pages()) {
    seen += data.length;
    if (seen === 5 * PAGE) memory.first = held();
    if (seen === total) memory.last = held();
  }
  const cpu = Object.fromEntries(names.map((name) => [name, { time: summary(samples[name]), over: over(name) }]));
  return { total, memory, collected: globalThis.gc !== undefined, cpu };
};

export const tables = (/** @type {Foreign} */ { total, memory, collected, cpu }) => [
  {
    title: `${total} contacts in pages of ${PAGE}, µs of CPU a page`,
    head: ["what", "CPU a page", "over raw fetch"],
    rows: Object.entries(cpu).map(([name, { time, over }]) => [
      titles[name],
      ranged(time),
      name === "raw" ? "" : number(over.median, 1),
    ]),
    notes: [
      `Medians of ${cpu.raw.time.rounds} interleaved rounds, in brackets the middle half.`,
      `Heap at the fifth page ${number(memory.first, 1)} MB, at the last ${number(memory.last, 1)} MB${collected ? "" : " (garbage included: run node with --expose-gc)"}.`,
    ],
  },
];
