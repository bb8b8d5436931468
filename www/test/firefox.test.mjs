// @ts-check
// The console in Firefox: another engine's WebAssembly, streams, dialogs and policy. Debian's Firefox,
// driven over WebDriver BiDi.

import assert from "node:assert/strict";
import { test } from "node:test";
import puppeteer from "puppeteer-core";
import { serveSandbox } from "../../sandbox/node/server.mjs";
import { findFirefox } from "../../tests/support/browsers.mjs";
import { dist } from "./browser.mjs";
import { startStatic } from "./static-site.mjs";

const executablePath = findFirefox();
const how = {
  timeout: 120_000,
  skip: executablePath === undefined ? "neither firefox-esr nor firefox is in PATH" : false,
};
const launch = () =>
  puppeteer.launch({ browser: "firefox", headless: true, ...(executablePath === undefined ? {} : { executablePath }) });

/**
 * Opens the console, places the first call and watches it to its end.
 * @param {import("puppeteer-core").Browser} browser
 * @param {string} url
 */
async function firstCall(browser, url) {
  const page = await browser.newPage();
  page.setDefaultTimeout(30_000);
  /** @type {string[]} */
  const complaints = [];
  page.on("console", (line) => {
    if (line.type() === "error") complaints.push(line.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(url);
  await page.waitForSelector("main h1");
  await page.locator(".top ::-p-aria(Place a call)").click();
  await page.locator("dialog ::-p-text(Set up and call)").click();
  await page.waitForFunction(() => location.hash.startsWith("#/calls/"));
  await page.waitForSelector('main [data-status="completed"]');
  const turns = await page.$$eval("[role=log] li", (lines) => lines.length);
  return { turns, complaints };
}

test("the console of npm start: a call is placed, heard and over, under the page's own policy", how, async (t) => {
  const sandbox = await serveSandbox({ staticDir: dist, limits: false });
  t.after(() => sandbox.close());
  const browser = await launch();
  t.after(() => browser.close());
  const { turns, complaints } = await firstCall(browser, sandbox.url);
  assert.ok(turns > 1, `${turns} turns`);
  assert.equal(sandbox.ledger().callsPlaced, 1);
  assert.deepEqual(complaints, []);
});

test("the static build: the same with the sandbox inside the page", how, async (t) => {
  const site = await startStatic();
  t.after(() => site.close());
  const browser = await launch();
  t.after(() => browser.close());
  const { turns, complaints } = await firstCall(browser, site.url);
  assert.ok(turns > 1, `${turns} turns`);
  assert.deepEqual(complaints, []);
});
