// The client in Chromium, compared with a handwritten `fetch` call and the official SDK: wall-clock time from
// import to first request with a full browser cache, which is what users wait for, and main-thread CPU time per
// request. The transport is a stub.

import { costNames, titles } from "./clients.mjs";
import { head, rowsOf, ways } from "./cpu.mjs";
import { cases } from "./cpu-cases.mjs";
import { startPages } from "./page-server.mjs";
import { ranged } from "./report.mjs";
import { interleaved, summary } from "./stats.mjs";
import { compared } from "./workers.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */
/** @type {Record<string, Foreign>} */
const programs = {
  raw: titles.raw,
  ours: titles.ours,
  slim: "agentphone-wasm/slim, module as a file",
  official: titles.official,
};

/** Imports a client and reports when its first request reached the transport, which responds with an empty list. */
const startPage = (/** @type {string} */ name) => `<!doctype html><title>${name}</title><script type="module">
  const began = performance.now();
  const { send } = await import("/page-${name}.js");
  let first;
  const { data } = await send(async () => {
    first ??= performance.now();
    return new Response('{"data":[],"total":0,"hasMore":false}', { headers: { "content-type": "application/json" } });
  });
  if (first === undefined || data?.length !== 0) throw new Error("no answer came");
  /** @type {Foreign} */ (window).told = { fromImport: first - began, fromNavigation: first, loaded: performance.getEntriesByType("resource").map(({ name, transferSize }) => ({ name, transferSize })) };
</script>`;

const requestsPage = '<!doctype html><title>requests</title><script type="module" src="/page-requests.js"></script>';

/** Milliseconds to the first request of one load. Fails if anything but the page itself came over the network. */
const start = async (/** @type {Foreign} */ site, /** @type {string} */ name, /** @type {boolean} */ cached) => {
  const { page, within, cpu } = await site.open(`/${name}.html`);
  try {
    await within(page.waitForFunction(() => /** @type {Foreign} */ (window).told !== undefined));
    const told = await page.evaluate(() => /** @type {Foreign} */ (window).told);
    const fetched = told.loaded.filter((/** @type {Foreign} */ { transferSize }) => transferSize > 0);
    if (cached && (fetched.length > 0 || told.loaded.length === 0)) throw new Error(`${name}: not from the cache`);
    return { ...told, cpu: await cpu() };
  } finally {
    await page.close();
  }
};

const measureStart = async (/** @type {Foreign} */ site, /** @type {number} */ rounds) => {
  const names = Object.keys(programs);
  // The browser caches compiled code only after the second or third load.
  for (let time = 0; time < 4; time++) for (const name of names) await start(site, name, time > 0);
  const samples = await interleaved(names, rounds, (/** @type {string} */ name) => start(site, name, true));
  const of = (/** @type {string} */ name, /** @type {string} */ unit) =>
    samples[name].map((/** @type {Foreign} */ sample) => sample[unit]);
  const over = (/** @type {string} */ name, /** @type {string} */ unit) =>
    summary(
      of(name, unit).map((/** @type {number} */ value, /** @type {number} */ round) => value - of("raw", unit)[round]),
    );
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        fromImport: summary(of(name, "fromImport")),
        over: over(name, "fromImport"),
        cpu: over(name, "cpu"),
        fromNavigation: summary(of(name, "fromNavigation")),
      },
    ]),
  );
};

const measureCase = async (/** @type {Foreign} */ site, /** @type {string} */ name, /** @type {number} */ rounds) => {
  /** @type {Record<string, Foreign>} */
  const pages = {};
  try {
    for (const client of costNames) {
      const opened = await site.open("/requests.html");
      await opened.within(opened.page.waitForFunction(() => /** @type {Foreign} */ (window).begin !== undefined));
      await opened.page.evaluate(
        (/** @type {Foreign} */ [c, n]) => /** @type {Foreign} */ (window).begin(c, n),
        [client, name],
      );
      pages[client] = opened;
    }
    /** @type {Record<string, Foreign>} */
    const figures = {};
    for (const way of Object.keys(ways)) {
      const samples = await interleaved(costNames, rounds, async (/** @type {string} */ client) => {
        const { page, cpu } = pages[client];
        const before = await cpu();
        const count = await page.evaluate(
          (/** @type {string} */ name) => /** @type {Foreign} */ (window).ways[name](),
          way,
        );
        return (((await cpu()) - before) * 1000) / count;
      });
      figures[way] = compared(samples, (/** @type {Foreign} */ sample) => sample);
    }
    return figures;
  } finally {
    for (const { page } of Object.values(pages)) await page.close();
  }
};

/** Milliseconds per start, and microseconds per request by case and way. */
export const measure = async (/** @type {Foreign} */ { quick }) => {
  const html = Object.fromEntries(Object.keys(programs).map((name) => [`/${name}.html`, startPage(name)]));
  const bundles = [...Object.keys(programs).map((name) => `page-${name}`), "page-requests"];
  const site = await startPages(bundles, { ...html, "/requests.html": requestsPage });
  try {
    const started = await measureStart(site, quick ? 5 : 11);
    /** @type {Record<string, Foreign>} */
    const requests = {};
    for (const name of Object.keys(cases)) requests[name] = await measureCase(site, name, quick ? 5 : 9);
    return { started, requests };
  } finally {
    await site.close();
  }
};

export const tables = (/** @type {Foreign} */ { started, requests }) => {
  const rounds = (/** @type {Foreign} */ by) =>
    `Medians of ${by.rounds} interleaved rounds, in brackets the middle half.`;
  const rows = Object.entries(started).map(([name, { fromImport, fromNavigation, over, cpu }]) => [
    programs[name],
    ranged(fromImport),
    ranged(fromNavigation),
    ...(name === "raw" ? ["-", "-"] : [ranged(over), ranged(cpu)]),
  ]);
  return [
    {
      title: "Chromium, everything in its cache: ms until the first request reaches the transport",
      head: ["client", "from import()", "from navigation", "import(), over raw", "CPU of the page, over raw"],
      rows,
      notes: [`${rounds(started.raw.fromImport)} CPU is that of the page's main thread until the answer was there.`],
    },
    {
      title: "CPU of a request in Chromium, µs, transport replaced by a stub",
      head,
      rows: rowsOf(requests),
      notes: [`The page's main thread. ${rounds(requests.list.sequential.total.raw)}`],
    },
  ];
};
