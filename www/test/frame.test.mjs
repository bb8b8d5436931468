// @ts-check
// What surrounds every view, where it goes wrong: a reload, a server that is away, an API that asks to wait, a
// narrow window.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { sound, start } from "./browser.mjs";

/** @typedef {import("playwright-core").Page} Page */

const LIMIT = { timeout: 40_000 };
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start();
});
after(() => site?.close());
afterEach(() => site.sandbox.faults.clear());

test("a reload stays in the sub-account, so that the next action is done for the same customer", LIMIT, async () => {
  site.sandbox.reset();
  const sub = await site.client.subAccounts.create({ name: "Harbor Dental" });
  const { page, close } = await site.open("/agents", { keep: true });
  await page.getByLabel("Account").selectOption({ label: "Harbor Dental" });
  const sign = page.getByText("You act in the sub-account Harbor Dental");
  await sign.waitFor();
  const asked = page.waitForRequest((request) => /\/v1\/agents\?/.test(request.url()));
  await page.reload();
  await sign.waitFor();
  assert.ok(Object.values((await asked).headers()).includes(String(sub.id)));
  // Deleted by somebody else: nothing could be done in it any more.
  await site.client.subAccounts.delete(String(sub.id));
  await page.reload();
  await page.getByText("The sub-account no longer exists. You are in the main account.").waitFor();
  await sign.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Back to the main account" }).waitFor({ state: "detached" });
  await close();
});

test("a rate limit says that it waits and for how long, instead of loading for half a minute", LIMIT, async () => {
  site.sandbox.reset();
  site.sandbox.faults.add({
    match: { operation: "agents.list" },
    status: 429,
    headers: { "retry-after": "30" },
    times: 1,
  });
  const { page, close } = await site.open("/agents", { keep: true });
  await page.getByText(/AgentPhone asks the console to wait \(agents\.list/).waitFor();
  await page.getByText(/Trying again in \d+ seconds?\./).waitFor();
  await close();
});

test("a list that is slow drives the progress bar as a single object does", LIMIT, async () => {
  site.sandbox.reset();
  const { page, close } = await site.open("/lab", { keep: true });
  await page.route("**/v1/contacts?*", () => {});
  await page.getByRole("navigation").getByRole("link", { name: "Contacts" }).click();
  await page.locator(".progress.on").waitFor();
  await page.getByText("Loading contacts…").waitFor();
  await page.waitForTimeout(500);
  assert.equal(await page.locator(".progress.on").count(), 1);
  await close();
});

test("a view that cannot be loaded says so in its own words, and comes by itself", LIMIT, async () => {
  site.sandbox.reset();
  const { page, close } = await site.open("/", { keep: true });
  await page.route("**/assets/calls-*.js", (route) => route.abort());
  await page.getByRole("navigation").getByRole("link", { name: "Calls" }).click();
  await page.getByText("This view could not be loaded.").waitFor();
  const button = await page.getByRole("button", { name: "Reload the page" }).boundingBox();
  assert.ok((button?.width ?? 0) < 300, "the button is as wide as its word");
  await sound(page);
  await page.unroute("**/assets/calls-*.js");
  await page.getByRole("heading", { name: "Calls", exact: true }).waitFor();
  await close();
});
