// @ts-check
// The view of campaigns in real browsers: what it says when there are no campaigns, that it follows a campaign live, and that nothing is
// started, paused or stopped by accident.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { AgentPhone } from "agentphone-wasm";
import {
  campaignHandler,
  openStore,
  planCampaign,
  runWorker,
  start as startCampaign,
} from "agentphone-wasm-cli/campaign";
import { ledgerTools } from "../../tests/ledger/tools.mjs";
import { serveLive } from "../server/live.mjs";
import { dist, eventually, sound, start } from "./browser.mjs";
import { engines } from "./live-browsers.mjs";
import { startStatic } from "./static-site.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("agentphone-wasm-cli/campaign").CampaignStore} CampaignStore */

// Where better-sqlite3 is, for a Node.js without SQLite.
process.chdir(ledgerTools());

const LIMIT = { timeout: 90_000 };
const PATH = "/__sandbox/campaigns";
const folder = mkdtempSync(join(tmpdir(), "agentphone-view-"));
let files = 0;
/** @type {CampaignStore} */
let store;
const mount = {
  path: PATH,
  fetch: campaignHandler({ store: async () => store, path: PATH, flags: "--store people.db" }),
};
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start({ mount, speed: 100 });
});
beforeEach(async () => {
  await store?.close();
  store = await openStore(join(folder, `${(files += 1)}.db`));
});
after(async () => {
  await site?.close();
  await store?.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const numberAt = (/** @type {number} */ at) => `+1415555${String(1000 + at)}`;

/** Plans a campaign for this many people in the sandbox. @param {number} count @param {object} [more] */
const plan = async (count, more = {}) => {
  site.sandbox.reset();
  const client = new AgentPhone({ apiKey: "sk_test", baseUrl: site.url, ledger: store.ledger });
  const agent = await client.agents.create({ name: "Rosie" });
  await client.numbers.buy({ agentId: agent.id });
  const people = Array.from({ length: count }, (_, at) => ({ phone: numberAt(at), name: `Person ${at}` }));
  await planCampaign({
    store,
    client,
    id: "spring",
    kind: "call",
    agentId: agent.id,
    initialGreeting: "Hello {{name}}!",
    quietHours: null,
    perMinute: 60_000,
    perNumber: 1_000,
    people,
    ...more,
  });
  return client;
};

/** Gives people states, as if workers had been at it. @param {readonly [state: string, count: number, reason: string | null][]} states */
const settle = async (states) => {
  await startCampaign(store, "spring");
  const people = await store.people("spring", { limit: 500 });
  const changes = states.flatMap(([state, count, reason]) =>
    people.splice(0, count).map(({ seq }) => ({
      seq,
      was: /** @type {const} */ ("waiting"),
      token: "",
      state: /** @type {any} */ (state),
      reason,
      resultId: state === "doubt" ? null : `call_${seq}`,
      placedAt: Date.now(),
      seconds: state === "answered" ? 42 : null,
    })),
  );
  await store.record("spring", changes, Date.now());
};

/** @param {Page} page */
const rows = (page) => page.getByRole("region", { name: "List of people" }).locator("tbody tr:not(.gap)");

test("without any campaign it says how to begin, with commands that reach the same store", LIMIT, async () => {
  const { page, complaints, close } = await site.open("/campaigns", {
    permissions: ["clipboard-read", "clipboard-write"],
  });
  await page.getByText("No campaigns yet.").waitFor();
  await page.getByRole("button", { name: "Copy: Plan a campaign" }).click();
  assert.match(
    await page.evaluate(() => navigator.clipboard.readText()),
    /^agentphone campaign plan .* --store people\.db$/,
  );
  await sound(page);
  await page.setViewportSize({ width: 390, height: 800 });
  await sound(page);
  // It is seen without a reload.
  await plan(3);
  await page
    .getByRole("region", { name: "Campaigns" })
    .getByRole("link", { name: /spring/ })
    .waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test(
  "a server without campaigns, and a sandbox inside the page, say what they need and are not asked over and over",
  LIMIT,
  async () => {
    const bare = await start();
    const { page, close } = await bare.open("/campaigns");
    let asked = 0;
    page.on(
      "request",
      (request) => (asked += request.url().includes("campaigns") && !request.url().includes("assets") ? 1 : 0),
    );
    await page.getByText("This console was started without campaigns.").waitFor();
    await page.getByText("npx agentphone-wasm-cli sandbox --demo --open").waitFor();
    await page.waitForTimeout(4000);
    assert.equal(asked, 0);
    await sound(page);
    await page.goto(`${bare.url}/#/campaigns/spring`);
    await page.getByText("This console was started without campaigns.").waitFor();
    await close();
    const files = await startStatic();
    const inside = await bare.browser.newPage();
    await inside.goto(`${files.url}/#/campaigns`);
    await inside.getByText("A sandbox inside a page has no campaigns.").waitFor();
    await files.close();
    await bare.close();
  },
);

describe("a campaign with every kind of result", () => {
  beforeEach(async () => {
    await plan(60);
    await settle([
      ["answered", 20, null],
      ["busy", 6, "busy"],
      ["no-answer", 5, "dial_no_answer"],
      ["voicemail", 3, "greeting"],
      ["failed", 4, "VALIDATION_ERROR"],
      ["doubt", 3, "absent_so_far"],
      ["placed", 2, null],
    ]);
  });

  test("people in doubt come first, filters are in the address, and survive a reload and Back", LIMIT, async () => {
    const { page, complaints, close } = await site.open("/campaigns", { keep: true });
    await page.getByRole("link", { name: /spring/ }).click();
    await page.getByRole("heading", { name: "spring" }).waitFor();
    await page.getByText("3 people are in doubt:").waitFor();
    await rows(page).first().getByText("In doubt").waitFor();
    await rows(page).nth(3).getByText("Answered").waitFor();
    // In front of it is the number of live calls, if there are any.
    assert.match(await page.title(), /(^|^\(\d+\) )spring · AgentPhone console$/);
    await page.getByRole("list", { name: "People by state" }).getByRole("link", { name: "Failed 4" }).click();
    await page.waitForURL(/state=failed/);
    await rows(page).nth(3).waitFor();
    await rows(page).nth(4).waitFor({ state: "detached" });
    assert.equal(await rows(page).count(), 4);
    await page.reload();
    await page.getByRole("heading", { name: "People: failed" }).waitFor();
    await rows(page).nth(3).waitFor();
    assert.equal(await rows(page).count(), 4);
    await page.getByRole("button", { name: "Show all" }).click();
    await rows(page).first().getByText("In doubt").waitFor();
    await rows(page).first().getByRole("link", { name: "Look for calls" }).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  for (const width of [390, 768, 1024, 1440])
    test(`nothing sticks out at ${width} px, in the light and in the dark`, LIMIT, async () => {
      const how = { keep: true, viewport: { width, height: 900 } };
      const { page, close } = await site.open("/campaigns/spring", how);
      await rows(page).first().waitFor();
      await page.getByRole("heading", { name: "Not reached, by reason" }).waitFor();
      await sound(page);
      await close();
    });

  test("reasons are counted in plain words, and lead to their people", LIMIT, async () => {
    const { page, close } = await site.open("/campaigns/spring", { keep: true });
    const card = page.getByRole("region", { name: "Not reached, by reason" });
    await card.getByText("A machine answered").waitFor();
    await card.getByRole("button", { name: "Not found so far" }).click();
    await page.waitForURL(/state=doubt/);
    await rows(page).nth(2).waitFor();
    assert.equal(await rows(page).count(), 3);
    await close();
  });

  test("reports are saved", LIMIT, async () => {
    const { page, close } = await site.open("/campaigns/spring", { keep: true });
    const saving = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save the report as CSV" }).click();
    const saved = await saving;
    assert.equal(saved.suggestedFilename(), "spring.csv");
    assert.equal(
      readFileSync(await saved.path(), "utf8")
        .trim()
        .split("\r\n").length,
      61,
    );
    await close();
  });

  test("a campaign without a worker says so, and how to run one", LIMIT, async () => {
    const { page, close } = await site.open("/campaigns/spring", { keep: true });
    await page.getByRole("button", { name: "Pause…" }).waitFor();
    await page.getByText("No worker is active, so no calls are placed.").waitFor({ timeout: 30_000 });
    await page.getByText("agentphone campaign start spring --store people.db").first().waitFor();
    await sound(page);
    await close();
  });

  test("another round: whom, how many, what it can cost; and nobody in doubt", LIMIT, async () => {
    await store.move("spring", ["running"], "done", null, Date.now());
    const { page, close } = await site.open("/campaigns/spring", { keep: true });
    await page.getByRole("button", { name: "Another round…" }).click();
    const dialog = page.getByRole("dialog", { name: "Another round" });
    await dialog.getByRole("button", { name: "Plan it for 11 people" }).waitFor();
    await dialog.getByText("At most $").waitFor();
    assert.equal(await dialog.getByLabel(/doubt/i).count(), 0);
    await sound(page);
    await dialog.getByLabel("Voicemail").check();
    await dialog.getByRole("button", { name: "Plan it for 14 people" }).click();
    await page.getByText("Planned another round for 14 people.").waitFor();
    await page.getByRole("button", { name: "Start…" }).waitFor();
    const { waiting, doubt } = await store.counts("spring");
    assert.deepEqual([waiting, doubt], [31, 3]);
    await close();
  });
});

test("started in the page, it is followed to its end without a reload", LIMIT, async () => {
  const client = await plan(40);
  const { page, complaints, close } = await site.open("/campaigns/spring", { keep: true });
  await page.getByText("Nothing has been sent yet.").waitFor();
  await page.getByRole("button", { name: "Start…" }).click();
  const question = page.getByRole("dialog", { name: "Call 40 people?" });
  await question.getByText("$").first().waitFor();
  await sound(page);
  await question.getByRole("button", { name: "Cancel" }).click();
  assert.equal((await store.get("spring"))?.state, "planned");
  await page.getByRole("button", { name: "Start…" }).click();
  await question.getByRole("button", { name: "Start", exact: true }).click();
  await page.getByText("Started spring.").waitFor();
  const ended = runWorker("spring", { store, client, every: 500 });
  await page.getByText("40 of 40 people done").waitFor({ timeout: 60_000 });
  assert.equal((await ended).state, "done");
  await page.getByText("Done", { exact: true }).waitFor({ timeout: 30_000 });
  assert.equal(site.sandbox.ledger().callsPlaced, 40);
  await rows(page).first().getByRole("link", { name: "Open the call" }).click();
  await page.getByRole("heading", { name: /555-1\d\d\d/ }).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test("pause, resume and stop by keyboard; each asks first, and Escape changes nothing", LIMIT, async () => {
  await plan(10);
  await startCampaign(store, "spring");
  const { page, close } = await site.open("/campaigns/spring", { keep: true });
  const state = async () => (await store.get("spring"))?.state;
  /** @param {string} button @param {string} title @param {string} action */
  const answer = async (button, title, action) => {
    await page.getByRole("button", { name: button }).focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: title });
    await dialog.waitFor();
    const before = await state();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    assert.equal(await state(), before);
    await page.keyboard.press("Enter");
    await dialog.getByRole("button", { name: action, exact: true }).focus();
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
  };
  await answer("Pause…", "Pause the campaign?", "Pause");
  await page.getByText("Somebody paused it.").waitFor();
  assert.equal(await state(), "paused");
  await answer("Resume…", "Go on, and call 10 people?", "Resume");
  await eventually(async () => (await state()) === "running");
  await answer("Stop…", "Stop the campaign?", "Stop the campaign");
  await page.getByText("Stopped", { exact: true }).waitFor();
  assert.equal((await store.counts("spring")).skipped, 10);
  await close();
});

test(
  "what somebody else did first is reported, and a campaign that was planned anew under the same id is not started",
  LIMIT,
  async () => {
    await plan(5);
    const { page, close } = await site.open("/campaigns/spring", { keep: true });
    await page.getByRole("button", { name: "Start…" }).click();
    const question = page.getByRole("dialog", { name: "Call 5 people?" });
    await store.remove("spring");
    await plan(500);
    await question.getByRole("button", { name: "Start", exact: true }).click();
    await page.getByText("This id now belongs to another campaign: look at it first.").waitFor();
    assert.equal((await store.get("spring"))?.state, "planned");
    await page.getByText("0 of 500 people done").waitFor();
    await store.remove("spring");
    await page.getByText("No campaign has this id.").waitFor({ timeout: 30_000 });
    await sound(page);
    await close();
  },
);

test("a campaign that paused by itself says why, and what helps", LIMIT, async () => {
  await plan(5);
  await startCampaign(store, "spring");
  await store.move("spring", ["running"], "paused", "balance", Date.now());
  const { page, close } = await site.open("/campaigns/spring", { keep: true });
  await page.getByText("The balance is used up.").waitFor();
  await page.getByText("Top up the balance, then resume.").first().waitFor();
  await sound(page);
  await close();
});

test("thousands of people: few rows are in the page, and more are read as one scrolls", LIMIT, async () => {
  await plan(3_000);
  const { page, close } = await site.open("/campaigns/spring", { keep: true });
  await rows(page).first().waitFor();
  const table = page.getByRole("region", { name: "List of people" });
  assert.equal(await table.locator("table").getAttribute("aria-rowcount"), "3001");
  const last = async () => Number(await rows(page).last().getAttribute("aria-rowindex"));
  for (let at = 0; (await last()) < 600; at += 1) {
    assert.ok(at < 100, "no more people came");
    await table.evaluate((element) => element.scrollBy(0, 4_000));
    await page.waitForTimeout(100);
  }
  assert.ok((await rows(page).count()) < 100);
  await close();
});

describe("behind the proxy of a real account", () => {
  for (const { name, skip, start: startBrowser } of engines)
    test(`${name}: it is read with the secret of the run, and paused`, { ...LIMIT, skip }, async () => {
      await plan(6);
      await startCampaign(store, "spring");
      const proxy = await serveLive({ apiKey: "sk_test_key", baseUrl: site.url, staticDir: dist, mount });
      const browser = await startBrowser();
      try {
        const page = await browser.open();
        await page.goto(proxy.address);
        await page.waitForSelector("main h1");
        await page.evaluate(() => void (location.hash = "/campaigns"));
        await page.waitForSelector('a[href="#/campaigns/spring"]');
        await page.evaluate(() => void (location.hash = "/campaigns/spring"));
        await page.waitForSelector("main h1");
        const press = (/** @type {string} */ words) =>
          eventually(() =>
            page.evaluate((/** @type {string} */ text) => {
              const found = [...document.querySelectorAll("button")].filter(
                (each) => each.textContent?.trim() === text,
              );
              found.at(-1)?.click();
              return found.length > 0;
            }, words),
          );
        await press("Pause…");
        await press("Pause");
        await eventually(async () => (await store.get("spring"))?.state === "paused");
        await eventually(() =>
          page.evaluate(() => document.body.textContent?.includes("Somebody paused it.") === true),
        );
        await page.close();
      } finally {
        await browser.close();
        await proxy.close();
      }
    });
});
