// Line coverage of src/core by its native tests: `npm run coverage`; with `-- call` it also lists the lines of
// call.rs that no test reaches. LLVM's tools read the counts, and must match the compiler's LLVM version. They are
// taken from LLVM_COV and LLVM_PROFDATA, from the toolchain (component llvm-tools), or from PATH (Debian: package
// llvm-22).

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { folder, root } from "./tools.mjs";

const only = process.argv.slice(2).filter((word) => !word.startsWith("-"));

/** The output of a command. If it fails, throws its error output. @param {string} command @param {string[]} args */
const printed = (command, args) => {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(error?.message ?? `${basename(command)}: ${stderr}`);
  return stdout;
};

const about = printed("rustc", ["--version", "--verbose"]);
const llvm = /LLVM version: (\d+)/.exec(about)?.[1] ?? "";
const host = /host: (\S+)/.exec(about)?.[1] ?? "";

/** An LLVM tool that can read this compiler's output. @param {string} name */
const tool = (name) => {
  const places = [
    process.env[name.toUpperCase().replace("-", "_")],
    join(printed("rustc", ["--print", "sysroot"]).trim(), "lib", "rustlib", host, "bin", name),
    `${name}-${llvm}`,
    name,
  ];
  for (const place of places) {
    if (!place) continue;
    const { stdout } = spawnSync(place, ["--version"], { encoding: "utf8" });
    if (new RegExp(`version ${llvm}\\.`).test(stdout ?? "")) return place;
  }
  throw new Error(`${name} of LLVM ${llvm} is not here: rustup component add llvm-tools, or the package llvm-${llvm}`);
};

const [profdata, cov] = [tool("llvm-profdata"), tool("llvm-cov")];
const target = folder("target", "coverage");
const profile = join(target, "tests.profdata");

const said = spawnSync(
  "cargo",
  ["test", "--package", "agentphone-wasm", "--lib", "--no-run", "--message-format=json", "--quiet"],
  {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    env: {
      ...process.env,
      CARGO_TARGET_DIR: target,
      RUSTFLAGS: "-C instrument-coverage",
      // Keeps the counts of build scripts out of the report.
      LLVM_PROFILE_FILE: join(target, "build-%p.profraw"),
    },
    stdio: ["ignore", "pipe", "inherit"],
  },
);
if (said.status !== 0) process.exit(1);
/** @type {string[]} */
const programs = said.stdout
  .split("\n")
  .filter((line) => line.startsWith("{"))
  .map((line) => JSON.parse(line).executable)
  .filter(Boolean);
const [program = ""] = programs;
for (const old of readdirSync(target)) if (old.endsWith(".profraw")) rmSync(join(target, old));
const ran = spawnSync(program, ["--quiet"], {
  cwd: root,
  env: { ...process.env, LLVM_PROFILE_FILE: join(target, "%p.profraw") },
  stdio: ["ignore", "ignore", "inherit"],
});
if (ran.status !== 0) throw new Error("the tests fail");
const raw = readdirSync(target).filter((name) => name.endsWith(".profraw"));
printed(profdata, ["merge", "-sparse", ...raw.map((name) => join(target, name)), "-o", profile]);

/** Run by the compiler to make the table of operations, so that there is nothing to count when the tests run. */
const COMPILED = ["check.rs", "operation.rs", "rule.rs", "table.rs"];
const core = join("src", "core");
const files = readdirSync(join(root, core), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".rs") && !/tests?\.rs$|(^|[\\/])tests[\\/]/.test(name) && !COMPILED.includes(name))
  .sort();

/** @param {string} name @param {number} reached @param {number} all */
const tell = (name, reached, all) =>
  process.stdout.write(
    `${name.padEnd(32)} ${((100 * reached) / all).toFixed(1).padStart(5)} %  ${reached} of ${all}\n`,
  );

let [all, reached] = [0, 0];
for (const name of files) {
  const filename = join(root, core, name);
  const lines = readFileSync(filename, "utf8").split("\n");
  const tests = lines.findIndex((line) => line.startsWith("#[cfg(test)]"));
  const begin = tests < 0 ? Number.POSITIVE_INFINITY : tests + 1;
  const counts = printed(cov, ["show", program, `-instr-profile=${profile}`, filename])
    .split("\n")
    .map((line) => /^\s*(\d+)\|\s*([\d.]+[kMG]?)\|(.*)/.exec(line))
    .filter((match) => match !== null)
    .filter(([, line]) => Number(line) < begin);
  const missed = counts.filter(([, , count]) => count === "0");
  all += counts.length;
  reached += counts.length - missed.length;
  if (counts.length > 0) tell(name, counts.length - missed.length, counts.length);
  if (only.includes(basename(name, ".rs")))
    for (const [, line, , code] of missed) process.stdout.write(`    ${line}: ${code?.trim()}\n`);
}
tell(core, reached, all);
