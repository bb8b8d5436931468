// The set-up runs nothing whose bytes it does not know: registries are asked for pinned versions, and what they answer
// is held against hashes. `npm` and `cargo` are replaced here by ones that answer wrongly.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, test } from "node:test";
import { root, run } from "../../scripts/tools.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const folder = mkdtempSync(join(tmpdir(), "agentphone-setup-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A machine whose tools are `commands`, scripts by their names, before those of this machine. */
const machine = (/** @type {string} */ name, /** @type {Foreign} */ commands) => {
  const home = join(folder, name);
  const bin = join(home, "cargo", "bin");
  mkdirSync(bin, { recursive: true });
  for (const [command, script] of Object.entries(commands))
    writeFileSync(join(bin, command), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const setUp = (env = {}) => {
    const environment = {
      CARGO_HOME: join(home, "cargo"),
      WASM_SETUP_HOME: join(home, "setup"),
      HERE: home,
      PATH: `${bin}${delimiter}${process.env.PATH}`,
    };
    const { status, stdout, stderr } = spawnSync("bash", ["scripts/setup.sh", "--no-browser"], {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, ...environment, ...env },
    });
    return { status, said: `${stdout}${stderr}` };
  };
  return { home, bin, setUp };
};

/** Puts a tool of this machine, where it is right, into the other. */
const keep = (/** @type {Foreign} */ { bin }, /** @type {string} */ tool) =>
  symlinkSync(run("sh", ["-c", `command -v ${tool}`], { quiet: true }).trim(), join(bin, tool));

test("a wasm-opt with other bytes than the pinned ones is refused before it runs", () => {
  const npm = `
    while [ "$1" != --prefix ]; do shift; done
    mkdir -p "$2/node_modules/binaryen/bin"; cd "$2/node_modules/binaryen"; echo '{}' > bin/package.json
    printf '#!/bin/sh\\ntouch "$HERE/ran"\\necho wasm-opt version 132\\n' > bin/wasm-opt; chmod +x bin/wasm-opt`;
  const { home, bin, setUp } = machine("changed-binaryen", { npm });
  const { status, said } = setUp();
  assert.equal(status, 1, said);
  assert.match(said, /has the SHA-256 [0-9a-f]{64}, and the pin is [0-9a-f]{64}/);
  assert.ok(!existsSync(join(bin, "wasm-opt")) && !existsSync(join(home, "ran")), "it was installed or run");
});

test("a wasm-opt that was exchanged after it was installed is noticed, though it names the right version", () => {
  const { home, bin, setUp } = machine("exchanged", { npm: "exit 7" });
  writeFileSync(join(bin, "wasm-opt"), '#!/bin/sh\ntouch "$HERE/ran"\necho wasm-opt version 132\n', { mode: 0o755 });
  const { status, said } = setUp();
  assert.equal(status, 1, said);
  assert.match(said, /npm: binaryen/);
  assert.ok(!existsSync(join(home, "ran")), "it was run");
});

/** A cargo that writes down what it is asked to install, and answers as where a lock file cannot be met. */
const cargo = `
  echo "$@" >> "$HERE/asked"
  echo 'error: failed to select a version for the requirement \`x = "^1"\` (locked to 1.0.1)' >&2
  exit 101`;

test("a tool whose lock file cannot be met is not installed with other versions, and what to do is said", () => {
  const given = machine("unmet", { cargo });
  for (const tool of ["wasm-opt", "wasm-bindgen", "wasm-bindgen-test-runner"]) keep(given, tool);
  const { status, said } = given.setUp({ WASM_PACK_PIN: "0.15.0" });
  assert.equal(status, 1, said);
  const asked = readFileSync(join(given.home, "asked"), "utf8")
    .trim()
    .split("\n")
    .filter((line) => line.startsWith("install"));
  assert.equal(asked.length, 1, `${asked}`);
  assert.match(asked[0], / --locked .*wasm-pack --version =0\.15\.0/);
  assert.match(said, /lock file of wasm-pack 0\.15\.0 names a version .* scripts\/locks\/wasm-pack-0\.15\.0\.lock/);
});

test("a lock file of ours belongs to a tool and a version that the set-up installs", () => {
  const lock = readFileSync(join(root, "Cargo.lock"), "utf8");
  const setup = readFileSync(join(root, "scripts", "setup.sh"), "utf8");
  /** @type {Record<string, Foreign>} */
  const versions = {
    "wasm-bindgen-cli": lock.match(/name = "wasm-bindgen"\nversion = "(.*)"/)?.[1],
    "wasm-pack": setup.match(/WASM_PACK_PIN:-(.*?)\}/)?.[1],
  };
  for (const file of readdirSync(join(root, "scripts", "locks"))) {
    const [, tool, version] = file.match(/^(.*)-(\d+\.\d+\.\d+)\.lock$/) ?? [];
    assert.equal(version, versions[tool], `${file} is for a release that is not in use`);
    assert.match(
      readFileSync(join(root, "scripts", "locks", file), "utf8"),
      new RegExp(`name = "${tool}"\nversion = "${version}"`),
    );
  }
});
