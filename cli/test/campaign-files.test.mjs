// `agentphone campaign plan|report` with files as strangers have them: what is rejected is in the file, byte for byte, and what is
// printed cannot command the terminal.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { AgentPhone } from "agentphone-wasm";
import { serveSandbox } from "agentphone-wasm/sandbox";
import { root } from "../../scripts/tools.mjs";
import { ledgerTools } from "../../tests/ledger/tools.mjs";

const LIMIT = { timeout: 120_000 };
const folder = mkdtempSync(join(tmpdir(), "agentphone-campaign-files-"));
const sandbox = await serveSandbox({ limits: false });
const client = new AgentPhone({ apiKey: "sk_test_files", baseUrl: sandbox.url });
const agent = await client.agents.create({ name: "Ada" });
await client.numbers.buy({ agentId: agent.id });
after(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** @param {string[]} args @returns {Promise<{ status: number | null, stdout: string, stderr: string }>} */
const campaign = (...args) =>
  new Promise((resolve) => {
    const command = join(root, "cli", "dist", "agentphone.js");
    const child = spawn(process.execPath, [command, "campaign", ...args], {
      cwd: folder,
      env: {
        ...process.env,
        // Where better-sqlite3 is, for a Node.js without SQLite.
        NODE_PATH: join(ledgerTools(), "node_modules"),
        AGENTPHONE_STATE_DIR: join(folder, "state"),
        AGENTPHONE_API_KEY: "sk_test_files",
        AGENTPHONE_BASE_URL: sandbox.url,
      },
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
    child.on("close", (status) => resolve({ status, stdout, stderr }));
  });
const plan = (/** @type {string} */ file, /** @type {string} */ id, /** @type {string[]} */ ...more) =>
  campaign("plan", file, "--id", id, "--agent-id", agent.id, "--quiet-hours", "none", ...more);

test(
  "--skip-invalid writes every rejected line to the file, byte for byte: quotes, Latin-1 and long lines too",
  LIMIT,
  async () => {
    const rejected = [
      '+14155550101,"A"nn',
      "+14155550102,J\xfcrgen",
      '+14155550103,"a\nJ\xf6rg\nb"',
      `x,${"y".repeat(2 ** 20)}`,
      "1,B",
    ];
    const good = ["+14155550104,Bob", '+14155550105,"C\nD"'];
    const lines = [rejected[0], good[0], rejected[1], rejected[2], good[1], rejected[3], rejected[4], ""];
    writeFileSync(join(folder, "mixed.csv"), Buffer.from(["phone,name", ...lines].join("\n"), "latin1"));
    const { status, stdout, stderr } = await plan("mixed.csv", "mixed", "--skip-invalid", "mixed.inv");
    assert.equal(status, 0, stderr);
    assert.equal(JSON.parse(stdout).people, 2);
    assert.equal(JSON.parse(stdout).notes[0], 'The phone numbers are in the column "phone".');
    assert.equal(readFileSync(join(folder, "mixed.inv"), "latin1"), `${rejected.join("\n")}\n`);
  },
);

test(
  "a plan that fails leaves no file of skipped lines, so that the same command works afterwards",
  LIMIT,
  async () => {
    const file = join(folder, "again.csv");
    const words = /** @type {const} */ (["again.csv", "again", "--skip-invalid", "again.inv"]);
    writeFileSync(file, "phone,name\n1,Ann\n2,Bob\n");
    const first = await plan(...words);
    assert.equal(first.status, 2, first.stderr);
    assert.match(first.stderr, /no valid person/);
    assert.ok(!existsSync(join(folder, "again.inv")));
    writeFileSync(file, "phone,name\n1,Ann\n+14155550102,Bob\n");
    const second = await plan(...words);
    assert.equal(second.status, 0, second.stderr);
    assert.match(second.stderr, /"note":"left-out","file":"again\.inv"/);
    assert.equal(readFileSync(join(folder, "again.inv"), "utf8"), "1,Ann\n");
    // A file that was there is neither changed nor removed.
    const third = await plan("again.csv", "third", "--skip-invalid", "again.inv");
    assert.equal(third.status, 2, third.stderr);
    assert.match(third.stderr, /again\.inv already exists.*--skip-invalid=FILE/);
    assert.equal(readFileSync(join(folder, "again.inv"), "utf8"), "1,Ann\n");
  },
);

test("a report on a terminal shows control characters instead of obeying them", LIMIT, async () => {
  writeFileSync(join(folder, "people.csv"), "phone,name\n+14155550101,\u009b2J\u202eAnn\n");
  assert.equal((await plan("people.csv", "shown")).status, 0);
  const { stdout } = await campaign("report", "shown", "--output", "table");
  assert.match(stdout, /\\u009b2J\\u202eAnn/);
  // A program gets what is in the store.
  assert.match((await campaign("report", "shown")).stdout, /\u009b2J\u202eAnn\r\n/);
});

test("a report for programs that ask for JSON is JSON, or refused", LIMIT, async () => {
  writeFileSync(join(folder, "two.csv"), "phone,name\n+14155550101,Ann\n+14155550102,Bob\n");
  assert.equal((await plan("two.csv", "json")).status, 0);
  const rows = JSON.parse((await campaign("report", "json", "--output", "json")).stdout);
  assert.deepEqual(
    rows.map((/** @type {any} */ { recipient, state, variables }) => [recipient, state, variables.name]),
    [
      ["+14155550101", "waiting", "Ann"],
      ["+14155550102", "waiting", "Bob"],
    ],
  );
  const { stdout } = await campaign("report", "json", "--output", "jsonl");
  assert.equal(
    stdout
      .trim()
      .split("\n")
      .map((each) => JSON.parse(each)).length,
    2,
  );
  assert.equal((await campaign("report", "json", "--output", "json", "--format", "csv")).status, 2);
});
