// The programs of docs/ledger.md that need a server, a browser or another runtime, and its ledger for readers to begin with, which must
// pass the suite that they are sent to.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { transform } from "esbuild";
import { root } from "../../scripts/tools.mjs";
import { cases } from "./conformance.mjs";
import { noPostgres, noRedis, startPostgres, startRedis } from "./servers.mjs";
import { ledgerTools, node24 } from "./tools.mjs";

const page = readFileSync(join(root, "docs", "ledger.md"), "utf8");

/** The first program below a heading. @param {string} heading @param {string} language */
const program = (heading, language) => {
  const [, section = ""] = page.split(`\n## ${heading}\n`);
  const [, code] = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "ms").exec(section.split("\n## ")[0] ?? "") ?? [];
  assert.ok(code, `${heading} has a program`);
  return code;
};

/** Runs it where the drivers are installed, and uses the ledger that it makes. @param {string} code @param {Record<string, string>} env @param {string} [runtime] */
const run = async (code, env, runtime = process.execPath) => {
  const folder = mkdtempSync(join(ledgerTools(), "docs-"));
  try {
    writeFileSync(
      join(folder, "main.mjs"),
      `${code}\nconsole.log("read", await ledger.read(["order-42"]));\nprocess.exit(0);\n`,
    );
    const { stdout } = await promisify(execFile)(runtime, ["main.mjs"], {
      cwd: folder,
      env: { ...process.env, ...env },
    });
    assert.match(stdout, /^read \[ undefined \]$/m);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

test("the program for SQLite runs", { skip: node24() === undefined && "there is no Node 24 for this machine" }, () =>
  run(program("SQLite", "js"), {}, node24()),
);

test("the program for PostgreSQL runs, and its tables for others to create are those that the ledger creates", {
  skip: noPostgres,
}, async () => {
  const server = await startPostgres();
  try {
    const url = `postgres://postgres@127.0.0.1:${server.port}`;
    await run(program("PostgreSQL", "js"), { DATABASE_URL: `${url}/postgres` });
    const { load } = await import("./tools.mjs");
    const client = new (load("pg").Client)(`${url}/postgres`);
    client.on("error", () => {});
    await client.connect();
    await client.query("CREATE ROLE my_user LOGIN");
    await client.query("CREATE DATABASE others");
    const others = new (load("pg").Client)(`${url}/others`);
    others.on("error", () => {});
    await others.connect();
    await others.query(program("PostgreSQL", "sql"));
    const columns =
      "SELECT table_name, column_name, data_type, collation_name, is_nullable FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2";
    const indexes = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1";
    for (const query of [columns, indexes])
      assert.deepEqual((await others.query(query)).rows, (await client.query(query)).rows);
    await Promise.all([client.end(), others.end()]);
    await run(program("PostgreSQL", "js"), { DATABASE_URL: `postgres://my_user@127.0.0.1:${server.port}/others` });
  } finally {
    await server.remove();
  }
});

test("the program for Redis runs", { skip: noRedis }, async () => {
  const server = await startRedis();
  try {
    await run(program("Redis", "js"), { REDIS_URL: `redis://127.0.0.1:${server.port}` });
  } finally {
    await server.remove();
  }
});

describe("the ledger to begin with passes the suite", async () => {
  const { code } = await transform(program("A ledger of your own", "ts"), { loader: "ts", format: "esm" });
  let count = 0;
  /** @type {Map<string, Promise<{ ledger: import("agentphone-wasm/ledger").Ledger }>>} */
  const modules = new Map();
  /** A module of its own for each namespace, which the example leaves out. @param {string} namespace */
  const open = async (namespace) => {
    if (!modules.has(namespace))
      modules.set(namespace, import(`data:text/javascript,${encodeURIComponent(`${code}//${(count += 1)}`)}`));
    return (await /** @type {NonNullable<ReturnType<typeof modules.get>>} */ (modules.get(namespace))).ledger;
  };
  for (const { name, run: check } of cases) test(name, () => check(open));
});
