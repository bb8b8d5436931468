// @ts-check
// The log of requests in a real browser: what programs send shows up as it comes, what the console sends does not; how one
// connects a program; and two weeks of activity on demand.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { AgentPhone } from "agentphone-wasm";
import { serveSandbox } from "../../sandbox/node/server.mjs";
import { serveLive } from "../server/live.mjs";
import { dist, openPage, sound, start } from "./browser.mjs";

/** @typedef {import("playwright-core").Page} Page */

const LIMIT = { timeout: 60_000 };
const KEY = "sk_live_a_key_that_nobody_may_see";
const CLIPBOARD = { permissions: ["clipboard-read", "clipboard-write"] };
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
/** A program, which gives up soon. @type {AgentPhone} */
let code;
before(async () => {
  site = await start();
  code = new AgentPhone({ apiKey: KEY, baseUrl: site.url, timeout: 2000 });
});
after(() => site?.close());
beforeEach(() => site.sandbox.faults.clear());

/** @param {Page} page */
const rows = (page) => page.getByRole("region", { name: "Requests" }).locator("tbody tr:not(.gap)");
/** @param {Page} page */
const copied = (page) => page.evaluate(() => navigator.clipboard.readText());

test("what code sends shows up as it comes, and what the console sends does not", LIMIT, async () => {
  const { page, complaints, close } = await site.open("/");
  // The console reads a lot here.
  await page.waitForLoadState("networkidle");
  await page.goto(`${site.url}/#/requests`);
  await page.getByText("Waiting for the first request of your code…").waitFor();
  await code.agents.create({ name: "Ada" });
  await rows(page).filter({ hasText: "agents.create" }).waitFor();
  await code.calls.create({ agentId: "nobody", toNumber: "+14155550100" }).catch(() => {});
  const refused = rows(page).filter({ hasText: "calls.create" });
  await refused.getByText("404").waitFor();
  assert.equal(await rows(page).count(), 2);
  await sound(page);
  assert.deepEqual(complaints, []);
  await close();
});

test("attempts of one call are one row, each with its status and the pause before it", LIMIT, async () => {
  const { page, close } = await site.open("/requests");
  site.sandbox.faults.add({ match: { operation: "agents.list" }, status: 503, times: 2 });
  await code.agents.list();
  const row = rows(page).filter({ hasText: "agents.list" });
  await row.getByText("3 attempts").waitFor();
  assert.equal(await rows(page).count(), 1);
  await row.getByRole("link").click();
  const detail = page.getByRole("region", { name: "agents.list" });
  await detail.getByText("Treated as one call").waitFor();
  assert.deepEqual(await detail.getByRole("button", { name: /^Attempt/ }).count(), 3);
  await detail.getByRole("button", { name: /Attempt 1/ }).click();
  await detail.getByText("This rule or magic number decided the response.").waitFor();
  await detail.locator("dl").getByText("503").waitFor();
  await close();
});

test("attempts with one idempotency key are joined for certain", LIMIT, async () => {
  const { page, close } = await site.open("/requests");
  const body = JSON.stringify({ name: "Ada" });
  for (let n = 0; n < 2; n += 1)
    await fetch(`${site.url}/v1/agents`, {
      method: "POST",
      headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json", "idempotency-key": "agent/ada" },
      body,
    });
  await rows(page).getByText("2 attempts").waitFor();
  await rows(page).getByRole("link").click();
  await page.getByText("Joined by their idempotency key.").waitFor();
  await page.getByRole("region", { name: "agents.create" }).getByText("agent/ada", { exact: true }).first().waitFor();
  await close();
});

test("both sides of a request are shown without its key, and copied as code", LIMIT, async () => {
  const { page, close } = await site.open("/requests", CLIPBOARD);
  await code.agents.create({ name: "Grüße" });
  await rows(page).getByRole("link").click();
  const detail = page.getByRole("region", { name: "agents.create" });
  const request = detail.getByRole("region", { name: "Request", exact: true });
  await request.getByText('"name": "Grüße"').waitFor();
  await request.getByText(/headers$/).click();
  await request.getByText("Bearer ***").waitFor();
  await detail.getByRole("region", { name: "Response", exact: true }).getByText('"name": "Grüße"').waitFor();
  assert.ok(!(await page.content()).includes(KEY));
  for (const [form, part] of /** @type {const} */ ([
    ["curl", "curl -X POST"],
    ["Client", 'client.agents.create({ name: "Grüße" })'],
    ["Fault rule", 'sandbox.faults.add({ match: { operation: "agents.create" }'],
    ["Test", 'from "node:test"'],
  ])) {
    await detail.getByRole("radio", { name: form }).check();
    await detail.getByRole("button", { name: `Copy: ${form}` }).click();
    assert.ok((await copied(page)).includes(part), form);
  }
  await sound(page);
  await close();
});

