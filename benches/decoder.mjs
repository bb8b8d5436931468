// Decodes a transcript from bytes to event objects: `calls.transcript.stream` of this package compared with npm's
// eventsource-parser plus TextDecoder and JSON.parse, interleaved, on the same stream from the same `fetch` stub.
// The cost of reading the stream without decoding it is measured too, and subtracted.

import { apiKey } from "./clients.mjs";
import { answering, subjects, tally } from "./decoder-subjects.mjs";
import { number, ranged, times } from "./report.mjs";
import { interleaved, summary } from "./stats.mjs";
import { transcript } from "./transcript-bytes.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

const MIB = 2 ** 20;

/** @type {Record<string, Foreign>} */
const cases = {
  plain: { title: "plain English, chunks of 16 kB", size: 24 * MIB, mean: 16_384, share: 0 },
  mixed: { title: "1 turn in 10 beyond ASCII, chunks of 16 kB", size: 24 * MIB, mean: 16_384, share: 0.1 },
  small: { title: "the same, chunks of 1 kB", size: 24 * MIB, mean: 1024, share: 0.1 },
  single: { title: "the same, about one turn a chunk", size: 16 * MIB, mean: 220, share: 0.1 },
};

/** @type {Record<string, Foreign>} */
const titles = {
  reading: "reading alone",
  ours: "agentphone-wasm",
  parser: "eventsource-parser",
  callback: "the same, by callback",
};

const measureCase = async (
  /** @type {Foreign} */ { size, mean, share },
  /** @type {number} */ rounds,
  /** @type {number} */ divisor,
) => {
  const { AgentPhone } = await import("agentphone-wasm");
  const { chunks, events, bytes } = transcript({ size: size / divisor, mean, share });
  const fetch = answering(chunks);
  const client = new AgentPhone({ apiKey, fetch, logLevel: "off" });
  /** @type {Record<string, Foreign>} */
  const run = subjects(fetch, client);
  const results = new Set();
  const sample = async (/** @type {string} */ name) => {
    const counted = tally();
    const before = process.cpuUsage();
    await run[name](counted);
    const { user, system } = process.cpuUsage(before);
    if (name !== "reading") results.add(JSON.stringify(counted.sum));
    return (user + system) / 1000;
  };
  // The first round includes compilation.
  for (const name of Object.keys(run)) await sample(name);
  const samples = await interleaved(Object.keys(run), rounds, sample);
  const [only, ...others] = results;
  if (others.length > 0 || JSON.parse(only).events !== events) throw new Error(`different events: ${[...results]}`);
  const net = (/** @type {string} */ name) =>
    samples[name].map((/** @type {number} */ value, /** @type {number} */ round) => value - samples.reading[round]);
  const figures = (/** @type {Foreign} */ from) =>
    Object.fromEntries(Object.keys(titles).map((name) => [name, summary(from(name))]));
  return {
    events,
    bytes,
    chunks: chunks.length,
    total: figures((/** @type {string} */ name) => samples[name]),
    net: figures(net),
  };
};

/** Milliseconds of CPU time, by case and decoder. */
export const measure = async (/** @type {Foreign} */ { quick }) => {
  const [rounds, divisor] = quick ? [5, 8] : [9, 1];
  /** @type {Record<string, Foreign>} */
  const figures = {};
  for (const [name, load] of Object.entries(cases)) figures[name] = await measureCase(load, rounds, divisor);
  return figures;
};

export const tables = (/** @type {Foreign} */ figures) => {
  const compared = ["ours", "parser", "callback"];
  const rows = Object.entries(figures).map(([name, { bytes, total, net }]) => [
    cases[name].title,
    number(bytes / MIB, 0),
    number(total.reading.median, 0),
    ...compared.map((subject) => ranged(net[subject], 0)),
    times(net.parser.median, net.ours.median),
    times(net.callback.median, net.ours.median),
  ]);
  const { rounds } = Object.values(figures)[0].total.reading;
  return [
    {
      title: "A transcript from bytes to event objects, ms of CPU",
      head: ["stream", "MiB", titles.reading, ...compared.map((c) => titles[c]), "parser / ours", "callback / ours"],
      rows,
      notes: [
        [
          `User and system time of the process, medians of ${rounds} interleaved rounds, in brackets the middle half.`,
          "All but the first figure are without the reading of the stream. Ours and eventsource-parser hand out each",
          "event by `for await`; the last one calls a function with each, which no iterator has to wait for.",
        ].join(" "),
      ],
    },
  ];
};
