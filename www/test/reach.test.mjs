// @ts-check
// Several people texted or called from a table, in a real browser: each once, with the price before and the result of each
// after; what is refused, in doubt or stopped is said of whom it is.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { eventually, sound, start } from "./browser.mjs";

/** @typedef {import("playwright-core").Page} Page */

const LIMIT = { timeout: 60_000 };
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start();
});
after(() => site?.close());
afterEach(() => site.sandbox.faults.clear());

/** An agent with a number, and contacts. @param {Record<string, string>} people Numbers by name. */
async function begin(people) {
  site.sandbox.reset();
  const { id } = await site.client.agents.create({ name: "Desk", voiceMode: "hosted", systemPrompt: "Be brief." });
  await site.client.numbers.buy({ country: "US", agentId: id });
  for (const [name, phoneNumber] of Object.entries(people)) await site.client.contacts.create({ name, phoneNumber });
  return id;
}

/** @param {Page} page @param {string} action */
async function chooseAll(page, action) {
  await page.getByRole("checkbox", { name: "Select all rows" }).check();
  await page.getByRole("button", { name: action, exact: true }).click();
}

/** What became of somebody. @param {Page} page @param {string} name */
const rowOf = (page, name) =>
  page.getByRole("region", { name: "What became of each" }).getByRole("listitem").filter({ hasText: name });

