// The address of a store: one that cannot be meant is refused, for commands and for programs by the same rule, and one that is mistyped
// creates nothing, because only a plan creates a store.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openStore } from "agentphone-wasm-cli/campaign";
import { noPostgres, noRedis, startPostgres, startRedis } from "../../tests/ledger/servers.mjs";
import { ledgerTools, load } from "../../tests/ledger/tools.mjs";
import { errorOf, run, scratch } from "./harness.mjs";

const LIMIT = { timeout: 120_000 };
/** Where better-sqlite3 is, for a Node.js without SQLite. */
const NODE_PATH = join(ledgerTools(), "node_modules");
const folder = join(scratch, "here");
mkdirSync(folder);
process.chdir(folder);
/** Runs a command in the folder, which has no store. @param {string[]} args */
const here = (...args) => run(args, { cwd: folder, env: { NODE_PATH, AGENTPHONE_API_KEY: "sk_test_key" } });

for (const [address, says] of /** @type {[any, RegExp][]} */ ([
  ["typo", /is a single word: write \.\/NAME or NAME\.db/],
  ["http://localhost/x", /not an address of PostgreSQL or Redis, nor a path/],
  ["mysql://user:secret@localhost/x", /not an address of PostgreSQL or Redis, nor a path/],
  ["file:x.db", /nor a path/],
  ["localhost:6379", /nor a path/],
  ["postgres:campaigns", /nor a path/],
  [":memory:", /is a single word/],
  ["redis://localhost/campaigns", /not a valid address: the database of a Redis is a number/],
  ["postgres://:::", /not a valid address: write postgres:/],
  ["a\0.db", /not a valid address/],
  ["", /is empty/],
  [" ", /is empty/],
  [undefined, /is empty/],
]))
  test(`${JSON.stringify(address)?.slice(0, 12)} is refused as a store before anything is created`, LIMIT, async () => {
    await assert.rejects(openStore(address), (/** @type {any} */ error) => {
      assert.deepEqual([error.name, error.code, error.retryable], ["StoreError", "STORE_CONFIGURATION", false]);
      assert.match(error.message, says);
      assert.doesNotMatch(error.message, /secret/);
      return true;
    });
    // An argument cannot contain NUL.
    if (typeof address === "string" && !address.includes("\0")) {
      const ended = await here("campaign", "status", `--store=${address}`);
      assert.deepEqual([ended.status, errorOf(ended).code], [2, "USAGE"], ended.stderr);
      assert.match(`${errorOf(ended).message}: ${errorOf(ended).hint}`, says);
      assert.doesNotMatch(ended.stderr, /secret/);
    }
    assert.deepEqual(readdirSync(folder), []);
  });

test("a store that is mistyped is not created by a command that reads or continues, and is named", LIMIT, async () => {
  const file = join(folder, "typo.db");
  for (const words of [
    ["campaign", "status"],
    ["campaign", "status", "spring"],
    ["campaign", "start", "spring", "--yes"],
    ["campaign", "resume", "spring", "--yes"],
    ["campaign", "worker", "spring"],
    ["campaign", "pause", "spring"],
    ["campaign", "stop", "spring", "--yes"],
    ["campaign", "retry", "spring", "--only", "busy", "--yes"],
    ["campaign", "report", "spring"],
    ["effects", "pending"],
    ["effects", "settle"],
    ["effects", "show", "k"],
    ["effects", "resolve", "k", "--nothing"],
    ["effects", "prune"],
    ["console", "--port", "0"],
  ]) {
    const ended = await here(...words, "--store", "typo.db");
    const { code, message, hint } = errorOf(ended) ?? {};
    assert.deepEqual([ended.status, code], [2, "STORE_MISSING"], `${words.join(" ")}: ${ended.stderr}`);
    assert.match(message, new RegExp(`${file} does not exist`));
    assert.match(hint, /campaign plan/);
    assert.deepEqual(readdirSync(folder), [], words.join(" "));
  }
});

test("before the first plan the usual store is empty, and is not created by looking", LIMIT, async () => {
  const list = await here("campaign", "status", "--output", "json");
  assert.deepEqual([list.status, JSON.parse(list.stdout)], [0, []], list.stderr);
  const one = await here("campaign", "status", "spring");
  assert.deepEqual([one.status, errorOf(one).code], [2, "STORE_MISSING"], one.stderr);
  assert.match(errorOf(one).message, /campaigns\.db does not exist/);
  assert.ok(!existsSync(join(scratch, "state", "campaigns", "campaigns.db")));
});

test("a program may open a store that must exist", LIMIT, async () => {
  process.chdir(ledgerTools());
  const file = join(scratch, "program.db");
  await assert.rejects(openStore(file, { create: false }), { name: "StoreError", code: "STORE_MISSING" });
  assert.ok(!existsSync(file));
  await (await openStore(file)).close();
  await (await openStore(file, { create: false })).close();
});

for (const [title, skip, begin, address, look] of /** @type {const} */ ([
  [
    "PostgreSQL",
    noPostgres,
    startPostgres,
    (/** @type {number} */ port) => `postgres://postgres@127.0.0.1:${port}/postgres`,
    async (/** @type {string} */ url) => {
      const client = new (load("pg").Client)({ connectionString: url });
      await client.connect();
      const { rows } = await client.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
      await client.end();
      return rows.length;
    },
  ],
  [
    "Redis",
    noRedis,
    startRedis,
    (/** @type {number} */ port) => `redis://127.0.0.1:${port}/3`,
    async (/** @type {string} */ url) => {
      const client = new (load("ioredis").Redis)(url);
      const size = await client.dbsize();
      client.disconnect();
      return size;
    },
  ],
]))
  test(`a database of ${title} that is mistyped stays as it is`, { skip, ...LIMIT }, async () => {
    const server = await begin();
    try {
      const url = address(server.port);
      const ended = await here("campaign", "status", "--store", url);
      const { code, message } = errorOf(ended);
      assert.deepEqual([ended.status, code], [2, "STORE_MISSING"], ended.stderr);
      assert.match(message, /has no campaigns yet/);
      assert.equal(await look(url), 0);
    } finally {
      await server.remove();
    }
  });
