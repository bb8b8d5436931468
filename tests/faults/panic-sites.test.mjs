// A place where the module can panic is known, with the reason why it does not, or it is a mistake: a panic after an
// await is a call that is lost. Looks at the calls between functions in the linked module, before panics are emptied.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { neverReturns, plain } from "../../scripts/snip.mjs";
import { run, targetDir } from "../../scripts/tools.mjs";
import { SITES } from "./panic-sites.mjs";

/** Who calls whom, as `wasm-opt` prints it. */
const calls = (module) => {
  const graph = run("wasm-opt", [module, "--print-call-graph", "-o", "/dev/null"], { quiet: true });
  const name = (escaped) => plain(escaped.replace(/\\([0-9a-f]{2})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16))));
  return [...graph.matchAll(/^\s*"(.*?)" -> "(.*?)"; \/\/ call/gm)].map(([, from, to]) => ({ from: name(from), to: name(to) }));
};

/** The calls of functions that panic by functions that need not. */
const sitesOf = (graph) => graph.filter(({ from, to }) => neverReturns(to) && !neverReturns(from));

const reason = ({ from, to }) => SITES.find(([panic, where]) => panic.test(to) && where.test(from));

test("every place where the module could panic is known, with the reason why it does not", () => {
  const graph = calls(join(targetDir(), "pkg", "core_bg.wasm"));
  // Else nothing was looked at.
  assert.ok(graph.length > 1000, `${graph.length} calls`);
  const sites = sitesOf(graph);
  assert.ok(sites.some(({ from }) => from.startsWith("agentphone_wasm::")), "no function of ours is among them");
  const unknown = sites.filter((site) => !reason(site)).map(({ from, to }) => {
    const callers = new Set(graph.filter((call) => call.to === from).map((call) => call.from));
    return `${from} can panic (${to}); it is called by ${[...callers].join(", ") || "a table of methods"}`;
  });
  assert.deepEqual([...new Set(unknown)], []);
});

test("a new place is seen: an index, an unwrap, a slice, an expect", () => {
  for (const to of ["core::panicking::panic_bounds_check", "core::option::unwrap_failed", "core::slice::index::slice_index_fail", "core::option::expect_failed"]) {
    const sites = sitesOf([{ from: "agentphone_wasm::client::send::Call::attempt", to }]);
    assert.equal(sites.length, 1, `${to} is no panic?`);
    assert.equal(reason(sites[0]), undefined);
  }
});