test(
  "selected contacts are texted, each once, at the price that was said, however often it is sent",
  LIMIT,
  async () => {
    await begin({ Ada: "+14155550101", Lin: "+14155550102", Mia: "+14155550103" });
    const { page, complaints, close } = await site.open("/contacts", { keep: true });
    await chooseAll(page, "Text them");
    const dialog = page.getByRole("dialog", { name: "Text 3 people" });
    await dialog.getByText("$0.06 at most").waitFor();
    for (const name of ["Ada", "Lin", "Mia"])
      await dialog.getByRole("region", { name: "Who" }).getByText(name).waitFor();
    await sound(page);
    await dialog.getByLabel("Message").fill("We close at four today.");
    await dialog.getByRole("button", { name: "Send 3 texts" }).dblclick();
    await dialog.getByText("3 sent", { exact: true }).waitFor();
    assert.equal(site.sandbox.ledger().textsSent, 3);
    assert.equal(await dialog.getByRole("button", { name: /^Try \d/ }).count(), 0);
    await sound(page);
    await rowOf(page, "Lin").getByRole("link", { name: "Sent" }).click();
    await page.waitForURL(/#\/conversations\//);
    await page.getByRole("log").getByText("We close at four today.").waitFor();
    assert.deepEqual(complaints, []);
    await close();
  },
);

test(
  "a lost response is found or in doubt and never sent again; a refusal is tried again on request",
  LIMIT,
  async () => {
    // By their magic numbers: the response is lost, the carrier refuses.
    await begin({ Lost: "+15005550201", Refused: "+15005550107", Fine: "+14155550103" });
    const { page, close } = await site.open("/contacts", { keep: true });
    await chooseAll(page, "Text them");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Message").fill("Hello.");
    await dialog.getByRole("button", { name: "Send 3 texts" }).click();
    await dialog.getByRole("button", { name: "Close", exact: true }).last().waitFor();
    await rowOf(page, "Fine").getByRole("link", { name: "Sent" }).waitFor();
    await rowOf(page, "Refused")
      .getByText(/^Failed: .*\(CARRIER_ERROR\)/)
      .waitFor();
    await rowOf(page, "Lost")
      .getByText(/In doubt|Sent, the response was lost/)
      .waitFor();
    assert.equal(site.sandbox.ledger().textsSent, 2);
    await dialog.getByRole("button", { name: "Try 1 person again" }).click();
    await rowOf(page, "Refused")
      .getByText(/^Failed: .*\(CARRIER_ERROR\)/)
      .waitFor();
    await dialog.getByRole("button", { name: "Try 1 person again" }).waitFor();
    assert.equal(site.sandbox.ledger().textsSent, 2, "nobody gets it twice");
    await close();
  },
);

test("a balance that is too low ends it for all who come after", LIMIT, async () => {
  await begin({ Ada: "+14155550101", Lin: "+14155550102", Mia: "+14155550103" });
  site.sandbox.faults.add({ match: { operation: "messages.send" }, status: 402, code: "INSUFFICIENT_BALANCE" });
  const { page, close } = await site.open("/contacts", { keep: true });
  await chooseAll(page, "Text them");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Message").fill("Hello.");
  await dialog.getByRole("button", { name: "Send 3 texts" }).click();
  await dialog.getByText("1 failed, 2 not tried", { exact: true }).waitFor();
  assert.equal(site.sandbox.ledger().byOperation["messages.send"]?.received, 1);
  site.sandbox.faults.clear();
  await dialog.getByRole("button", { name: "Try 3 people again" }).click();
  await dialog.getByText("3 sent", { exact: true }).waitFor();
  assert.equal(site.sandbox.ledger().textsSent, 3);
  await close();
});

test("who is behind selected calls is called again, each once, until it is stopped", LIMIT, async () => {
  const agentId = await begin({ Ada: "+14155550101" });
  for (const toNumber of ["+14155550101", "+14155550101", "+14155550102", "+14155550103"])
    await site.client.calls.create({ agentId, toNumber });
  const { page, close } = await site.open("/calls", { keep: true });
  site.sandbox.faults.add({ match: { operation: "calls.create" }, delayMs: 1500 });
  await chooseAll(page, "Call them again");
  const dialog = page.getByRole("dialog", { name: "Call 3 people" });
  await dialog.getByText("$0.22 a minute for each call, $0.66 a minute while all of them talk").waitFor();
  await dialog.getByRole("region", { name: "Who" }).getByText("Ada").waitFor();
  await dialog.getByRole("button", { name: "Place 3 calls" }).click();
  await dialog.getByText("Being sent…").waitFor();
  await dialog.getByRole("button", { name: "Stop" }).click();
  await dialog.getByText("1 placed, 2 not tried", { exact: true }).waitFor();
  assert.equal(site.sandbox.ledger().callsPlaced, 5);
  site.sandbox.faults.clear();
  await dialog.getByRole("button", { name: "Try 2 people again" }).click();
  await dialog.getByText("3 placed", { exact: true }).waitFor();
  assert.equal(site.sandbox.ledger().callsPlaced, 7);
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
  await eventually(async () => (await page.getByRole("dialog").count()) === 0);
  await close();
});

test("without a message nothing is sent, and the dialog is sound on a phone", LIMIT, async () => {
  await begin({ Ada: "+14155550101" });
  const { page, close } = await site.open("/contacts", { keep: true });
  await chooseAll(page, "Text them");
  await page.setViewportSize({ width: 390, height: 844 });
  const dialog = page.getByRole("dialog", { name: "Text 1 person" });
  await dialog.getByRole("button", { name: "Send 1 text" }).click();
  await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "body");
  assert.equal(site.sandbox.ledger().textsSent, 0);
  await sound(page);
  await close();
});

test("a view that is left stops after what is being sent, and the dialog is gone", LIMIT, async () => {
  await begin({ Ada: "+14155550101", Lin: "+14155550102", Mia: "+14155550103" });
  const { page, close } = await site.open("/", { keep: true });
  await page.getByRole("link", { name: "Contacts" }).click();
  site.sandbox.faults.add({ match: { operation: "messages.send" }, delayMs: 1000 });
  await chooseAll(page, "Text them");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Message").fill("Hello.");
  await dialog.getByRole("button", { name: "Send 3 texts" }).click();
  await dialog.getByText("Being sent…").waitFor();
  await page.goBack();
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  assert.equal(await page.getByRole("dialog").count(), 0);
  await page.waitForTimeout(2500);
  assert.equal(site.sandbox.ledger().textsSent, 1);
  await page.goForward();
  await page.getByRole("heading", { level: 1, name: "Contacts" }).waitFor();
  assert.equal(await page.getByRole("dialog").count(), 0);
  await close();
});
