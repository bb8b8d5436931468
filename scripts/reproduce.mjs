// Packs the package from two copies of the sources in different folders, built under different locales, time zones
// and umasks, and compares the tarballs byte for byte. Anybody with the same tools can thus verify that what is
// published was built from these sources.
//
//   npm run reproduce               compiles everything twice: minutes
//   npm run reproduce -- --linked   compiles nothing: repeats the later steps with the linked modules of the last
// build
//
// `--linked` fails if there are no modules from a previous build.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { root, targetDir } from "./tools.mjs";

const here = fileURLToPath(import.meta.url);
const wasm = "wasm32-unknown-unknown";
const linkedModules = [
  `${wasm}/release/agentphone_wasm.wasm`,
  `${wasm}/webhooks/agentphone_wasm.wasm`,
  `${wasm}/release/agentphone_sandbox.wasm`,
];

/**
 * The output of a command; throws if it fails.
 * @param {string} command @param {string[]} args @param {Partial<import("node:child_process").SpawnSyncOptionsWithStringEncoding>} [options]
 */
const output = (command, args, options = {}) => {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    encoding: "utf8",
    maxBuffer: 1 << 26,
    ...options,
  });
  if (error || status !== 0) throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? `${stdout}${stderr}`}`);
  return stdout;
};

/** Copies the files that git knows, as a clone under this umask would have them. The npm packages are shared. */
const copySources = (/** @type {string} */ to, /** @type {string} */ umask) => {
  mkdirSync(to, { recursive: true });
  const files = output("git", ["ls-files", "-co", "-z", "--exclude-standard"], { cwd: root })
    .split("\0")
    .filter(Boolean);
  for (const file of files.filter((name) => existsSync(join(root, name)))) {
    cpSync(join(root, file), join(to, file));
    chmodSync(join(to, file), statSync(join(to, file)).mode & ~Number.parseInt(umask, 8));
  }
  symlinkSync(realpathSync(join(root, "node_modules")), join(to, "node_modules"));
  // `outdated` in tools.mjs asks git which files are sources.
  output("git", ["init", "--quiet"], { cwd: to });
};

/** A `cargo` that copies the linked modules to where a build would put them, and otherwise runs cargo. */
const linkedCargo = (/** @type {string} */ folder) => {
  const modules = join(folder, "linked");
  for (const name of linkedModules) {
    const from = join(targetDir(), name);
    if (!existsSync(from)) throw new Error(`${from} is missing: run npm run build first`);
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    cpSync(from, join(modules, name));
  }
  const bin = join(folder, "bin");
  mkdirSync(bin);
  const real = output("sh", ["-c", "command -v cargo"]).trim();
  const script = `#!/bin/sh\nif [ "$1" = rustc ]; then mkdir -p "$CARGO_TARGET_DIR" && exec cp -R "${modules}/." "$CARGO_TARGET_DIR"; fi\nexec "${real}" "$@"\n`;
  writeFileSync(join(bin, "cargo"), script, { mode: 0o755 });
  return bin;
};

/**
 * Builds and packs the copy in `folder`, and returns the path of its tarball.
 * @param {string} folder @param {{ umask: string, [variable: string]: string | undefined }} environment
 */
const pack = (folder, { umask, ...env }) => {
  const out = join(folder, "target", "pack");
  const environment = { ...process.env, CARGO_TARGET_DIR: join(folder, "target"), ...env };
  output("sh", ["-c", `umask ${umask} && exec "$@"`, "sh", process.execPath, "scripts/reproduce.mjs", "--one", out], {
    cwd: folder,
    env: environment,
  });
  const tarball = readdirSync(out).find((name) => name.endsWith(".tgz"));
  if (tarball === undefined) throw new Error(`${out} has no tarball`);
  return join(out, tarball);
};

const digest = (/** @type {string} */ file) => createHash("sha256").update(readFileSync(file)).digest("hex");

/** The names of the files in which two tarballs differ. */
const differences = (/** @type {string} */ folder, /** @type {string[]} */ tarballs) => {
  const [one, other] = tarballs.map((tarball, index) => {
    const into = join(folder, `unpacked-${index}`);
    mkdirSync(into);
    output("tar", ["-xzf", tarball, "-C", into]);
    const files = readdirSync(into, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return new Map(
      files
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path) => [relative(into, path), `${digest(path)} ${statSync(path).mode}`]),
    );
  });
  return [...new Set([...one.keys(), ...other.keys()])].filter((name) => one.get(name) !== other.get(name));
};

/**
 * Packs twice. `linked`: from the linked modules of the last build.
 * @returns {{ digests: string[], differing: string[] }} The SHA-256 of both tarballs, and the files in which they differ.
 */
export const reproduce = ({ linked = false } = {}) => {
  const folder = mkdtempSync(join(tmpdir(), "agentphone-reproduce-"));
  try {
    const path = linked ? `${linkedCargo(folder)}${delimiter}${process.env.PATH}` : process.env.PATH;
    const copies = [
      { at: join(folder, "a"), environment: { PATH: path, TZ: "UTC", LC_ALL: "C", umask: "022" } },
      {
        at: join(folder, "another folder", "with-a-longer-name"),
        environment: { PATH: path, TZ: "Asia/Kolkata", LC_ALL: "C.UTF-8", umask: "077" },
      },
    ];
    const tarballs = copies.map(({ at, environment }) => (copySources(at, environment.umask), pack(at, environment)));
    const digests = tarballs.map(digest);
    return { digests, differing: digests[0] === digests[1] ? [] : differences(folder, tarballs) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

if (process.argv[1] && realpathSync(process.argv[1]) === realpathSync(here)) {
  const [, , flag, out] = process.argv;
  if (flag === "--one") {
    const { buildPackage } = await import("./build.mjs");
    await buildPackage({ force: true, quiet: true });
    mkdirSync(out, { recursive: true });
    output("npm", ["pack", "--pack-destination", out], { cwd: join(root, "pkg") });
  } else {
    const { digests, differing } = reproduce({ linked: flag === "--linked" });
    process.stdout.write(
      `${digests.join("\n")}\n${digests[0] === digests[1] ? "the same bytes" : `different: ${differing.join(", ") || "the order or the form of the archive"}`}\n`,
    );
    process.exitCode = digests[0] === digests[1] ? 0 : 1;
  }
}
