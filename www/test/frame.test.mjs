// @ts-check
// What surrounds every view, where it goes wrong: a reload, a server that is away, an API that asks to wait, a
// narrow window.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { sound, start, tooWide } from "./browser.mjs";

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

test(
  "the header fits every width, at twice and four times the size, and its menu has the choice of account",
  LIMIT,
  async () => {
    site.sandbox.reset();
    await site.client.subAccounts.create({ name: "A customer with a name that is much too long for the little room" });
    const { page, close } = await site.open("/calls", { keep: true });
    await page.getByLabel("Account").waitFor();
    for (const width of [1280, 1024, 840, 765, 700, 640, 600, 560, 501, 500, 390, 340, 320]) {
      await page.setViewportSize({ width, height: 800 });
      assert.equal(await tooWide(page), 0, `${width}`);
      const [header, call] = [
        await page.getByRole("banner").boundingBox(),
        await page.getByRole("banner").getByRole("button", { name: "Place a call" }).boundingBox(),
      ];
      assert.ok(header && call && call.x + call.width <= width, `${width}: the last button is inside`);
      for (const box of await page.getByRole("banner").locator(":scope > *:visible").all()) {
        const { height = 0 } = (await box.boundingBox()) ?? {};
        assert.ok(height <= header.height, `${width}: nothing is taller than the header`);
      }
    }
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("navigation").getByLabel("Account").selectOption({ index: 1 });
    await page.getByText("You act in the sub-account").waitFor();
    assert.equal(await tooWide(page), 0);
    await close();
  },
);

test("whoever wants no motion sees none, not even of what is drawn before and after", LIMIT, async () => {
  site.sandbox.reset();
  const { id } = await site.client.agents.create({ name: "Desk", voiceMode: "hosted", systemPrompt: "Be brief." });
  await site.client.numbers.buy({ country: "US", agentId: id });
  const call = await site.client.calls.create({ agentId: id, toNumber: "+15005550005" });
  const { page, close } = await site.open(`/calls/${call.id}`, { keep: true, reducedMotion: "reduce" });
  await page.locator("[data-status=in-progress], [data-status=ringing]").first().waitFor();
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
  await close();
});

test("the latest texts of a number stay inside their card", LIMIT, async () => {
  site.sandbox.reset();
  const { id: agentId } = await site.client.agents.create({ name: "Desk", voiceMode: "webhook" });
  const number = await site.client.numbers.buy({ country: "US", agentId });
  await site.client.messages.send({
    number_id: number.id,
    to_number: "+14155550100",
    body: "Your table is ready. ".repeat(9),
  });
  const { page, close } = await site.open(`/numbers/${number.id}`, {
    keep: true,
    viewport: { width: 1024, height: 768 },
  });
  const time = page.locator(".traffic time").first();
  await time.waitFor();
  await page.getByText("Delivered").waitFor();
  for (const width of [1440, 1024, 900, 700, 390, 320]) {
    await page.setViewportSize({ width, height: 768 });
    assert.equal(await tooWide(page), 0, `${width}`);
    const [inner, card] = [
      await time.boundingBox(),
      await page.getByRole("region", { name: "Latest texts" }).boundingBox(),
    ];
    assert.ok(inner && card && inner.x + inner.width <= card.x + card.width, `${width}`);
  }
  await close();
});

test("news stays for as long as the pointer is on it", LIMIT, async () => {
  site.sandbox.reset();
  const { page, close } = await site.open("/contacts?new=1&phone=%2B14155550100", { keep: true });
  await page.getByRole("dialog").getByLabel("Name").fill("Ada");
  await page
    .getByRole("dialog")
    .getByRole("button", { name: "Save" })
    .or(page.getByRole("dialog").locator("button.primary"))
    .first()
    .click();
  const news = page.locator(".notice").first();
  await news.hover();
  await page.waitForTimeout(7000);
  assert.equal(await news.count(), 1);
  await page.mouse.move(5, 5);
  await news.waitFor({ state: "detached" });
  await close();
});

test("on a phone Back and Escape close the menu, which would cover the view they lead to", LIMIT, async () => {
  const { page, close } = await site.open("/", { viewport: { width: 390, height: 844 } });
  const menu = page.getByRole("button", { name: "Views" });
  await menu.click();
  await page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Agents" }).click();
  await page.getByRole("heading", { level: 1, name: "Agents" }).waitFor();
  await menu.click();
  await page.goBack();
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  assert.equal(await menu.getAttribute("aria-expanded"), "false");
  await menu.click();
  await page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Numbers" }).focus();
  await page.keyboard.press("Escape");
  assert.equal(await menu.getAttribute("aria-expanded"), "false");
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-controls")), "navigation");
  await close();
});

test("a badge and what a caller says can be seen on their card, also in the dark", LIMIT, async () => {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    const { page, close } = await site.open("/", { colorScheme });
    const [ground, soft] = await page.evaluate(() => {
      const probe = document.body.appendChild(document.createElement("i"));
      return ["--card", "--soft"].map((name) => {
        probe.style.color = `var(${name})`;
        const shares = (getComputedStyle(probe).color.match(/\d+/g) ?? []).slice(0, 3).map((part) => {
          const share = Number(part) / 255;
          return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        const [red = 0, green = 0, blue = 0] = shares;
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      });
    });
    const [dark, light] = [ground ?? 0, soft ?? 0].sort((a, b) => a - b);
    const contrast = ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
    assert.ok(contrast > 1.15, `${colorScheme}: ${contrast.toFixed(2)}`);
    await close();
  }
});
