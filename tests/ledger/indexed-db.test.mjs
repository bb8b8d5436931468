// The ledger in IndexedDB, in Chromium: the conformance suite in a page, and what only a browser can show: reloads, several tabs, a
// browser that crashes, another version.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { root } from "../../scripts/tools.mjs";
import { FLAGS, findBrowser } from "../support/browsers.mjs";
import { cases } from "./conformance.mjs";

/** @import { Foreign } from "../support/foreign.js" */

/** What a page has: the ledger as it is built, and the suite. */
const PROGRAM = `
import { indexedDbLedger } from "agentphone-wasm/ledger";
import { cases } from "./tests/ledger/conformance.mjs";
window.ledgerOf = (name, options) => indexedDbLedger(name, options);
window.runCase = async (name) => {
  const ledgers = [];
  await cases.find((one) => one.name === name).run((namespace) => {
    const ledger = indexedDbLedger("conformance", { namespace });
    ledgers.push(ledger);
    return ledger;
  });
  for (const ledger of ledgers) await ledger.close();
};
window.entry = (fields) => ({ stamp: "1", open: true, at: 1, value: {}, ...fields });
/** What an error of a promise says of itself. */
window.failure = (promise) => promise.then(() => undefined, ({ name, code, retryable, message }) => ({ name, code, retryable, message }));
`;

