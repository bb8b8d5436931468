// The cost of an error whose server echoes the request, by how many phone numbers were sent and how much of them
// comes back. It is all spent in one turn of the event loop, so it must not grow faster than the response. The
// transport is a stub; the same request with a response that echoes nothing is measured for comparison.

import { AgentPhone } from "agentphone-wasm";
import { number, ranged } from "./report.mjs";
import { interleaved, summary } from "./stats.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

const COUNTS = [10, 1_000, 5_000, 10_000, 20_000];
const ECHOES = { none: 0, "1 kB": 1_000, "100 kB": 100_000, "10 MB": 10_000_000 };

const numbersOf = (/** @type {number} */ count) => Array.from({ length: count }, (_, at) => `+1415${5_550_000 + at}`);
const echoOf = (/** @type {Foreign} */ numbers, /** @type {number} */ length) =>
  JSON.stringify({
    detail: `cannot call ${numbers
      .join(", ")
      .repeat(Math.ceil(length / (numbers.length * 14)))
      .slice(0, length)}`,
  });

/** Sends the numbers and gets an error. */
const refusal = (/** @type {string[]} */ numbers, /** @type {BodyInit | null} */ answer) => {
  const client = new AgentPhone({
    apiKey: "sk_test_redaction",
    logLevel: "off",
    maxRetries: 0,
    fetch: async () => new Response(answer, { status: 400 }),
  });
  return async () => {
    const error = await client.calls
      .create({ agentId: "agt_1", toNumber: "+14155550100", .../** @type {Foreign} */ ({ metadata: { numbers } }) })
      .catch((caught) => caught);
    if (error.status !== 400 || /\d{5}/.test(error.message))
      throw new Error(`not refused, or not redacted: ${error.message}`);
  };
};

/** Many short texts of every length, and an error about a hundred fields that contain many of them in escaped form. */
const SHORT = [1_000, 10_000, 30_000, 60_000];
const variablesOf = (/** @type {number} */ count) =>
  Array.from({ length: count }, (_, at) => `${(at * 7_919).toString(36)}zzzz`.slice(0, 2 + (at % 8)));
const detailsOf = (/** @type {string[]} */ variables) =>
  Array.from({ length: 100 }, (_, at) => ({
    field: "variables",
    type: "invalid",
    message: variables.slice(at * 40, at * 40 + 200).join(" %2541\\u0042&#67; "),
  }));

/** Sends the texts and gets an error. */
const details = (/** @type {string[]} */ variables, /** @type {string} */ answer) => {
  const client = new AgentPhone({
    apiKey: "sk_test_redaction",
    logLevel: "off",
    maxRetries: 0,
    fetch: async () => new Response(answer, { status: 400 }),
  });
  return async () => {
    const error = await client.calls
      .create({
        agentId: "agt_1",
        toNumber: "+14155550100",
        .../** @type {Foreign} */ ({ variables: { list: variables } }),
      })
      .catch((caught) => caught);
    if (error.status !== 400) throw new Error(`not refused: ${error.message}`);
  };
};

const subjects = Object.fromEntries([
  ...COUNTS.flatMap((count) =>
    Object.entries(ECHOES).map(([echo, length]) => [
      `${count} ${echo}`,
      refusal(numbersOf(count), length === 0 ? "{}" : echoOf(numbersOf(count), length)),
    ]),
  ),
  ...SHORT.flatMap((count) => {
    const variables = variablesOf(count);
    return [
      [`${count} short, no details`, details(variables, "{}")],
      [
        `${count} short, details`,
        details(variables, JSON.stringify({ error: { message: "no", details: detailsOf(variables) } })),
      ],
    ];
  }),
]);

/** Milliseconds per error. */
export const measure = async (/** @type {Foreign} */ { quick }) => {
  const rounds = quick ? 5 : 15;
  const sample = async (/** @type {string} */ name) => {
    const began = performance.now();
    await subjects[name]();
    return performance.now() - began;
  };
  const names = Object.keys(subjects);
  await interleaved(names, 2, sample);
  const samples = await interleaved(names, rounds, sample);
  return Object.fromEntries(names.map((name) => [name, summary(samples[name])]));
};

export const tables = (/** @type {Foreign} */ figures) => [
  {
    title: "An error whose answer echoes what was sent, ms",
    head: [
      "phone numbers sent",
      ...Object.keys(ECHOES).map((echo) => (echo === "none" ? "no echo" : `${echo} echoed`)),
    ],
    rows: COUNTS.map((count) => [
      number(count, 0),
      ...Object.keys(ECHOES).map((echo) => ranged(figures[`${count} ${echo}`], 2)),
    ]),
    notes: [
      `Medians of ${Object.values(figures)[0].rounds} interleaved rounds, in brackets the middle half. From request to error: the body is written, the answer parsed, the message redacted.`,
    ],
  },
  {
    title: "An error after many short texts were sent, ms",
    head: ["texts of 2 to 9 characters sent", "no details", "100 details that echo them with escapes"],
    rows: SHORT.map((count) => [
      number(count, 0),
      ...["no details", "details"].map((what) => ranged(figures[`${count} short, ${what}`], 2)),
    ]),
    notes: ["Measured as above."],
  },
];
