// @ts-check
// The fault lab in a real browser over HTTP: what it does with operations, options and the address, and that
// nothing else of the console gets into its runs.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, serious, start, tooWide } from "./browser.mjs";
import { finished, provoke } from "./lab-page.mjs";

const LIMIT = { timeout: 40_000 };
const UNKNOWN = /^yes, it may have happened: look before you repeat it$/;

/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start();
});
after(() => site?.close());

const received = (/** @type {string} */ operation) => site.sandbox.ledger().byOperation[operation]?.received ?? 0;

test("what Retry-After asks for is waited for at the rate limiter, and then it happens once", LIMIT, async () => {
  const { page, close } = await site.open("/lab");
  const { told, waits, verdict } = await provoke(page, "429-retry-after", "messages.send", { hits: "first" });
  assert.equal(told.Result, "Success");
  assert.equal(told.Attempts, "2");
  assert.match(waits[0] ?? "", /for the rate limit$/);
  const waited = Number((waits[0] ?? "").replaceAll(/\D/g, ""));
  assert.ok(waited >= 1950, `waited ${waited} ms`);
  assert.equal(site.sandbox.ledger().textsSent, 1);
  assert.equal(verdict, "good");
  await close();
});

test("an answer that is lost: reads and repeats are tried again, effects are not", { timeout: 60_000 }, async (t) => {
  const { page, close } = await site.open("/lab");
  /** @type {[operation: string, hits: "every" | "first", end: string, attempts: string, fact: RegExp, verdict: string][]} */
  const cases = [
    ["calls.list", "first", "Success", "2", /^List read 2 times$/, "good"],
    ["calls.list", "every", "CONNECTION_ERROR", "3", /^List read 3 times$/, "good"],
    ["numbers.release", "first", "Success", "2", /^1 number released, by 2 requests$/, "good"],
    ["numbers.buy", "first", "CONNECTION_ERROR", "1", /^1 number bought$/, "unsure"],
    ["webhooks.set", "first", "CONNECTION_ERROR", "1", /^1 secret made$/, "unsure"],
    ["messages.send", "first", "CONNECTION_ERROR", "1", /^1 text sent$/, "unsure"],
    ["calls.transcript.stream", "first", "Success", "2", /^Stream opened 2 times$/, "good"],
  ];
  for (const [operation, hits, end, attempts, fact, verdict] of cases) {
    await t.test(`${operation}: ${hits}`, async () => {
      const seen = await provoke(page, "cut-mid-body", operation, { hits });
      assert.equal(seen.told.Result ?? seen.told.Code, end);
      assert.equal(seen.told.Attempts, attempts);
      assert.match(seen.fact, fact);
      assert.equal(seen.verdict, verdict, seen.why);
    });
  }
  // What the runs left behind is gone: no number that was bought for nothing, no webhook that nobody set.
  assert.equal(await site.client.webhooks.get(), null);
  const tags = (await site.client.numbers.list()).data.map(({ externalId }) => externalId ?? "");
  assert.deepEqual(
    tags.filter((tag) => tag !== ""),
    [],
  );
  await close();
});

test(
  "thirty at once against a limit of ten a second all succeed, each once, and the rate limiter says what it held",
  LIMIT,
  async () => {
    const { page, close } = await site.open("/lab?fault=burst");
    const { told, counted, fact, verdict, status } = await provoke(page, "burst", "calls.create");
    assert.equal(told.Succeeded, "30");
    assert.equal(told.Failed, "none");
    const [sent, refused] = [Number(told["Requests sent"]), Number((told["Of them refused"] ?? "").split(" ")[0])];
    assert.equal(sent - refused, 30);
    assert.ok(refused >= 1, told["Of them refused"]);
    assert.equal(counted.Received, `${sent} requests by the sandbox`);
    assert.equal(fact, "30 calls placed");
    assert.equal(site.sandbox.ledger().callsPlaced, 30);
    assert.equal(verdict, "good");
    assert.match(status, /^30 of 30 succeeded/);
    assert.equal(await page.getByRole("list", { name: "What became of each request" }).locator("> li").count(), 30);
    // What cannot be done thirty times at once is not offered with it.
    assert.equal(await page.getByLabel("Operation").locator("option[value='numbers.buy']").isDisabled(), true);
    await close();
  },
);

test("a call that goes on and a view that polls neither meet the fault nor count in its ledger", LIMIT, async () => {
  const { page, close } = await site.open("/");
  const agent = await site.client.agents.create({ name: "Talker" });
  await site.client.numbers.buy({ agentId: agent.id });
  await site.client.calls.create({ agentId: agent.id, toNumber: "+15005550005" });
  await page.getByRole("link", { name: "(500) 555-0005" }).first().waitFor();
  await page.getByRole("link", { name: "Fault lab" }).first().click();
  // The overview reads the calls every two seconds; this run takes four.
  const { told, counted, verdict } = await provoke(page, "429-retry-after", "calls.list");
  assert.equal(told.Attempts, "3");
  assert.equal(counted.Sent, "3 requests by the client");
  assert.equal(counted.Received, "3 requests by the sandbox");
  assert.equal(verdict, "good");
  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByText("Nothing has gone wrong.").waitFor();
  await close();
});

