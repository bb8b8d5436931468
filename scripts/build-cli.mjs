// Builds the command line, `cli/dist`: its program, in files that are loaded on demand, the description of each
// operation (`operations.mjs`), and the console, so that running it needs no Rust.

import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { notices } from "./notices.mjs";
import { outdated, root, run } from "./tools.mjs";

const cli = join(root, "cli");
const published = join(cli, "dist");
/** Built next to the old program and then renamed, so that there is never an incomplete one. */
const dist = join(cli, "dist.new");

/**
 * The official SDK, with which the fault lab compares: its package names no licence, so it is not passed on. The lab says
 * so where it is missing (www/src/views/lab/beside.tsx).
 */
const UNLICENSED = { file: /[/\\]official-sdk-[\w-]+\.js$/, notice: /^## agentphone - .*\n[^#]*/m };

const inputs = [
  "cli/src",
  "cli/package.json",
  "cli/tsconfig.types.json",
  "contract",
  "src",
  "www",
  "sandbox",
  "scripts/build-cli.mjs",
  "scripts/operations.mjs",
  "scripts/reference.mjs",
  "scripts/declarations.mjs",
];

/** Builds it if it is older than its sources. The package and the console must have been built. */
export const buildCli = async ({ force = false } = {}) => {
  const command = join(published, "agentphone.js");
  if (!force && !outdated(command, inputs)) return;
  // The npm packages exist only after the setup has run.
  const { build } = await import("esbuild");
  rmSync(dist, { recursive: true, force: true });
  await build({
    entryPoints: {
      agentphone: join(cli, "src", "agentphone.ts"),
      "campaign/index": join(cli, "src", "campaign", "index.ts"),
      // For `npm start -- --live`, which is not part of the package.
      "ledger/account-ledger": join(cli, "src", "ledger", "account-ledger.ts"),
      "tasks/serve-campaigns": join(cli, "src", "tasks", "serve-campaigns.ts"),
    },
    outdir: dist,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.12",
    packages: "external",
    minifySyntax: true,
    minifyWhitespace: true,
    lineLimit: 120,
    legalComments: "none",
  });
  run("npx", ["tsc", "-p", "cli/tsconfig.types.json", "--outDir", join(dist, "campaign")], { quiet: true });
  const { operations } = await import("./operations.mjs");
  const found = await operations();
  const folder = join(dist, "operations");
  mkdirSync(folder, { recursive: true });
  const index = found.map(({ name, summary }) => ({ name, summary }));
  writeFileSync(join(folder, "index.json"), JSON.stringify(index));
  for (const resource of found) writeFileSync(join(folder, `${resource.name}.json`), JSON.stringify(resource));
  const licensed = (/** @type {string} */ file) => !UNLICENSED.file.test(file);
  cpSync(join(root, "www", "dist"), join(dist, "console"), { recursive: true, filter: licensed });
  chmodSync(join(dist, "agentphone.js"), 0o755);
  // The console contains the modules, and what vite has bundled with it.
  const bundled = readFileSync(join(root, "www", "dist", "licences.md"), "utf8").replace(UNLICENSED.notice, "");
  writeFileSync(join(cli, "THIRD-PARTY-NOTICES.txt"), `${notices()}\n\n${bundled}`);
  for (const name of ["LICENSE-MIT", "LICENSE-APACHE", "CHANGELOG.md"]) copyFileSync(join(root, name), join(cli, name));
  rmSync(published, { recursive: true, force: true });
  renameSync(dist, published);
};
