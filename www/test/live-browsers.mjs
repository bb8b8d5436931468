// @ts-check
// Both engines behind the little that the tests of the live console need of them.

import puppeteer from "puppeteer-core";
import { findFirefox, launch } from "../../tests/support/browsers.mjs";

/**
 * What Playwright's and Puppeteer's pages have in common.
 * @typedef {object} Tab
 * @property {(url: string) => Promise<unknown>} goto
 * @property {() => Promise<unknown>} reload
 * @property {() => string} url
 * @property {<T, A>(work: (given: A) => T, given?: A) => Promise<Awaited<T>>} evaluate
 * @property {(selector: string) => Promise<unknown>} waitForSelector
 * @property {() => Promise<unknown>} close
 */

const firefox = findFirefox();

/** @type {{ name: string, skip: string | false, start: () => Promise<{ open(): Promise<Tab>, close(): Promise<void> }> }[]} */
export const engines = [
  {
    name: "Chromium",
    skip: false,
    async start() {
      const browser = await launch();
      const context = await browser.newContext();
      return { open: async () => /** @type {any} */ (await context.newPage()), close: () => browser.close() };
    },
  },
  {
    name: "Firefox",
    skip: firefox === undefined && "neither firefox-esr nor firefox is in PATH",
    async start() {
      const browser = await puppeteer.launch({
        browser: "firefox",
        headless: true,
        executablePath: /** @type {string} */ (firefox),
      });
      return { open: async () => /** @type {any} */ (await browser.newPage()), close: () => browser.close() };
    },
  },
];
