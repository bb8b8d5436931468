// Files that are given to campaigns: one that is not a store is not touched, and what is wrong is said in words, as wrong usage. Only what
// passes, such as a lock, may be repeated: a worker repeats it for as long as it lasts.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { serveSandbox } from "agentphone-wasm/sandbox";
import { openStore } from "agentphone-wasm-cli/campaign";
import { ledgerTools, load } from "../../tests/ledger/tools.mjs";
import { errorOf, lines, on, run, scratch } from "./harness.mjs";

process.chdir(ledgerTools());
const LIMIT = { timeout: 60_000 };
/** Where better-sqlite3 is, for a Node.js without SQLite. */
const NODE_PATH = join(ledgerTools(), "node_modules");
const path = (/** @type {string} */ name) => join(scratch, name);

const settings = /** @type {any} */ ({ kind: "call", message: { numberIds: [] } });
/** A store of some pages. @param {string} file */
const madeStore = async (file) => {
  const store = await openStore(file);
  await store.create("c1", settings, Date.now());
  await store.close();
  return file;
};
const sqlite = (/** @type {string} */ file, /** @type {string} */ sql) => {
  const database = new (load("better-sqlite3"))(file);
  database.exec(sql);
  return database;
};

const TEXT = "phone,name\n+14155550100,Ada\n";
for (const [name, make, says] of /** @type {[string, (file: string) => unknown, RegExp][]} */ ([
  ["a text file", (file) => writeFileSync(file, TEXT), /not a SQLite database/],
  ["random bytes", (file) => writeFileSync(file, randomBytes(5_000)), /not a SQLite database/],
  [
    "a damaged database",
    async (file) => truncateSync(await madeStore(file), 8_192),
    /damaged SQLite database|not a SQLite database/,
  ],
  ["a database of another program", (file) => sqlite(file, "CREATE TABLE theirs (x)").close(), /another program/],
  ["a folder", (file) => mkdirSync(file), /not a file/],
  ["a file in a folder that is not there", () => {}, /x\.db does not exist/],
]))
  test(`${name} as a store is refused as wrong usage, in words, and not touched`, LIMIT, async () => {
    const file = path(name.replaceAll(" ", "-")) + (name.includes("not there") ? "/x.db" : "");
    await make(file);
    const isFile = statSync(file, { throwIfNoEntry: false })?.isFile() === true;
    if (isFile) chmodSync(file, 0o644);
    const content = isFile ? readFileSync(file) : undefined;
    const ended = await run(["campaign", "status", "--store", file], { env: { NODE_PATH } });
    assert.equal(ended.status, 2, ended.stderr);
    const { code, message, retryable } = errorOf(ended);
    assert.deepEqual([code, retryable], [code === "STORE_MISSING" ? code : "STORE_CONFIGURATION", false]);
    assert.match(message, says);
    if (!isFile) return;
    assert.deepEqual(readFileSync(file), content);
    assert.equal(statSync(file).mode & 0o777, 0o644);
  });

test("a database that cannot be written, or whose folder cannot, is refused in words", LIMIT, async (context) => {
  const folder = path("read-only");
  mkdirSync(folder);
  const file = await madeStore(join(folder, "campaigns.db"));
  for (const [closed, mode, says] of /** @type {const} */ ([
    [file, 0o400, /cannot be written: permission denied/],
    [folder, 0o500, /its folder is read-only/],
  ])) {
    const before = statSync(closed).mode;
    chmodSync(closed, mode);
    try {
      // Permissions do not hold for root.
      if (process.getuid?.() === 0) return context.skip("root may write everywhere");
      await assert.rejects(openStore(file), (/** @type {any} */ error) => {
        assert.deepEqual([error.code, error.retryable], ["STORE_CONFIGURATION", false]);
        return says.test(error.message);
      });
    } finally {
      chmodSync(closed, before);
    }
  }
});

