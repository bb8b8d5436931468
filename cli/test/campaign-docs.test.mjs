// The page about campaigns: its program and its commands are run as they stand.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { serveSandbox } from "agentphone-wasm/sandbox";
import { transform } from "esbuild";
import { folder, root } from "../../scripts/tools.mjs";
import { ledgerTools } from "../../tests/ledger/tools.mjs";

const LIMIT = { timeout: 120_000 };
const page = readFileSync(join(root, "docs", "campaigns.md"), "utf8");
const block = (/** @type {string} */ kind) => new RegExp(`^\`\`\`${kind}\\n(.*?)^\`\`\`$`, "ms").exec(page)?.[1] ?? "";
const scratch = mkdtempSync(join(tmpdir(), "agentphone-campaign-docs-"));
after(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 }));
const command = join(root, "cli", "dist", "agentphone.js");

/** @param {string[]} args @param {Record<string, string>} [env] @returns {Promise<{ status: number | null, stdout: string, stderr: string }>} */
const run = (args, env = {}) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: scratch,
      // Where better-sqlite3 is, for a Node.js without SQLite.
      env: {
        ...process.env,
        NODE_PATH: join(ledgerTools(), "node_modules"),
        AGENTPHONE_STATE_DIR: join(scratch, "state"),
        ...env,
      },
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => (stdout += chunk));
    child.stderr.on("data", (chunk) => (stderr += chunk));
    child.on("close", (status) => resolve({ status, stdout, stderr }));
  });

test("the program runs, and prints what it says", LIMIT, async () => {
  const sandbox = await serveSandbox({ limits: false });
  // Beside the workspace's packages, which it imports.
  const file = join(folder("target", "campaign-docs"), `program-${process.pid}.mjs`);
  try {
    writeFileSync(file, (await transform(block("ts"), { loader: "ts", format: "esm" })).code);
    const env = {
      AGENTPHONE_API_KEY: "sk_sandbox_docs",
      AGENTPHONE_BASE_URL: sandbox.url,
      STORE: join(scratch, "docs.db"),
    };
    const { status, stdout, stderr } = await run([file], env);
    assert.equal(status, 0, stderr);
    assert.equal(stdout, "2 0.04\ndone 2\n");
    assert.equal(sandbox.ledger().textsSent, 2);
  } finally {
    rmSync(file, { force: true });
    await sandbox.close();
  }
});

test("the server for viewers runs, shows the campaigns to who has the secret, and starts nothing", LIMIT, async () => {
  const file = join(folder("target", "campaign-docs"), `viewer-${process.pid}.mjs`);
  const ask = `
    const { once } = await import("node:events");
    await once(server, "listening");
    const at = \`http://127.0.0.1:\${server.address().port}/campaigns\`;
    const headers = { authorization: "Bearer word" };
    const statuses = [];
    for (const [url, init] of [[at, {}], [at, { headers }], [\`\${at}/x/start\`, { headers, method: "POST" }]])
      statuses.push((await fetch(url, init)).status);
    console.log(statuses.join(" "));
    server.close();
    await store.close();`;
  try {
    writeFileSync(file, block("js") + ask);
    const { status, stdout, stderr } = await run([file], { STORE: join(scratch, "viewer.db"), VIEWER_SECRET: "word" });
    assert.equal(status, 0, stderr);
    assert.equal(stdout, "401 200 405\n");
  } finally {
    rmSync(file, { force: true });
  }
});

test("the commands run, and a second start sends nothing", LIMIT, async () => {
  writeFileSync(join(scratch, "people.csv"), "phone,name\n(415) 555-0100,Ada\n415-555-0111,Bob\n");
  const agents = await run([command, "agents", "list", "--sandbox", "--output", "jsonl"]);
  const { id } = JSON.parse(agents.stdout.split("\n")[0] ?? "");
  const typed = block("sh").trim().split("\n");
  assert.equal(typed.length, 3);
  /** @type {string[]} */
  const printed = [];
  for (const line of typed) {
    const words = [...line.replace("AGENT_ID", id).matchAll(/'([^']*)'|(\S+)/g)].map(
      ([, quoted, bare]) => quoted ?? bare ?? "",
    );
    // Whatever the hour is at which the tests run.
    const args = words[2] === "plan" ? [...words.slice(1), "--quiet-hours", "none"] : words.slice(1);
    const { status, stdout, stderr } = await run([command, ...args]);
    assert.equal(status, 0, `${line}\n${stderr}`);
    printed.push(stdout);
  }
  assert.equal(JSON.parse(printed[0] ?? "").people, 2);
  const { state, counts } = JSON.parse(printed[1] ?? "");
  assert.deepEqual([state, counts.waiting + counts.placed + counts.doubt], ["done", 0]);
  const html = readFileSync(join(scratch, "spring.html"), "utf8");
  assert.match(html, /<svg/);
  assert.doesNotMatch(html, /5550100|Ada|<script|https?:/);
  const csv = await run([command, "campaign", "report", "spring", "--sandbox"]);
  assert.match(csv.stdout, /^recipient,state,/);
  assert.match(csv.stdout, /^\+14155550100,/m);
  const again = await run([command, "campaign", "start", "spring", "--yes", "--sandbox"]);
  assert.equal(again.status, 1);
  assert.equal(JSON.parse(again.stderr.trim().split("\n").at(-1) ?? "").error.code, "WRONG_STATE");
});

test("a file that is wrong: exit code 2, line and column, and no campaign", LIMIT, async () => {
  writeFileSync(join(scratch, "wrong.csv"), "phone,name\n12,Ada\n415-555-0111,Bob\n");
  const agents = await run([command, "agents", "list", "--sandbox", "--output", "jsonl"]);
  const { id } = JSON.parse(agents.stdout.split("\n")[0] ?? "");
  const plan = [command, "campaign", "plan", "wrong.csv", "--id", "wrong", "--agent-id", id, "--sandbox"];
  const refused = await run(plan);
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /"line":2,"column":1,"code":"wrong-number"/);
  assert.match(refused.stderr, /INVALID_PEOPLE/);
  assert.equal((await run([command, "campaign", "status", "wrong", "--sandbox"])).status, 2);
  const others = await run([...plan, "--skip-invalid"]);
  assert.equal(others.status, 0, others.stderr);
  assert.equal(readFileSync(join(scratch, "wrong.csv.invalid"), "utf8"), "12,Ada\n");
  const unasked = await run([command, "campaign", "stop", "wrong", "--store", join(scratch, "other.db")]);
  assert.equal(unasked.status, 2);
});
