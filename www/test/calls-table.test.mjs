// @ts-check
// What an operator does with the table of calls in a real browser: order, spans of time, names and words, kept views,
// columns, rows chosen, values copied, and files.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { eventually, sound, start } from "./browser.mjs";

/** @typedef {import("playwright-core").Page} Page */

const LIMIT = { timeout: 60_000 };
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start({ demo: true });
});
after(() => site?.close());

/** @param {Page} page */
const region = (page) => page.getByRole("region", { name: "Calls" });
/** @param {Page} page */
const rows = (page) => region(page).locator("tbody tr:not(.gap)");
/** The texts of a column, of the rows that are drawn. @param {Page} page @param {number} n From 1, after the box. */
const column = (page, n) =>
  region(page)
    .locator(`tbody tr:not(.gap) td:nth-child(${n + 1})`)
    .allInnerTexts();
/** @param {string} query */
const open = (query, options = {}) => site.open(`/calls${query}`, { keep: true, ...options });
/** Seconds of `1:02:03`. @param {string} text */
const seconds = (text) => text.split(":").reduce((all, part) => all * 60 + Number(part), 0);
/** @param {Page} page @param {() => Promise<unknown>} act */
async function downloaded(page, act) {
  const [download] = await Promise.all([page.waitForEvent("download"), act()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
}

test("a heading sorts all calls, not only those that had been read, and the address keeps it", LIMIT, async () => {
  const { page, complaints, close } = await open("?status=completed");
  const longest = Math.max(
    ...(await site.client.calls.list({ status: "completed", limit: 100 }).toArray()).map(
      ({ durationSeconds }) => durationSeconds ?? 0,
    ),
  );
  await rows(page).first().waitFor();
  await region(page).getByRole("button", { name: "Length" }).click();
  await page.waitForURL(/sort=-Length/);
  await eventually(async () => seconds((await column(page, 6))[0] ?? "") === Math.floor(longest));
  const lengths = (await column(page, 6)).map(seconds);
  assert.deepEqual(
    lengths,
    [...lengths].sort((one, other) => other - one),
  );
  assert.equal(
    await region(page).getByRole("columnheader", { name: "Length" }).getAttribute("aria-sort"),
    "descending",
  );
  await page.reload();
  await eventually(async () => seconds((await column(page, 6))[0] ?? "") === Math.floor(longest));
  await region(page).getByRole("button", { name: "Length" }).click();
  await page.waitForURL(/sort=Length/);
  await region(page).getByRole("button", { name: "Length" }).click();
  await page.waitForURL((url) => !url.hash.includes("sort"));
  assert.deepEqual(complaints, []);
  await close();
});

test("a span of time shows what began in it, and says so in a chip that takes it away", LIMIT, async () => {
  const { page, close } = await open("");
  await page.getByLabel("Period").selectOption({ label: "Yesterday" });
  await page.waitForURL(/period=yesterday/);
  const midnight = (/** @type {number} */ ago) =>
    new Date(new Date().setHours(0, 0, 0, 0) - ago * 86_400_000).getTime();
  const all = await site.client.calls.list({ limit: 100 }).toArray();
  const fitting = all.filter(({ startedAt: at }) => Date.parse(at) >= midnight(1) && Date.parse(at) < midnight(0));
  await page.getByText(new RegExp(`^${fitting.length} of \\d+ calls\\.$`)).waitFor();
  await page.getByRole("button", { name: "Remove the filter Period" }).click();
  await page.waitForURL((url) => url.hash === "#/calls");
  await page.getByLabel("Period").selectOption({ label: "Between two days" });
  await page.getByLabel("From", { exact: true }).fill("2000-01-01");
  await page.getByLabel("To", { exact: true }).fill("2000-01-02");
  await page.getByText("No call fits these filters.").waitFor();
  await close();
});

test("calls are found by the name of the contact, and by words that were said", LIMIT, async () => {
  const { data } = await site.client.contacts.list({ limit: 200 });
  const calls = await site.client.calls.list({ limit: 100, status: "completed" }).toArray();
  const known = data.find(({ phoneNumber }) =>
    calls.some(({ fromNumber, toNumber }) => fromNumber === phoneNumber || toNumber === phoneNumber),
  );
  assert.ok(known);
  const { page, close } = await open(`?search=${encodeURIComponent(known.name.toUpperCase())}&status=completed`);
  await rows(page).first().waitFor();
  await eventually(async () => (await column(page, 1)).every((text) => text.includes(known.name)));
  const said = calls.find(({ lastTranscriptSnippet: words }) => (words ?? "").length > 8)?.lastTranscriptSnippet ?? "";
  await page.getByLabel("Search", { exact: true }).fill(said.slice(0, 30));
  await eventually(async () => {
    const texts = await column(page, 4);
    return texts.length > 0 && texts.every((text) => text.toLowerCase().includes(said.slice(0, 20).toLowerCase()));
  });
  await close();
});

test("a view is kept under a name, opens with one click, and is forgotten", LIMIT, async () => {
  const { page, close } = await open("?status=failed&sort=-Started");
  await page.getByRole("button", { name: "Save view" }).click();
  const dialog = page.getByRole("dialog", { name: "Save view" });
  await dialog.getByLabel("Name").fill("Failed lately");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Reset" }).click();
  await page.reload();
  await page.getByRole("link", { name: "Failed lately" }).click();
  await page.waitForURL(/status=failed&sort=-Started/);
  await rows(page).first().waitFor();
  assert.ok((await column(page, 3)).every((text) => text === "Failed"));
  await sound(page);
  await page.getByRole("button", { name: "Forget the view Failed lately" }).click();
  await page.getByRole("link", { name: "Failed lately" }).waitFor({ state: "detached" });
  await close();
});

test("a column that one puts away stays away, and comes back", LIMIT, async () => {
  const { page, close } = await open("");
  await rows(page).first().waitFor();
  await page.getByText("Columns", { exact: true }).click();
  await page.getByLabel("Agent", { exact: true }).last().uncheck();
  await region(page).getByRole("columnheader", { name: "Agent" }).waitFor({ state: "detached" });
  await page.reload();
  await rows(page).first().waitFor();
  assert.equal(await region(page).getByRole("columnheader", { name: "Agent" }).count(), 0);
  await page.getByText("Columns", { exact: true }).click();
  await page.getByLabel("Agent", { exact: true }).last().check();
  await region(page).getByRole("columnheader", { name: "Agent" }).waitFor();
  await close();
});

test("all that the filter matches becomes a file, also what had not been read", LIMIT, async () => {
  const { page, close } = await open("?status=completed");
  await rows(page).first().waitFor();
  const { total = 0 } = await site.client.calls.list({ limit: 1, status: "completed" });
  const { name, text } = await downloaded(page, () => page.getByRole("button", { name: "Export CSV" }).click());
  assert.equal(name, "calls.csv");
  const lines = text.trimEnd().split("\r\n");
  assert.match(lines[0] ?? "", /^\ufeffid,started,ended,seconds,direction,status,from,to,contact,agent,/);
  // Calls end while the file is made.
  assert.ok(lines.length - 1 >= total && lines.length - 1 <= total + 10, `${lines.length - 1} of ${total}`);
  assert.ok(lines.slice(1).every((line) => line.includes(",completed,")));
  await close();
});

test("an export that takes long says how far it is, and is cancelled", LIMIT, async (t) => {
  const { page, close } = await open("?status=completed");
  await rows(page).first().waitFor();
  t.after(() => site.sandbox.faults.clear());
  site.sandbox.faults.add({ match: { operation: "calls.list" }, delayMs: 1500 });
  await page.getByRole("button", { name: "Export CSV" }).click();
  await page.getByText("Read 100…").waitFor();
  await page.getByRole("button", { name: "Cancel export" }).click();
  await page.getByRole("button", { name: "Export CSV" }).waitFor();
  assert.equal(await page.getByText(/exported/).count(), 0);
  await close();
});

test("rows are chosen, one by one or all, and saved; live ones are ended after a question", LIMIT, async () => {
  const { page, complaints, close } = await open("?status=completed");
  const boxes = region(page).getByRole("checkbox", { name: /^Select call with/ });
  await boxes.nth(1).check();
  await boxes.nth(3).check();
  await page.getByText("2 calls selected").waitFor();
  const { text } = await downloaded(page, () => page.getByRole("button", { name: "Export selected" }).click());
  assert.equal(text.trim().split("\r\n").length, 3);
  assert.equal(await page.getByRole("button", { name: "End calls" }).count(), 0);
  await page.getByRole("button", { name: "Clear selection" }).click();
  await region(page).getByRole("checkbox", { name: "Select all rows" }).check();
  await page.getByText(/^100 calls selected$/).waitFor();
  const agent = (await site.client.agents.list()).data.find(({ numbers }) => (numbers ?? []).length > 0);
  const { id } = await site.client.calls.create({ agentId: agent?.id ?? "", toNumber: "+15005550007" });
  await page.goto(`${site.url}/#/calls?search=5005550007`);
  await region(page)
    .getByRole("checkbox", { name: /^Select call with \(500\)/ })
    .check();
  await page.getByRole("button", { name: "End calls" }).click();
  await page.getByRole("dialog", { name: "End 1 call?" }).getByRole("button", { name: "End them" }).click();
  await page.getByText("1 call ended.").waitFor();
  assert.notEqual((await site.client.calls.get(id)).status, "in-progress");
  assert.deepEqual(complaints, []);
  await close();
});

test("a number is copied with the button that comes with the pointer", LIMIT, async () => {
  const { page, close } = await open("", { permissions: ["clipboard-read", "clipboard-write"] });
  await rows(page).nth(2).hover();
  await rows(page).nth(2).getByRole("button", { name: "Copy who" }).click();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^\+\d{11}$/);
  assert.match(page.url(), /#\/calls$/);
  await close();
});

test("no column sticks out of the table at any width, and what gives way is what matters least", LIMIT, async () => {
  const { page, close } = await open("");
  await rows(page).first().waitFor();
  for (const width of [2560, 1440, 1180, 1100, 1024, 860, 720, 640, 390, 320]) {
    await page.setViewportSize({ width, height: 800 });
    await page.waitForTimeout(100);
    const over = await region(page).evaluate((element) => element.scrollWidth - element.clientWidth);
    assert.ok(over <= 0, `${width}: ${over}`);
    await region(page).getByRole("columnheader", { name: "Status" }).waitFor();
    const times = region(page).locator("tbody tr:not(.gap)").first().locator("time:visible");
    assert.ok((await times.count()) > 0, `${width}: when it began`);
  }
  await close();
});

test("contacts are sorted, saved, and deleted several at once after a question", LIMIT, async () => {
  const { page, close } = await site.open("/contacts", { keep: true });
  const table = page.getByRole("region", { name: "contacts" });
  const boxes = table.getByRole("checkbox", { name: /^Select / });
  await boxes.nth(2).waitFor();
  await table.getByRole("button", { name: "Name" }).click();
  await page.waitForURL(/sort=-Name/);
  const { total = 0 } = await site.client.contacts.list({ limit: 1 });
  const { text } = await downloaded(page, () => page.getByRole("button", { name: "Export CSV" }).click());
  assert.equal(text.trim().split("\r\n").length, total + 1);
  await boxes.nth(1).check();
  await boxes.nth(2).check();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("dialog", { name: "Delete 2 contacts?" }).getByRole("button", { name: "Cancel" }).click();
  assert.equal((await site.client.contacts.list({ limit: 1 })).total, total);
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("button", { name: "Delete them" }).click();
  await page.getByText("2 contacts deleted.").waitFor();
  assert.equal((await site.client.contacts.list({ limit: 1 })).total, total - 2);
  await close();
});

test("on a phone the filters leave the screen to the calls until they are asked for", LIMIT, async () => {
  const { page, close } = await open("?status=completed", { viewport: { width: 390, height: 844 } });
  await rows(page).first().waitFor();
  assert.equal(await page.getByLabel("Status", { exact: true }).isVisible(), false);
  // What is filtered by is said all the while.
  await page.getByRole("button", { name: "Remove the filter Status" }).waitFor();
  await page.getByRole("searchbox", { name: "Search" }).waitFor();
  await page.getByRole("button", { name: "Filters" }).click();
  await page.getByLabel("Direction", { exact: true }).selectOption("outbound");
  await page.waitForURL(/direction=outbound/);
  await page.getByRole("button", { name: "Filters" }).click();
  assert.equal(await page.getByLabel("Direction", { exact: true }).isVisible(), false);
  await close();
});
