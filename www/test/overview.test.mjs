// @ts-check
// The overview in a real browser: a newcomer finds the first call, the figures are the account's, charts and
// tables say what usage says, and what fails is shown without taking away what was known.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serious, start, tooWide } from "./browser.mjs";
import { busyAccount, caller as callerOf, FAST, RECIPIENT } from "./overview-account.mjs";

/** @typedef {import("playwright-core").Page} Page */

const LIMIT = { timeout: 40_000 };
const BUSY = "+15005550001";

/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start();
});
after(() => site?.close());

const busy = () => busyAccount(site);
const caller = () => callerOf(site);

/**
 * The figure with this name.
 * @param {Page} page
 * @param {string | RegExp} name
 */
const figure = (page, name) => page.locator(".figure", { has: page.locator("dt", { hasText: name }) }).locator("dd");

/** @param {Page} page @param {string | RegExp} name @param {string} text */
const figureIs = (page, name, text) =>
  figure(page, name)
    .filter({ hasText: new RegExp(`^${text.replaceAll(/[$.]/g, "\\$&")}$`) })
    .waitFor();

test("a newcomer is told what this is, and the first call is two clicks away and speaks", LIMIT, async () => {
  const { page, complaints, close } = await site.open("/");
  await page.getByText(/A local AgentPhone on this machine.*No phone rings and nothing costs money/).waitFor();
  await page.getByRole("button", { name: "Place your first call" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Set up and call" }).click();
  await page.waitForURL(/#\/calls\/\w/);
  await page.getByRole("link", { name: "Overview" }).click();
  const live = page.getByRole("region", { name: "Live calls" });
  await live.getByRole("link", { name: "(415) 555-0100" }).waitFor();
  await figureIs(page, /^Calls$/, "1");
  // The strip follows: words come while one looks, and the call leaves it when it is over.
  await live.locator("a > span:last-child").filter({ hasNotText: "Nothing has been said yet." }).waitFor();
  await live.getByText("No call is live").waitFor();
  assert.equal(site.sandbox.ledger().callsPlaced, 1);
  assert.deepEqual(complaints, []);
  await close();
});

test("the checklist says what is missing, step by step, and goes when all is there", LIMIT, async () => {
  const { page, close } = await site.open("/");
  const list = page.getByRole("region", { name: /Your first call|Getting started/ });
  await list.getByText("0 of 4 done").waitFor();
  for (const [name, view] of [
    ["Create an agent", "/agents"],
    ["Buy a number", "/numbers"],
    ["Set a webhook", "/webhooks"],
    ["Follow the guide", "/first-call"],
    ["go step by step", "/first-call"],
  ]) {
    assert.equal(await list.getByRole("link", { name: name ?? "" }).getAttribute("href"), `#${view}`);
  }
  const { agent } = await caller();
  await list.getByText("2 of 4 done").waitFor();
  assert.equal(await list.getByRole("link", { name: "Buy a number" }).count(), 0);
  await site.client.calls.create({ agentId: agent.id, toNumber: RECIPIENT });
  await list.getByText("3 of 4 done").waitFor();
  await site.client.webhooks.set({ url: "https://example.com/hook" });
  await list.waitFor({ state: "detached" });
  await close();
});

test("whoever hides the checklist does not see it again", LIMIT, async () => {
  const { page, close } = await site.open("/");
  await page.getByRole("button", { name: "Hide", exact: true }).click();
  await page.getByRole("region", { name: "Your first call is two clicks away" }).waitFor({ state: "detached" });
  await page.reload();
  await page.getByText("No call yet.").waitFor();
  assert.equal(await page.getByText("of 4 done").count(), 0);
  await close();
});

test("the figures are the account's and the ledger's", LIMIT, async () => {
  await busy();
  const { page, close } = await site.open("/?period=today", { keep: true });
  await figureIs(page, "Calls today", "3");
  await figureIs(page, "Texts today", "3");
  await figureIs(page, "Numbers", "2 of 10");
  await figure(page, "Balance").filter({ hasText: "$93." }).waitFor();
  await figureIs(page, "Live calls", "1");
  await close();
});

test("today is the user's day, not the server's", LIMIT, async () => {
  await busy();
  // Where it is past midnight of the next day for a user, nothing has happened yet today.
  const hours = new Date().getUTCHours();
  const { page, close } = await site.open("/?period=today", {
    keep: true,
    timezoneId: "UTC",
    prepare: (p) => p.clock.install({ time: Date.now() + (24 - hours) * 3_600_000 }),
  });
  await page.clock.runFor(3000);
  await figureIs(page, "Calls today", "0");
  await figureIs(page, "Texts today", "0");
  await close();
});

/** @param {Page} page */
const rowsOf = (page) =>
  page
    .getByRole("region", { name: /^Usage by/ })
    .locator("tbody tr")
    .evaluateAll((all) =>
      all.map((row) => [...row.querySelectorAll("td")].map((cell) => (cell.textContent ?? "").trim())),
    );

test("the table of each chart says what usage says", { timeout: 60_000 }, async (t) => {
  const { number, other } = await busy();
  const { usage } = site.client;
  const { page, close } = await site.open("/?as=table", { keep: true });
  await t.test("by day, the latest first", async () => {
    await page.goto(`${site.url}/#/?as=table&span=7`);
    await page.waitForFunction(
      () => document.querySelectorAll("[aria-labelledby=usage-heading] tbody tr").length === 7,
    );
    const want = (await usage.daily({ days: 7 })).data.reverse();
    assert.deepEqual(
      (await rowsOf(page)).map((row) => row.slice(1, 3)),
      want.map(({ calls, messages }) => [String(calls), String(messages)]),
    );
    assert.match(
      (await rowsOf(page))[0]?.[0] ?? "",
      new RegExp(`${new Date(`${want[0]?.date}T00:00:00Z`).getUTCDate()}`),
    );
  });
  await t.test("by month", async () => {
    await page.getByRole("button", { name: "Month" }).click();
    assert.match(page.url(), /by=month/);
    await page.getByRole("region", { name: "Usage by month" }).waitFor();
    const want = (await usage.monthly()).data.reverse();
    assert.deepEqual(
      (await rowsOf(page)).map((row) => row.slice(1, 3)),
      want.map(({ calls, messages }) => [String(calls), String(messages)]),
    );
  });
  await t.test("by number, each leading to its number", async () => {
    await page.getByRole("button", { name: "Number" }).click();
    const table = page.getByRole("region", { name: "Usage by number" });
    await table.waitFor();
    const want = await usage.byNumber().toArray();
    assert.deepEqual(
      (await rowsOf(page)).map((row) => row.slice(1, 3)),
      want.map(({ calls, messages }) => [String(calls), String(messages)]),
    );
    assert.equal(await table.getByRole("link").first().getAttribute("href"), `#/numbers/${number.id}`);
  });
  await t.test("by agent, whose name stays text", async () => {
    await page.getByRole("button", { name: "Agent", exact: true }).click();
    await page.getByRole("region", { name: "Usage by agent" }).waitFor();
    const want = (await usage.byAgent({ period: "month" })).data;
    assert.deepEqual(
      (await rowsOf(page)).map((row) => row.slice(0, 3)),
      want.map(({ agentName, calls, messages }) => [agentName, String(calls), String(messages)]),
    );
    assert.equal(await page.locator("main img, main b").count(), 0);
    assert.ok(want.some(({ agentId }) => agentId === other.agent.id));
  });
  await close();
});

test("the chart is drawn, says itself in words, and is drawn anew in other colours and widths", LIMIT, async () => {
  await busy();
  const { page, complaints, close } = await site.open("/", { keep: true });
  const chart = page.getByRole("img", { name: /^Chart\. By day: 3 calls and 3 texts/ });
  await chart.locator("canvas").waitFor();
  const picture = () =>
    chart.locator("canvas").evaluate((canvas) => /** @type {HTMLCanvasElement} */ (canvas).toDataURL());
  /** @param {string} old */
  const redrawn = async (old) => {
    for (let now = await picture().catch(() => old); ; now = await picture().catch(() => old))
      if (now !== old) return now;
  };
  const light = await picture();
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await redrawn(light);
  await page.getByRole("button", { name: /^Theme: system/ }).click();
  const chosen = await redrawn(dark);
  await page.setViewportSize({ width: 700, height: 800 });
  await redrawn(chosen);
  assert.ok((await chart.evaluate((e) => e.scrollWidth - e.clientWidth)) <= 0);
  assert.deepEqual(complaints, []);
  await close();
});

test("a deep link opens a way to look at usage, and a wrong one is as usual", LIMIT, async () => {
  await busy();
  const { page, close } = await site.open("/?by=agent&span=week", { keep: true });
  assert.equal(await page.getByRole("button", { name: "Agent", exact: true }).getAttribute("aria-pressed"), "true");
  assert.equal(await page.getByLabel("How far back").inputValue(), "week");
  await page.goto(`${site.url}/#/?by=%3Cb%3E&span=9999`);
  await page.getByRole("button", { name: "Day", exact: true, pressed: true }).waitFor();
  assert.equal(await page.getByLabel("How far back").inputValue(), "30");
  await close();
});

test("errors and retries show by their code with what the client did, and what was known stays", LIMIT, async () => {
  await busy();
  const { page, close } = await site.open("/", { keep: true });
  const log = page.getByRole("log", { name: "Errors and retries" });
  const texts = page.getByRole("region", { name: "Latest texts" });
  await page.getByText("Nothing has gone wrong.").waitFor();
  assert.equal(
    await page.getByRole("link", { name: "Break something on purpose in the fault lab" }).getAttribute("href"),
    "#/lab",
  );
  await texts.getByRole("link", { name: /555-0100/ }).waitFor();
  const rule = site.sandbox.faults.add({
    match: { operation: "conversations.list" },
    status: 402,
    code: "INSUFFICIENT_BALANCE",
  });
  await texts.locator("[data-code=INSUFFICIENT_BALANCE]").waitFor();
  await texts.getByRole("link", { name: /555-0100/ }).waitFor();
  await log.getByText("INSUFFICIENT_BALANCE").first().waitFor();
  await log.getByText("Given up after 1 attempt.").first().waitFor();
  site.sandbox.faults.remove(rule);
  await texts.locator("[data-code=INSUFFICIENT_BALANCE]").waitFor({ state: "detached" });
  site.sandbox.faults.add({
    match: { operation: "calls.list" },
    status: 503,
    headers: { "retry-after": "1" },
    times: 1,
  });
  await log.getByText(/^Attempt 1 failed; it tries again after/).waitFor();
  await log.getByText("SERVICE_UNAVAILABLE").waitFor();
  await close();
});

test("a list that cannot be read says so by its code, and the rest of the view is there", LIMIT, async () => {
  await busy();
  site.sandbox.faults.add({ match: { operation: "conversations.list" }, status: 403, code: "WHATSAPP_NOT_ENABLED" });
  const { page, close } = await site.open("/", { keep: true });
  await page.getByRole("region", { name: "Latest texts" }).locator("[data-code=WHATSAPP_NOT_ENABLED]").waitFor();
  await page
    .getByRole("region", { name: "Latest calls" })
    .getByRole("link", { name: /555-0008/ })
    .first()
    .waitFor();
  site.sandbox.faults.clear();
  await close();
});

test("calls that cannot be read are not said to be loading for ever", LIMIT, async () => {
  await busy();
  site.sandbox.faults.add({ match: { operation: "calls.list" }, status: 403, code: "FORBIDDEN" });
  const { page, close } = await site.open("/", { keep: true });
  const live = page.getByRole("region", { name: "Live calls" });
  await live.getByText("The calls cannot be read at the moment.").waitFor();
  site.sandbox.faults.clear();
  await live.getByRole("link", { name: /555-0005/ }).waitFor();
  await close();
});

test("the first call is placed with the keyboard alone, and only one", LIMIT, async () => {
  const { page, close } = await site.open("/");
  await page.getByRole("button", { name: "Place your first call" }).waitFor();
  const at = () =>
    page.evaluate(() => ({
      text: document.activeElement?.textContent?.trim(),
      outline: getComputedStyle(document.activeElement ?? document.body).outlineStyle,
    }));
  /** @param {string} name */
  const tabTo = async (name) => {
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press("Tab");
      const { text, outline } = await at();
      assert.notEqual(outline, "none", `the focus on ${text} cannot be seen`);
      if (text === name) return;
    }
    assert.fail(`${name} cannot be reached with the Tab key`);
  };
  await tabTo("Place your first call");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByLabel("To").waitFor();
  await tabTo("Set up and call");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await page.waitForURL(/#\/calls\/\w/);
  assert.equal(site.sandbox.ledger().callsPlaced, 1);
  await close();
});

for (const hash of ["/", "/?by=agent", "/?by=month&as=table"]) {
  test(`${hash} with data fits a phone and has no serious fault for who listens, light and dark`, LIMIT, async () => {
    await busy();
    site.sandbox.faults.add({ match: { operation: "webhooks.get" }, status: 500, times: 1 });
    const { page, close } = await site.open(hash, { keep: true, viewport: { width: 340, height: 700 } });
    await page.getByRole("region", { name: "Live calls" }).getByRole("link").first().waitFor();
    await page.locator("[aria-labelledby=usage-heading] :is(figure, .table)").waitFor();
    await page.getByRole("log", { name: "Errors and retries" }).getByRole("listitem").first().waitFor();
    assert.equal(await tooWide(page), 0);
    assert.deepEqual(await serious(page), []);
    await page.emulateMedia({ colorScheme: "dark" });
    assert.deepEqual(await serious(page), []);
    await close();
  });
}

test("what is not known yet is not stated as fact", LIMIT, async () => {
  const { page, close } = await site.open("/", {
    prepare: (page) => page.route("**/v1/calls?*", () => {}),
  });
  await page.getByText("Loading the live calls…").waitFor();
  assert.equal(await page.getByText("No call is live").count(), 0);
  const figure = page.locator(".figure", { hasText: "Live calls" });
  assert.equal(await figure.locator("dd").innerText(), "–");
  await close();
});

test("a reload keeps the period of usage", LIMIT, async () => {
  const { page, close } = await site.open("/");
  await page.getByLabel("How far back").selectOption({ label: "7 days" });
  await page.waitForURL(/span=7/);
  await page.reload();
  await page.getByRole("heading", { name: "Usage" }).waitFor();
  assert.equal(await page.getByLabel("How far back").inputValue(), "7");
  await close();
});

test("each figure says how it compares with as much of the period before, to those who listen too", LIMIT, async () => {
  site.sandbox.reset();
  const { agent } = await caller();
  for (let n = 0; n < 2; n += 1) await site.client.calls.create({ agentId: agent.id, toNumber: FAST });
  const { data } = await site.client.calls.list();
  const { page, close } = await site.open("/?period=today", {
    keep: true,
    timezoneId: "UTC",
    // One of the two is of yesterday, and another was then.
    prepare: (p) =>
      p.route("**/v1/calls?*", async (route) => {
        const [first, second] = data;
        const yesterday = new Date(Date.now() - 86_400_000 - 60_000).toISOString();
        const items = [
          { ...first, status: "completed", durationSeconds: 90 },
          { ...second, status: "completed", durationSeconds: 60, startedAt: yesterday },
          { ...second, id: "call_3", status: "no-answer", durationSeconds: 0, startedAt: yesterday },
        ];
        await route.fulfill({ json: { data: items, total: 3, hasMore: false } });
      }),
  });
  await figureIs(page, "Calls today", "1");
  const said = (/** @type {string} */ name) =>
    page
      .locator(".figure", { has: page.locator("dt", { hasText: name }) })
      .locator("dd")
      .last()
      .innerText();
  assert.match(await said("Calls today"), /down\s50%\s, 2 yesterday by this time/);
  assert.match(await said("Answered"), /up\s50 points\s, 50% yesterday by this time/);
  assert.match(await said("Average call"), /up\s50%\s, 1:00 yesterday by this time/);
  await page.getByRole("button", { name: "7 days", exact: true }).click();
  await figureIs(page, /^Calls$/, "3");
  await page.reload();
  await figureIs(page, /^Calls$/, "3");
  await page.getByRole("button", { name: "Today", exact: true }).click();
  await page.waitForURL(/period=today/);
  await close();
});

test("spend, calls without an answer and failed deliveries are those of the period", LIMIT, async () => {
  const { number } = await busy();
  await site.client.calls.create({ agentId: (await site.client.agents.list()).data[0]?.id ?? "", toNumber: BUSY });
  assert.ok(number);
  const { page, close } = await site.open("/", { keep: true });
  const spend = page.getByRole("region", { name: "Spend" });
  await spend
    .getByRole("listitem")
    .filter({ hasText: /^Numbers\$6\.00$/ })
    .waitFor();
  await spend
    .getByRole("listitem")
    .filter({ hasText: /^Texts\$0\.06$/ })
    .waitFor();
  const missed = page.getByRole("region", { name: "Calls without an answer" });
  assert.equal(await missed.getByRole("link", { name: "Busy" }).getAttribute("href"), "#/calls?status=busy&period=7d");
  await page.getByRole("region", { name: "Failed deliveries" }).getByText("none sent").waitFor();
  await close();
});

test("away from UTC the days of the chart are the user's, and say so", LIMIT, async () => {
  await busy();
  const { page, close } = await site.open("/?as=table&span=7", { keep: true, timezoneId: "Pacific/Kiritimati" });
  await page.getByText("Days in your time zone, Pacific/Kiritimati.").waitFor();
  const day = await page.evaluate(() => new Intl.DateTimeFormat(undefined, { dateStyle: "full" }).format());
  assert.deepEqual((await rowsOf(page))[0], [day, "3", "3"]);
  await close();
});

test("while nothing happens the overview asks at most 12 times in 20 seconds", LIMIT, async () => {
  await busy();
  await site.client.webhooks.set({ url: "https://example.com/hook" });
  const { page, close } = await site.open("/", { keep: true });
  await page.waitForLoadState("networkidle");
  let asked = 0;
  page.on("request", () => (asked += 1));
  await page.waitForTimeout(20_000);
  assert.ok(asked <= 12, `${asked}`);
  await close();
});
