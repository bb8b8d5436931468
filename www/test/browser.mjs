// @ts-check
// What the tests of the page share: a sandbox that serves the built page, and a browser.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serveSandbox } from "../../sandbox/node/server.mjs";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/** Nothing leaves this machine: the browser's own traffic is turned off. */
export const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function findBrowser() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find((path) => existsSync(path));
  assert.ok(found, `none of ${NAMES.join(", ")} is in PATH`);
  return found;
}

/** Starts both. `close` ends both. */
export async function start() {
  assert.ok(existsSync(join(dist, "index.html")), "the page is not built: run `npx vite build www` first");
  const sandbox = await serveSandbox({ staticDir: dist, limits: false });
  const browser = await chromium.launch({ executablePath: findBrowser(), args: FLAGS });

  /**
   * Asks the sandbox itself, past the page.
   * @param {string} path
   * @param {RequestInit} [init]
   * @returns {Promise<any>}
   */
  const control = async (path, init) => (await fetch(`${sandbox.url}/__sandbox/${path}`, init)).json();

  return {
    url: sandbox.url,
    ledger: () => control("ledger"),
    faults: async () => (await control("faults")).data,

    /**
     * Opens the page on a sandbox that has forgotten everything. `complaints` holds what the browser
     * wrote to its console, and errors that nobody caught.
     * @param {import("playwright-core").BrowserContextOptions} [options]
     * @param {(page: import("playwright-core").Page) => Promise<unknown>} [prepare] Before it loads.
     */
    async open(options, prepare) {
      await control("reset", { method: "POST" });
      const context = await browser.newContext(options);
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      /** @type {string[]} */
      const complaints = [];
      page.on("console", (line) => {
        if (line.type() === "error" || line.type() === "warning") complaints.push(line.text());
      });
      page.on("pageerror", (error) => complaints.push(String(error)));
      await prepare?.(page);
      const response = await page.goto(`${sandbox.url}/`);
      return { page, response, complaints, close: () => context.close() };
    },

    async close() {
      await browser.close();
      await sandbox.close();
    },
  };
}

/**
 * Steps 1 and 2: an agent with a number.
 * @param {import("playwright-core").Page} page
 */
export async function makeCaller(page) {
  await page.click("#agent-create");
  await page.click("#number-buy:enabled");
  await page.waitForSelector("#call-place:enabled");
}

/**
 * Waits until the call that is shown has this state.
 * @param {import("playwright-core").Page} page
 * @param {string} status
 */
export const reached = (page, status) => page.waitForSelector(`#call-state[data-status="${status}"]`);

/**
 * Runs one error and gives what the panel shows.
 * @param {import("playwright-core").Page} page
 * @param {string} fault
 * @param {string} operation
 * @param {"every" | "first"} [hits]
 */
export async function provoke(page, fault, operation, hits = "every") {
  await page.selectOption("#fault-choice", fault);
  await page.selectOption("#fault-operation", operation);
  await page.selectOption("#fault-hits", hits);
  await page.click("#fault-run");
  return finished(page);
}

/**
 * What the panel shows once a run is over.
 * @param {import("playwright-core").Page} page
 */
export async function finished(page) {
  await page.waitForSelector("#fault-truth .fact");
  await page.waitForSelector("#fault-run:enabled");
  return page.evaluate(() => {
    /** @param {string} selector */
    const texts = (selector) => [...document.querySelectorAll(selector)].map((e) => e.textContent ?? "");
    const terms = texts("#fault-told dt");
    const values = texts("#fault-told dd");
    return {
      /** @type {Record<string, string>} */
      told: Object.fromEntries(terms.map((term, i) => [term, values[i] ?? ""])),
      status: texts("#fault-status").join(""),
      fact: texts("#fault-truth .fact").join(""),
      verdict: document.querySelector("#fault-truth .truth")?.className.replace("truth ", "") ?? "",
      attempts: texts("#fault-timeline .came").filter((_, i) => texts("#fault-timeline .what")[i] !== "Wait"),
      waits: texts("#fault-timeline .wait .came"),
    };
  });
}
