// What users read about the command line works: each command line has options that exist, the programs run, and the exit codes and
// tasks that are listed are those that there are.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { serveSandbox } from "agentphone-wasm/sandbox";
import { root } from "../../scripts/tools.mjs";
import { command, lines, on, run, scratch } from "./harness.mjs";

const PAGES = ["docs/cli.md", "docs/campaigns.md", "docs/mcp.md", "cli/README.md", "cli/SKILL.md", "README.md"];
const read = (/** @type {string} */ name) => readFileSync(join(root, name), "utf8");
const shellBlocks = (/** @type {string} */ text) =>
  [...text.matchAll(/^```(?:sh|text)\n(.*?)^```$/gms)].map(([, code = ""]) => code);

/** The command lines of a page: their words, without what a shell makes of the rest. */
const commandLines = (/** @type {string} */ page) =>
  shellBlocks(read(page)).flatMap((block) =>
    [...block.matchAll(/(?:npx agentphone-wasm-cli|\bagentphone) ([a-z][^#|\n)]*)/g)].map(([, typed = ""]) =>
      [...typed.matchAll(/"[^"]*"|'[^']*'|\S+/g)].map(([word]) => word.replaceAll(/["']/g, "")),
    ),
  );

test("every command line of the documents is a command, with options that it has", async () => {
  let count = 0;
  for (const page of PAGES) {
    for (const words of commandLines(page)) {
      const path = words.slice(0, words.findIndex((word) => !/^[a-z][a-z-]*$/.test(word)) >>> 0);
      const { status, stdout } = await run([...path, "--help"]);
      assert.equal(status, 0, `${page}: ${words.join(" ")}`);
      assert.match(stdout, new RegExp(`^Usage: agentphone ${path.slice(0, 1)}`));
      for (const option of words.filter((word) => /^--[a-z-]+$/.test(word)))
        assert.match(stdout, new RegExp(`${option}\\b`), `${page}: ${words.join(" ")}`);
      count += 1;
    }
  }
  assert.ok(count >= 15, `${count} command lines`);
});

test("every option that a page names is one of a command that the page is about", async () => {
  const about = {
    "docs/campaigns.md": [
      ...["plan", "start", "resume", "worker", "pause", "stop", "retry", "report", "status"].map(
        (name) => `campaign ${name}`,
      ),
      "effects resolve",
    ],
    "docs/mcp.md": ["mcp"],
  };
  for (const [page, commands] of Object.entries(about)) {
    const helps = await Promise.all(commands.map(async (words) => (await run([...words.split(" "), "--help"])).stdout));
    const named = new Set([...read(page).matchAll(/`(--[a-z][a-z-]*)/g)].map(([, option = ""]) => option));
    assert.ok(named.size > 5, `${page}: ${[...named].join()}`);
    assert.deepEqual(
      [...named].filter((option) => !new RegExp(`(^|\\s)${option}\\b`, "m").test(helps.join("\n"))),
      [],
      page,
    );
  }
});

test("every task is in the manual, and the manual has no other", async () => {
  const { stdout } = await run(["--help"]);
  const [, tasks = ""] = /^Tasks:\n(.*?)^Operations/ms.exec(stdout) ?? [];
  const names = [...tasks.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = ""]) => name);
  assert.ok(names.length > 6, tasks);
  const [, table = ""] = /^\| command \| what it does \|\n(.*?)\n\n/ms.exec(read("docs/cli.md")) ?? [];
  const cells = [...table.matchAll(/^\| (.*?) \|/gm)].map(([, cell = ""]) => cell).join(" ");
  const listed = new Set([...cells.matchAll(/`([a-z-]+)/g)].map(([, name]) => name));
  for (const name of names) assert.ok(listed.has(name), name);
});

test("the exit codes of the manual are those of the code", () => {
  const source = read("cli/src/failure.ts");
  const [, block = ""] = /EXIT = \{(.*?)\} as const/s.exec(source) ?? [];
  const codes = [...block.matchAll(/: (\d+)/g)].map(([, code]) => code);
  const [, table = ""] = /^\| exit code \| meaning \|\n(.*?)\n\n/ms.exec(read("docs/cli.md")) ?? [];
  assert.deepEqual(
    [...table.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => code),
    codes,
  );
});

describe("the programs of the manual", () => {
  /** @type {import("agentphone-wasm/sandbox").SandboxServer} */
  let sandbox;
  before(async () => (sandbox = await serveSandbox({ limits: false })));
  after(() => sandbox.close());

  const shell = (/** @type {string} */ script, /** @type {Record<string, string>} */ env) =>
    new Promise((resolve) => {
      const child = spawn("bash", ["-c", `agentphone() { "${process.execPath}" "${command}" "$@"; }\n${script}`], {
        env: { ...process.env, AGENTPHONE_STATE_DIR: join(scratch, "shell"), ...on(sandbox.url), ...env },
      });
      let text = "";
      child.stdout.on("data", (chunk) => (text += chunk));
      child.on("close", () => resolve(text));
    });

  test("placing a call by its exit code, twice, is one call", async () => {
    const [agent] = lines((await run(["agents", "create", "--name", "Desk"], { env: on(sandbox.url) })).stdout);
    await run(["numbers", "buy", "--agent-id", agent.id, "--yes"], { env: on(sandbox.url) });
    const program = shellBlocks(read("docs/cli.md")).find((block) => block.includes("case $?")) ?? "";
    for (let at = 0; at < 2; at += 1) assert.match(await shell(program, { AGENT: agent.id }), /placed, once/);
    assert.equal(sandbox.ledger().callsPlaced, 1);
  });

  test("waiting for a one-time code", async () => {
    const program = shellBlocks(read("docs/cli.md")).find((block) => block.includes("code=$(")) ?? "";
    // Not every machine has jq.
    const script = `jq() { "${process.execPath}" -e 'process.stdout.write(JSON.parse(require("fs").readFileSync(0)).match)'; }\n${program}\necho "code is $code"`;
    const told = shell(script, {});
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    sandbox.inbound.message({ from: "+14155550111", body: "Your code: 271828" });
    assert.match(await told, /code is 271828/);
  });
});
