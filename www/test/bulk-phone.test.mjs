// @ts-check
// Several rows at once on a phone, in a real browser: chosen with a tap, acted on at the bottom of the screen, with the
// same question and price as on a wide screen.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, sound, start, tooWide } from "./browser.mjs";

/** @typedef {import("playwright-core").Page} Page */

const LIMIT = { timeout: 60_000 };
/** What a thumb hits, in pixels. */
const THUMB = 44;
const SCREEN = { width: 390, height: 844 };
const PHONE = { viewport: SCREEN, isMobile: true, hasTouch: true, keep: true };
/** Talks for an hour. */
const TALKER = "+15005550005";

/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start();
});
after(() => site?.close());

/** An agent with a number, and contacts. @param {number} people */
async function begin(people) {
  site.sandbox.reset();
  const { id } = await site.client.agents.create({ name: "Desk", voiceMode: "hosted", systemPrompt: "Be brief." });
  await site.client.numbers.buy({ country: "US", agentId: id });
  for (let n = 0; n < people; n += 1)
    await site.client.contacts.create({ phoneNumber: `+1415555${String(1000 + n)}`, name: `Person ${n}` });
  return id;
}

/** @param {Page} page */
const bar = (page) => page.getByRole("group", { name: "What to do with the selection" });
/** @param {Page} page @param {string} label */
const rows = (page, label) => page.getByRole("region", { name: label }).locator("tbody tr:not(.gap)");

/** What is too small for a thumb, or out of the screen. @param {import("playwright-core").Locator} place */
async function tooSmall(place) {
  const found = [];
  for (const button of await place.getByRole("button").all()) {
    const box = await button.boundingBox();
    assert.ok(box);
    const inside = box.x >= 0 && box.x + box.width <= SCREEN.width && box.y + box.height <= SCREEN.height;
    if (box.width < THUMB || box.height < THUMB || !inside) found.push([await button.innerText(), box]);
  }
  return found;
}

