// The ledger in a SQLite file, with the libraries that there are for it. `node:sqlite` and `bun:sqlite` are run in processes of their own
// where this Node has no SQLite.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { sqliteLedger } from "agentphone-wasm/ledger";
import { refusesBadInput } from "./bad-input.mjs";
import { cases } from "./conformance.mjs";
import { beginTogether, confirmed, lost, runAll, start } from "./programs.mjs";
import { connections, one, refusesVersion } from "./stores.mjs";
import { bun, load, node24 } from "./tools.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const folder = mkdtempSync(join(tmpdir(), "agentphone-sqlite-"));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
let files = 0;
const fresh = () => join(folder, `${(files += 1)}.db`);

const loads = (/** @type {string} */ name) => {
  try {
    load(name);
    return true;
  } catch {
    return false;
  }
};
/** @type {Foreign} */
const { getBuiltinModule = () => undefined } = process;
const hasSqlite = getBuiltinModule("node:sqlite") !== undefined;
const native = loads("better-sqlite3") && canOpen();

/** Where it could not be compiled it loads, and fails when it is used. */
function canOpen() {
  try {
    load("better-sqlite3")(":memory:").close();
    return true;
  } catch {
    return false;
  }
}

/** The libraries, each with why it is skipped. @type {Record<string, string | false>} */
const LIBRARIES = {
  "better-sqlite3": native ? false : "there is no better-sqlite3 for this Node",
  "node-sqlite3-wasm": false,
  "node:sqlite": hasSqlite ? false : "this Node has no node:sqlite; another one runs below",
};
/** Those with which several processes share a file as with any SQLite. */
const first = hasSqlite ? "node:sqlite" : "better-sqlite3";
const noShared = LIBRARIES[first];

const opened = connections(() => ({ kind: first, path: fresh() }));

for (const [kind, skip] of Object.entries(LIBRARIES)) {
  describe(`SQLite of ${kind}`, { skip }, () => {
    const path = fresh();
    for (const { name, run } of cases)
      test(name, () => run(async (namespace) => (await opened({ kind, path, options: { namespace } })).ledger));

    test("a store of another version, or of none, is refused and left as it is", async () => {
      for (const version of ["2", ""]) {
        const place = { kind, path: fresh() };
        const { raw, ledger } = await opened(place);
        raw.exec(
          "CREATE TABLE agentphone_ledger_format (version INTEGER); CREATE TABLE agentphone_ledger (other TEXT)",
        );
        if (version) raw.exec(`INSERT INTO agentphone_ledger_format VALUES (${version})`);
        const before = readFileSync(place.path);
        const words = version ? /version 2 of the format.*reads version 1/ : /an unknown version/;
        await refusesVersion(ledger, words);
        assert.ok(before.equals(readFileSync(place.path)), "the file is as it was");
      }
    });

    test("a database that is inside a transaction is refused, and used when it is out of it", async () => {
      const { raw, ledger } = await opened({ kind });
      await ledger.read(["k"]);
      raw.exec("BEGIN");
      await assert.rejects(ledger.write([one("k")]), { code: "LEDGER_CONFIGURATION", message: /inside a transaction/ });
      raw.exec("ROLLBACK");
      assert.equal(await ledger.write([one("k")]), true);
    });

    test("a table that was dropped, and a file that is not a database, are not retryable", async () => {
      const { raw, ledger } = await opened({ kind, path: fresh() });
      await ledger.read(["k"]);
      raw.exec("DROP TABLE agentphone_ledger");
      const permanent = { code: "LEDGER_CONFIGURATION", retryable: false };
      await assert.rejects(ledger.read(["k"]), { ...permanent, message: /tables were removed/ });
      const text = fresh();
      writeFileSync(text, "phone,name\n".repeat(500));
      const { ledger: other } = await opened({ kind, path: text });
      await assert.rejects(other.read(["k"]), { ...permanent, message: /is not a SQLite database/ });
    });

    test("a file that another connection keeps locked is waited for, and then given up", async () => {
      const place = { kind, path: fresh() };
      const { raw, ledger } = await opened(place);
      await ledger.read(["k"]);
      const { ledger: second } = await opened({ ...place, options: { busyTimeout: 50 } });
      await second.read(["k"]);
      raw.exec("BEGIN IMMEDIATE");
      await assert.rejects(second.write([one("k")]), {
        code: "LEDGER_UNAVAILABLE",
        retryable: true,
        message: /locked by others for 50 ms/,
      });
      const { ledger: patient } = await opened(place);
      const written = patient.write([one("k")]);
      await new Promise((resolve) => setTimeout(resolve, 150));
      raw.exec("COMMIT");
      assert.equal(await written, true);
    });
  });
}

