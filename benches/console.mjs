// Size and speed of the console, in a real browser with the built console.

import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { launch } from "../tests/support/browsers.mjs";
import { dist } from "../www/test/browser.mjs";
import { beginWith, liveCalls } from "../www/test/many.mjs";
import { startStatic } from "../www/test/static-site.mjs";
import { bundleMeasures } from "./console-bundle.mjs";
import { number, ranged } from "./report.mjs";
import { summary } from "./stats.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

const PROMISED = {
  load: "200 kB",
  sandbox: "250 kB",
  interactive: "1 000 ms",
  table: "100 ms",
  frames: "30",
};
const COUNT = 10_000;
const TALKS = 50;

/** Bytes fetched by the first load of the overview from a server that compresses. */
async function firstLoad(/** @type {Foreign} */ site) {
  /** @type {Foreign[]} */
  const files = [];
  /** @type {Foreign[]} */
  const reads = [];
  const { page, close } = await site.open("/", {
    prepare: async (/** @type {Foreign} */ opened) =>
      opened.on("response", (/** @type {Foreign} */ response) => {
        const read = response.body().then(
          (/** @type {Foreign} */ body) =>
            files.push({
              name: new URL(response.url()).pathname,
              bytes: body.length,
              gzip: gzipSync(body, { level: 9 }).length,
            }),
          () => {},
        );
        reads.push(read);
      }),
  });
  await page.waitForLoadState("networkidle");
  await Promise.all(reads);
  await close();
  return files.toSorted((a, b) => b.gzip - a.gzip);
}

/**
 * Milliseconds from navigation until the view is visible and its buttons react.
 * @param {number} runs
 */
async function interactive(/** @type {Foreign} */ site, runs) {
  const times = [];
  for (let run = 0; run < runs; run += 1) {
    const { page, close } = await site.open("/", {
      prepare: (/** @type {Foreign} */ opened) =>
        opened.addInitScript(() => {
          const look = () => {
            if (!document.querySelector("main h1") || !document.querySelector("header .primary"))
              return requestAnimationFrame(look);
            // Runs when the thread is free to handle a click.
            setTimeout(() => Object.assign(window, { ready: performance.now() }));
          };
          requestAnimationFrame(look);
        }),
    });
    await page.waitForFunction(() => /** @type {Foreign} */ (window).ready !== undefined);
    times.push(await page.evaluate(() => /** @type {Foreign} */ (window).ready));
    await close();
  }
  return summary(times);
}

/**
 * A page with only the measurements, in the console's styles.
 * @param {import("playwright-core").Browser} browser
 */
async function openMeasures(browser) {
  const { script, styles: own } = await bundleMeasures();
  const styles = (await readdir(join(dist, "assets"))).find((name) => /^frame.*\.css$/.test(name));
  const shared = styles === undefined ? "" : await readFile(join(dist, "assets", styles), "utf8");
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  /** @type {Record<string, Foreign>} */
  const answers = {
    "/": [
      "text/html",
      '<!doctype html><link rel="stylesheet" href="/page.css"><script type="module" src="/page.js"></script>',
    ],
    "/page.css": ["text/css", `${shared}\n${own}`],
    "/page.js": ["text/javascript", script],
  };
  await page.route("http://measures.test/**", (route) => {
    const [contentType, body] = answers[new URL(route.request().url()).pathname] ?? ["text/plain", ""];
    return route.fulfill({ contentType, body });
  });
  await page.goto("http://measures.test/");
  await page.waitForFunction(() => window.measures !== undefined);
  return page;
}

/**
 * Milliseconds to draw a table of this many calls, and to draw it again after one was added.
 * @param {number} runs @param {import("playwright-core").Page} page
 */
async function table(page, runs) {
  // The first run is of cold code, as for users; the others show how reliable the figure is.
  const all = [];
  for (let run = 0; run < runs; run += 1)
    all.push(await page.evaluate((/** @type {number} */ count) => window.measures.table(count), COUNT));
  return {
    cold: all[0].first,
    first: summary(all.map(({ first }) => first)),
    again: summary(all.map(({ again }) => again)),
    rows: all[0].rows,
  };
}

/**
 * Heap before and after this many stream interruptions. The same work is done once before, as a warm-up.
 * @param {number} cuts @param {import("playwright-core").Page} page
 */
async function memory(page, cuts) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  const weigh = async () => {
    for (let time = 0; time < 3; time += 1) await devtools.send("HeapProfiler.collectGarbage");
    const { metrics } = await devtools.send("Performance.getMetrics");
    const of = (/** @type {string} */ name) =>
      metrics.find((/** @type {{ name: string }} */ metric) => metric.name === name)?.value ?? Number.NaN;
    return { heap: of("JSHeapUsedSize"), listeners: of("JSEventListeners"), nodes: of("Nodes") };
  };
  const cut = () => page.evaluate(([streams, times]) => window.measures.reconnects(streams, times), [TALKS, cuts]);
  await cut();
  const before = await weigh();
  const { cuts: done, turns } = await cut();
  const after = await weigh();
  return { before, after, done, turns };
}

