// @ts-check
// The programs that the console shows to whoever connects code: each is run as it stands, and places one call.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { execute, pythonWith } from "../../sandbox/node/python.mjs";
import { serveSandbox } from "../../sandbox/node/server.mjs";
import { environmentOf, LANGUAGES } from "../src/ui/connect-snippets.js";

const dir = mkdtempSync(join(tmpdir(), "agentphone-connect-"));
/** @type {import("agentphone-wasm/sandbox").SandboxServer} */
let server;
before(async () => {
  symlinkSync(fileURLToPath(new URL("../../node_modules", import.meta.url)), join(dir, "node_modules"));
  server = await serveSandbox({ speed: 60, limits: false });
});
after(async () => {
  await server.close();
  rmSync(dir, { recursive: true });
});

/** Writes it down and runs it. @param {string} code @param {string} file @param {string} command */
function run(code, file, command, env = {}) {
  const path = join(dir, file);
  writeFileSync(path, code);
  return execute(command, [path], { cwd: dir, env: { ...process.env, ...env } });
}

const COMMANDS = /** @type {const} */ ({
  typescript: ["program.mjs", async () => process.execPath],
  python: ["program.py", () => pythonWith("agentphone[async]==0.20.3")],
  curl: ["program.sh", async () => "sh"],
});

for (const { value, code } of LANGUAGES) {
  test(`the program in ${value} places a call in the sandbox`, { timeout: 300_000 }, async () => {
    server.reset();
    const [file, command] = COMMANDS[value];
    const { code: status, out } = await run(code(server.url), file, await command());
    assert.equal(status, 0, out);
    assert.equal(server.ledger().callsPlaced, 1, out);
  });
}

test("the program for a real account is connected by the variables that are shown", async () => {
  server.reset();
  const typescript = LANGUAGES.find(({ value }) => value === "typescript");
  const env = Object.fromEntries(
    environmentOf(server.url)
      .split(" ")
      .map((one) => one.split("=")),
  );
  const { code, out } = await run(typescript?.code(undefined) ?? "", "real.mjs", process.execPath, env);
  assert.equal(code, 0, out);
  assert.match(out, /agent/);
  assert.equal(server.ledger().callsPlaced, 1);
});
