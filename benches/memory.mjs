// Whether memory grows with use: the heap after collections, the module's memory and the process's memory after
// many requests, a hundred at once, over a stub. It would show a client that never forgets. The official SDK makes
// a tenth as many requests, because more would take too long. The processes run concurrently, since nothing is
// timed.

import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { titles } from "./clients.mjs";
import { startPages } from "./page-server.mjs";
import { number } from "./report.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

/** The numbers of requests after which each client is weighed. */
const marksOf = (/** @type {number} */ most) => [most / 100, most / 10, most];

const inNode = async (/** @type {string} */ client, /** @type {number[]} */ marks) => {
  const args = [client, JSON.stringify(marks)];
  const child = fork(fileURLToPath(new URL("memory-worker.mjs", import.meta.url)), args, { execArgv: ["--expose-gc"] });
  const ended = once(child, "exit").then(([code]) =>
    Promise.reject(new Error(`memory-worker.mjs ${client} ended with ${code}`)),
  );
  ended.catch(() => {});
  const [weights] = await Promise.race([once(child, "message"), ended]);
  return weights;
};

const inChromium = async (/** @type {string} */ client, /** @type {number[]} */ marks) => {
  const html = '<!doctype html><title>memory</title><script type="module" src="/page-requests.js"></script>';
  const site = await startPages(["page-requests"], { "/memory.html": html });
  try {
    const { page, heap, within } = await site.open("/memory.html");
    await within(page.waitForFunction(() => /** @type {Foreign} */ (window).begin !== undefined));
    await page.evaluate((name) => /** @type {Foreign} */ (window).begin(name, "create"), client);
    const weights = [];
    let made = 0;
    for (const mark of marks) {
      await page.evaluate((count) => /** @type {Foreign} */ (window).more(count), mark - made);
      made = mark;
      weights.push({ made, heap: await heap() });
    }
    return weights;
  } finally {
    await site.close();
  }
};

/** Bytes by client, in the order of the marks. */
export const measure = async (/** @type {Foreign} */ { quick }) => {
  const most = quick ? 100_000 : 1_000_000;
  const [raw, ours, official, chromium] = await Promise.all([
    inNode("raw", marksOf(most)),
    inNode("ours", marksOf(most)),
    inNode("official", marksOf(most / 10)),
    inChromium("ours", marksOf(most)),
  ]);
  return { raw, ours, official, chromium };
};

/** @type {Record<string, Foreign>} */
const names = {
  raw: `${titles.raw}, Node`,
  ours: `${titles.ours}, Node`,
  official: `${titles.official}, Node`,
  chromium: `${titles.ours}, Chromium`,
};

export const tables = (/** @type {Foreign} */ figures) => [
  {
    title: "Memory after requests, kB, after collections",
    head: ["client", "requests", "heap", "module", "process"],
    rows: Object.entries(figures).flatMap(([name, weights]) =>
      weights.map((/** @type {Foreign} */ { made, heap, module, process }) => [
        names[name],
        number(made, 0),
        ...[heap, module, process].map((bytes) => number(bytes === undefined ? Number.NaN : bytes / 1000, 0)),
      ]),
    ),
    notes: [
      "Calls placed, a hundred at once, over a stub. The official SDK makes a tenth as many; of a page only the heap is told.",
    ],
  },
];