describe("IndexedDB, in Chromium", { concurrency: false }, () => {
  const profile = mkdtempSync(join(tmpdir(), "agentphone-indexed-db-"));
  /** @type {import("node:http").Server} */
  let server;
  /** @type {import("playwright-core").BrowserContext} */
  let browser;
  /** @type {import("playwright-core").Page} */
  let page;
  let url = "";
  const launch = () => chromium.launchPersistentContext(profile, { executablePath: findBrowser(), args: FLAGS });
  const tab = async () => {
    const opened = await browser.newPage();
    await opened.goto(url);
    return opened;
  };
  before(async () => {
    const { outputFiles } = await build({
      stdin: { contents: PROGRAM, resolveDir: root },
      bundle: true,
      format: "iife",
      platform: "browser",
      write: false,
    });
    const [{ text }] = /** @type {[{ text: string }]} */ (/** @type {unknown} */ (outputFiles));
    server = createServer((request, response) => {
      const isScript = request.url === "/main.js";
      response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
      response.end(isScript ? text : '<!doctype html><title>Ledger</title><script src="main.js"></script>');
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
    url = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}/`;
    browser = await launch();
    page = await tab();
  });
  after(async () => {
    await browser?.close().catch(() => {});
    server?.closeAllConnections();
    server?.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });
  /** Evaluates a program in a page. @param {string} code @param {import("playwright-core").Page} [where] @returns {Promise<Foreign>} */
  const evaluate = (code, where = page) => where.evaluate(`(async () => { ${code} })()`);

  for (const { name } of cases) test(name, () => evaluate(`await runCase(${JSON.stringify(name)})`));

  test("what was written is there after a reload, and in another tab", async () => {
    await evaluate(`await ledgerOf("reload").write([{ key: "k", was: null, entry: entry({ value: { n: 1 } }) }])`);
    await page.reload();
    const read = `return (await ledgerOf("reload").read(["k"]))[0].value.n`;
    assert.equal(await evaluate(read), 1);
    const other = await tab();
    assert.equal(await evaluate(read, other), 1);
    await other.close();
  });

  test("two tabs count together, and no turn is lost", async () => {
    const other = await tab();
    const count = `const ledger = ledgerOf("count");
      for (let done = 0; done < 100; ) {
        const [found] = await ledger.read(["k"]);
        const next = entry({ stamp: crypto.randomUUID(), value: (found?.value ?? 0) + 1 });
        if (await ledger.write([{ key: "k", was: found?.stamp ?? null, entry: next }])) done += 1;
      }`;
    await Promise.all([evaluate(count), evaluate(count, other)]);
    assert.equal(await evaluate(`return (await ledgerOf("count").read(["k"]))[0].value`), 200);
    await other.close();
  });

  test("eight ledgers that begin at once, in two tabs, create the database once", async () => {
    const other = await tab();
    const begin = `return Promise.all([1, 2, 3, 4].map((n) => ledgerOf("begin").write([{ key: n + " " + crypto.randomUUID(), was: null, entry: entry() }])))`;
    const written = await Promise.all([evaluate(begin), evaluate(begin, other)]);
    assert.deepEqual(
      written.flat(),
      Array.from({ length: 8 }, () => true),
    );
    assert.equal(await evaluate(`return (await ledgerOf("begin").open({ limit: 99 })).length`), 8);
    await other.close();
  });

  test("a database of another version, and one that is no ledger, are refused and left as they are", async () => {
    const make = (
      /** @type {string} */ name,
      /** @type {number} */ version,
    ) => `await new Promise((resolve, reject) => {
      const request = indexedDB.open("${name}", ${version});
      request.onupgradeneeded = () => request.result.createObjectStore("theirs");
      request.onsuccess = () => (request.result.close(), resolve());
      request.onerror = reject;
    });`;
    const state = `return (await indexedDB.databases()).find(({ name: own }) => own === NAME).version`;
    for (const [name, version, code] of /** @type {const} */ ([
      ["next", 2, "LEDGER_VERSION"],
      ["theirs", 1, "LEDGER_CONFIGURATION"],
    ])) {
      await evaluate(make(name, version));
      for (const work of [`read(["k"])`, `write([])`, `open({ limit: 1 })`, `prune({ olderThan: 1 })`]) {
        const failure = await evaluate(`return failure(ledgerOf("${name}").${work})`);
        assert.deepEqual(
          [failure.name, failure.code, failure.retryable],
          ["LedgerError", code, false],
          failure.message,
        );
      }
      assert.equal(await evaluate(state.replace("NAME", JSON.stringify(name))), version);
    }
  });

  test("it makes way for a later version in another tab, and says so afterwards", async () => {
    await evaluate(`window.early = ledgerOf("upgrade"); await early.read(["k"])`);
    const other = await tab();
    await evaluate(
      `await new Promise((resolve, reject) => {
        const request = indexedDB.open("upgrade", 2);
        request.onsuccess = () => (request.result.close(), resolve());
        request.onblocked = request.onerror = () => reject(new Error("blocked"));
      })`,
      other,
    );
    assert.equal((await evaluate(`return failure(early.read(["k"]))`)).code, "LEDGER_VERSION");
    await other.close();
  });

  test("it is closed, and opens again when it is used", async () => {
    const all = await evaluate(`const ledger = ledgerOf("closing");
      await ledger.write([{ key: "k", was: null, entry: entry() }]);
      await ledger.close();
      const [found] = await ledger.read(["k"]);
      await ledger.close();
      await new Promise((resolve, reject) => {
        const request = indexedDB.deleteDatabase("closing");
        request.onsuccess = resolve;
        request.onblocked = () => reject(new Error("it is still open"));
      });
      return found.key`);
    assert.equal(all, "k");
  });

  test("names that are none, and options that there are not, are refused", async () => {
    for (const given of [`""`, "7", `"a", { namespace: 7 }`, `"a", { timeout: 7 }`, `"a", null`]) {
      const failure = await evaluate(`return failure((async () => ledgerOf(${given}))())`);
      assert.deepEqual([failure?.name, failure?.code], ["LedgerError", "INVALID_ARGUMENT"], given);
    }
  });

  test("a database that is closed while it opens is told, and the next use opens it again", async () => {
    const [first, second] = await evaluate(`
      const transaction = IDBDatabase.prototype.transaction;
      IDBDatabase.prototype.transaction = () => { throw new DOMException("closing", "InvalidStateError"); };
      const ledger = ledgerOf("closing");
      const first = await failure(ledger.read(["k"]));
      IDBDatabase.prototype.transaction = transaction;
      return [first, await ledger.read(["k"])];`);
    assert.deepEqual([first?.code, first?.retryable], ["LEDGER_UNAVAILABLE", true]);
    assert.deepEqual(second, [undefined]);
  });

  test("what was confirmed is there after the browser has crashed", async () => {
    /** @type {number[]} */
    const confirmed = [];
    await page.exposeFunction("confirmed", (/** @type {number} */ at) => void confirmed.push(at));
    void evaluate(`const ledger = ledgerOf("killed");
      for (let at = 0; ; at += 1) {
        await ledger.write([{ key: String(at), was: null, entry: entry({ at }) }]);
        await window.confirmed(at);
      }`).catch(() => {});
    while (confirmed.length < 50) await new Promise((resolve) => setTimeout(resolve, 10));
    const crashed = new Promise((resolve) => browser.once("close", resolve));
    const session = await browser.newCDPSession(page);
    // Nothing answers any more.
    session.send("Browser.crash").catch(() => {});
    await crashed;
    browser = await launch();
    page = await tab();
    const keys = JSON.stringify(confirmed.map(String));
    assert.deepEqual(
      await evaluate(`return (await ledgerOf("killed").read(${keys})).filter((one) => one === undefined).length`),
      0,
    );
  });
});

test("where there is no IndexedDB, a ledger can be made, and says so when it is used", async () => {
  const { indexedDbLedger } = await import("agentphone-wasm/ledger");
  await assert.rejects(indexedDbLedger("name").read(["k"]), {
    name: "LedgerError",
    code: "LEDGER_CONFIGURATION",
    message: /there is no IndexedDB in this runtime/,
  });
});
