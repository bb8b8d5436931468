// @ts-check
// Much at once: a list of 10 000 calls, and 50 transcripts that speak at the same time.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, serious, start } from "./browser.mjs";
import { beginWith, FIRST, liveCalls, pastCalls } from "./many.mjs";
import { startStatic } from "./static-site.mjs";

/** @typedef {import("playwright-core").Page} Page */

const LIMIT = { timeout: 90_000 };
const MANY = 10_000;
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
/** @type {string} */
let state;
before(async () => {
  [site, state] = await Promise.all([start(), pastCalls(MANY)]);
});
after(() => site?.close());

/** @param {Page} page */
const region = (page) => page.getByRole("region", { name: "Calls" });
/** @param {Page} page */
const rows = (page) => region(page).locator("tbody tr:not(.gap)");
/** As the list shows a number. @param {number} number */
const shown = (number) => String(number).replace(/(...)(...)(....)/, "($1) $2-$3");

const NEWEST = shown(FIRST + MANY - 1);

/** @param {string} hash @param {import("playwright-core").BrowserContextOptions} [how] */
function open(hash, how) {
  site.sandbox.reset();
  site.sandbox.state.load(state);
  return site.open(hash, { keep: true, ...how });
}

for (const [name, viewport] of /** @type {const} */ ([
  ["a wide screen", { width: 1280, height: 800 }],
  ["a phone", { width: 390, height: 844 }],
])) {
  test(
    `10 000 calls are scrolled to the end by keyboard on ${name}, and only those in sight are drawn`,
    LIMIT,
    async () => {
      const { page, complaints, close } = await open("/calls", { viewport, reducedMotion: "reduce" });
      await rows(page).filter({ hasText: NEWEST }).waitFor();
      assert.equal(await page.locator("table").getAttribute("aria-rowcount"), String(MANY + 1));
      assert.deepEqual(await serious(page), []);
      await page.getByRole("button", { name: "Load all" }).click();
      await page.getByText("10,000 in all").waitFor({ timeout: 40_000 });
      await region(page).focus();
      await page.keyboard.press("End");
      await rows(page)
        .filter({ hasText: shown(FIRST) })
        .waitFor();
      const most = await rows(page).count();
      await page.waitForFunction(
        () => document.querySelector("tbody tr:last-child")?.getAttribute("aria-rowindex") === "10001",
      );
      assert.ok(most < 80, `${most} rows were drawn at once`);
      await page.keyboard.press("Home");
      await rows(page).filter({ hasText: NEWEST }).waitFor();
      await page.keyboard.press("PageDown");
      await page.keyboard.press("PageDown");
      await page.waitForFunction(() => (document.querySelector(".table")?.scrollTop ?? 0) > 400);
      assert.deepEqual(complaints, []);
      await close();
    },
  );
}

test(
  "a call that comes in does not move what one reads further down, and the focus stays on its row",
  LIMIT,
  async () => {
    const { page, close } = await open("/calls", { reducedMotion: "reduce" });
    const focused = rows(page).filter({ hasText: NEWEST }).getByRole("link");
    await focused.focus();
    for (let n = 0; n < 4; n += 1) await page.keyboard.press("PageDown");
    const top = () =>
      page.evaluate(() => {
        const box = document.querySelector(".table")?.getBoundingClientRect();
        const row = box && document.elementFromPoint(box.left + 60, box.top + 120)?.closest("tr");
        return { text: row?.querySelector(".phone")?.textContent, index: Number(row?.ariaRowIndex) };
      });
    await page.waitForFunction(() => (document.querySelector(".table")?.scrollTop ?? 0) > 1000);
    await page.waitForTimeout(300);
    const before = await top();
    site.sandbox.inbound.call({ from: "+14155551234" });
    await eventually(async () => (await top()).index !== before.index);
    assert.deepEqual(await top(), { text: before.text, index: before.index + 1 });
    assert.ok(await focused.evaluate((element) => element === document.activeElement));
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: `Call to ${NEWEST}` }).waitFor();
    await close();
  },
);

test("50 people speak at once in a page without a server, and each is heard", LIMIT, async () => {
  const folder = await startStatic();
  const live = await liveCalls(50, 150);
  const { page, complaints, close } = await folder.open("/calls?view=live", {
    prepare: (opened) => beginWith(opened, live),
  });
  await page.getByText("50 calls under way").waitFor();
  await page.waitForFunction(
    () =>
      [...document.querySelectorAll("[role=log]")].filter((log) => log.querySelectorAll("ol div > p").length >= 10)
        .length === 50,
    undefined,
    { timeout: 30_000 },
  );
  assert.deepEqual(complaints, []);
  await close();
  await folder.close();
});