/**
 * Frames per second while this many transcripts are live, each with a turn every `pause` milliseconds.
 * @param {number} seconds @param {number} pause
 */
async function frames(/** @type {Foreign} */ site, seconds, pause) {
  const state = await liveCalls(TALKS, pause);
  const { page, close } = await site.open("/calls?view=live", {
    prepare: (/** @type {import("playwright-core").Page} */ opened) => beginWith(opened, state),
  });
  await page.waitForFunction(
    (/** @type {number} */ talks) =>
      document.querySelectorAll("[role=log] li").length > 0 && document.querySelectorAll("[role=log]").length === talks,
    TALKS,
    { timeout: 30_000 },
  );
  const seen = await page.evaluate(async (/** @type {number} */ span) => {
    const said = () => document.querySelectorAll("[role=log] li").length;
    const before = said();
    const began = performance.now();
    let last = began;
    let longest = 0;
    let count = 0;
    while (last - began < span) {
      const at = await new Promise(requestAnimationFrame);
      longest = Math.max(longest, at - last);
      last = Math.max(last, at);
      count += 1;
    }
    const took = (last - began) / 1000;
    return { perSecond: count / took, longest, turns: (said() - before) / took };
  }, seconds * 1000);
  await close();
  return seen;
}

/** Runs all measurements. */
export async function measure({ quick = false } = {}) {
  if (!existsSync(join(dist, "index.html")))
    throw new Error("the console is not built: run `npx vite build www` first");
  const site = await startStatic();
  const results = {};
  try {
    results.load = await firstLoad(site);
    results.interactive = await interactive(site, quick ? 3 : 9);
    results.slow = await frames(site, quick ? 3 : 10, 1000);
    results.fast = await frames(site, quick ? 3 : 10, 150);
  } finally {
    await site.close();
  }
  // A separate browser, so that leftovers of the other measurements are not counted.
  const browser = await launch();
  try {
    const page = await openMeasures(browser);
    results.table = await table(page, quick ? 3 : 9);
    results.memory = await memory(page, quick ? 200 : 1000);
  } finally {
    await browser.close();
  }
  return results;
}

const kilobytes = (/** @type {number} */ bytes) => `${number(bytes / 1000)} kB`;
const sum = (/** @type {string[]} */ files) =>
  files.reduce((/** @type {Foreign} */ total, /** @type {Foreign} */ { gzip }) => total + gzip, 0);

export function tables(/** @type {Foreign} */ { load, interactive: ready, table: drawn, slow, fast, memory: held }) {
  const sandbox = load.filter((/** @type {Foreign} */ { name }) => /sandbox/.test(name) && !/health/.test(name));
  const own = load.filter((/** @type {string} */ file) => !sandbox.includes(file));
  const milliseconds = (/** @type {Foreign} */ value) => `${number(value)} ms`;
  const speaking = (/** @type {Foreign} */ { perSecond }) => number(perSecond, 0);
  return [
    {
      title: "The console",
      head: ["", "measured", "promised"],
      rows: [
        ["first load, gzip", kilobytes(sum(own)), `under ${PROMISED.load}`],
        ["the sandbox's module beside it, gzip", kilobytes(sum(sandbox)), `under ${PROMISED.sandbox}`],
        ["interactive after, ms", ranged(ready, 0), `under ${PROMISED.interactive}`],
        [`table of ${number(COUNT, 0)} calls, the first time`, milliseconds(drawn.cold), `under ${PROMISED.table}`],
        ["the same, warm, ms", ranged(drawn.first), `under ${PROMISED.table}`],
        ["the same again, as a call comes in, ms", ranged(drawn.again), ""],
        [
          `frames a second, ${TALKS} transcripts, ${number(slow.turns, 0)} turns a second`,
          speaking(slow),
          `over ${PROMISED.frames}`,
        ],
        [
          `frames a second, ${TALKS} transcripts, ${number(fast.turns, 0)} turns a second`,
          speaking(fast),
          `over ${PROMISED.frames}`,
        ],
        ["longest frame of those, ms", number(Math.max(slow.longest, fast.longest), 0), ""],
        [`heap before ${number(held.done, 0)} reconnects`, kilobytes(held.before.heap), ""],
        ["heap after them", kilobytes(held.after.heap), "no growth"],
        ["event listeners before and after", `${held.before.listeners} and ${held.after.listeners}`, "no growth"],
      ],
      notes: [`${drawn.rows} rows of the table are drawn. Quartiles in brackets.`],
    },
    {
      title: "What the first load fetches",
      head: ["file", "bytes", "gzip"],
      rows: load.map((/** @type {Foreign} */ { name, bytes, gzip }) => [name, kilobytes(bytes), kilobytes(gzip)]),
    },
  ];
}
