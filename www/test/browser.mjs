// @ts-check
// What the tests of the console share: a sandbox that serves the built console, and a browser.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AgentPhone } from "agentphone-wasm";
import axe from "axe-core";
import { serveSandbox } from "../../sandbox/node/server.mjs";
import { launch } from "../../tests/support/browsers.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** The built console. */
export const dist = process.env.CONSOLE_DIST ?? fileURLToPath(new URL("../dist/", import.meta.url));

/**
 * A page of its own, with what it complained of.
 * @param {import("playwright-core").Browser} browser
 * @param {string} url
 * @param {import("playwright-core").BrowserContextOptions} [options]
 * @param {(page: Page) => Promise<unknown>} [prepare] Before it loads.
 */
export async function openPage(browser, url, options = {}, prepare) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  /** @type {string[]} What the browser wrote to its console, and errors that nobody caught. */
  const complaints = [];
  page.on("console", (line) => {
    if (line.type() === "error" || line.type() === "warning") complaints.push(line.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await prepare?.(page);
  const response = await page.goto(url);
  await page.waitForSelector("main h1");
  return { page, response, complaints, close: () => context.close() };
}

/**
 * Starts both: a sandbox over HTTP that serves the console, and a browser. `close` ends both.
 * @param {import("agentphone-wasm/sandbox").ServerOptions} [options]
 */
export async function start(options = {}) {
  assert.ok(existsSync(join(dist, "index.html")), "the console is not built: run `npx vite build www` first");
  const sandbox = await serveSandbox({ staticDir: dist, limits: false, ...options });
  const browser = await launch();
  return {
    sandbox,
    browser,
    url: sandbox.url,
    /** A client for what a test has to set up beforehand. */
    client: new AgentPhone({ apiKey: "sk_test", baseUrl: sandbox.url }),
    /**
     * Opens a view, by default on a sandbox that has forgotten everything.
     * @param {string} hash What follows the `#`, e.g. `/calls?status=completed`.
     * @param {{ keep?: boolean, prepare?: (page: Page) => Promise<unknown> } & import("playwright-core").BrowserContextOptions} [how]
     *   `keep`: as the sandbox is.
     */
    open(hash, { keep = false, prepare, ...context } = {}) {
      if (!keep) sandbox.reset();
      return openPage(browser, `${sandbox.url}/#${hash}`, context, prepare);
    },
    async close() {
      await browser.close();
      await sandbox.close();
    },
  };
}

/**
 * What a screen reader's or keyboard's user would stumble over, seriously: by axe-core.
 * @param {Page} page
 */
export async function serious(page) {
  // Evaluated through the debugger's door, because the page's own policy allows no script from elsewhere.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    /** @type {any} */ (window).axe.run(document, { resultTypes: ["violations"] }),
  );
  return violations
    .filter((/** @type {any} */ { impact }) => impact === "serious" || impact === "critical")
    .map(
      (/** @type {any} */ { id, nodes }) =>
        `${id}: ${nodes
          .map((/** @type {any} */ node) => node.html)
          .slice(0, 3)
          .join(" ")}`,
    );
}

/** Notes how far things move while a page loads; to be passed to `open` as `prepare`. @param {Page} page */
export const watchShifts = (page) =>
  page.addInitScript(() => {
    const all = /** @type {number[]} */ ([]);
    Object.assign(window, { shifts: all });
    new PerformanceObserver((list) => {
      for (const entry of /** @type {any[]} */ (list.getEntries())) if (!entry.hadRecentInput) all.push(entry.value);
    }).observe({ type: "layout-shift", buffered: true });
  });

/** The sum of what has moved since, as browsers score it. @param {Page} page @returns {Promise<number>} */
export const shiftsOf = (page) =>
  page.evaluate(() =>
    /** @type {any} */ (window).shifts.reduce((/** @type {number} */ sum, /** @type {number} */ one) => sum + one, 0),
  );

/**
 * Nothing sticks out on a narrow phone.
 * @param {Page} page
 */
export const tooWide = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/**
 * Without serious faults in the light and in the dark, and nothing sticks out.
 * @param {Page} page
 */
export async function sound(page) {
  await page.waitForLoadState("networkidle");
  // A view that was resized takes a frame or two to follow.
  await page
    .waitForFunction(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth, undefined, {
      timeout: 2_000,
    })
    .catch(() => {});
  assert.equal(await tooWide(page), 0);
  assert.deepEqual(await serious(page), []);
  await page.emulateMedia({ colorScheme: "dark" });
  assert.deepEqual(await serious(page), []);
}

/**
 * Asks until it is so, for as long as one may wait for anything.
 * @param {() => Promise<boolean>} check
 */
export async function eventually(check) {
  const end = performance.now() + 20_000;
  while (!(await check())) {
    assert.ok(performance.now() < end, `it never came to: ${check}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
