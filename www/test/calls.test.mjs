// @ts-check
// The list of calls in a real browser, over a sandbox: what one filters, places and follows side by side, and
// what is shown when that fails.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { serious, start, tooWide } from "./browser.mjs";

/** @typedef {import("playwright-core").Page} Page */

const LIMIT = { timeout: 40_000 };
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
/** @type {string} */
let agentId;
before(async () => {
  site = await start();
});
after(() => site?.close());
afterEach(() => site.sandbox.faults.clear());

/** Forgets everything, and makes an agent with a number. @param {string} [name] */
async function begin(name = "Front desk") {
  site.sandbox.reset();
  agentId = await caller(name);
}

/** @param {string} name */
async function caller(name) {
  const { id } = await site.client.agents.create({ name, voiceMode: "hosted", systemPrompt: "Be brief." });
  await site.client.numbers.buy({ country: "US", agentId: id });
  return id;
}

/** @param {string} toNumber */
const place = (toNumber, agent = agentId) => site.client.calls.create({ agentId: agent, toNumber });

/** @param {Page} page */
const log = (page) => page.getByRole("log", { name: /Transcript/ });
/** @param {Page} page */
const rows = (page) => page.getByRole("region", { name: "Calls" }).locator("tbody tr:not(.gap)");

test("an empty list says what to do next and does it", LIMIT, async () => {
  const { page, complaints, close } = await site.open("/calls");
  await page.getByText("No calls yet.").waitFor();
  await page.getByRole("main").getByRole("button", { name: "Place a call" }).click();
  await page.getByRole("dialog", { name: "Place a call" }).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test("each filter is an address that the list opens with", LIMIT, async () => {
  await begin();
  const night = await caller("Night line");
  await place("+15005550003");
  await place("+15005550004", night);
  site.sandbox.inbound.call({ from: "+14155550177", agentId });
  await site.client.calls.wait((await place("+15005550008")).id);

  for (const [query, count, text] of /** @type {const} */ ([
    ["", 4, "(500) 555-0008"],
    ["status=failed", 1, "(500) 555-0003"],
    ["direction=inbound", 1, "(415) 555-0177"],
    ["search=(500)%20555-0004", 1, "(500) 555-0004"],
    [`agent=${night}`, 1, "Night line"],
    [`agent=${agentId}&status=failed`, 1, "(500) 555-0003"],
    ["status=ringing&direction=outbound&search=0004", 1, "(500) 555-0004"],
  ])) {
    const { page, close } = await site.open(`/calls?${query}`, { keep: true });
    await rows(page).filter({ hasText: text }).first().waitFor();
    assert.equal(await rows(page).count(), count, query);
    const url = new URLSearchParams(query);
    assert.equal(await page.getByLabel("Status", { exact: true }).inputValue(), url.get("status") ?? "");
    assert.equal(await page.getByLabel("Search", { exact: true }).inputValue(), url.get("search") ?? "");
    await close();
  }
});

test("filters that one sets go into the address, and come out with one button", LIMIT, async () => {
  await begin();
  await place("+15005550003");
  await place("+15005550004");
  const { page, complaints, close } = await site.open("/calls", { keep: true });
  await rows(page).nth(1).waitFor();
  await page.getByLabel("Status", { exact: true }).selectOption({ label: "Ringing" });
  await page.waitForURL(/#\/calls\?status=ringing$/);
  await page.getByLabel("Search", { exact: true }).fill("999");
  await page.getByText("No call fits these filters.").waitFor();
  assert.match(page.url(), /status=ringing&search=999/);
  await page.getByRole("button", { name: "Clear filters" }).click();
  await rows(page).nth(1).waitFor();
  assert.match(page.url(), /#\/calls$/);
  assert.equal(await page.getByLabel("Search", { exact: true }).inputValue(), "");
  assert.deepEqual(complaints, []);
  await close();
});

test("an agent's calls filtered further are looked through, and the page says how far it looked", LIMIT, async () => {
  await begin();
  await place("+15005550003");
  for (let n = 0; n < 5; n += 1) await place("+15005550004");
  const { page, close } = await site.open(`/calls?agent=${agentId}&status=failed`, { keep: true });
  await page.getByText("1 of 6 calls of this agent.").waitFor();
  assert.equal(await rows(page).count(), 1);
  await close();
});

test("a list that cannot be refreshed keeps what it showed and tells the code", LIMIT, async () => {
  await begin();
  await place("+15005550004");
  const { page, close } = await site.open("/calls", { keep: true });
  await rows(page).first().waitFor();
  site.sandbox.faults.add({ match: { operation: "calls.list" }, status: 403, code: "FORBIDDEN" });
  await page.getByRole("alert").getByText("FORBIDDEN", { exact: true }).waitFor();
  assert.equal(await rows(page).count(), 1);
  site.sandbox.faults.clear();
  await page.getByRole("alert").waitFor({ state: "detached" });
  await close();
});

test("two clicks place one call, and a call is placed again from its page", LIMIT, async () => {
  await begin();
  const { id } = await place("+15005550003");
  const { page, close } = await site.open(`/calls/${id}`, { keep: true });
  await page.getByRole("button", { name: "Call again" }).click();
  const dialog = page.getByRole("dialog", { name: "Place a call" });
  assert.equal(await dialog.getByLabel("To").inputValue(), "(500) 555-0003");
  site.sandbox.faults.add({ match: { operation: "calls.create" }, delayMs: 400 });
  await dialog.getByRole("button", { name: "Call", exact: true }).dblclick();
  await page.waitForURL((url) => /#\/calls\/.+/.test(url.hash) && !url.hash.endsWith(id));
  await page.locator("[data-status=failed]").first().waitFor();
  assert.equal(site.sandbox.ledger().callsPlaced, 2);
  await close();
});

test("calls that go on stand side by side, and leave when they are over", LIMIT, async () => {
  await begin();
  const { page, complaints, close } = await site.open("/calls?view=live", { keep: true });
  await page.getByText("No live calls.").waitFor();
  const talk = await place("+15005550007");
  await place("+15005550004");
  await page.getByText("2 calls under way").waitFor();
  await log(page).waitFor();
  await site.client.calls.end(talk.id);
  await page.getByText("1 call under way").waitFor();
  await page.getByRole("link", { name: "Table" }).click();
  await rows(page).nth(1).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test("lists and calls with much in them are without serious faults in the light and the dark, and fit a phone", {
  timeout: 120_000,
}, async () => {
  await begin("<i>Front</i> desk with a name that is as long as names can be where nobody minds");
  await site.client.credits.recording.enable();
  const over = await place("+15005550008");
  await site.client.calls.wait(over.id);
  const live = await place("+15005550007");
  site.sandbox.inbound.call({ from: "+442079460958", agentId });
  await site.client.calls.wait(live.id, { until: "in-progress" });
  for (const hash of ["/calls", "/calls?view=live", `/calls/${over.id}`, `/calls/${live.id}`]) {
    const { page, close } = await site.open(hash, { keep: true, viewport: { width: 340, height: 740 } });
    await page.getByText("(500) 555-000").first().waitFor();
    await page.waitForTimeout(400);
    assert.equal(await tooWide(page), 0, hash);
    for (const [width, colorScheme] of /** @type {const} */ ([
      [340, "light"],
      [1280, "light"],
      [1280, "dark"],
    ])) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await serious(page), [], `${hash} ${width} ${colorScheme}`);
    }
    assert.equal(await page.locator("main i").count(), 0, "markup in a name stays text");
    await close();
  }
});
