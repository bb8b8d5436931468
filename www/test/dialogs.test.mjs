// @ts-check
// Dialogs with something typed in them: a click that goes astray loses nothing.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sound, start } from "./browser.mjs";

const LIMIT = { timeout: 40_000 };
const PROMPT = "You answer for a bakery. Be brief and kind.";
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start();
});
after(() => site?.close());

test("a click beside a dialog, Escape and its button ask before they discard what was typed", LIMIT, async () => {
  const { page, close } = await site.open("/agents");
  await page.getByRole("button", { name: "New agent" }).first().click();
  const dialog = page.getByRole("dialog", { name: "New agent" });
  const prompt = dialog.getByLabel("System prompt");
  await prompt.fill(PROMPT);
  const question = dialog.getByText("Discard what you have entered?");
  for (const leave of [
    () => page.mouse.click(5, 400),
    () => page.keyboard.press("Escape"),
    () => dialog.getByRole("button", { name: "Close" }).click(),
  ]) {
    await leave();
    await question.waitFor();
    assert.equal(await prompt.inputValue(), PROMPT);
    await dialog.getByRole("button", { name: "Keep editing" }).click();
    assert.equal(await question.count(), 0);
  }
  await page.keyboard.press("Escape");
  await question.waitFor();
  await sound(page);
  await dialog.getByRole("button", { name: "Discard", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
  await close();
});

test("Escape again and again neither hides the dialog nor what was typed", LIMIT, async () => {
  const { page, close } = await site.open("/agents");
  await page.getByRole("button", { name: "New agent" }).first().click();
  const dialog = page.getByRole("dialog", { name: "New agent" });
  await dialog.getByLabel("Name").pressSequentially("Half an agent");
  for (let times = 0; times < 4; times += 1) {
    await page.keyboard.press("Escape");
    await page.waitForTimeout(100);
    assert.equal(await dialog.isVisible(), true, `after ${times + 1}`);
  }
  assert.equal(await dialog.getByLabel("Name").inputValue(), "Half an agent");
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Keep editing");
  await dialog.getByRole("button", { name: "Discard", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "New agent" }).first().click();
  await dialog.waitFor();
  await close();
});

test("a step back asks before it discards what was typed, and then leads back", LIMIT, async () => {
  const { page, close } = await site.open("/calls");
  await page.getByRole("link", { name: "Agents" }).click();
  await page.getByRole("button", { name: "New agent" }).first().click();
  const dialog = page.getByRole("dialog", { name: "New agent" });
  await dialog.getByLabel("System prompt").fill(PROMPT);
  await page.goBack();
  await dialog.getByRole("button", { name: "Keep editing" }).click();
  assert.equal(await dialog.getByLabel("System prompt").inputValue(), PROMPT);
  assert.match(page.url(), /#\/agents/);
  await page.goBack();
  await dialog.getByRole("button", { name: "Discard", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Calls" }).waitFor();
  assert.equal(await page.getByRole("dialog").count(), 0);
  await close();
});

test("a step back answers a question with no, and takes what is open over a view with the view", LIMIT, async () => {
  site.sandbox.reset();
  const { id } = await site.client.agents.create({ name: "Desk", voiceMode: "hosted", systemPrompt: "Be brief." });
  const { page, close } = await site.open("/calls", { keep: true });
  await page.getByRole("link", { name: "Agents" }).click();
  await page.getByRole("link", { name: "Desk" }).click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("dialog", { name: "Delete Desk?" }).waitFor();
  await page.goBack();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByRole("heading", { level: 1, name: "Desk" }).waitFor();
  assert.equal((await site.client.agents.get(id)).name, "Desk");
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog", { name: "Find and go" }).waitFor();
  await page.goBack();
  await page.getByRole("heading", { level: 1, name: "Agents" }).waitFor();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByRole("banner").getByRole("button", { name: "Place a call" }).click();
  await page.getByRole("dialog", { name: "Place a call" }).waitFor();
  await page.goBack();
  await page.getByRole("heading", { level: 1, name: "Calls" }).waitFor();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await close();
});

test("a dialog in which nothing was typed closes at once", LIMIT, async () => {
  const { page, close } = await site.open("/contacts?new=1&phone=%2B14155550100");
  const dialog = page.getByRole("dialog", { name: "New contact" });
  // What it began with is no loss, nor what was typed and taken back.
  await dialog.getByLabel("Name").fill("Ada");
  await dialog.getByLabel("Name").fill("");
  await page.mouse.click(5, 400);
  await dialog.waitFor({ state: "detached" });
  await close();
});

test("a selection that is dragged out of a field does not close its dialog", LIMIT, async () => {
  const { page, close } = await site.open("/contacts?new=1&phone=%2B14155550100");
  const dialog = page.getByRole("dialog", { name: "New contact" });
  const box = await dialog.getByLabel("Number").boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + 60, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(5, 400, { steps: 5 });
  await page.mouse.up();
  await page.waitForTimeout(300);
  assert.equal(await dialog.count(), 1);
  await close();
});

test("while a question waits for its answer, the button behind it does not look busy", LIMIT, async () => {
  site.sandbox.reset();
  const { id } = await site.client.agents.create({ name: "Desk", voiceMode: "hosted", systemPrompt: "Be brief." });
  const { page, close } = await site.open(`/agents/${id}`, { keep: true });
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("dialog").waitFor();
  await page.waitForTimeout(500);
  assert.equal(await page.locator("button.busy").count(), 0);
  await close();
});
