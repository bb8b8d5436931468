// The client's module as it is published, but for one switch: its panics are calls of functions with names, so that one can
// see where they are. In the published module each is a single instruction (`scripts/compile.mjs`).

import { join } from "node:path";
import { linkModule, modules } from "../../scripts/build-module.mjs";
import { folder, outdated, run } from "../../scripts/tools.mjs";

const home = () => folder("target", "panics");
const linked = () => join(home(), "pkg", "core_bg.wasm");

/** Builds it where it is older than its sources. */
export const build = () => {
  const made = ["scripts/build-module.mjs", "scripts/compile.mjs", "tests/support/panicking.mjs"];
  if (!outdated(linked(), ["src", "Cargo.toml", "Cargo.lock", ...made])) return;
  linkModule({ ...modules.client, work: join(home(), "pkg"), traps: false }, { target: home() });
};

/** Functions of the standard library that end in a panic, whatever they are given. */
const NEVER_RETURN = [
  /^core::panicking::/,
  /^std::panicking::/,
  /^__rustc::(rust_panic|__rust_abort|__rust_start_panic|__rust_alloc_error_handler|rust_begin_unwind)$/,
  /^core::(option|result)::(expect_failed|unwrap_failed)$/,
  /^core::cell::panic_already_(mutably_)?borrowed$/,
  /^core::cell::lazy::panic_poisoned$/,
  /^core::(slice|str)::.*_fail(_rt|_ct)?$/,
  /^std::thread::local::panic_access_error$/,
  /^std::alloc::(rust_oom|default_alloc_error_hook|handle_alloc_error)/,
  /^alloc::alloc::handle_alloc_error$/,
  /^alloc::raw_vec::(capacity_overflow|handle_error)$/,
  /^<alloc::vec::Vec<_, _>>::(insert_mut|remove|swap_remove)::assert_failed$/,
];

/** As `wasm-opt` prints it, `core\5b7cd05f7ffa3501\5d::x::h0123456789abcdef` is `core::x`. */
const plain = (/** @type {string} */ printed) => {
  const name = printed.replace(/\\([0-9a-f]{2})/g, (_, /** @type {string} */ code) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  return name
    .replace(/\[[0-9a-f]{8,}\]/g, "")
    .replace(/::h[0-9a-f]{16}$/, "")
    .replace(/\[\d+\]$/, "");
};

/** Whether a function ends in a panic, whatever it is given. */
export const neverReturns = (/** @type {string} */ name) => NEVER_RETURN.some((pattern) => pattern.test(name));

/** Who calls whom in it: `{ from, to }`. */
export const calls = () => {
  build();
  const graph = run("wasm-opt", [linked(), "--print-call-graph", "-o", "/dev/null"], { quiet: true });
  return [...graph.matchAll(/^\s*"(.*?)" -> "(.*?)"; \/\/ call/gm)].map(([, from, to]) => ({
    from: plain(from),
    to: plain(to),
  }));
};

/** The functions of a module: of this one, or of that which is published. */
export const functions = (module = linked()) =>
  [
    ...run("wasm-opt", [module, "--print-function-map", "-o", "/dev/null"], { quiet: true }).matchAll(/^\d+:(.*)$/gm),
  ].map(([, name]) => plain(name));
