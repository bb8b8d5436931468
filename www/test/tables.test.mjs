// @ts-check
// Tables in a real browser: one comes back to where one was, and what stands in them can be copied.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, start } from "./browser.mjs";

/** @typedef {import("playwright-core").Page} Page */

const LIMIT = { timeout: 40_000 };
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start();
});
after(() => site?.close());

/** @param {Page} page @param {string} label */
const table = (page, label) => page.getByRole("region", { name: label });
/** @param {Page} page */
const selected = (page) => page.evaluate(() => String(getSelection()));

/** @param {number} count */
async function contacts(count) {
  site.sandbox.reset();
  for (let n = 0; n < count; n += 1)
    await site.client.contacts.create({ phoneNumber: `+1415555${String(1000 + n)}`, name: `Person ${n}` });
}

test(
  "the way back to a list leads to the place in it that one left, with the pages that were read",
  LIMIT,
  async () => {
    await contacts(260);
    const { page, close } = await site.open("/contacts", { keep: true });
    const region = table(page, "contacts");
    const top = () => region.evaluate((element) => element.scrollTop);
    await region.locator("tbody a").first().waitFor();
    // Beyond the first page, which has a hundred.
    await eventually(async () => {
      await region.evaluate((element) => element.scrollTo(0, 7000));
      return (await top()) === 7000;
    });
    const link = region.locator("tbody a").nth(15);
    await link.waitFor();
    const name = await link.innerText();
    const before = await top();
    await link.click();
    await page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
    await page.goBack();
    await region.getByRole("link", { name, exact: true }).waitFor();
    assert.ok(Math.abs((await top()) - before) < 1000, "where it was, but for what the click scrolled");
    // It reads on from there.
    await page.getByRole("button", { name: "Load all" }).or(page.getByText("260 in all")).first().waitFor();
    const rest = page.getByRole("button", { name: "Load all" });
    if ((await rest.count()) > 0) await rest.click();
    await page.getByText("260 in all").waitFor();
    // A link is no way back: it begins at the top.
    await region.locator("tbody a").nth(3).click();
    await page.getByRole("navigation").getByRole("link", { name: "Contacts" }).click();
    await region.locator("tbody a").first().waitFor();
    assert.equal(await top(), 0);
    await close();
  },
);

test(
  "text in a row can be dragged over, and a double click selects a word, without going anywhere",
  LIMIT,
  async () => {
    await contacts(3);
    const { page, close } = await site.open("/contacts", { keep: true });
    const rows = table(page, "contacts").locator("tbody tr");
    const number = rows.nth(1).locator(".phone");
    await number.getByText("(415)").waitFor();
    /** @param {import("playwright-core").Locator} place */
    const drag = async (place) => {
      const box = await place.boundingBox();
      assert.ok(box);
      await page.mouse.move(box.x + 1, box.y + box.height / 2);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width - 1, box.y + box.height / 2, { steps: 5 });
      await page.mouse.up();
      // Longer than the page waits for a second click.
      await page.waitForTimeout(500);
    };
    await drag(number);
    assert.match(await selected(page), /415\) 555-10\d/);
    assert.match(page.url(), /#\/contacts$/);
    await rows.nth(2).locator(".phone").dblclick();
    assert.notEqual(await selected(page), "");
    await page.waitForTimeout(500);
    assert.match(page.url(), /#\/contacts$/);
    // The text of the link, too.
    await drag(rows.nth(0).locator("a"));
    assert.match(await selected(page), /Person/);
    assert.match(page.url(), /#\/contacts$/);
    // A click anywhere in the row opens it all the same.
    await page.getByRole("heading", { level: 1 }).click();
    await rows.nth(1).locator(".phone").click();
    await page.waitForURL(/#\/contacts\/./);
    await close();
  },
);

test("while a table is slow to come its room is kept with lines in it, instead of an empty page", LIMIT, async () => {
  await contacts(3);
  site.sandbox.faults.add({ match: { operation: "contacts.list" }, delayMs: 1500 });
  const { page, close } = await site.open("/contacts", { keep: true });
  const waiting = page.getByText("Loading contacts…");
  await waiting.waitFor();
  assert.ok(((await waiting.boundingBox())?.height ?? 0) > 300);
  await table(page, "contacts").locator("tbody a").first().waitFor();
  await waiting.waitFor({ state: "detached" });
  site.sandbox.faults.clear();
  await close();
});
