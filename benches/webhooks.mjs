// The cost of verifying a delivery of 2 kB: this package compared with handwritten code using Node's crypto, and
// with standardwebhooks, interleaved in one process. Ratios are within the same round.
//
// `verify` also parses and repairs the event, so it is compared with the same work done by hand. The HMAC alone is
// shown as a lower bound for any verification.

import { createHmac, timingSafeEqual } from "node:crypto";
import { webhooks } from "agentphone-wasm";
import { Webhook } from "standardwebhooks";
import { number, ranged } from "./report.mjs";
import { interleaved, summary } from "./stats.mjs";
import { delivery } from "./webhook-delivery.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

const { body, bytes, headers, secret: SECRET, standard, standardHeaders } = delivery(webhooks, Webhook);

const byHand = () => {
  const timestamp = headers["x-webhook-timestamp"];
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > 300) throw new Error("too old");
  const mac = createHmac("sha256", SECRET).update(`${timestamp}.`).update(bytes).digest();
  const given = Buffer.from(headers["x-webhook-signature"].slice("sha256=".length), "hex");
  if (given.length !== mac.length || !timingSafeEqual(given, mac)) throw new Error("forged");
  return JSON.parse(bytes.toString());
};

/** @type {Record<string, Foreign>} */
const subjects = {
  hmac: () => createHmac("sha256", SECRET).update(bytes).digest("hex"),
  byHand,
  ours: () => webhooks.verify({ body: bytes, headers, secret: SECRET }),
  oursText: () => webhooks.verify({ body, headers, secret: SECRET }),
  standard: () => standard.verify(body, standardHeaders),
};

/** @type {Record<string, Foreign>} */
const titles = {
  hmac: "node:crypto, HMAC alone",
  byHand: "node:crypto by hand: HMAC, compare, JSON.parse",
  ours: "webhooks.verify, Buffer",
  oursText: "webhooks.verify, string",
  standard: "standardwebhooks, string",
};

/** Microseconds per call. */
export const measure = async (/** @type {Foreign} */ { quick }) => {
  const [rounds, calls] = quick ? [9, 500] : [41, 3000];
  const sample = (/** @type {string} */ name) => {
    const run = subjects[name];
    const began = performance.now();
    for (let i = 0; i < calls; i++) run();
    return ((performance.now() - began) * 1000) / calls;
  };
  const names = Object.keys(subjects);
  await interleaved(names, 3, sample);
  const samples = await interleaved(names, rounds, sample);
  const over = (/** @type {string} */ name, /** @type {string} */ base) =>
    summary(
      samples[name].map((/** @type {number} */ value, /** @type {number} */ round) => value / samples[base][round]),
    );
  return Object.fromEntries(
    names.map((name) => [
      name,
      { time: summary(samples[name]), overHand: over(name, "byHand"), overHmac: over(name, "hmac") },
    ]),
  );
};

export const tables = (/** @type {Foreign} */ figures) => [
  {
    title: `Verifying a webhook of ${bytes.length} bytes, µs`,
    head: ["what", "time", "over by hand", "over the HMAC alone"],
    rows: Object.entries(figures).map(([name, { time, overHand, overHmac }]) => [
      titles[name],
      ranged(time),
      number(overHand.median, 2),
      number(overHmac.median, 2),
    ]),
    notes: [
      `Medians of ${figures.ours.time.rounds} interleaved rounds, in brackets the middle half; the ratios are medians of the ratios of each round.`,
    ],
  },
];
