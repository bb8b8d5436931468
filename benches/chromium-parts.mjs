// Other work on a page's main thread: decoding a transcript, compared with eventsource-parser, and verifying a
// webhook, compared with crypto.subtle and standardwebhooks.

import { startPages } from "./page-server.mjs";
import { number, ranged, times } from "./report.mjs";
import { interleaved, summary } from "./stats.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

const MIB = 2 ** 20;
const load = { size: 16 * MIB, mean: 16_384, share: 0.1 };
const VERIFICATIONS = 2000;

/** @type {Record<string, Foreign>} */
const decoders = {
  reading: "reading alone",
  ours: "agentphone-wasm",
  parser: "eventsource-parser",
  callback: "the same, by callback",
};
/** @type {Record<string, Foreign>} */
const verifiers = {
  byHand: "crypto.subtle by hand",
  ours: "webhooks.verify, bytes",
  standard: "standardwebhooks, string",
};

/** Milliseconds of CPU time on the page's main thread. */
export const measure = async (/** @type {Foreign} */ { quick }) => {
  const html = '<!doctype html><title>parts</title><script type="module" src="/page-parts.js"></script>';
  const site = await startPages(["page-parts"], { "/parts.html": html });
  try {
    const { page, cpu, within } = await site.open("/parts.html");
    await within(page.waitForFunction(() => /** @type {Foreign} */ (window).begin !== undefined));
    const { events, bytes } = await page.evaluate((given) => /** @type {Foreign} */ (window).begin(given), load);
    const cost = async (/** @type {() => Promise<unknown>} */ work) => {
      const before = await cpu();
      await work();
      return (await cpu()) - before;
    };
    const sums = new Set();
    const decode = (/** @type {string} */ name) =>
      cost(async () => {
        const sum = await page.evaluate((subject) => /** @type {Foreign} */ (window).decode(subject), name);
        if (name !== "reading") sums.add(JSON.stringify(sum));
      });
    const verify = (/** @type {string} */ name) =>
      cost(() =>
        page.evaluate(
          ([subject, count]) => /** @type {Foreign} */ (window).verify(subject, count),
          [name, VERIFICATIONS],
        ),
      );
    const rounds = quick ? 3 : 9;
    // The first rounds include compilation.
    await interleaved(Object.keys(decoders), 2, decode);
    await interleaved(Object.keys(verifiers), 2, verify);
    const decoded = await interleaved(Object.keys(decoders), rounds, decode);
    const verified = await interleaved(Object.keys(verifiers), rounds, verify);
    const [only, ...others] = sums;
    if (others.length > 0 || JSON.parse(only).events !== events) throw new Error(`different events: ${[...sums]}`);
    const net = (/** @type {string} */ name) =>
      summary(
        decoded[name].map((/** @type {number} */ value, /** @type {number} */ round) =>
          name === "reading" ? value : value - decoded.reading[round],
        ),
      );
    return {
      bytes,
      decoding: Object.fromEntries(Object.keys(decoders).map((name) => [name, net(name)])),
      verifying: Object.fromEntries(
        Object.keys(verifiers).map((name) => [
          name,
          summary(verified[name].map((/** @type {number} */ ms) => (ms * 1000) / VERIFICATIONS)),
        ]),
      ),
    };
  } finally {
    await site.close();
  }
};

export const tables = (/** @type {Foreign} */ { bytes, decoding, verifying }) => {
  const notes = [`Medians of ${decoding.ours.rounds} interleaved rounds, in brackets the middle half.`];
  return [
    {
      title: `A transcript of ${number(bytes / MIB, 0)} MiB in Chromium, from bytes to event objects, ms of CPU`,
      head: ["what", "CPU without reading", "over ours"],
      rows: Object.entries(decoding).map(([name, figure]) => [
        decoders[name],
        ranged(figure),
        name === "reading" ? "-" : times(figure.median, decoding.ours.median),
      ]),
      notes,
    },
    {
      title: "Verifying a webhook of 2 kB in Chromium, µs of CPU of the main thread",
      head: ["what", "CPU", "over ours"],
      rows: Object.entries(verifying).map(([name, figure]) => [
        verifiers[name],
        ranged(figure),
        times(figure.median, verifying.ours.median),
      ]),
      notes: [...notes, "crypto.subtle computes on another thread, which is not counted, and has to be awaited."],
    },
  ];
};
