// The fault table: what callers and the server see of each client under the same faults, over real HTTP, in the
// same run. It shows counts and behaviour, not speed; scenarios that do not affect one another run concurrently,
// because most of their time is waiting.

import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { clientNames, open, titles } from "./clients.mjs";
import * as scenarios from "./fault-scenarios.mjs";
import { number } from "./report.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */
/** @import { Options } from "./clients.mjs" */

const startServer = async () => {
  const child = fork(fileURLToPath(new URL("fault-server.mjs", import.meta.url)));
  child.once("exit", (code) => {
    if (code !== 0) throw new Error(`the fault server ended with ${code}`);
  });
  const [{ port }] = await once(child, "message");
  let last = Promise.resolve();
  // One question at a time, because replies carry no name.
  const ask = (/** @type {string} */ run) => {
    const answer = last.then(() => {
      child.send(run);
      return once(child, "message").then(([message]) => message);
    });
    last = answer;
    return answer;
  };
  return { address: `http://127.0.0.1:${port}`, ask, stop: () => child.disconnect() };
};

/** Runs a scenario for all three concurrently. */
const forAll = async (/** @type {Foreign} */ server, /** @type {Foreign} */ scenario) => {
  const run = (/** @type {string} */ name) =>
    scenario({
      open: (/** @type {string} */ fault, /** @type {Partial<Options>} */ options) =>
        open(name, { baseUrl: `${server.address}/${fault}/${name}`, ...options }),
      counters: (/** @type {string} */ fault) => server.ask(`${fault}/${name}`),
    });
  const figures = await Promise.all(clientNames.map(run));
  return Object.fromEntries(clientNames.map((name, index) => [name, figures[index]]));
};

const together = async (/** @type {Foreign} */ server, /** @type {Foreign} */ list) => {
  const figures = await Promise.all(Object.values(list).map((scenario) => forAll(server, scenario)));
  return Object.fromEntries(Object.keys(list).map((name, index) => [name, figures[index]]));
};

/** The result of each scenario, by client. */
export const measure = async (/** @type {Foreign} */ { quick }) => {
  const { lostAnswers, mostAnswers, outage, rateLimit, stall, abort, cut, errorCodes, badSuccess } = scenarios;
  const server = await startServer();
  try {
    return {
      ...(await together(server, { stall: stall(quick ? 2000 : 5000), abort, cut, errorCodes, badSuccess })),
      ...(await together(server, {
        mostAnswers: mostAnswers("most-answers"),
        andOthers: mostAnswers("most-answers-and-others"),
      })),
      ...(await together(server, { lostAnswers, rateLimit: rateLimit(quick ? 100 : 200), outage: outage(200) })),
      ...(quick ? {} : await together(server, { greatOutage: outage(2000) })),
    };
  } finally {
    server.stop();
  }
};

const milliseconds = (/** @type {number} */ ms) => `${number(ms, 0)} ms`;

const rowsOf = (/** @type {Foreign} */ figures) => {
  const row = (/** @type {string} */ title, /** @type {Foreign} */ of) => [title, ...clientNames.map(of)];
  const amplification = (/** @type {Foreign} */ by) =>
    row(`total outage (503), ${by.ours.calls} calls at once: requests a call`, (/** @type {string} */ name) =>
      number(by[name].requests / by[name].calls, 2),
    );
  const { lostAnswers, mostAnswers, andOthers } = figures;
  const { rateLimit, outage, greatOutage, stall, abort, cut, errorCodes, badSuccess } = figures;
  return [
    row(
      `${lostAnswers.ours.calls} calls placed, a third of the answers lost: duplicate calls`,
      (/** @type {string} */ name) => number(lostAnswers[name].duplicates, 0),
    ),
    row(
      "… callers who got an error / were told that the call may have been placed",
      (/** @type {string} */ name) => `${lostAnswers[name].failed} / ${lostAnswers[name].told}`,
    ),
    row(
      `${mostAnswers.ours.calls} calls placed, ${mostAnswers.ours.lost} of the answers lost: duplicate calls`,
      (/** @type {string} */ name) => number(mostAnswers[name].duplicates, 0),
    ),
    row(
      "… found by the client itself, with the right id / with another's",
      (/** @type {string} */ name) => `${mostAnswers[name].found} / ${mostAnswers[name].wrong}`,
    ),
    row("… until the last was settled", (/** @type {string} */ name) => `${number(mostAnswers[name].seconds)} s`),
    row(
      "… somebody else calls the same people: duplicates / another's call taken for certain / for likely / left in doubt",
      (/** @type {string} */ name) => {
        const { duplicates, certainAndWrong, wrong, inDoubt } = andOthers[name];
        return [duplicates, certainAndWrong, wrong - certainAndWrong, inDoubt].join(" / ");
      },
    ),
    amplification(outage),
    ...(greatOutage ? [amplification(greatOutage)] : []),
    row(`${rateLimit.ours.calls} calls at once against 20 a second: succeeded`, (/** @type {string} */ name) =>
      number(rateLimit[name].succeeded, 0),
    ),
    row(
      "… requests, time until all had settled",
      (/** @type {string} */ name) => `${rateLimit[name].requests}, ${number(rateLimit[name].seconds)} s`,
    ),
    row("body stalls, timeout 500 ms", (/** @type {string} */ name) => {
      const { what, ms, waited } = stall[name];
      return ms === null ? `hangs (given up after ${waited / 1000} s)` : `${what} after ${milliseconds(ms)}`;
    }),
    row("abort while waiting for a Retry-After of 3 s: rejects after", (/** @type {string} */ name) =>
      abort[name].ms === null ? "fails at once" : milliseconds(abort[name].ms),
    ),
    row(
      "connection of a GET cut once",
      (/** @type {string} */ name) => `${cut[name].what}, requests: ${cut[name].requests}`,
    ),
    row(
      "documented errors with their code on the error",
      (/** @type {string} */ name) => `${errorCodes[name].withCode} of ${errorCodes[name].errors}`,
    ),
    ...Object.keys(badSuccess.ours).map((kind) =>
      row(`200 with a body that is ${kind}`, (/** @type {string} */ name) => badSuccess[name][kind]),
    ),
  ];
};

export const tables = (/** @type {Foreign} */ figures) => [
  {
    title: "Faults, over real HTTP",
    head: ["fault", ...clientNames.map((name) => titles[name])],
    rows: rowsOf(figures),
    notes: [
      [
        "The same server for all, in the same run. The server places every call of the first row; 500, 504,",
        "a cut before the answer and a cut inside it each lose a twelfth of the answers.",
      ].join(" "),
    ],
  },
];
