// @ts-check
// Where the keyboard is after something was done: never at the top of the page because what was pressed is gone; and the
// menus, by keys alone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, start } from "./browser.mjs";

/** @typedef {import("playwright-core").Page} Page */

const LIMIT = { timeout: 60_000 };
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start({ demo: true });
});
after(() => site?.close());

/** What has the focus, by its name. @param {Page} page */
const focused = (page) =>
  page.evaluate(() => {
    const at = document.activeElement;
    return at?.getAttribute("aria-label") ?? at?.getAttribute("name") ?? /** @type {HTMLElement} */ (at)?.innerText;
  });

/** @param {Page} page @param {string} name */
const comesTo = (page, name) => eventually(async () => (await focused(page)) === name);

/** Goes to a button and presses it, as by Tab and Enter. @param {Page} page @param {string | RegExp} name */
async function press(page, name) {
  await page.keyboard.press("Shift");
  await page.getByRole("main").getByRole("button", { name }).first().focus();
  await page.keyboard.press("Enter");
}

test(
  "what was pressed by key and is gone leaves the focus where it was, not at the top of the page",
  LIMIT,
  async (t) => {
    const { page, close } = await site.open("/calls", { keep: true });
    await t.test("a button that gives way to its progress, and comes back", async () => {
      await press(page, "Export CSV");
      await page.getByText(/calls exported/).waitFor();
      await comesTo(page, "Export CSV");
    });
    await t.test("a row that is deleted", async () => {
      await page.goto(`${site.url}/#/sub-accounts`);
      await press(page, "Delete Larkspur Catering");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.getByText("Larkspur Catering is deleted.").waitFor();
      await comesTo(page, "Switch to: Harbor Dental North");
    });
    await t.test("a button that opens a form in its place, and the form's own", async () => {
      await page.goto(`${site.url}/#/registration`);
      await press(page, "Change it");
      const cancel = page.getByRole("main").getByRole("button", { name: "Cancel" });
      await cancel.waitFor();
      await eventually(() =>
        page.evaluate(() => document.activeElement?.matches("form input, form textarea, form select") === true),
      );
      await cancel.focus();
      await page.keyboard.press("Enter");
      await comesTo(page, "Change it");
    });
    await t.test("a table in which nothing is left to go to", async () => {
      await page.goto(`${site.url}/#/sub-accounts`);
      await press(page, "Switch to: Harbor Dental North");
      await page.getByText("You act in Harbor Dental North now.").waitFor();
      await eventually(() => page.evaluate(() => document.activeElement?.closest("main") !== null));
    });
    await close();
  },
);

test("a click on what goes then moves no focus, which would show a phone's keyboard", LIMIT, async () => {
  const { page, close } = await site.open("/registration", { keep: true });
  await page.getByRole("button", { name: "Change it" }).click();
  await page.getByRole("main").getByRole("button", { name: "Cancel" }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement === document.body), true);
  await close();
});

test("a menu can be used by arrow keys, and a choice or Escape gives the focus back to its button", LIMIT, async () => {
  const { page, close } = await site.open("/calls", { keep: true });
  const tools = page.getByLabel("Sandbox tools");
  await tools.focus();
  for (const [key, name] of /** @type {const} */ ([
    ["ArrowDown", "Simulate incoming call"],
    ["ArrowDown", "Simulate incoming text"],
    ["End", "Start over"],
    ["ArrowDown", "Simulate incoming call"],
    ["ArrowUp", "Start over"],
    ["Home", "Simulate incoming call"],
    ["Escape", "Sandbox tools"],
    ["ArrowUp", "Start over"],
  ])) {
    await page.keyboard.press(key);
    await comesTo(page, name);
  }
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Start over?" }).waitFor();
  await page.keyboard.press("Escape");
  await comesTo(page, "Sandbox tools");
  await page.keyboard.press("ArrowDown");
  await comesTo(page, "Simulate incoming call");
  await page.keyboard.press("Enter");
  await page.getByText("A call is coming in.").waitFor();
  await comesTo(page, "Sandbox tools");
  const columns = page.getByLabel("Columns");
  await columns.focus();
  await page.keyboard.press("ArrowDown");
  await eventually(() => page.evaluate(() => document.activeElement?.matches("input") === true));
  await page.keyboard.press("Space");
  await page.keyboard.press("Escape");
  await comesTo(page, "Columns");
  assert.equal(await page.getByRole("columnheader", { name: "Agent" }).count(), 0);
  await close();
});

test(
  "a press anywhere else closes a menu, and one between its choices neither closes it nor ends the page",
  LIMIT,
  async () => {
    const { page, close } = await site.open("/calls", { keep: true });
    const open = page.locator("details.menu[open]");
    await page.getByLabel("Columns").click();
    await open.locator(".menu-items").click({ position: { x: 3, y: 3 } });
    await open.getByText("Status").click();
    assert.equal(await open.count(), 1);
    await page.getByRole("banner").click({ position: { x: 400, y: 5 } });
    await open.waitFor({ state: "detached" });
    await close();
  },
);
