// @ts-check
// Finding and going by keyboard in a real browser: the palette, the keys, and what is pasted.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sound, start } from "./browser.mjs";

/** @typedef {import("playwright-core").Page} Page */

const LIMIT = { timeout: 60_000 };
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
/** @type {Record<"agent" | "call" | "contact", string>} */
const ids = { agent: "", call: "", contact: "" };
before(async () => {
  site = await start({ speed: 100 });
  const { client } = site;
  ids.agent = (await client.agents.create({ name: "Bakery desk", voiceMode: "hosted", systemPrompt: "Be brief." })).id;
  await client.numbers.buy({ country: "US", agentId: ids.agent });
  ids.contact = (await client.contacts.create({ phoneNumber: "+14155550100", name: "Ada Byron" })).id;
  ids.call = (await client.calls.create({ agentId: ids.agent, toNumber: "+14155550100" })).id;
  await client.calls.wait(ids.call);
  await client.subAccounts.create({ name: "North" });
});
after(() => site?.close());

const open = () => site.open("/", { keep: true });
/** @param {Page} page */
const palette = (page) => page.getByRole("dialog", { name: "Find and go" });
/** @param {Page} page @param {string | RegExp} name */
const option = (page, name) => palette(page).getByRole("option", { name });
/** @param {Page} page @param {string} text */
const paste = (page, text) =>
  page.evaluate((value) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", value);
    const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    (document.activeElement ?? document.body).dispatchEvent(event);
  }, text);

test("Ctrl+K finds a view and goes there with Enter, and gives the focus back with Escape", LIMIT, async () => {
  const { page, complaints, close } = await open();
  await page.keyboard.press("Control+k");
  await palette(page).waitFor();
  await option(page, /^Overview/).waitFor();
  await page.keyboard.type("webh");
  await option(page, /^Webhooks/).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/#/webhooks");
  await palette(page).waitFor({ state: "detached" });
  const button = page.getByRole("button", { name: "Find and go" });
  await button.focus();
  await page.keyboard.press("Enter");
  await palette(page).waitFor();
  await page.keyboard.press("Escape");
  await palette(page).waitFor({ state: "detached" });
  assert.ok(await button.evaluate((element) => element === document.activeElement));
  assert.deepEqual(complaints, []);
  await close();
});

test("names, numbers and words lead to what they mean", LIMIT, async () => {
  const { page, close } = await open();
  for (const [typed, name, url] of /** @type {[string, RegExp, string][]} */ ([
    ["byron", /^Ada Byron/, `/contacts/${ids.contact}`],
    ["bakery", /^Bakery desk/, `/agents/${ids.agent}`],
    ["(415) 555-0100", /^Ada Byron/, `/contacts/${ids.contact}`],
    ["(415) 555-0100", /^Calls with/, "/calls?search=%2B14155550100"],
    ["good day", /good day/i, `/calls/${ids.call}`],
  ])) {
    await page.keyboard.press("Control+k");
    await palette(page).getByRole("combobox").fill(typed);
    await option(page, name).first().click();
    await page.waitForURL(`**/#${url}`);
  }
  await close();
});

test("commands are done: a call, the theme, another account", LIMIT, async () => {
  const { page, close } = await open();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("theme dark");
  await option(page, "Theme: dark").waitFor();
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("north");
  await option(page, "Switch to North").click();
  await page.getByText("You act in the sub-account").waitFor();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("place");
  await option(page, "Place a call").click();
  await page.getByRole("dialog", { name: "Place a call" }).waitFor();
  await close();
});

test("an id that is pasted anywhere opens what it means, and into a field it is only pasted", LIMIT, async () => {
  const { page, close } = await open();
  await page.waitForLoadState("networkidle");
  await paste(page, ids.call);
  await page.waitForURL(`**/#/calls/${ids.call}`);
  await paste(page, `  ${ids.agent}\n`.trim());
  await page.waitForURL(`**/#/agents/${ids.agent}`);
  await paste(page, "+1 415-555-0100");
  await option(page, /^Call \(415\)/).waitFor();
  await page.keyboard.press("Escape");
  await page.goto(`${site.url}/#/contacts`);
  await page.getByLabel("Search").focus();
  await paste(page, ids.call);
  await page.waitForTimeout(500);
  assert.equal(await palette(page).count(), 0);
  await close();
});

test(
  "g and a letter go to a view, / to the search, ? shows the keys, and none does so where one types",
  LIMIT,
  async () => {
    const { page, close } = await open();
    await page.keyboard.press("g");
    await page.keyboard.press("c");
    await page.waitForURL("**/#/calls");
    await page.keyboard.press("g");
    await page.keyboard.press("p");
    await page.waitForURL("**/#/contacts");
    await page.getByLabel("Search").waitFor();
    await page.keyboard.press("/");
    assert.ok(await page.getByLabel("Search").evaluate((element) => element === document.activeElement));
    await page.keyboard.type("g c ?/");
    assert.equal(await page.getByLabel("Search").inputValue(), "g c ?/");
    assert.ok(page.url().includes("/contacts"));
    await page.getByLabel("Search").fill("");
    await page.getByRole("heading", { level: 1 }).click();
    await page.keyboard.press("?");
    const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await help.getByText("g c", { exact: true }).waitFor();
    await sound(page);
    await page.keyboard.press("Escape");
    await page.goto(`${site.url}/#/`);
    await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
    await page.keyboard.press("/");
    await palette(page).waitFor();
    await sound(page);
    await close();
  },
);

test("what is typed while the palette is on its way is for the palette", LIMIT, async () => {
  const { page, close } = await open();
  await page.route("**/assets/palette-*.js", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await route.continue();
  });
  await page.keyboard.press("Control+k");
  await page.keyboard.type("gc webh");
  await palette(page).waitFor();
  assert.equal(await palette(page).getByRole("combobox").inputValue(), "gc webh");
  assert.match(page.url(), /#\/$/);
  await close();
});

test("what cannot be found says so", LIMIT, async () => {
  const { page, close } = await open();
  await page.keyboard.press("Control+k");
  await palette(page).getByRole("combobox").fill("zzzzz nothing has this");
  await palette(page).getByText("No matches.").waitFor();
  await page.keyboard.press("Enter");
  await palette(page).waitFor();
  await close();
});
