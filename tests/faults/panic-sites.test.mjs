// A place where the module can panic is known, with the reason why it does not, or it is a mistake: a panic after an
// await is a call that is lost. Looks at the calls between functions in a module whose panics have names.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { modules } from "../../scripts/build-module.mjs";
import { calls, functions, neverReturns } from "../support/panicking.mjs";
import { SITES } from "./panic-sites.mjs";

/** @import { Foreign } from "../support/foreign.js" */

/** The calls of functions that panic by functions that need not. */
const sitesOf = (/** @type {Foreign} */ graph) =>
  graph.filter((/** @type {Foreign} */ { from, to }) => neverReturns(to) && !neverReturns(from));

const reason = (/** @type {Foreign} */ { from, to }) =>
  SITES.find(([panic, where]) => panic.test(to) && where.test(from));

test("every place where the module could panic is known, with the reason why it does not", () => {
  const graph = calls();
  // Else nothing was looked at.
  assert.ok(graph.length > 1000, `${graph.length} calls`);
  const sites = sitesOf(graph);
  assert.ok(
    sites.some((/** @type {Foreign} */ { from }) => from.startsWith("agentphone_wasm::")),
    "no function of ours is among them",
  );
  const unknown = sites
    .filter((/** @type {Foreign} */ site) => !reason(site))
    .map((/** @type {Foreign} */ { from, to }) => {
      const callers = new Set(graph.filter((call) => call.to === from).map((call) => call.from));
      return `${from} can panic (${to}); it is called by ${[...callers].join(", ") || "a table of methods"}`;
    });
  assert.deepEqual([...new Set(unknown)], []);
});

test("a new place is seen: an index, an unwrap, a slice, an expect", () => {
  for (const to of [
    "core::panicking::panic_bounds_check",
    "core::option::unwrap_failed",
    "core::slice::index::slice_index_fail",
    "core::option::expect_failed",
  ]) {
    const sites = sitesOf([{ from: "agentphone_wasm::client::send::Call::attempt", to }]);
    assert.equal(sites.length, 1, `${to} is no panic?`);
    assert.equal(reason(sites[0]), undefined);
  }
});

test("no published module holds code that words a panic", () => {
  const words = (/** @type {string[]} */ names) =>
    names.filter((/** @type {string} */ name) => /^<?core::(fmt|panicking)::| as core::fmt::\w+>::/.test(name));
  assert.ok(words(functions()).length > 10, "where panics have names, that code is seen");
  for (const { work } of Object.values(modules)) {
    const names = functions(join(work, "core_bg.wasm"));
    assert.ok(names.length >= 10, `${names.length} functions`);
    assert.deepEqual(words(names), []);
  }
});