test("a request that is under way ends in its place, and the address leads to it", LIMIT, async () => {
  const { page, close } = await site.open("/requests");
  site.sandbox.faults.add({ match: { operation: "voices.list" }, delayMs: 2500, times: 1 });
  const running = fetch(`${site.url}/v1/agents/voices`, { headers: { authorization: `Bearer ${KEY}` } });
  const row = rows(page).filter({ hasText: "voices.list" });
  await row.waitFor();
  await row.getByRole("link").click();
  await page.waitForURL(/\?id=\d+/);
  await running;
  await row.getByText("200").waitFor();
  await page.reload();
  await page.getByRole("region", { name: "voices.list" }).waitFor();
  await page.getByRole("link", { name: "Close" }).click();
  await page.getByRole("region", { name: "voices.list" }).waitFor({ state: "detached" });
  await close();
});

test("filters, pause and clear", LIMIT, async () => {
  const { page, close } = await site.open("/requests");
  await code.agents.create({ name: "Ada" });
  await code.agents.list();
  await code.calls.get("call_nobody").catch(() => {});
  await rows(page).nth(2).waitFor();
  await page.getByLabel("Show", { exact: true }).selectOption("failed");
  await rows(page).nth(1).waitFor({ state: "detached" });
  await rows(page).filter({ hasText: "calls.get" }).waitFor();
  await page.getByLabel("Show", { exact: true }).selectOption("writes");
  await rows(page).filter({ hasText: "agents.create" }).waitFor();
  await page.getByLabel("Search").fill("numbers");
  await page.getByRole("button", { name: "Clear filters" }).click();
  await rows(page).nth(2).waitFor();
  await page.getByRole("button", { name: "Pause" }).click();
  await code.agents.list();
  await page.waitForTimeout(1500);
  assert.equal(await rows(page).count(), 3);
  await page.getByRole("button", { name: "Resume" }).click();
  await rows(page).nth(3).waitFor();
  await page.getByRole("button", { name: "Clear", exact: true }).click();
  await page.getByText("Waiting for the first request of your code…").waitFor();
  await close();
});

test("whoever comes with code is told how to connect it, and when it has been heard", LIMIT, async () => {
  const { page, complaints, close } = await site.open("/", CLIPBOARD);
  const card = page.getByRole("region", { name: "Connect your code" });
  await card.getByText("Waiting for your first request…").waitFor();
  await card.getByRole("button", { name: "Copy the base URL" }).click();
  assert.equal(await copied(page), site.url);
  for (const language of ["Python", "curl", "TypeScript"]) {
    await card.getByRole("radio", { name: language }).check();
    await card.getByRole("button", { name: `Copy: A first call in ${language}` }).click();
    assert.ok((await copied(page)).includes(site.url), language);
  }
  await sound(page);
  await code.agents.list();
  await card.getByText("Your code is connected:").waitFor();
  await card.getByRole("link", { name: "See its requests" }).click();
  await rows(page).filter({ hasText: "agents.list" }).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test("two weeks of activity are one click away, after a question", LIMIT, async () => {
  const { page, complaints, close } = await site.open("/");
  await page.getByRole("button", { name: "Show two weeks of activity" }).first().click();
  await page.getByRole("button", { name: "Cancel" }).click();
  assert.equal(site.sandbox.ledger().callsPlaced, 0);
  await page.getByRole("button", { name: "Show two weeks of activity" }).first().click();
  await page.getByRole("button", { name: "Show it" }).click();
  await page.getByText("Two weeks of activity are here").waitFor();
  // Figures are compared with those of the week before.
  await page
    .getByTitle(/\d in the 7 days before$/)
    .first()
    .waitFor();
  assert.ok(site.sandbox.ledger().callsPlaced > 100);
  assert.deepEqual(complaints, []);
  await close();
});

test("on a real account it shows what went through the proxy, without the key", LIMIT, async (t) => {
  const api = await serveSandbox({ limits: false });
  t.after(() => api.close());
  const proxy = await serveLive({ apiKey: KEY, baseUrl: api.url, staticDir: dist });
  t.after(() => proxy.close());
  const { page, complaints, close } = await openPage(site.browser, proxy.address);
  await page.waitForLoadState("networkidle");
  await page.getByRole("link", { name: "Requests" }).click();
  await page.getByText("What this console has sent to your account").waitFor();
  const row = rows(page).filter({ hasText: "usage.get" }).first();
  await row.getByRole("link").click();
  const detail = page.getByRole("region", { name: "usage.get" });
  await detail
    .getByText(/headers$/)
    .first()
    .click();
  await detail.getByText("Bearer ***").waitFor();
  assert.ok(!(await page.content()).includes(KEY));
  assert.deepEqual(complaints, []);
  await close();
});
