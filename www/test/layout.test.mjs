// @ts-check
// What holds for every view: no width makes the page scroll sideways, and nothing that has been drawn moves when the
// data arrives.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { shiftsOf, start, tooWide, watchShifts } from "./browser.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** What Core Web Vitals call good is twice as much. */
const MOST_MOVED = 0.05;
const WIDTHS = [2560, 1440, 1101, 1100, 900, 768, 767, 600, 390, 320];
/** Milliseconds that each response takes while it is watched what moves. */
const SLOW = 300;

/** @type {Awaited<ReturnType<typeof start>>} */
let site;
/** @type {string[]} */
let views = [];
before(async () => {
  site = await start({ demo: true });
  const { client } = site;
  const [[agent], [number], [contact], [call], [conversation]] = await Promise.all([
    client.agents.list({ limit: 1 }).then(({ data }) => data),
    client.numbers.list({ limit: 1 }).then(({ data }) => data),
    client.contacts.list({ limit: 1 }).then(({ data }) => data),
    client.calls.list({ limit: 1, status: "completed" }).then(({ data }) => data),
    client.conversations.list({ limit: 1 }).then(({ data }) => data),
  ]);
  views = [
    "/",
    "/?as=table",
    "/?by=agent",
    "/calls",
    `/calls/${call?.id}`,
    "/conversations",
    `/conversations/${conversation?.id}`,
    "/contacts",
    `/contacts/${contact?.id}`,
    "/campaigns",
    "/in-doubt",
    "/agents",
    `/agents/${agent?.id}`,
    "/numbers",
    `/numbers/${number?.id}`,
    "/registration",
    "/sub-accounts",
    "/webhooks",
    "/requests",
    "/lab",
  ];
});
after(() => site?.close());

/** Until nothing is awaited any more. @param {Page} page */
async function settled(page) {
  await page.locator("main h1").waitFor();
  await page.waitForFunction(() => document.querySelector("main .waiting") === null);
}

/** How much of a view has moved while its data arrived. @param {string} view @param {number} width @param {number} height */
async function movedIn(view, width, height) {
  const { page, close } = await site.open(view, {
    keep: true,
    viewport: { width, height },
    prepare: async (opening) => {
      await watchShifts(opening);
      await opening.route("**/v1/**", async (route) => {
        await new Promise((resolve) => setTimeout(resolve, SLOW));
        await route.continue().catch(() => {});
      });
    },
  });
  await settled(page);
  await page.waitForTimeout(2 * SLOW);
  const moved = await shiftsOf(page);
  await close();
  return moved;
}

test("no view scrolls sideways in any width from 320 to 2560", { timeout: 240_000 }, async (t) => {
  const { page, close } = await site.open("/", { keep: true });
  for (const view of views) {
    await t.test(view, async () => {
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.goto(`${site.url}/#${view}`);
      await settled(page);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 800 });
        await page
          .waitForFunction(() => document.documentElement.scrollWidth <= innerWidth, undefined, { timeout: 1500 })
          .catch(() => {});
        assert.equal(await tooWide(page), 0, `${view} at ${width}`);
      }
    });
  }
  await close();
});

for (const [width, height] of /** @type {const} */ ([
  [1440, 900],
  [390, 844],
])) {
  test(`nothing moves in any view while its data arrives, at ${width}`, { timeout: 240_000 }, async (t) => {
    for (const view of views) {
      await t.test(view, async () => {
        let moved = await movedIn(view, width, height);
        // A call of the demo that comes in moves what is below it, and seldom comes twice.
        for (let tries = 2; moved > MOST_MOVED && tries > 0; tries -= 1)
          moved = Math.min(moved, await movedIn(view, width, height));
        assert.ok(moved <= MOST_MOVED, `${moved.toFixed(3)} at ${width}`);
      });
    }
  });
}

test("between phone and desktop the navigation is a column of icons, each with its name on demand", async () => {
  const { page, close } = await site.open("/calls", { keep: true, viewport: { width: 1024, height: 700 } });
  const views = page.getByRole("navigation", { name: "Views" });
  assert.ok(((await views.boundingBox())?.width ?? 999) < 70);
  const link = views.getByRole("link", { name: "Webhooks" });
  const name = link.getByText("Webhooks");
  const opacity = () => name.evaluate((element) => getComputedStyle(element).opacity);
  assert.equal(await opacity(), "0");
  await link.hover();
  assert.equal(await opacity(), "1");
  const [icon, shown] = [await link.boundingBox(), await name.boundingBox()];
  assert.ok(icon && shown && shown.x >= icon.x + icon.width, "beside its icon");
  assert.ok(Math.abs(shown.y + shown.height / 2 - icon.y - icon.height / 2) < 4, "on its height");
  await link.click();
  await page.getByRole("heading", { name: "Webhooks", exact: true, level: 1 }).waitFor();
  await close();
});

test("a window too low for the column of icons scrolls it, and names stay beside their icons", async () => {
  const { page, close } = await site.open("/calls", { keep: true, viewport: { width: 1024, height: 400 } });
  const link = page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Fault lab" });
  await link.hover();
  const [icon, shown] = [await link.boundingBox(), await link.getByText("Fault lab").boundingBox()];
  assert.ok(icon && shown && icon.y + icon.height <= 400, "in sight");
  assert.ok(Math.abs(shown.y + shown.height / 2 - icon.y - icon.height / 2) < 4, "on its height");
  await close();
});

test("the navigation names its groups to those who listen, at every width that shows it", async () => {
  const { page, close } = await site.open("/", { keep: true });
  for (const width of [1440, 1024]) {
    await page.setViewportSize({ width, height: 800 });
    const lists = page.getByRole("navigation", { name: "Views" }).getByRole("list");
    assert.equal(await lists.count(), 4);
    for (const name of ["Communication", "Setup", "Developers"])
      await page.getByRole("list", { name, exact: true }).getByRole("link").first().waitFor();
  }
  await close();
});

test("the title and the icon of the tab count the live calls", { timeout: 90_000 }, async () => {
  // One of its own: nobody calls in by itself.
  const own = await start();
  const { page } = await own.open("/contacts");
  const icon = () => page.locator("link[rel=icon]").getAttribute("href");
  assert.match((await icon()) ?? "", /icon\.svg$/);
  assert.equal(await page.title(), "Contacts · AgentPhone console");
  const agent = await own.client.agents.create({ name: "Desk", voiceMode: "hosted", systemPrompt: "Be brief." });
  await own.client.numbers.buy({ country: "US", agentId: agent.id });
  const call = await own.client.calls.create({ agentId: agent.id, toNumber: "+15005550005" });
  await page.waitForFunction(() => document.title.startsWith("(1) "), undefined, { timeout: 30_000 });
  assert.match((await icon()) ?? "", /^data:image\/svg/);
  await own.client.calls.end(call.id);
  await page.waitForFunction(() => !document.title.startsWith("("), undefined, { timeout: 30_000 });
  assert.match((await icon()) ?? "", /icon\.svg$/);
  await own.close();
});
