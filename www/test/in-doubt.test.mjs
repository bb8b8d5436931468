// @ts-check
// The view of what is in doubt: what it lists, its badge, looking again, a person's word; and that siblings of a phone
// call (agents, sub-accounts, webhooks, a registration, an add-on) happen once as well.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { eventually, sound, start } from "./browser.mjs";
import { startStatic } from "./static-site.mjs";

/** @typedef {import("playwright-core").Page} Page */

const LIMIT = { timeout: 40_000 };
/** The sandbox closes the connection and places nothing, which the console cannot know. */
const NEVER = "+15005550202";
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start();
});
after(() => site?.close());
afterEach(() => site.sandbox.faults.clear());

const NARROW = { width: 390, height: 800 };
const CUT = /** @type {const} */ ({ cut: "before-headers", times: 1 });

/** A console with an agent that can call. @param {string} hash @param {object} [how] */
async function open(hash, how = {}) {
  site.sandbox.reset();
  const agent = await site.client.agents.create({ name: "Desk", voiceMode: "hosted", systemPrompt: "Be brief." });
  await site.client.numbers.buy({ country: "US", agentId: agent.id });
  return { agent, ...(await site.open(hash, { keep: true, ...how })) };
}

/** A call whose response is lost, so that it is in doubt. @param {Page} page */
async function lose(page, to = NEVER) {
  await page.getByRole("banner").getByRole("button", { name: "Place a call" }).click();
  const dialog = page.getByRole("dialog", { name: "Place a call" });
  await dialog.getByLabel("To").fill(to);
  await dialog.getByRole("button", { name: "Call", exact: true }).click();
  await dialog.getByText("Not found so far; we keep looking.").waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
}

const cards = (/** @type {Page} */ page) => page.getByRole("list", { name: "In doubt" }).getByRole("listitem");
const link = (/** @type {Page} */ page) => page.getByRole("navigation").getByRole("link", { name: /^In doubt/ });

test("what is in doubt is counted in the navigation and said in plain words", LIMIT, async () => {
  const { page, complaints, close } = await open("/in-doubt");
  await page.getByText("Nothing is in doubt.").waitFor();
  await sound(page);
  assert.equal(await link(page).innerText(), "In doubt");
  await lose(page);
  await link(page).getByText("1", { exact: true }).waitFor();
  const card = cards(page).first();
  await card.getByRole("heading", { name: "Phone call to a number ending in 0202" }).waitFor();
  await card.getByText("Not found so far").waitFor();
  await card.getByText("which proves nothing").waitFor();
  assert.equal(await card.getByText("0202").count(), 1);
  await sound(page);
  await page.setViewportSize(NARROW);
  await sound(page);
  await page.getByRole("button", { name: "Views, 1 in doubt" }).click();
  await link(page).getByText("1", { exact: true }).waitFor();
  await sound(page);
  await link(page).click();
  await page.getByRole("button", { name: "Look again" }).click();
  await page.getByText("Looked again: nothing new.").waitFor();
  assert.equal(site.sandbox.ledger().callsPlaced, 0);
  assert.deepEqual(
    complaints.filter((line) => !/ERR_EMPTY_RESPONSE|ERR_CONNECTION|agentphone: /.test(line)),
    [],
  );
  await close();
});

test("what comes to light while another view is open is told, and listed with a link", LIMIT, async () => {
  const { page, close } = await open("/contacts");
  await page.route("**/v1/calls?*", (route) => route.fulfill({ json: { data: [], hasMore: false, total: 0 } }));
  await lose(page, "+15005550201");
  await page.unroute("**/v1/calls?*");
  await page.getByText("The call whose response was lost was placed after all.").waitFor();
  await link(page).click();
  await page.getByText("Nothing is in doubt.").waitFor();
  await page
    .getByRole("region", { name: "Found since you opened this page" })
    .getByRole("link", { name: "Open the call" })
    .click();
  await page.getByText("(500) 555-0201").first().waitFor();
  assert.equal(site.sandbox.ledger().callsPlaced, 1);
  await close();
});

