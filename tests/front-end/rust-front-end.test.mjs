// The example of a front end in Rust, built and run in a browser: it holds no key, so this server adds
// it, as a user's own would.

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { serveSandbox } from "../../sandbox/node/server.mjs";
import { root, run, targetDir } from "../../scripts/tools.mjs";
import { FLAGS, findBrowser } from "../support/browsers.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const example = join(root, "pkg", "examples", "rust-front-end");
const dist = join(targetDir(), "rust-front-end");
/** @type {Record<string, string>} */
const TYPES = { html: "text/html", js: "text/javascript", wasm: "application/wasm" };
const KEY = { authorization: "Bearer sk_test_front_end", "content-type": "application/json" };

/** @type {import("../../sandbox/js/types.js").SandboxServer} */
let sandbox;
/** @type {import("node:http").Server} */
let server;
/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  run("cargo", ["build", "--quiet", "--package", "rust-front-end", "--target", "wasm32-unknown-unknown"]);
  run("wasm-bindgen", [
    "--target",
    "web",
    "--out-dir",
    dist,
    join(targetDir(), "wasm32-unknown-unknown", "debug", "rust_front_end.wasm"),
  ]);
  sandbox = await serveSandbox({ limits: false });
  server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()));
  await once(server.listen(0, "127.0.0.1"), "listening");
  browser = await chromium.launch({ executablePath: findBrowser(), args: FLAGS });
});
after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
  await sandbox?.close();
});

const answer = async (
  /** @type {import("node:http").IncomingMessage} */ request,
  /** @type {import("node:http").ServerResponse} */ response,
) => {
  const path = request.url ?? "/";
  if (path.startsWith("/agentphone/")) return pass(request, response, path.replace("/agentphone", ""));
  const file = path === "/" ? join(example, "index.html") : join(dist, path.replace("/dist/", ""));
  response.setHeader("content-type", TYPES[file.split(".").pop() ?? ""] ?? "text/plain");
  response.end(readFileSync(file));
};

const pass = async (
  /** @type {import("node:http").IncomingMessage} */ request,
  /** @type {import("node:http").ServerResponse} */ response,
  /** @type {string} */ path,
) => {
  assert.equal(request.headers.authorization, undefined, "the page has a key");
  const left = new AbortController();
  response.on("close", () => left.abort());
  const body = request.method === "POST" ? Readable.toWeb(request) : undefined;
  const init = /** @type {RequestInit} */ ({
    method: request.method,
    headers: KEY,
    body,
    duplex: "half",
    signal: left.signal,
  });
  const came = await fetch(sandbox.url + path, init);
  response.writeHead(came.status, { "content-type": came.headers.get("content-type") ?? "text/plain" });
  if (came.body)
    Readable.fromWeb(/** @type {import("node:stream/web").ReadableStream} */ (came.body))
      .on("error", () => response.destroy())
      .pipe(response);
  else response.end();
};

const make = async (/** @type {string} */ path, /** @type {unknown} */ body) =>
  (await fetch(sandbox.url + path, { method: "POST", headers: KEY, body: JSON.stringify(body) })).json();

test("a front end in Rust places a call, follows it to its end and shows it in its list", {
  timeout: 60_000,
}, async () => {
  const agent = await make("/v1/agents", { name: "Ada" });
  await make("/v1/numbers", { agentId: agent.id });
  const page = await browser.newPage();
  /** @type {Foreign[]} */
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(`http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}/`);
  await page.fill("#number", "+14155550100");
  await page.click("button");
  await page.waitForSelector("#calls li");
  const said = await page.locator("#transcript li").allTextContents();
  assert.match(said.at(-1) ?? "", /completed/);
  assert.ok(
    said.some((/** @type {string} */ line) => /^(agent|user): ./.test(line)),
    said.join("\n"),
  );
  assert.match((await page.locator("#calls li").first().textContent()) ?? "", /^\+14155550100 completed$/);
  assert.deepEqual(complaints, []);
});

test("a failure is told in words, and a lost answer says to look before calling again", {
  timeout: 60_000,
}, async () => {
  const rule = { match: { operation: "calls.create" }, cut: "before-headers" };
  await fetch(`${sandbox.url}/__sandbox/faults`, { method: "POST", headers: KEY, body: JSON.stringify(rule) });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}/`);
  await page.waitForSelector("#calls li");
  await page.fill("#number", "+14155550100");
  await page.click("button");
  await page.waitForSelector("#transcript li");
  assert.match((await page.locator("#transcript li").first().textContent()) ?? "", /may have been placed/);
});