test("bad input is refused", { skip: noShared }, async () => refusesBadInput((await opened()).ledger));

test("what is neither a path nor a database, and options that there are not, are refused", () => {
  for (const database of [undefined, null, {}, "", 7, () => {}])
    assert.throws(() => sqliteLedger(/** @type {Foreign} */ (database)), {
      name: "LedgerError",
      code: "INVALID_ARGUMENT",
    });
  for (const options of [{ namespace: 7 }, { busyTimeout: -1 }, { timeout: 5 }, null])
    assert.throws(() => sqliteLedger("x.db", /** @type {Foreign} */ (options)), { code: "INVALID_ARGUMENT" });
});

test("where the runtime has no SQLite, a path is refused with what to do instead", {
  skip: hasSqlite && "this Node has one",
}, async () => {
  const ledger = sqliteLedger(fresh());
  await assert.rejects(ledger.read(["k"]), {
    code: "LEDGER_CONFIGURATION",
    retryable: false,
    message: /Node has it from version 22\.13\. Pass a database of better-sqlite3 or node-sqlite3-wasm/,
  });
});

test("a folder that is not there is named as the reason", {
  skip: !hasSqlite && "this Node has no SQLite of its own",
}, async () => {
  const ledger = sqliteLedger(join(folder, "nowhere", "x.db"));
  await assert.rejects(ledger.read(["k"]), {
    code: "LEDGER_CONFIGURATION",
    retryable: false,
    message: /its folder is missing/,
  });
});

describe("a file that several use", { skip: noShared }, () => {
  test("it has a write-ahead log, and each commit is on the disk before it is confirmed", async () => {
    const { raw, ledger } = await opened();
    await ledger.read(["k"]);
    const read = (/** @type {string} */ name) => Object.values(raw.prepare(`PRAGMA ${name}`).get())[0];
    assert.deepEqual([read("journal_mode"), read("synchronous"), read("busy_timeout")], ["wal", 2, 100]);
  });

  test("two processes count together, and no turn is lost", async () => {
    const place = { kind: first, path: fresh() };
    await runAll([1, 2].map(() => ({ task: "count", place, turns: 100 })));
    assert.equal((await (await opened(place)).ledger.read(["counter"]))[0]?.value, 200);
  });

  test("eight connections and four processes that begin at once create the tables once", async () => {
    const path = fresh();
    const all = await Promise.all(Array.from({ length: 8 }, () => opened({ path })));
    assert.deepEqual(
      await Promise.all(all.map(({ ledger }, at) => ledger.write([one(`${at}`)]))),
      Array.from({ length: 8 }, () => true),
    );
    const place = { kind: first, path: fresh() };
    assert.deepEqual(
      await beginTogether(place, 4),
      Array.from({ length: 4 }, () => "written true"),
    );
    const { raw } = await opened(place);
    assert.equal(raw.prepare("SELECT version FROM agentphone_ledger_format").all().length, 1);
  });

  test("what was confirmed is there after the process was killed", async () => {
    const place = { kind: first, path: fresh() };
    const programs = [1, 2].map(() => start({ task: "confirm", place }));
    await Promise.all(programs.map(({ until }) => until(50)));
    for (const { child } of programs) child.kill("SIGKILL");
    const keys = (await Promise.all(programs.map(({ ended }) => ended))).flatMap(confirmed);
    assert.ok(keys.length >= 98, `${keys.length} keys`);
    assert.deepEqual(await lost((await opened(place)).ledger, keys), []);
  });
});

describe("runtimes with a SQLite of their own, by a path and by a database", () => {
  for (const [name, path, kinds] of /** @type {const} */ ([
    ["Node 24", node24(), ["sqlite-path", "node:sqlite"]],
    ["Bun", bun(), ["sqlite-path", "bun:sqlite", "node:sqlite"]],
  ])) {
    for (const kind of kinds) {
      test(`${name}: ${kind}`, { skip: path === undefined && `there is no ${name} for this machine` }, async () => {
        const file = fresh();
        const lines = await start({ task: "conform", place: { kind, path: file } }, path).ended;
        assert.deepEqual(
          lines,
          cases.map(({ name: each }) => `ok ${each}`),
        );
        const counting = [1, 2].map(() => start({ task: "count", place: { kind, path: file }, turns: 50 }, path).ended);
        await Promise.all(counting);
      });
    }
  }
});