test("several calls that fit are shown with links, and a person says which one it is", LIMIT, async () => {
  const { agent, page, close } = await open("/calls");
  await page.route("**/v1/calls?*", (route) => route.fulfill({ json: { data: [], hasMore: false, total: 0 } }));
  await lose(page, "+15005550201");
  // Somebody else calls the same person at the same time.
  const other = await site.client.calls.create({ agentId: agent.id, toNumber: "+15005550001" });
  const real = (await site.client.calls.list()).data;
  const twins = real.map((call) => ({ ...call, toNumber: "+15005550201" }));
  await page.unroute("**/v1/calls?*");
  await page.route("**/v1/calls?*", (route) => route.fulfill({ json: { data: twins, hasMore: false, total: 2 } }));
  await link(page).click();
  const card = cards(page).first();
  await card.getByText("Several fit").waitFor();
  assert.equal(await card.getByRole("link", { name: /^Open call \d$/ }).count(), 2);
  for (const { id } of real) {
    const one = card.getByRole("listitem").filter({ hasText: id });
    await one.getByText(/queued|ringing|in progress|completed|busy/i).waitFor();
    await one.locator("time").waitFor();
  }
  await sound(page);
  await card.getByRole("button", { name: "It was placed" }).click();
  const dialog = page.getByRole("dialog", { name: "It was placed" });
  await dialog.getByLabel("Which call is it?").selectOption(other.id);
  await dialog.getByRole("button", { name: "It was placed" }).click();
  await page.getByText("Nothing is in doubt.").waitFor();
  assert.equal(await link(page).innerText(), "In doubt");
  await close();
});

test("an id that is none is refused, and nothing is decided", LIMIT, async () => {
  const { agent, page, close } = await open("/in-doubt");
  await lose(page);
  await cards(page).first().getByRole("button", { name: "It was placed" }).click();
  const dialog = page.getByRole("dialog", { name: "It was placed" });
  await dialog.getByLabel("Id of the call").fill("nonsense");
  await dialog.getByRole("button", { name: "It was placed" }).click();
  await dialog.getByRole("alert").waitFor();
  await sound(page);
  const { id } = await site.client.calls.create({ agentId: agent.id, toNumber: "+15005550001" });
  await dialog.getByLabel("Id of the call").fill(id);
  await dialog.getByRole("button", { name: "It was placed" }).click();
  await page.getByText("Nothing is in doubt.").waitFor();
  await close();
});

