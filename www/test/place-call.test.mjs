// @ts-check
// Placing a call whose response is lost: nobody is called twice without a worded confirmation, and the console shows
// where the first call would be.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { sound, start } from "./browser.mjs";

/** @typedef {import("playwright-core").Page} Page */

const LIMIT = { timeout: 40_000 };
/** The sandbox places the call and closes the connection. */
const LOST = "+15005550201";
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start();
});
after(() => site?.close());
afterEach(() => site.sandbox.faults.clear());

async function begin() {
  site.sandbox.reset();
  const { id } = await site.client.agents.create({ name: "Desk", voiceMode: "hosted", systemPrompt: "Be brief." });
  await site.client.numbers.buy({ country: "US", agentId: id });
}

const placed = () => site.sandbox.ledger().callsPlaced;
/** @param {Page} page */
const dialog = (page) => page.getByRole("dialog", { name: "Place a call" });
/** @param {Page} page */
const callButton = (page) => dialog(page).getByRole("button", { name: "Call", exact: true });
/** @param {Page} page */
const openDialog = (page) => page.getByRole("banner").getByRole("button", { name: "Place a call" }).click();

/** @param {Page} page @param {string} number */
async function call(page, number) {
  await dialog(page).getByLabel("To").fill(number);
  await callButton(page).click();
}

test("a call whose response is lost is not offered again: the dialog shows where it would be", LIMIT, async () => {
  await begin();
  const { page, close } = await site.open("/calls", { keep: true });
  await openDialog(page);
  await call(page, LOST);
  await dialog(page).getByText("It is not known whether (500) 555-0201 was called.").waitFor();
  assert.equal(await callButton(page).count(), 0);
  await dialog(page).getByRole("link", { name: "Open the call" }).waitFor();
  assert.equal(placed(), 1);
  await sound(page);
  await dialog(page).getByRole("link", { name: "Open the call" }).click();
  await page.waitForURL(/#\/calls\/./);
  assert.equal(await dialog(page).count(), 0);
  // What became of it has been seen: the number can be called like any other.
  await openDialog(page);
  await callButton(page).waitFor();
  assert.equal(placed(), 1);
  await close();
});

test("closing the dialog does not make a lost call forgotten", LIMIT, async () => {
  await begin();
  const { page, close } = await site.open("/calls", { keep: true });
  await openDialog(page);
  await call(page, LOST);
  await dialog(page).getByText("It is not known").waitFor();
  await dialog(page).getByRole("button", { name: "Close" }).click();
  await openDialog(page);
  await dialog(page).getByText("It is not known").waitFor();
  assert.equal(await callButton(page).count(), 0);
  // However the number is written.
  await dialog(page).getByRole("button", { name: "Call another number" }).click();
  await call(page, "1 (500) 555-0201");
  await dialog(page).getByText("It is not known").waitFor();
  assert.equal(placed(), 1);
  // Another number is another person.
  await dialog(page).getByRole("button", { name: "Call another number" }).click();
  await call(page, "(500) 555-0003");
  await page.waitForURL(/#\/calls\/./);
  assert.equal(placed(), 2);
  await close();
});

test("a second call to the same number needs a confirmation that says what it may do", LIMIT, async () => {
  await begin();
  const { page, close } = await site.open("/calls", { keep: true });
  await openDialog(page);
  // More than once: browsers send a request again by themselves where a connection that was used before is closed.
  site.sandbox.faults.add({ match: { operation: "calls.create" }, cut: "before-headers" });
  await call(page, "(500) 555-0003");
  const again = dialog(page).getByRole("button", { name: "Call again anyway" });
  const question = page.getByRole("dialog", { name: "Call (500) 555-0003 a second time?" });
  await again.click();
  await question.getByText("the same person is called twice").waitFor();
  await question.getByRole("button", { name: "Cancel" }).click();
  const before = placed();
  site.sandbox.faults.clear();
  await again.click();
  await question.getByRole("button", { name: "Place a second call" }).click();
  await page.waitForURL(/#\/calls\/./);
  assert.equal(placed(), before + 1);
  await close();
});

test("a number whose purchase may have worked is not bought again for a first call", LIMIT, async () => {
  const { page, close } = await site.open("/");
  site.sandbox.faults.add({ match: { operation: "numbers.buy" }, cut: "before-headers" });
  await openDialog(page);
  await dialog(page).getByRole("button", { name: "Set up and call" }).click();
  await dialog(page).getByText("It may have happened all the same.").waitFor();
  const spent = site.sandbox.ledger().moneySpentCents;
  await dialog(page).getByRole("button", { name: "Set up and call" }).click();
  const question = page.getByRole("dialog", { name: "Set up an agent with a number again?" });
  await question.getByRole("button", { name: "Cancel" }).click();
  assert.equal(site.sandbox.ledger().moneySpentCents, spent);
  assert.equal(placed(), 0);
  await close();
});
