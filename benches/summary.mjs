// The summary table of the report, in the form used in docs/performance.md: one row per figure, for a handwritten
// `fetch` call, this package and the official SDK, with the ratio of the official SDK's cost to ours. It only
// arranges measured figures; parts that did not run have no rows.

import { titles } from "./clients.mjs";
import { cases } from "./cpu-cases.mjs";
import { mixed } from "./mixed-cases.mjs";
import { environmentLine, markdown, number } from "./report.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

const ratio = (/** @type {number} */ official, /** @type {number} */ ours) =>
  official > 0 && ours > 0 ? `${number(official / ours)}x` : "-";

/** Totals of the three, with the ratio of the two clients' overhead over `fetch`. */
const request = (/** @type {string} */ where, /** @type {Foreign} */ figures, /** @type {number} */ digits) =>
  Object.entries(figures).flatMap(([name, byWay]) =>
    // A megabyte at once shows no more than one by one: parsing dominates both.
    Object.entries(byWay)
      .filter(([way]) => name !== "large" || way === "sequential")
      .map(([way, { total, overhead }]) => {
        const count = way === "sequential" ? "" : `, ${number(cases[name].load.batch, 0)} at once`;
        const settled = overhead.ours.low > 0;
        return [
          `${cases[name].title}${count}: ${where}`,
          number(total.raw.median, digits),
          number(total.ours.median, digits),
          number(total.official.median, digits),
          settled ? ratio(overhead.official.median, overhead.ours.median) : "-",
        ];
      }),
  );

/**
 * A row of totals that are compared directly, not by their overhead. `compare`: the two values of the ratio.
 * @param {string} title @param {number} digits @param {(number | string)[]} values Raw, ours and official @param {number[]} [compare]
 */
const plain = (title, digits, [raw, ours, official], compare = [Number(official), Number(ours)]) => [
  title,
  ...[raw, ours, official].map((value) => (typeof value === "string" ? value : number(value, digits))),
  ratio(compare[0], compare[1]),
];

const NONE = Number.NaN;
const last = (/** @type {Foreign} */ list) => list.at(-1);

/** Rows by part, from its figures. */
const ROWS = {
  cpu: (/** @type {Foreign} */ figures) => request("CPU over a stub, µs", figures, 1),
  mixed: (/** @type {Foreign} */ figures) =>
    Object.entries(figures).map(([kind, { total, overhead }]) => [
      `${mixed[kind].title}, all kinds in one process: CPU over a stub, µs`,
      ...["raw", "ours", "official"].map((name) => number(total[name].median, 1)),
      overhead.ours.low > 0 ? ratio(overhead.official.median, overhead.ours.median) : "-",
    ]),
  allocations: (/** @type {Foreign} */ figures) => request("heap allocated, bytes", figures, 0),
  loopback: (/** @type {Foreign} */ { cpu, wall }) => [
    ...request("CPU over loopback, µs", cpu, 0),
    ...request("time over loopback, µs", { list: wall.list, create: wall.create }, 0),
  ],
  chromium: (/** @type {Foreign} */ { started, requests }) => [
    plain(
      "Chromium, from cache: import to first request, ms",
      1,
      ["raw", "ours", "official"].map((name) => started[name].fromImport.median),
    ),
    plain("… with the module as a file (`agentphone-wasm/slim`)", 1, [NONE, started.slim.fromImport.median, NONE]),
    ...request("CPU in Chromium over a stub, µs", requests, 1),
  ],
  memory: (/** @type {Foreign} */ { raw, ours, official, chromium }) => {
    const growth = (/** @type {Foreign} */ list) =>
      `${number(list.at(-2).heap / 1e6)} → ${number(last(list).heap / 1e6)}`;
    const count = (/** @type {unknown[]} */ list) => number(last(list).made, 0);
    return [
      plain(
        `heap after a tenth and all of ${count(ours)} requests, MB (official: ${count(official)})`,
        1,
        [growth(raw), growth(ours), growth(official)],
        [NONE, NONE],
      ),
      plain(
        "… the process, MB",
        0,
        [raw, ours, official].map((list) => last(list).process / 1e6),
        [NONE, NONE],
      ),
      plain("… heap in Chromium, MB", 1, [NONE, growth(chromium), NONE], [NONE, NONE]),
    ];
  },
  decoder: (/** @type {Foreign} */ figures) => [
    plain(
      "a live transcript of 24 MiB to events, CPU, ms (eventsource-parser in place of the SDK, which waits for its end)",
      0,
      [NONE, figures.mixed.net.ours.median, figures.mixed.net.parser.median],
    ),
  ],
  "chromium-parts": (/** @type {Foreign} */ { decoding, verifying }) => [
    plain("… of 16 MiB in Chromium", 1, [NONE, decoding.ours.median, decoding.parser.median]),
    plain("a webhook of 2 kB verified in Chromium, µs (crypto.subtle by hand; standardwebhooks)", 1, [
      verifying.byHand.median,
      verifying.ours.median,
      verifying.standard.median,
    ]),
  ],
  start: (/** @type {Foreign} */ figures) => {
    const over = (/** @type {string} */ name) => figures[name].cpu.over.median;
    return [
      plain("cold process, import and construct, CPU over an empty one, ms", 1, [
        0,
        over("ours.mjs"),
        over("official.mjs"),
      ]),
      plain("… by `require`", 1, [0, over("ours.cjs"), over("official.cjs")]),
    ];
  },
  webhooks: (/** @type {Foreign} */ figures) => [
    plain("a webhook of 2 kB verified, µs (node:crypto by hand; standardwebhooks)", 1, [
      figures.byHand.time.median,
      figures.ours.time.median,
      figures.standard.time.median,
    ]),
  ],
  size: (/** @type {Foreign} */ { ours, official }) => [
    plain("bundled for a browser, gzip, kB", 1, [0, ours.bundled.gzip / 1000, official.bundled.gzip / 1000]),
    plain("unpacked, kB", 0, [0, ours.unpacked.bytes / 1000, official.unpacked.bytes / 1000]),
  ],
};

/** The table of all parts that have run, as Markdown with where and when it was measured. Empty if no part has rows. */
export const summaryTable = (/** @type {Foreign} */ results) => {
  const rows = Object.entries(ROWS).flatMap(([part, rowsOf]) => (results[part] ? rowsOf(results[part]) : []));
  if (rows.length === 0) return "";
  const notes = [
    "The last column compares, for requests, what each client costs over raw `fetch`. `npm run bench` measures again.",
  ];
  return markdown({
    title: "All in one table",
    head: ["", titles.raw, titles.ours, titles.official, "official / ours"],
    rows,
    notes: [environmentLine(results.environment), ...notes],
  });
};