test(
  "on a phone a tap chooses a row instead of opening it, and the actions are within reach of a thumb",
  LIMIT,
  async () => {
    await begin(40);
    const { page, complaints, close } = await site.open("/contacts", PHONE);
    const all = rows(page, "contacts");
    await all.first().waitFor();
    assert.equal(await page.getByRole("checkbox").count(), 0, "no boxes before they are asked for");
    const select = page.getByRole("button", { name: "Select", exact: true });
    assert.ok(((await select.boundingBox())?.height ?? 0) >= THUMB);
    await select.tap();
    await bar(page).getByText("Tap each contact to select it").waitFor();
    await all.nth(1).getByText("Person").tap();
    await all.nth(4).tap();
    // On its box, which must not count twice.
    await all.nth(5).getByRole("checkbox").tap();
    await bar(page).getByText("3 contacts selected").waitFor();
    assert.match(page.url(), /#\/contacts$/);
    assert.deepEqual(await tooSmall(bar(page)), []);
    const [box, cell] = [await bar(page).boundingBox(), await all.nth(1).locator("label").boundingBox()];
    assert.ok(box && Math.abs(box.y + box.height - SCREEN.height) < 1, "at the bottom of the screen");
    assert.ok(cell && cell.width >= THUMB && cell.height >= THUMB);
    await sound(page);
    await all.nth(4).tap();
    await bar(page).getByText("2 contacts selected").waitFor();
    await bar(page).getByRole("button", { name: "All", exact: true }).tap();
    await bar(page).getByText("40 contacts selected").waitFor();
    await bar(page).getByRole("button", { name: "None", exact: true }).tap();
    await bar(page).getByText("Tap each contact to select it").waitFor();
    await bar(page).getByRole("button", { name: "Stop selecting" }).tap();
    await bar(page).waitFor({ state: "detached" });
    await all.nth(1).tap();
    await page.waitForURL(/#\/contacts\/\w/);
    assert.deepEqual(complaints, []);
    await close();
  },
);

test(
  "on a phone the price is said and the question asked before anything happens to what was chosen",
  LIMIT,
  async () => {
    await begin(3);
    const { page, close } = await site.open("/contacts", PHONE);
    const choose = async () => {
      await page.getByRole("button", { name: "Select", exact: true }).tap();
      for (const n of [0, 1]) await rows(page, "contacts").nth(n).tap();
    };
    await choose();
    await bar(page).getByRole("button", { name: "Text them" }).tap();
    const dialog = page.getByRole("dialog", { name: "Text 2 people" });
    await dialog.getByText("$0.04 at most").waitFor();
    assert.deepEqual(await tooSmall(dialog), []);
    await dialog.getByLabel("Message").fill("We close at four.");
    await dialog.getByRole("button", { name: "Send 2 texts" }).tap();
    await dialog.getByText("2 sent", { exact: true }).waitFor();
    await dialog.getByRole("button", { name: "Close", exact: true }).last().tap();
    await bar(page).getByRole("button", { name: "Delete", exact: true }).tap();
    const question = page.getByRole("dialog", { name: "Delete 2 contacts?" });
    assert.deepEqual(await tooSmall(question), []);
    await question.getByRole("button", { name: "Delete them" }).tap();
    await bar(page).waitFor({ state: "detached" });
    await page.getByText("2 contacts deleted.").waitFor();
    assert.equal((await site.client.contacts.list({ limit: 1 })).total, 1);
    await close();
  },
);

test("on a phone live calls are ended together, and the notice of it is not under the bar", LIMIT, async () => {
  const agentId = await begin(0);
  for (let n = 0; n < 3; n += 1) await site.client.calls.create({ agentId, toNumber: TALKER });
  const { page, close } = await site.open("/calls", PHONE);
  await page.getByRole("button", { name: "Select", exact: true }).tap();
  for (const n of [0, 2]) await rows(page, "Calls").nth(n).tap();
  await bar(page).getByText("2 calls selected").waitFor();
  assert.equal(await tooWide(page), 0);
  const table = page.getByRole("region", { name: "Calls" });
  assert.ok(
    (await table.evaluate((element) => element.scrollWidth - element.clientWidth)) <= 0,
    "no column sticks out",
  );
  await bar(page).getByRole("button", { name: "End calls" }).tap();
  await page.getByRole("dialog", { name: "End 2 calls?" }).getByRole("button", { name: "End them" }).tap();
  await page.getByText("2 calls ended.").waitFor();
  const live = async () => (await site.client.calls.list({ status: "completed" })).data.length;
  await eventually(async () => (await live()) === 2);
  await close();
});

test("a phone that is turned keeps what was chosen", LIMIT, async () => {
  await begin(3);
  const { page, close } = await site.open("/contacts", PHONE);
  await page.getByRole("button", { name: "Select", exact: true }).tap();
  await rows(page, "contacts").nth(1).tap();
  await page.setViewportSize({ width: 844, height: 390 });
  await page.getByText("1 contact selected").waitFor();
  await page.getByRole("button", { name: "Clear selection" }).waitFor();
  await page.setViewportSize(SCREEN);
  await bar(page).getByText("1 contact selected").waitFor();
  await bar(page).getByRole("button", { name: "Stop selecting" }).tap();
  await bar(page).waitFor({ state: "detached" });
  await close();
});

test("when the connection is lost the actions stay at the bottom of the screen", LIMIT, async () => {
  await begin(40);
  const { page, close } = await site.open("/contacts", PHONE);
  await page.getByRole("button", { name: "Select", exact: true }).tap();
  await rows(page, "contacts").nth(1).tap();
  await page.evaluate(() => document.documentElement.setAttribute("data-lost", ""));
  const box = await bar(page).boundingBox();
  assert.ok(box && Math.abs(box.y + box.height - SCREEN.height) < 1);
  await close();
});
