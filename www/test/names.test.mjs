// @ts-check
// Names that are long, or in a script that runs from right to left, in a real browser: they push nothing out of sight, and
// do not turn around the numbers and times beside them.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { start, tooWide } from "./browser.mjs";

/** @typedef {import("playwright-core").Page} Page */

const LIMIT = { timeout: 60_000 };
const LONG = `${"Reservierungsbestätigungsabteilungsleiter".repeat(3)}${"x".repeat(40)}`;
const ARABIC = "مكتب الاستقبال الرئيسي للمخبز في شارع ألدر";
const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 390, height: 844 };
/** Soon over. */
const FAST = "+15005550008";

/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start();
});
after(() => site?.close());

/** An agent, its number, a contact, a call and a text, all of this name. @param {string} name */
async function called(name) {
  site.sandbox.reset();
  const { id } = await site.client.agents.create({ name, voiceMode: "hosted", systemPrompt: "Be brief." });
  await site.client.numbers.buy({ country: "US", agentId: id });
  await site.client.contacts.create({ name, phoneNumber: FAST });
  const call = await site.client.calls.create({ agentId: id, toNumber: FAST });
  await site.client.messages.send({ agent_id: id, to_number: FAST, body: name });
  const [conversation] = (await site.client.conversations.list({ limit: 1 })).data;
  return { agent: id, call: call.id, conversation: conversation?.id ?? "" };
}

/** Whether text is drawn from left to right. @param {import("playwright-core").Locator} place */
const leftToRight = (place) =>
  place.evaluate((element) => {
    const text = element.firstChild;
    const end = text?.textContent?.length ?? 0;
    const at = (/** @type {number} */ from) => {
      const range = document.createRange();
      range.setStart(/** @type {Node} */ (text), from);
      range.setEnd(/** @type {Node} */ (text), from + 1);
      return range.getBoundingClientRect().x;
    };
    return at(0) < at(end - 1);
  });

/** What of a dialog is out of it. @param {Page} page */
const outside = (page) =>
  page.getByRole("dialog").evaluate((dialog) => {
    const { left, right } = dialog.getBoundingClientRect();
    return [...dialog.querySelectorAll("*")]
      .filter((element) => {
        const box = element.getBoundingClientRect();
        return box.width > 0 && (box.left < left - 1 || box.right > right + 1);
      })
      .map(({ outerHTML }) => outerHTML.slice(0, 90));
  });

test("the question before an agent with a long name is deleted shows both answers", LIMIT, async () => {
  const { agent } = await called(LONG);
  for (const viewport of [WIDE, NARROW]) {
    const { page, close } = await site.open(`/agents/${agent}`, { keep: true, viewport });
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Cancel" }).waitFor();
    assert.deepEqual(await outside(page), []);
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await dialog.waitFor({ state: "detached" });
    await close();
  }
});

test("long names push no column of a table and nothing of a conversation out of sight", LIMIT, async () => {
  const { conversation } = await called(LONG);
  const { page, close } = await site.open("/calls", { keep: true, viewport: WIDE });
  for (const width of [1440, 1280, 1180, 1024, 768, 390]) {
    await page.setViewportSize({ width, height: 800 });
    for (const [view, label] of /** @type {const} */ ([
      ["calls", "Calls"],
      ["contacts", "contacts"],
      ["agents", "Agents"],
    ])) {
      await page.goto(`${site.url}/#/${view}`);
      const region = page.getByRole("region", { name: label, exact: true });
      await region.locator("tbody tr").first().waitFor();
      const over = await region.evaluate((element) => element.scrollWidth - element.clientWidth);
      assert.ok(over <= 0, `${view} at ${width}: ${over}`);
    }
    await page.goto(`${site.url}/#/conversations/${conversation}`);
    const form = page.getByRole("form", { name: "Sandbox: the other side" });
    const field = form.getByRole("textbox");
    const [box, button] = [await field.boundingBox(), await form.getByRole("button").first().boundingBox()];
    assert.ok(box && button && box.width > 80, `${width}: room to write`);
    assert.ok(box.x + box.width <= button.x + 1 || box.y + box.height <= button.y + 1, `${width}: beside or above`);
    assert.equal(await tooWide(page), 0);
  }
  await close();
});