test("somebody who is not sure changes nothing, and can do all of it by keyboard", LIMIT, async () => {
  const { page, close } = await open("/in-doubt");
  await lose(page);
  await cards(page).first().getByRole("button", { name: "It was not placed" }).focus();
  await page.keyboard.press("Enter");
  const question = page.getByRole("dialog", { name: "It was not placed?" });
  await question.getByText("the same person may be called twice").waitFor();
  await sound(page);
  await page.keyboard.press("Escape");
  await question.waitFor({ state: "detached" });
  await cards(page).first().waitFor();
  await page.keyboard.press("Enter");
  await question.getByRole("button", { name: "It was not placed" }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("Nothing is in doubt.").waitFor();
  await close();
});

test("an agent, a sub-account and a webhook whose response is lost are made once", LIMIT, async () => {
  const { page, close } = await open("/agents");
  site.sandbox.faults.add({ match: { operation: "agents.create" }, ...CUT });
  await page.getByRole("button", { name: "New agent" }).first().click();
  const agent = page.getByRole("dialog", { name: "New agent" });
  await agent.getByLabel("Name").fill("Night desk");
  await agent.getByLabel("System prompt").fill("Be brief.");
  await agent.getByRole("button", { name: "Create agent" }).click();
  await agent.getByText("It was created.").waitFor();
  await agent.getByRole("link", { name: "Open the agent" }).click();
  await page.getByRole("heading", { name: "Night desk" }).waitFor();
  assert.equal((await site.client.agents.list().toArray()).length, 2);

  await page.goto(`${site.url}/#/sub-accounts`);
  site.sandbox.faults.add({ match: { operation: "subAccounts.create" }, ...CUT });
  await page.getByRole("button", { name: "New sub-account" }).first().click();
  const sub = page.getByRole("dialog", { name: "New sub-account" });
  await sub.getByLabel("Name").fill("North");
  await sub.getByRole("button", { name: "Create sub-account" }).click();
  await sub.getByText("It was created.").waitFor();
  await sub.getByRole("link", { name: "Open the sub-account" }).click();
  await sub.waitFor({ state: "detached" });
  assert.equal((await site.client.subAccounts.list().toArray()).length, 1);

  await page.goto(`${site.url}/#/webhooks`);
  site.sandbox.faults.add({ match: { operation: "webhooks.set" }, ...CUT });
  await page.getByRole("button", { name: "Set a webhook" }).first().click();
  const webhook = page.getByRole("dialog", { name: "The webhook of the project" });
  await webhook.getByLabel("Address").fill("https://example.com/agentphone");
  await webhook.getByRole("button", { name: "Set the webhook" }).click();
  await webhook.getByText("It was set.").waitFor();
  await webhook.getByRole("button", { name: "Show the new secret" }).click();
  const { secret = "" } = (await site.client.webhooks.get()) ?? {};
  await page.getByRole("dialog", { name: "The new secret" }).getByText(secret).waitFor();
  await close();
});

test("what nobody can be asked about is left to a person", LIMIT, async () => {
  const { agent, page, close } = await open("/calls");
  const call = await site.client.calls.create({ agentId: agent.id, toNumber: "+14155550100" });
  await eventually(async () => (await site.client.calls.get(call.id)).status === "completed");
  await page.goto(`${site.url}/#/calls/${call.id}`);
  site.sandbox.faults.add({ match: { operation: "credits.recording.enable" }, ...CUT });
  await page.getByRole("button", { name: "Turn on recording" }).click();
  await page.getByText("AgentPhone has nothing that could be asked.").waitFor();
  assert.equal(await page.getByRole("button", { name: "Turn on recording" }).count(), 0);
  await link(page).click();
  await cards(page).first().getByRole("button", { name: "It was turned on" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "It was turned on" }).click();
  await page.getByText("Nothing is in doubt.").waitFor();
  await close();
});

test("a sub-account has doubts of its own", LIMIT, async () => {
  const { page, close } = await open("/in-doubt");
  const sub = await site.client.subAccounts.create({ name: "North" });
  await page.reload();
  await page.getByLabel("Account").waitFor();
  await lose(page);
  await page.getByLabel("Account").selectOption({ label: "North" });
  const inside = site.client.withSubAccount(String(sub.id));
  const agent = await inside.agents.create({ name: "Desk", voiceMode: "hosted", systemPrompt: "Be brief." });
  await inside.numbers.buy({ country: "US", agentId: agent.id });
  await lose(page);
  await cards(page).nth(1).waitFor();
  await page.getByText("in this sub-account").waitFor();
  await page.getByText("in the main account").first().waitFor();
  await page.getByLabel("Account").selectOption({ index: 0 });
  await eventually(async () => (await cards(page).count()) === 1);
  await close();
});

test("a reload forgets nothing, and another tab knows of it: neither leads to a second call", LIMIT, async () => {
  const { page, close } = await open("/in-doubt");
  await page.route("**/v1/calls?*", (route) => route.fulfill({ json: { data: [], hasMore: false, total: 0 } }));
  await lose(page, "+15005550201");
  const tab = await page.context().newPage();
  await tab.route("**/v1/calls?*", (route) => route.fulfill({ json: { data: [], hasMore: false, total: 0 } }));
  for (const [at, where] of /** @type {const} */ ([
    [page, () => page.reload()],
    [tab, () => tab.goto(page.url())],
  ])) {
    await where();
    await cards(at).first().getByText("Phone call to a number ending in 0201").waitFor();
    await link(at).getByText("1", { exact: true }).waitFor();
    await at.getByRole("banner").getByRole("button", { name: "Place a call" }).click();
    const dialog = at.getByRole("dialog", { name: "Place a call" });
    await dialog.getByLabel("To").fill("+15005550201");
    await dialog.getByRole("button", { name: "Call", exact: true }).click();
    await dialog.getByText("nothing was sent now").waitFor();
    await dialog.getByRole("button", { name: "Close" }).click();
  }
  assert.equal(site.sandbox.ledger().callsPlaced, 1);
  // A word in one tab holds in the other.
  await cards(tab).first().getByRole("button", { name: "It was not placed" }).click();
  await tab.getByRole("dialog").getByRole("button", { name: "It was not placed" }).click();
  await page.getByText("Nothing is in doubt.").waitFor();
  await close();
});

test(
  "on a real account a lost call is placed once as well, and its doubt lasts as long as the run",
  LIMIT,
  async () => {
    const { page, close } = await open("/in-doubt", {
      prepare: async (/** @type {Page} */ page) => {
        await page.route("**/__sandbox/health", (route) => route.fulfill({ json: { ok: true, mode: "live" } }));
        await page.route("**/v1/**", (route) =>
          route.continue({ headers: { ...route.request().headers(), authorization: "Bearer sk_test" } }),
        );
      },
    });
    const call = async (/** @type {string} */ to) => {
      await page.getByRole("banner").getByRole("button", { name: "Place a call" }).click();
      const dialog = page.getByRole("dialog", { name: "Place a call" });
      await dialog.getByLabel("To").fill(to);
      await dialog.getByRole("button", { name: "Call", exact: true }).click();
      await page
        .getByRole("dialog", { name: /^Call \(500\)/ })
        .getByRole("button", { name: "Yes, do it" })
        .click();
      return dialog;
    };
    const placed = await call("+15005550201");
    await placed.getByText("It was placed.").waitFor();
    assert.equal(site.sandbox.ledger().callsPlaced, 1);
    await placed.getByRole("button", { name: "Close" }).click();
    const never = await call(NEVER);
    await never.getByText("Not found so far; we keep looking.").waitFor();
    await never.getByRole("button", { name: "Close" }).click();
    await page.getByText("Find out before you stop it.").waitFor();
    await page.reload();
    await cards(page).first().getByText("Not found so far").waitFor();
    await sound(page);
    await close();
  },
);

test("a page that may store nothing says so, and calls once all the same", LIMIT, async () => {
  const { page, close } = await open("/in-doubt", {
    prepare: (/** @type {Page} */ page) =>
      page.addInitScript(() => Object.defineProperty(globalThis, "indexedDB", { value: undefined })),
  });
  await page.getByText("a reload forgets what is in doubt").waitFor();
  await lose(page);
  await cards(page).first().waitFor();
  await sound(page);
  await close();
});

test("a ledger that cannot be read is told, and nothing is sent", LIMIT, async () => {
  const { page, close } = await open("/in-doubt", {
    prepare: (/** @type {Page} */ page) =>
      page.addInitScript(() => {
        // Works when the page opens it, and no more afterwards.
        const open = IDBDatabase.prototype.transaction;
        IDBDatabase.prototype.transaction = function (...given) {
          if (Reflect.get(globalThis, "broken")) throw new Error("the disk is full");
          return open.apply(this, given);
        };
      }),
  });
  await page.getByText("Nothing is in doubt.").waitFor();
  await page.evaluate(() => Reflect.set(globalThis, "broken", true));
  await page.getByRole("alert").getByText("LEDGER_UNAVAILABLE", { exact: true }).waitFor();
  await sound(page);
  await page.getByRole("banner").getByRole("button", { name: "Place a call" }).click();
  const dialog = page.getByRole("dialog", { name: "Place a call" });
  await dialog.getByRole("button", { name: "Call", exact: true }).click();
  await dialog.getByRole("alert").getByText("LEDGER_UNAVAILABLE", { exact: true }).waitFor();
  assert.equal(site.sandbox.ledger().callsPlaced, 0);
  await close();
});

test("whoever starts the sandbox over has nothing in doubt", LIMIT, async () => {
  const { page, close } = await open("/in-doubt");
  await lose(page);
  await cards(page).first().waitFor();
  await page.getByLabel("Sandbox tools").click();
  await page.getByRole("button", { name: "Start over" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Forget everything" }).click();
  await page.getByText("The sandbox is empty again.").waitFor();
  await link(page).click();
  await page.getByText("Nothing is in doubt.").waitFor();
  assert.equal(await link(page).innerText(), "In doubt");
  await close();
});

test("what is in doubt in a sandbox inside the page is its tab's own", LIMIT, async (t) => {
  const alone = await startStatic();
  t.after(() => alone.close());
  const { page, close } = await alone.open("/");
  await page.getByRole("button", { name: "Place your first call" }).click();
  const dialog = page.getByRole("dialog", { name: "Place a call" });
  await dialog.getByLabel("To").fill(NEVER);
  await dialog.getByRole("button", { name: "Set up and call" }).click();
  await dialog.getByText("Not found so far; we keep looking.").waitFor();
  await page.reload();
  await link(page).getByText("1", { exact: true }).waitFor();
  const tab = await page.context().newPage();
  await tab.goto(`${alone.url}/#/in-doubt`);
  await tab.getByText("Nothing is in doubt.").waitFor();
  await close();
});

test("a signed webhook settles what no list shows, in a sandbox inside the page", { timeout: 90_000 }, async (t) => {
  const alone = await startStatic();
  t.after(() => alone.close());
  const { page, close } = await alone.open("/webhooks");
  await page.getByRole("button", { name: "Set a webhook" }).click();
  await page.getByLabel("Address").fill("https://example.com/hook");
  await page.getByRole("button", { name: "Set the webhook" }).click();
  await page.getByRole("button", { name: "I have stored it" }).click();
  await page.getByRole("navigation").getByRole("link", { name: "Overview" }).click();
  await page.getByRole("button", { name: "Place your first call" }).click();
  const dialog = page.getByRole("dialog", { name: "Place a call" });
  // Nothing but the bill shows this call, and the webhook at its end.
  await dialog.getByLabel("To").fill("+15005550221");
  await dialog.getByRole("button", { name: "Set up and call" }).click();
  await dialog.getByText("Not found so far; we keep looking.").waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  await link(page).getByText("1", { exact: true }).waitFor();
  await page.getByText("The call whose response was lost was placed after all.").waitFor({ timeout: 60_000 });
  await link(page).click();
  await page.getByText("Nothing is in doubt.").waitFor();
  await close();
});