test("the address holds the choice, and a wrong one is as usual", LIMIT, async () => {
  const { page, close } = await site.open(
    "/lab?operation=messages.send&fault=INSUFFICIENT_BALANCE&hits=first&retries=0&timeout=5000&abort=9000",
  );
  const values = async () =>
    page
      .locator("select, input:not([type=search])")
      .evaluateAll((all) => all.map((e) => /** @type {HTMLInputElement} */ (e).value));
  assert.deepEqual(await values(), ["messages.send", "INSUFFICIENT_BALANCE", "first", "0", "5000", "9000"]);
  await page.getByLabel("What goes wrong").selectOption("503");
  assert.match(page.url(), /fault=503/);
  await page.reload();
  await page.waitForSelector("main h1");
  assert.equal(await page.getByLabel("What goes wrong").inputValue(), "503");
  await page.goto(`${site.url}/#/lab?operation=nothing&fault=%3Cb%3E&retries=-1&timeout=soon`);
  await page.waitForFunction(() => document.querySelector("select")?.value === "calls.create");
  assert.deepEqual((await values()).slice(0, 4), ["calls.create", "cut-before-headers", "every", "2"]);
  await close();
});

test("retries, timeout and abort are the client's, and an abort in mid-flight is told as unknown", LIMIT, async () => {
  const { page, close } = await site.open("/lab?fault=503-retry-after&retries=0");
  await page.getByRole("button", { name: "Run" }).click();
  assert.equal((await finished(page)).told.Attempts, "1");
  await page.goto(`${site.url}/#/lab?fault=stall-headers&timeout=30000&abort=300`);
  await page.getByText("and then nothing comes").waitFor();
  await page.getByRole("button", { name: "Run" }).click();
  await page.getByText("ABORTED after").waitFor();
  const { told, fact, verdict } = await finished(page);
  assert.equal(told.Code, "ABORTED");
  assert.match(told["Outcome unknown"] ?? "", UNKNOWN);
  assert.equal(fact, "1 call placed");
  assert.equal(verdict, "unsure");
  await close();
});

test("Stop ends a run that would be long, and its fault with it", LIMIT, async () => {
  const { page, close } = await site.open("/lab?fault=stall-headers&timeout=60000");
  await page.getByRole("button", { name: "Run" }).click();
  await page.getByText("sent, no answer yet").waitFor();
  await page.getByRole("button", { name: "Stop" }).click();
  assert.equal((await finished(page)).told.Code, "ABORTED");
  assert.deepEqual(site.sandbox.faults.list(), []);
  await close();
});

test("whoever leaves in mid-run leaves no fault behind, and the console reads on", LIMIT, async () => {
  const { page, close } = await site.open("/lab?fault=stall-headers&operation=calls.list&timeout=60000");
  await page.getByRole("button", { name: "Run" }).click();
  await page.getByText("sent, no answer yet").waitFor();
  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByText("No call yet.").waitFor();
  assert.deepEqual(site.sandbox.faults.list(), []);
  const before = received("calls.list");
  await eventually(async () => received("calls.list") >= before + 2);
  await close();
});

test("one fault from start to end with the keyboard alone", LIMIT, async () => {
  const { page, close } = await site.open("/lab");
  /** @param {() => Promise<boolean>} there */
  const tabTo = async (there) => {
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press("Tab");
      const outline = await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle);
      assert.notEqual(outline, "none", "the focus cannot be seen");
      if (await there()) return;
    }
    assert.fail("cannot be reached with the Tab key");
  };
  const focused = (/** @type {import("playwright-core").Locator} */ what) => () =>
    what.evaluate((e) => e === document.activeElement);
  const run = page.getByRole("button", { name: "Run" });
  await tabTo(focused(page.getByLabel("Operation")));
  await page.keyboard.type("messages");
  await tabTo(focused(page.getByLabel("What goes wrong")));
  await page.keyboard.type("INSUFF");
  await tabTo(focused(run));
  await page.keyboard.press("Enter");
  const { told, status } = await finished(page);
  assert.equal(told.Code, "INSUFFICIENT_BALANCE");
  assert.equal(told.Class, "InsufficientBalanceError");
  assert.equal(status, "INSUFFICIENT_BALANCE after 1 attempt. Ledger: No text sent. Outcome: correct.");
  // Whoever uses the keyboard is where they were.
  assert.equal(await focused(run)(), true);
  await close();
});

for (const [name, fault] of [
  ["a run with waits", "429-retry-after"],
  ["a crowd", "burst"],
  ["an unknown outcome", "cut-mid-body"],
]) {
  test(`${name} fits a phone and has no serious fault for who listens, light and dark`, LIMIT, async () => {
    const { page, close } = await site.open(`/lab?fault=${fault}&hits=first`, {
      viewport: { width: 340, height: 700 },
    });
    await page.getByRole("button", { name: "Run" }).click();
    await finished(page);
    assert.equal(await tooWide(page), 0);
    assert.deepEqual(await serious(page), []);
    await page.emulateMedia({ colorScheme: "dark" });
    assert.deepEqual(await serious(page), []);
    await close();
  });
}
