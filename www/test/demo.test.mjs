// @ts-check
// The demonstration: two weeks of activity behind it, and calls that come in while one looks, in the sandbox of
// npm start and in the one inside the page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { launch } from "../../tests/support/browsers.mjs";
import { openPage, serious, start, tooWide } from "./browser.mjs";
import { startStatic } from "./static-site.mjs";

const LIMIT = { timeout: 90_000 };

test(
  "npm start -- --demo: every view has something to show, on a wide screen and a phone, and none complains",
  LIMIT,
  async (t) => {
    const site = await start({ demo: true });
    t.after(() => site.close());
    const { page, complaints } = await site.open("/", { keep: true });
    for (const [hash, shows] of /** @type {const} */ ([
      ["/", "Latest calls"],
      ["/calls", "Rosie, bakery orders"],
      ["/conversations", "iMessage"],
      ["/contacts", "Nadia Rahimi"],
      ["/agents", "Rosie, bakery orders"],
      ["/numbers", "Voice"],
      ["/webhooks", "agent.call_ended"],
      ["/sub-accounts", "Harbor Dental North"],
      ["/registration", "Campaign review"],
    ])) {
      await page.goto(`${site.url}/#${hash}`);
      await page.locator("main").getByText(shows).filter({ visible: true }).first().waitFor();
      assert.deepEqual(await serious(page), [], hash);
      await page.setViewportSize({ width: 360, height: 740 });
      assert.equal(await tooWide(page), 0, hash);
      await page.setViewportSize({ width: 1280, height: 800 });
    }
    assert.deepEqual(complaints, []);
  },
);

test(
  "the static build with ?demo: the two weeks are there, stay over a reload, and nothing leaves the page",
  LIMIT,
  async (t) => {
    const site = await startStatic();
    t.after(() => site.close());
    const browser = await launch();
    t.after(() => browser.close());
    /** @type {string[]} */
    const hosts = [];
    const { page, complaints } = await openPage(browser, `${site.url}/?demo#/calls`, {}, async (opening) => {
      opening.on("request", (request) => hosts.push(new URL(request.url()).origin));
    });
    const rows = page.locator("main table[aria-rowcount]");
    await rows.waitFor();
    const count = Number(await rows.getAttribute("aria-rowcount"));
    assert.ok(count > 200, `${count} rows`);
    const first = await page.locator("main tbody a").first().getAttribute("href");
    await page.reload();
    await page.locator(`main tbody a[href="${first}"]`).waitFor();
    assert.ok(Number(await rows.getAttribute("aria-rowcount")) >= count);
    assert.deepEqual([...new Set(hosts)], [new URL(site.url).origin]);
    assert.deepEqual(complaints, []);
  },
);