test(
  "beside an Arabic name, numbers and times keep their order, and a name that is cut begins where it begins",
  LIMIT,
  async () => {
    const { call, conversation } = await called(ARABIC);
    const { page, close } = await site.open(`/conversations/${conversation}`, { keep: true, viewport: WIDE });
    const row = page.getByRole("listitem").filter({ hasText: ARABIC }).first();
    const number = row.locator(".phone");
    await number.waitFor();
    assert.ok(await leftToRight(number), "the number in the list of conversations");
    await page.goto(`${site.url}/#/calls/${call}`);
    const time = page.locator("[data-role=agent] time").first();
    await time.waitFor();
    assert.ok(await leftToRight(time), "the time of a turn");
    const name = page.locator("[data-role=agent] bdi").first();
    const [named, timed] = [await name.boundingBox(), await time.boundingBox()];
    assert.ok(named && timed && named.x < timed.x, "the time comes after the name");
    await page.setViewportSize(NARROW);
    await page.goto(`${site.url}/#/contacts`);
    const cell = page.getByRole("region", { name: "contacts" }).locator("tbody bdi").first();
    await cell.waitFor();
    const first = await cell.evaluate((element) => {
      const range = document.createRange();
      range.setStart(/** @type {Node} */ (element.firstChild), 0);
      range.setEnd(/** @type {Node} */ (element.firstChild), 1);
      const [letter, box] = [range.getBoundingClientRect(), element.getBoundingClientRect()];
      return letter.right <= box.right + 1 && letter.left >= box.left;
    });
    assert.ok(first, "its first letter is in sight");
    await close();
  },
);

test(
  "on the smallest phone a long name leaves room for texts, for the clock of a live call and for every button",
  LIMIT,
  async () => {
    const { agent, conversation } = await called(LONG);
    await site.client.subAccounts.create({ name: LONG.slice(0, 100) });
    const small = { width: 320, height: 640 };
    const { page, close } = await site.open(`/conversations/${conversation}`, { keep: true, viewport: small });
    const log = await page.getByLabel(/^Messages with/).boundingBox();
    assert.ok(log && log.height > 150, `${log?.height} pixels for the texts`);
    await page.goto(`${site.url}/#/sub-accounts`);
    const last = page.getByRole("button", { name: /^Delete/ });
    const [button, table] = [
      await last.boundingBox(),
      await page.getByRole("region", { name: "Sub-accounts" }).boundingBox(),
    ];
    assert.ok(
      button && table && button.x + button.width <= table.x + table.width,
      "the last button of a row is in sight",
    );
    // It talks for an hour.
    await site.client.contacts.create({ name: LONG, phoneNumber: "+15005550005" });
    await site.client.calls.create({ agentId: agent, toNumber: "+15005550005" });
    await page.goto(`${site.url}/#/`);
    // The call before may still be live as well.
    const row = page
      .getByRole("region", { name: "Live calls" })
      .getByRole("listitem")
      .filter({ hasText: LONG })
      .first();
    const clock = row.locator(".figures");
    await clock.waitFor();
    const lines = await clock.evaluate(
      (element) =>
        element.getClientRects().length && element.clientHeight / parseFloat(getComputedStyle(element).lineHeight),
    );
    assert.ok(lines < 1.5, `the clock takes ${lines} lines`);
    await close();
  },
);

test("a text in Arabic is set from right to left, so that it ends with its full stop", LIMIT, async () => {
  const { call, conversation } = await called(`${ARABIC}.`);
  const { page, close } = await site.open(`/conversations/${conversation}`, { keep: true, viewport: NARROW });
  const direction = (/** @type {import("playwright-core").Locator} */ place) =>
    place.evaluate((element) => getComputedStyle(element).direction);
  assert.equal(await direction(page.getByRole("article").getByText(ARABIC)), "rtl");
  const box = page.getByPlaceholder(/^Write to/);
  await box.fill("Good morning");
  assert.equal(await direction(box), "ltr");
  await box.fill(ARABIC);
  assert.equal(await direction(box), "rtl");
  await box.fill("");
  await page.goto(`${site.url}/#/calls/${call}`);
  const turn = page.locator("[data-role=agent] p[dir]").first();
  await turn.waitFor();
  assert.equal(await direction(turn), "ltr");
  await close();
});
