// What all ledgers of this package refuse before they ask their store, with words that repeat none of it.

import assert from "node:assert/strict";

/** @import { Foreign } from "../support/foreign.js" */

const entry = { stamp: "s", open: false, at: 1, value: {} };
const write = (/** @type {Foreign} */ change) => ["write", [{ key: "secret-key", was: null, entry, ...change }]];
/** @type {Foreign} */
const endless = {};
endless.self = endless;

/** @type {[name: string, call: Foreign[]][]} */
const CALLS = [
  ["an empty key", ["read", [""]]],
  ["a key that is a number", ["read", [7]]],
  ["a key of 513 characters", ["read", ["x".repeat(513)]]],
  ["a key with U+0000", ["read", ["secret-key\0"]]],
  ["a key with half a surrogate pair", ["read", ["secret-key\uD800"]]],
  ["one key in place of a list", ["read", "secret-key"]],
  ["no changes", ["write"]],
  ["a change that is null", ["write", [null]]],
  [
    "a key twice",
    [
      "write",
      [
        { key: "secret-key", was: null, entry },
        { key: "secret-key", was: "s", entry: null },
      ],
    ],
  ],
  ["no was", write({ was: undefined })],
  ["an empty was", write({ was: "" })],
  ["no entry", write({ entry: undefined })],
  ["an empty stamp", write({ entry: { ...entry, stamp: "" } })],
  ["a stamp with U+0000", write({ entry: { ...entry, stamp: "a\0b" } })],
  ["open as a number", write({ entry: { ...entry, open: 1 } })],
  ["at as a Date", write({ entry: { ...entry, at: new Date() } })],
  ["at that is not a number", write({ entry: { ...entry, at: Number.NaN } })],
  ["no value", write({ entry: { ...entry, value: undefined } })],
  ["a function in a value", write({ entry: { ...entry, value: { f: () => 1 } } })],
  ["a Date in a value", write({ entry: { ...entry, value: [new Date()] } })],
  ["a bigint in a value", write({ entry: { ...entry, value: 1n } })],
  ["infinity in a value", write({ entry: { ...entry, value: { n: Number.POSITIVE_INFINITY } } })],
  ["a value without end", write({ entry: { ...entry, value: endless } })],
  ["no limit", ["open", {}]],
  ["a limit of 0", ["open", { limit: 0 }]],
  ["half a limit", ["open", { limit: 1.5 }]],
  ["a place that is a key", ["open", { limit: 1, after: "secret-key" }]],
  ["a place without a time", ["open", { limit: 1, after: { key: "secret-key" } }]],
  ["no age", ["prune", {}]],
  ["an age in words", ["prune", { olderThan: "yesterday" }]],
  ["an age of less than a day", ["prune", { olderThan: Date.now() - 3_600_000 }]],
  ["the age of now", ["prune", { olderThan: new Date() }]],
  ["an invalid date", ["prune", { olderThan: new Date(Number.NaN) }]],
];

/** Holds that a ledger refuses all this. @param {Foreign} ledger */
export const refusesBadInput = async (ledger) => {
  for (const [name, [method, ...given]] of CALLS) {
    await assert.rejects(ledger[method](...given), (/** @type {Foreign} */ error) => {
      assert.equal(error.name, "LedgerError", `${name}: ${error.stack}`);
      assert.equal(error.code, "INVALID_ARGUMENT", name);
      assert.equal(error.retryable, false, name);
      assert.match(error.message, /^ledger: \w[^\n]+ \(INVALID_ARGUMENT\)$/, name);
      assert.doesNotMatch(error.message, /secret/, name);
      return true;
    });
  }
};
