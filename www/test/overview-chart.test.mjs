// @ts-check
// The chart of the overview in a real browser: what it says at the pointer, and the previous period beside this one.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serious, start } from "./browser.mjs";
import { busyAccount } from "./overview-account.mjs";

/** @typedef {import("playwright-core").Page} Page */

const LIMIT = { timeout: 40_000 };

/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start();
});
after(() => site?.close());

test("what a column of the chart says is shown at the pointer, and inside of the chart", LIMIT, async () => {
  await busyAccount(site);
  const { page, close } = await site.open("/?span=7", { keep: true });
  const chart = page.getByRole("img", { name: /^Chart/ });
  await chart.locator("canvas").waitFor();
  await chart.scrollIntoViewIfNeeded();
  const box = await chart.boundingBox();
  assert.ok(box);
  const tip = page.getByRole("figure").locator("strong");
  for (const part of [0.3, 0.97]) {
    await page.mouse.move(box.x + box.width * part, box.y + 80);
    await tip.waitFor();
    const shown = await tip.boundingBox();
    assert.ok(shown && Math.abs(shown.x + shown.width / 2 - box.x - box.width * part) < 220, `${part}`);
    assert.ok(shown.x + shown.width <= box.x + box.width, `${part}`);
  }
  await page.getByText("3 calls", { exact: true }).waitFor();
  await close();
});

test("the previous period is drawn, named and in the table only where something happened in it", LIMIT, async () => {
  await busyAccount(site);
  let was = 0;
  const prepare = (/** @type {Page} */ page) =>
    page.route("**/v1/usage/daily**", async (route) => {
      const response = await route.fetch();
      const body = await response.json();
      const { data } = /** @type {{ data: { calls: number }[] }} */ (body);
      if (data.length === 14 && data[6] !== undefined) data[6].calls = was;
      await route.fulfill({ response, json: body });
    });
  const none = await site.open("/?span=7", { keep: true, timezoneId: "UTC", prepare });
  await none.page
    .getByRole("img", { name: /^Chart\. By day: 3 calls/ })
    .locator("canvas")
    .waitFor();
  await none.page.waitForLoadState("networkidle");
  assert.equal(await none.page.getByText("Previous 7 days").count(), 0);
  await none.close();
  was = 41;
  const { page, close } = await site.open("/?span=7", { keep: true, timezoneId: "UTC", prepare });
  const chart = page.getByRole("img", { name: /Previous 7 days: 41 calls and 0 texts\./ });
  await chart.locator("canvas").waitFor();
  const legend = page
    .getByRole("figure")
    .getByRole("listitem", { includeHidden: true })
    .filter({ hasText: "Previous 7 days, " });
  await legend.waitFor();
  await chart.scrollIntoViewIfNeeded();
  const box = await chart.boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + box.width - 30, box.y + 80);
  const long = new Intl.DateTimeFormat("en-US", { dateStyle: "full", timeZone: "UTC" });
  await page
    .getByRole("figure")
    .getByText(long.format(Date.now() - 7 * 86_400_000))
    .waitFor();
  await page.getByText("41 calls", { exact: true }).waitFor();
  assert.deepEqual(await serious(page), []);
  await page.goto(`${site.url}/#/?span=7&as=table`);
  await page.getByRole("cell", { name: /: 41 calls and 0 texts$/ }).waitFor();
  await close();
});

test(
  "in a high-contrast mode what is chosen looks chosen, and calls and texts of the chart differ",
  LIMIT,
  async () => {
    await busyAccount(site);
    const { page, close } = await site.open("/?span=7", { keep: true, forcedColors: "active" });
    await page
      .getByRole("img", { name: /^Chart/ })
      .locator("canvas")
      .waitFor();
    const ground = (/** @type {import("playwright-core").Locator} */ place, pseudo = "") =>
      place.evaluate((element, of) => getComputedStyle(element, of || null).backgroundColor, pseudo);
    const by = page.getByRole("group", { name: "Usage by" }).getByRole("button");
    assert.notEqual(await ground(by.nth(0)), await ground(by.nth(1)));
    const views = page.getByRole("navigation", { name: "Views" });
    assert.notEqual(
      await ground(views.getByRole("link", { name: "Overview" })),
      await ground(views.getByRole("link", { name: "Calls" })),
    );
    const legend = page.locator("figure li");
    assert.notEqual(await ground(legend.nth(0), "::before"), await ground(legend.nth(1), "::before"));
    await close();
  },
);
