// The package with a module that can be broken: built as the published one is, with the feature
// `fault-for-tests` and little memory, into `target/faults`, unless it is newer than its sources.

import { mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { buildModule, modules } from "../../scripts/build-module.mjs";
import { bundleEntries } from "../../scripts/bundle.mjs";
import { folder, outdated, root } from "../../scripts/tools.mjs";

/** Bytes that the module may have in all. */
export const MEMORY = 16 * 2 ** 20;
/** Where it is. */
export const dist = join(root, "target", "faults", "dist");

const made = ["build-module", "bundle", "compile", "decode-wasm", "inline", "wrap-exports"].map(
  (name) => `scripts/${name}.mjs`,
);

export const build = async () => {
  if (!outdated(join(dist, "index.cjs"), ["src", "Cargo.toml", "Cargo.lock", "tests/support/breakable.mjs", ...made]))
    return;
  const faults = folder("target", "faults");
  // Of its own, because each file of tests that is run by itself may come first.
  const work = mkdtempSync(join(faults, "work-"));
  mkdirSync(join(work, "dist"));
  buildModule(
    { ...modules.client, work: join(work, "pkg") },
    { features: ["fault-for-tests"], target: faults, maxMemory: MEMORY },
  );
  await bundleEntries("client", join(work, "pkg"), join(work, "dist"));
  rmSync(dist, { recursive: true, force: true });
  renameSync(join(work, "dist"), dist);
  rmSync(work, { recursive: true });
};

/** Builds it where it is old, and gives its exports; `arm(point, kind)` has it break. */
export const breakable = async () => {
  await build();
  return createRequire(import.meta.url)(join(dist, "index.cjs"));
};
