// @ts-check
// Earlier runs of the fault lab, without a browser: what is kept within its bounds, read again, and compared.

import assert from "node:assert/strict";
import { test } from "node:test";
import { choosing, differences, MOST, readRuns, withOther, withRun, writeRuns } from "../src/views/lab/past-runs.js";

/** @typedef {import("../src/views/lab/past-runs.js").PastRun} PastRun */

/** @param {string} id @param {Partial<PastRun>} [fields] @returns {PastRun} */
const run = (id, fields = {}) => ({
  id,
  at: 1,
  title: "calls.create: Cut before the headers",
  place: "/lab?fault=cut-before-headers",
  result: "CONNECTION_ERROR",
  fact: "1 call placed",
  verdict: { tone: "unsure", name: "Outcome: unknown" },
  facts: [
    ["Result", "CONNECTION_ERROR"],
    ["Retries", "2"],
  ],
  calls: [[{ kind: "attempt", number: 1, at: 0, took: 5 }]],
  others: [],
  ...fields,
});

test("the latest come first, and the oldest go when there are too many", () => {
  let runs = /** @type {readonly PastRun[]} */ ([]);
  for (let n = 0; n < MOST + 5; n++) runs = withRun(runs, run(`r${n}`));
  assert.equal(runs.length, MOST);
  assert.deepEqual([runs[0]?.id, runs.at(-1)?.id], [`r${MOST + 4}`, "r5"]);
});

test("a run that did too much is kept without what it did, and the others fit into the room", () => {
  const attempts = Array.from({ length: 400 }, (_, n) => ({
    kind: /** @type {const} */ ("attempt"),
    number: n,
    at: n,
    took: 1,
  }));
  const [kept] = withRun([], run("big", { calls: [attempts] }));
  assert.deepEqual(kept?.calls, []);
  assert.equal(kept?.fact, "1 call placed");
  const long = Array.from({ length: 30 }, (_, n) => run(`r${n}`, { title: "x".repeat(20_000) }));
  const text = writeRuns(long);
  assert.ok(text.length <= 200_000, String(text.length));
  const back = readRuns(text);
  assert.ok(back.length > 5 && back.length < 30, String(back.length));
  assert.equal(back[0]?.id, "r0");
});

test("what was kept is read again, and what no version of this wrote is not", () => {
  const runs = withRun([], run("one"));
  assert.deepEqual(readRuns(writeRuns(runs)), runs);
  assert.deepEqual(readRuns(writeRuns([])), []);
  for (const text of [null, "", "{", "{}", "[1]", '[{"id":"one"}]', "null"]) assert.deepEqual(readRuns(text), []);
});

test("what another program came to is added to its run, once", () => {
  const other = { name: "Official SDK", fact: "3 texts sent", sent: 3, twice: true };
  const once = withOther([run("one"), run("two")], "one", other);
  const twice = withOther(once, "one", { ...other, fact: "2 texts sent" });
  assert.deepEqual(
    twice.map(({ others }) => others.map(({ fact }) => fact)),
    [["2 texts sent"], []],
  );
});

test("a comparison has the terms of both, and says which differ", () => {
  const one = run("one");
  const other = run("two", {
    facts: [
      ["Retries", "0"],
      ["Result", "CONNECTION_ERROR"],
      ["Of them refused", "3"],
    ],
  });
  assert.deepEqual(differences(one, other), [
    { term: "Result", one: "CONNECTION_ERROR", other: "CONNECTION_ERROR", same: true },
    { term: "Retries", one: "2", other: "0", same: false },
    { term: "Of them refused", one: "–", other: "3", same: false },
  ]);
});

test("two are compared: a third takes the place of the first, and one can be put away", () => {
  assert.deepEqual(choosing(choosing(choosing([], "a"), "b"), "c"), ["b", "c"]);
  assert.deepEqual(choosing(["b", "c"], "b"), ["c"]);
});
