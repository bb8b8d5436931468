// A module that breaks in a page of a real browser: the page hears of no uncaught error, what was under way rejects,
// and the next call works.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { serveSandbox } from "../../sandbox/node/server.mjs";
import { build as buildBreakable, dist } from "../support/breakable.mjs";
import { launch } from "../support/browsers.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const folder = mkdtempSync(join(tmpdir(), "faults-page-"));
/** @type {import("../../sandbox/js/types.js").SandboxServer} */
let files;
/** @type {import("playwright-core").Browser} */
let browser;

const page = `
  import { AgentPhone, arm } from ${JSON.stringify(join(dist, "index.js"))};
  const fetch = (url, { signal }) =>
    url.endsWith("stall")
      ? new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)))
      : Promise.resolve(new Response('{"id":"call_1"}'));
  const loud = [];
  for (const name of ["error", "unhandledrejection"]) addEventListener(name, ({ message, reason }) => loud.push(String(message ?? reason)));
  const tell = async () => {
    const client = new AgentPhone({ apiKey: null, baseUrl: "/api", fetch, logLevel: "off" });
    const told = [];
    for (const [point, kind] of [["start", "trap"], ["await", "trap"], ["reaction", "trap"], ["timer", "trap"], ["await", "memory"], ["await", "stack"]]) {
      const waiting = client.calls.get("stall").catch(({ code }) => code);
      arm(point, kind);
      const options = point === "timer" ? { timeout: 20 } : {};
      const culprit = client.calls.get(point === "timer" ? "stall" : "a", options).catch(({ code }) => code);
      told.push([await culprit, await waiting, (await client.calls.get("b")).id].join(" "));
    }
    await new Promise((done) => setTimeout(done, 50));
    return { told: [...new Set(told)], loud };
  };
  tell().then((told) => (globalThis.told = told), (error) => (globalThis.told = String(error)));`;

before(async () => {
  await buildBreakable();
  await build({
    stdin: { contents: page, resolveDir: folder },
    bundle: true,
    format: "esm",
    outfile: join(folder, "page.js"),
    logLevel: "error",
  });
  writeFileSync(
    join(folder, "page.html"),
    '<!doctype html><title>page</title><script type="module" src="page.js"></script>',
  );
  files = await serveSandbox({ staticDir: folder });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await files?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("in a page nothing is left pending, and nothing uncaught", async () => {
  const tab = await browser.newPage();
  await tab.goto(`${files.url}/page.html`);
  await tab.waitForFunction(() => /** @type {Foreign} */ (globalThis).told !== undefined);
  assert.deepEqual(await tab.evaluate(() => /** @type {Foreign} */ (globalThis).told), {
    told: ["INTERNAL_ERROR INTERNAL_ERROR call_1"],
    loud: [],
  });
});