test("a new store is readable by its owner only, also where the file was there and empty", LIMIT, async () => {
  for (const name of ["new.db", "empty.db"]) {
    if (name === "empty.db") writeFileSync(path(name), "", { mode: 0o644 });
    await madeStore(path(name));
    if (process.platform !== "win32") assert.equal(statSync(path(name)).mode & 0o777, 0o600);
  }
});

test("a table that is gone is reported at once, and a lock may be repeated", { timeout: 120_000 }, async () => {
  const file = await madeStore(path("gone.db"));
  const store = await openStore(file);
  try {
    sqlite(file, "DROP TABLE agentphone_people").close();
    await assert.rejects(store.counts("c1"), (/** @type {any} */ error) => {
      assert.deepEqual([error.code, error.retryable], ["STORE_CONFIGURATION", false]);
      return /a table of the store is missing.*backup/.test(error.message);
    });
    const other = sqlite(file, "BEGIN EXCLUSIVE");
    await assert.rejects(store.get("c1"), (/** @type {any} */ error) => {
      assert.deepEqual([error.code, error.retryable], ["STORE_UNAVAILABLE", true]);
      return /locked/.test(error.message);
    });
    other.exec("ROLLBACK");
    other.close();
    assert.equal((await store.get("c1"))?.id, "c1");
  } finally {
    await store.close();
  }
});

for (const address of ["postgres://:::", "redis://:::", "postgres://user:secret@host:99999/x"])
  test(`${address.slice(0, 12)}… is no address of a server: wrong usage, and no password is shown`, LIMIT, async () => {
    const ended = await run(["campaign", "status", "--store", address]);
    assert.equal(ended.status, 2, ended.stderr);
    assert.match(errorOf(ended).message, /--store is not a valid address/);
    assert.doesNotMatch(ended.stderr, /secret/);
  });

/** @type {import("agentphone-wasm/sandbox").SandboxServer} */
let sandbox;
before(async () => void (sandbox = await serveSandbox({ limits: false })));
after(() => sandbox.close());

test(
  "people in a folder, a report over a file or into no folder, and a state folder that is a file: said in words",
  LIMIT,
  async () => {
    const env = { ...on(sandbox.url), NODE_PATH };
    const agent = lines((await run(["agents", "create", "--name", "Ada"], { env })).stdout)[0].id;
    await run(["numbers", "buy", "--agent-id", agent, "--yes"], { env });
    const store = ["--store", path("reports.db")];
    writeFileSync(path("people.csv"), TEXT);
    const plan = (/** @type {string} */ file) =>
      run(["campaign", "plan", file, "--id", "spring", "--agent-id", agent, ...store], { env });
    const folder = await plan(scratch);
    assert.deepEqual([folder.status, errorOf(folder).code], [2, "USAGE"]);
    assert.match(errorOf(folder).message, /is a folder/);
    assert.equal((await plan(path("people.csv"))).status, 0);
    const report = (/** @type {string} */ out) =>
      run(["campaign", "report", "spring", "--out", out, ...store], { env });
    const over = await report(path("people.csv"));
    assert.deepEqual([over.status, errorOf(over).code], [2, "USAGE"]);
    assert.match(errorOf(over).message, /already exists/);
    assert.equal(readFileSync(path("people.csv"), "utf8"), TEXT);
    const nowhere = await report(path("nowhere/report.csv"));
    assert.deepEqual([nowhere.status, errorOf(nowhere).code], [2, "USAGE"]);
    assert.match(errorOf(nowhere).message, /cannot be written \(ENOENT\)/);
    const state = await run(["campaign", "status"], { env: { ...env, AGENTPHONE_STATE_DIR: path("people.csv") } });
    assert.deepEqual([state.status, errorOf(state).code], [2, "USAGE"], state.stderr);
    assert.match(errorOf(state).message, /state folder .* cannot be written/);
    assert.match(errorOf(state).hint, /AGENTPHONE_STATE_DIR/);
    rmSync(path("people.csv"));
    assert.ok(!existsSync(path("nowhere")));
  },
);
