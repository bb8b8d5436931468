// Pages for the projects that run in a browser: a server that gives out a folder under a policy of the test's
// choice, Chromium, Firefox, and what the page came to.

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { after } from "node:test";
import puppeteer from "puppeteer-core";
import { findFirefox, launch } from "../../support/browsers.mjs";
import { API, imports } from "./project.mjs";

/** @import { Foreign } from "../../support/foreign.js" @type {Record<string, Foreign>} */
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/** The strictest policy under which the package runs: no script but files of the page's own server. */
export const policy = (/** @type {string} */ api, scripts = "'self' 'wasm-unsafe-eval'") =>
  `default-src 'none'; script-src ${scripts}; connect-src 'self' ${api}`;

/** Gives out `folder`, its pages and scripts under `csp`. */
export const giveOut = async (/** @type {string} */ folder, /** @type {string} */ csp) => {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url ?? "", "http://host").pathname);
    const type = TYPES[extname(path)];
    const body = type && (await readFile(join(folder, path)).catch(() => undefined));
    if (body === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": type, "content-security-policy": csp }).end(body);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  after(() => server.close().closeAllConnections());
  return `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
};

/** Each browser when it is first asked for; both have `newPage`, and pages with `goto`, `evaluate` and `close`. @type {Record<string, Foreign>} */
const launchers = {
  Chromium: launch,
  Firefox: () => {
    const executablePath = findFirefox();
    assert.ok(executablePath, "neither firefox-esr nor firefox is in PATH, and a page has to be seen in it");
    return puppeteer.launch({ browser: "firefox", headless: true, executablePath });
  },
};
const running = new Map();
after(() => Promise.all([...running.values()].map(async (browser) => (await browser.catch(() => undefined))?.close())));
export const browsers = Object.keys(launchers);

/** Opens a page and gives what it left in `globalThis.told`, which is what its script came to. */
export const told = async (/** @type {string} */ browser, /** @type {string} */ url) => {
  if (!running.has(browser)) running.set(browser, launchers[browser]());
  const page = await (await running.get(browser)).newPage();
  /** @type {string[]} */
  const heard = [];
  page.on("console", (/** @type {{ text: () => string }} */ line) => heard.push(line.text()));
  page.on("pageerror", (/** @type {import("agentphone-wasm").AnyAgentPhoneError} */ error) =>
    heard.push(String(error)),
  );
  try {
    await page.goto(url);
    const end = performance.now() + 30_000;
    for (;;) {
      const result = await page.evaluate(() => /** @type {Foreign} */ (globalThis).told);
      if (result !== undefined) return result;
      assert.ok(performance.now() < end, `the page came to nothing: ${heard.join("\n")}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } finally {
    await page.close();
  }
};

/** A script's call of the exercise, where the address of the API follows the page's (or worker's) own as `?api=`. */
export const ASKS = `exercise(${API}, { apiKey: "sk_test", baseUrl: new URL(self.location).searchParams.get("api"), dangerouslyAllowBrowser: true })`;
/** What a script makes of an error: Firefox's stacks do not hold the message. */
export const FAILED = "(error) => `${error}\\n${error?.stack}`";
/** A page's script that leaves what a promise came to where `told` looks for it. */
export const tells = (/** @type {string} */ promise) =>
  `${promise}.catch(${FAILED}).then((said) => (globalThis.told = said));\n`;
/** A page's script, from a bundler's point of view. */
export const PAGE = `${imports()}import { exercise } from "../../exercise.mjs";
${tells(ASKS)}`;
/** A page that loads one script as a module. */
export const html = (/** @type {string} */ script, type = "module") =>
  `<!doctype html><meta charset="utf-8"><title>project</title><script type="${type}" src="${script}"></script>`;
