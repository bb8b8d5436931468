// The package with a module that can be broken: built as the published one is, with the feature
// `fault-for-tests` and little memory, into `target/faults`, unless it is newer than its sources.

import { createRequire } from "node:module";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { buildModule } from "../../scripts/build-module.mjs";
import { bundleClient } from "../../scripts/bundle.mjs";
import { outdated, root } from "../../scripts/tools.mjs";

/** Bytes that the module may have in all. */
export const MEMORY = 16 * 2 ** 20;
/** Where it is. */
export const dist = join(root, "target", "faults", "dist");

export const build = async () => {
  if (!outdated(join(dist, "index.cjs"), ["src", "Cargo.toml", "Cargo.lock", "scripts", "tests/support/breakable.mjs"])) return;
  const work = join(root, "target", "faults", "pkg");
  mkdirSync(dist, { recursive: true });
  buildModule(work, { features: ["fault-for-tests"], target: join(root, "target", "faults"), maxMemory: MEMORY });
  await bundleClient(work, dist);
};

/** Builds it where it is old, and gives its exports; `arm(point, kind)` has it break. */
export const breakable = async () => {
  await build();
  return createRequire(import.meta.url)(join(dist, "index.cjs"));
};
