// @ts-check
// The guided first call in a real browser: each step with one button, left and taken up again, and nothing done twice.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sound, start } from "./browser.mjs";

/** @typedef {import("playwright-core").Page} Page */

const LIMIT = { timeout: 60_000 };
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start();
});
after(() => site?.close());

/** @param {Page} page @param {string} name */
const press = (page, name) => page.getByRole("main").getByRole("button", { name, exact: true }).click();
/** @param {Page} page @param {string} title */
const isNow = (page, title) => page.locator("li[aria-current=step]", { hasText: title }).waitFor();

test("four steps lead from nothing to words that are spoken", LIMIT, async () => {
  const { page, complaints, close } = await site.open("/first-call");
  await isNow(page, "Create an agent");
  await press(page, "Create the agent");
  await isNow(page, "Buy it a number");
  await press(page, "Buy a number");
  await isNow(page, "Place a call");
  await press(page, "Call it");
  await isNow(page, "Follow what is said");
  await page.getByRole("log").getByText("Hello, this is the bakery. How can I help?").waitFor();
  const { agentsCreated, numbersBought, callsPlaced } = /** @type {any} */ (site.sandbox.ledger());
  assert.deepEqual([numbersBought, callsPlaced], [1, 1], String(agentsCreated));
  assert.equal((await site.client.agents.list()).data.length, 1);
  await page.getByRole("region", { name: "What next" }).waitFor();
  assert.equal(await page.locator("li[aria-current=step]").count(), 0);
  assert.ok((await page.getByRole("log").getByRole("listitem").count()) > 2, "what was said stays");
  assert.deepEqual(complaints, []);
  await close();
});

test("whoever leaves goes on where they were, also when a step was done elsewhere", LIMIT, async () => {
  const { page, close } = await site.open("/first-call");
  await press(page, "Create the agent");
  await isNow(page, "Buy it a number");
  await page.getByRole("link", { name: "Leave" }).click();
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  const [agent] = (await site.client.agents.list()).data;
  await site.client.numbers.buy({ country: "US", agentId: agent?.id ?? "" });
  await page.goto(`${site.url}/#/first-call`);
  await isNow(page, "Place a call");
  await press(page, "Call it");
  await isNow(page, "Follow what is said");
  await page.reload();
  await page.getByRole("log").getByRole("listitem").first().waitFor();
  assert.equal(site.sandbox.ledger().callsPlaced, 1);
  await page.getByRole("region", { name: "What next" }).waitFor();
  await press(page, "Place another one");
  await isNow(page, "Place a call");
  // What the sandbox has forgotten is no step that was done.
  await press(page, "Call it");
  await isNow(page, "Follow what is said");
  site.sandbox.reset();
  await isNow(page, "Create an agent");
  await close();
});

test("a call whose response is lost is placed once, and the guide goes on with it", LIMIT, async (t) => {
  const { page, close } = await site.open("/first-call");
  await press(page, "Create the agent");
  await isNow(page, "Buy it a number");
  await press(page, "Buy a number");
  await isNow(page, "Place a call");
  t.after(() => site.sandbox.faults.clear());
  site.sandbox.faults.add({ match: { operation: "calls.create" }, cut: "before-headers" });
  await press(page, "Call it");
  await isNow(page, "Follow what is said");
  assert.equal(site.sandbox.ledger().callsPlaced, 1);
  await close();
});

test("a double click makes one agent, and the view is sound on a phone", LIMIT, async () => {
  const { page, close } = await site.open("/first-call", { viewport: { width: 390, height: 844 } });
  await page.getByRole("button", { name: "Create the agent" }).dblclick();
  await isNow(page, "Buy it a number");
  assert.equal((await site.client.agents.list()).data.length, 1);
  await sound(page);
  await close();
});

test("the way to it: from the first request of a program, and from the dialog of a first call", LIMIT, async () => {
  const { page, close } = await site.open("/");
  await page.getByText("Waiting for your first request…").waitFor();
  await site.client.agents.list();
  await page.getByRole("link", { name: "Place a first call, step by step" }).click();
  await isNow(page, "Create an agent");
  await page.goto(`${site.url}/#/calls`);
  await page.getByRole("banner").getByRole("button", { name: "Place a call" }).click();
  await page.getByRole("dialog").getByRole("link", { name: "Go step by step instead" }).click();
  await isNow(page, "Create an agent");
  assert.equal(await page.getByRole("dialog").count(), 0);
  await close();
});
