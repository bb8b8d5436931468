// @ts-check
// The sub-account in the address: a link, a reload and a step back show the same account, and never another's.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, start } from "./browser.mjs";

const LIMIT = { timeout: 60_000 };
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start();
});
after(() => site?.close());

/** @param {string} hash @param {Record<string, unknown>} [how] */
const open = (hash, how = {}) => site.open(hash, { keep: true, ...how });

/** A sub-account with an agent of its own. */
async function customer() {
  site.sandbox.reset();
  const { id = "" } = await site.client.subAccounts.create({ name: "North" });
  await site.client.agents.create({ name: "Of the main account" });
  const agent = await site.client.withSubAccount(id).agents.create({ name: "Of the sub-account" });
  return { id, agent };
}

test("a link into a sub-account opens it in another tab, and a reload stays there", LIMIT, async () => {
  const { id, agent } = await customer();
  const { page, complaints, close } = await open(`/a/${id}/agents/${agent.id}`);
  await page.getByRole("heading", { level: 1, name: "Of the sub-account" }).waitFor();
  await page.getByText("You act in the sub-account North.").waitFor();
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "Of the sub-account" }).waitFor();
  // Each link on the way keeps the account: by click, and opened in a tab of its own.
  await page.getByRole("link", { name: "Agents" }).last().click();
  await page.getByRole("link", { name: "Of the sub-account" }).waitFor();
  assert.ok(page.url().endsWith(`#/a/${id}/agents`), page.url());
  const [tab] = await Promise.all([
    page.context().waitForEvent("page"),
    page.getByRole("link", { name: "Of the sub-account" }).click({ modifiers: ["ControlOrMeta"] }),
  ]);
  await tab.getByText("You act in the sub-account North.").waitFor();
  assert.ok(tab.url().endsWith(`#/a/${id}/agents/${agent.id}`), tab.url());
  assert.deepEqual(complaints, []);
  await close();
});

test("a link without an account is one of the main account, also in a tab that acts in another", LIMIT, async () => {
  const { id } = await customer();
  const { page, close } = await open(`/a/${id}/agents`);
  await page.getByRole("link", { name: "Of the sub-account" }).waitFor();
  await page.goto(`${site.url}/#/agents`);
  await page.getByRole("link", { name: "Of the main account" }).waitFor();
  assert.equal(await page.getByText("You act in the sub-account").count(), 0);
  await page.goBack();
  await page.getByRole("link", { name: "Of the sub-account" }).waitFor();
  await page.getByText("You act in the sub-account North.").waitFor();
  await close();
});

test("switching writes the account into the address, and filters stay in it", LIMIT, async () => {
  const { id } = await customer();
  const { page, close } = await open("/agents?mode=webhook");
  await page.getByLabel("Account", { exact: true }).selectOption({ label: "North" });
  await eventually(async () => page.url().endsWith(`#/a/${id}/agents?mode=webhook`));
  await page.getByLabel("Mode").selectOption("hosted");
  await eventually(async () => page.url().endsWith(`#/a/${id}/agents?mode=hosted`));
  await page.getByRole("button", { name: "Back to the main account" }).click();
  await eventually(async () => page.url().endsWith("#/agents?mode=hosted"));
  await close();
});

test("unsaved changes are asked about before an address leads into another account", LIMIT, async () => {
  const { id, agent } = await customer();
  const { page, close } = await open(`/a/${id}/agents/${agent.id}`);
  await page.getByLabel("Description").fill("Not saved");
  await page.evaluate((to) => (location.hash = to), `#/agents/${agent.id}`);
  await page.getByRole("dialog", { name: "Leave without saving?" }).getByRole("button", { name: "Cancel" }).click();
  await page.getByText("You act in the sub-account North.").waitFor();
  assert.ok(page.url().endsWith(`#/a/${id}/agents/${agent.id}`), page.url());
  assert.equal(await page.getByLabel("Description").inputValue(), "Not saved");
  await close();
});

test("a sub-account that no longer exists is said so and left", LIMIT, async () => {
  await customer();
  const { page, close } = await open("/a/sub_gone/calls");
  await page.getByText("The sub-account no longer exists.").waitFor();
  await eventually(async () => page.url().endsWith("#/calls"));
  await close();
});
