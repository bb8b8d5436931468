// @ts-check
// Placing a call whose response is lost: nobody is called twice, however often the button is pressed, and the dialog says
// what became of it.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { sound, start } from "./browser.mjs";

/** @typedef {import("playwright-core").Page} Page */

const LIMIT = { timeout: 40_000 };
/** The sandbox places the call and closes the connection. */
const LOST = "+15005550201";
/** The sandbox closes the connection and places nothing, which the console cannot know. */
const NEVER = "+15005550202";
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

/** @param {Page} page */
const panel = (page) => dialog(page).locator(".doubt");

test(
  "a call whose response is lost is placed once: the dialog leads to it and does not offer it again",
  LIMIT,
  async () => {
    await begin();
    const { page, close } = await site.open("/calls", { keep: true });
    await openDialog(page);
    await call(page, LOST);
    await dialog(page).getByText("It was placed.").waitFor();
    assert.equal(await callButton(page).count(), 0);
    assert.equal(placed(), 1);
    await sound(page);
    await dialog(page).getByRole("link", { name: "Open the call" }).click();
    await page.waitForURL(/#\/calls\/./);
    await page.getByText("(500) 555-0201").first().waitFor();
    assert.equal(await dialog(page).count(), 0);
    // What became of it has been seen: the number can be called like any other.
    await openDialog(page);
    await call(page, LOST);
    await dialog(page).getByText("It was placed.").waitFor();
    assert.equal(placed(), 2);
    await close();
  },
);

test("two presses, by a mouse that bounces and by Enter, place one call", LIMIT, async () => {
  await begin();
  const { page, close } = await site.open("/calls", { keep: true });
  await openDialog(page);
  await dialog(page).getByLabel("To").fill(LOST);
  await callButton(page).evaluate((/** @type {HTMLButtonElement} */ button) => {
    button.click();
    button.click();
  });
  await panel(page).waitFor();
  await page.keyboard.press("Enter");
  await dialog(page).getByText("It was placed.").waitFor();
  assert.equal(placed(), 1);
  await close();
});

test("what cannot be found yet is looked for, and no other way leads to a second call", LIMIT, async () => {
  await begin();
  const { page, close } = await site.open("/calls", { keep: true });
  // The list does not have it yet.
  await page.route("**/v1/calls?*", (route) => route.fulfill({ json: { data: [], hasMore: false, total: 0 } }));
  await openDialog(page);
  await call(page, LOST);
  await dialog(page).getByText("Not found so far; we keep looking.").waitFor();
  await dialog(page).getByText("It is not known whether (500) 555-0201 was called.").waitFor();
  assert.equal(await callButton(page).count(), 0);
  assert.equal(placed(), 1);
  await sound(page);
  // Closing does not make it forgotten, however the number is written.
  await dialog(page).getByRole("button", { name: "Close" }).click();
  await openDialog(page);
  await call(page, "1 (500) 555-0201");
  await dialog(page).getByText("nothing was sent now").waitFor();
  assert.equal(placed(), 1);
  // Another number is another person.
  await dialog(page).getByRole("button", { name: "Call another number" }).click();
  await call(page, "(500) 555-0003");
  await page.waitForURL(/#\/calls\/./);
  assert.equal(placed(), 2);
  // Now the list has it: it comes to light by itself, in the dialog too.
  await openDialog(page);
  await call(page, LOST);
  await panel(page).waitFor();
  await page.unroute("**/v1/calls?*");
  await dialog(page).getByText("It was placed.").waitFor();
  await dialog(page).getByRole("link", { name: "Open the call" }).click();
  await page.getByText("(500) 555-0201").first().waitFor();
  assert.equal(placed(), 2);
  await close();
});

test("a call that was not placed can be placed once somebody has said so", LIMIT, async () => {
  await begin();
  const { page, close } = await site.open("/calls", { keep: true });
  await openDialog(page);
  await call(page, NEVER);
  await dialog(page).getByRole("link", { name: "Open “In doubt”" }).click();
  await page.getByRole("heading", { level: 1, name: "In doubt" }).waitFor();
  await page.getByRole("button", { name: "It was not placed" }).click();
  const question = page.getByRole("dialog", { name: "It was not placed?" });
  await question.getByText("the same person may be called twice").waitFor();
  await question.getByRole("button", { name: "It was not placed" }).click();
  await page.getByText("Nothing is in doubt.").waitFor();
  await openDialog(page);
  await call(page, NEVER);
  await panel(page).waitFor();
  assert.equal(placed(), 0);
  await close();
});

test("a number whose purchase is lost is bought once for a first call", LIMIT, async () => {
  const { page, close } = await site.open("/");
  site.sandbox.faults.add({ match: { operation: "numbers.buy" }, cut: "before-headers", times: 1 });
  await openDialog(page);
  await dialog(page).getByRole("button", { name: "Set up and call" }).click();
  await dialog(page).getByText("It was bought.").waitFor();
  assert.equal(site.sandbox.ledger().numbersBought, 1);
  assert.equal(placed(), 0);
  await dialog(page).getByRole("button", { name: "Back" }).click();
  await callButton(page).click();
  await page.waitForURL(/#\/calls\/./);
  assert.equal(site.sandbox.ledger().numbersBought, 1);
  assert.equal(placed(), 1);
  await close();
});

test(
  "a number that is asked about as soon as it is typed reads as everywhere, even if its format came late",
  LIMIT,
  async () => {
    await begin();
    let loads = 0;
    const { page, close } = await site.open("/calls", {
      keep: true,
      prepare: async (page) => {
        await page.route("**/__sandbox/health", (route) => route.fulfill({ json: { ok: true, mode: "live" } }));
        await page.route("**/v1/**", (route) =>
          route.continue({ headers: { ...route.request().headers(), authorization: "Bearer sk_test" } }),
        );
        // Whoever draws the form does not get it, and whoever sends the form does.
        await page.route("**/assets/min-*.js", (route) => (loads++ === 0 ? route.abort() : route.continue()));
      },
    });
    await openDialog(page);
    await call(page, LOST);
    const question = page.getByRole("dialog", { name: "Call (500) 555-0201?" });
    await question.getByRole("button", { name: "Yes, do it" }).click();
    await dialog(page).getByText("The response was lost, but (500) 555-0201 was called.").waitFor();
    assert.equal(loads, 2);
    assert.equal(placed(), 1);
    await close();
  },
);
