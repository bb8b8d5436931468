// @ts-check
// The page in a real browser, on a real sandbox: it loads under its policy, a call runs through it,
// and what can go wrong for a user of a keyboard, a phone or a hostile name does not.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { finished, makeCaller, provoke, reached, start } from "./browser.mjs";

const LIMIT = { timeout: 40_000 };
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start();
});
after(() => site?.close());

test("the page loads under a strict policy without a complaint", LIMIT, async () => {
  const { page, response, complaints, close } = await site.open();
  await page.waitForSelector("#list-agents .empty");
  const policy = response?.headers()["content-security-policy"] ?? "";
  assert.match(policy, /default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'/);
  assert.deepEqual(complaints, []);
  const inline = await page.locator("style, [style], script:not([src]), [onclick]").count();
  assert.equal(inline, 0);
  assert.equal(await page.isDisabled("#number-buy"), true);
  assert.equal(await page.isDisabled("#call-place"), true);
  await close();
});

test("a call runs through its states, and nothing of it is lost or shown twice", LIMIT, async () => {
  const { page, complaints, close } = await site.open();
  await makeCaller(page);
  await page.evaluate(() => {
    const state = /** @type {HTMLElement} */ (document.getElementById("call-state"));
    /** @type {(string | undefined)[]} */
    const seen = [];
    new MutationObserver(() => {
      if (seen.at(-1) !== state.dataset["status"]) seen.push(state.dataset["status"]);
      document.body.dataset["seen"] = seen.join(" ");
    }).observe(state, { attributes: true, attributeFilter: ["data-status"] });
  });
  await page.click("#call-place");
  await reached(page, "completed");
  const seen = await page.evaluate(() => document.body.dataset["seen"]);
  // "queued" lasts so short a time that a slow machine may miss it.
  assert.match(seen ?? "", /^(queued )?ringing in-progress completed$/);
  assert.match((await page.textContent("#call-state")) ?? "", /^Completed, 6 seconds of talk$/);
  assert.equal(await page.locator("#call-log li").count(), 8);
  assert.equal(await page.isVisible("#call-end"), false);

  await page.waitForFunction(() => document.getElementById("list-calls")?.textContent?.includes("Completed"));
  const ledger = await site.ledger();
  assert.equal(ledger.callsPlaced, 1);
  assert.equal(ledger.numbersBought, 1);
  assert.equal(await page.textContent("#count-calls"), "1");
  assert.equal(await page.textContent("#count-numbers"), "1");
  assert.equal(await page.textContent("#count-spent"), `$${(ledger.moneySpentCents / 100).toFixed(2)}`);
  assert.deepEqual(complaints, []);
  await close();
});

test("End call ends the call", LIMIT, async () => {
  const { page, close } = await site.open();
  await makeCaller(page);
  await page.click("#call-place");
  await reached(page, "in-progress");
  await page.click("#call-end");
  await reached(page, "completed");
  const text = (await page.textContent("#call-state")) ?? "";
  assert.ok(Number(/, (\d+) second/.exec(text)?.[1]) < 6, text);
  assert.ok((await page.locator("#call-log li").count()) < 8);
  assert.equal((await site.ledger()).byOperation["calls.end"].performed, 1);
  await close();
});

test("a refusal is shown by its code with what to do, and no call is placed", LIMIT, async () => {
  const { page, close } = await site.open();
  await makeCaller(page);
  await page.fill("#call-to", "911");
  await page.click("#call-place");
  const problem = (await page.textContent("#call-problem .problem")) ?? "";
  assert.match(problem, /^INVALID_ARGUMENT/);
  assert.match(problem, /toNumber must be a phone number in E.164 form/);
  assert.equal((await site.ledger()).callsPlaced, 0);
  // The next try takes the old problem away.
  await page.fill("#call-to", "+14155550100");
  await page.click("#call-place");
  await page.waitForSelector("#call-state[data-status]");
  assert.equal(await page.textContent("#call-problem"), "");
  await close();
});

test("a name made of markup stays text", LIMIT, async () => {
  const { page, complaints, close } = await site.open();
  const name = "<img src=x onerror=alert(1)><b>Bob</b>";
  await page.fill("#agent-name", name);
  await page.click("#agent-create");
  await page.waitForSelector("#number-buy:enabled");
  assert.equal(await page.textContent("#list-agents strong"), name);
  assert.equal(await page.textContent("#number-agent option"), name);
  assert.equal(await page.locator("img, b").count(), 0);
  assert.deepEqual(complaints, []);
  await close();
});

test("a call that goes on neither meets a fault nor counts in its ledger", LIMIT, async () => {
  const { page, close } = await site.open();
  await makeCaller(page);
  await page.click("#call-place");
  await reached(page, "ringing");
  // The lists are read again every second and a half while a call goes on; this run takes four.
  const { told } = await provoke(page, "429-retry-after", "calls.list");
  assert.equal(told["Attempts"], "3");
  const text = (await page.textContent("#fault-truth .muted")) ?? "";
  assert.equal(text, "3 requests received, 3 sent by the client");
  assert.equal(await page.textContent("#page-problem"), "");
  await close();
});

test("one error from start to end with the keyboard alone", LIMIT, async () => {
  const { page, close } = await site.open();
  await page.waitForSelector("#list-agents .empty");
  /** @param {string} id */
  const tabTo = async (id) => {
    for (let i = 0; i < 30; i++) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate(() => ({
        id: document.activeElement?.id,
        outline: getComputedStyle(document.activeElement ?? document.body).outlineStyle,
      }));
      assert.notEqual(at.outline, "none", `the focus on ${at.id} cannot be seen`);
      if (at.id === id) return;
    }
    assert.fail(`${id} cannot be reached with the Tab key`);
  };
  await tabTo("fault-choice");
  await page.keyboard.type("INSUFF");
  await tabTo("fault-operation");
  await page.keyboard.type("messages");
  await tabTo("fault-run");
  await page.keyboard.press("Enter");
  const { told, status } = await finished(page);
  assert.equal(told["Code"], "INSUFFICIENT_BALANCE");
  assert.equal(told["Class"], "InsufficientBalanceError");
  assert.equal(status, "INSUFFICIENT_BALANCE after 1 attempt. Ledger: No text sent.");
  // Whoever uses the keyboard is where they were.
  assert.equal(await page.evaluate(() => document.activeElement?.id), "fault-run");
  await close();
});

test("every control has a name, and every place for news is announced", LIMIT, async () => {
  const { page, close } = await site.open();
  const nameless = await page.evaluate(() =>
    [...document.querySelectorAll("input, select, button")]
      .filter((e) => (e.matches("button") ? !e.textContent?.trim() : !(/** @type {HTMLInputElement} */ (e).labels?.length)))
      .map((e) => e.outerHTML),
  );
  assert.deepEqual(nameless, []);
  const silent = await page.evaluate(() =>
    [...document.querySelectorAll("[id$='-problem'], #fault-status, #call-state, #call-log")]
      .filter((e) => !e.matches("[role='alert'], [role='status'], [role='log'], [aria-live]"))
      .map((e) => e.id),
  );
  assert.deepEqual(silent, []);
  await close();
});

test("nothing sticks out on a narrow phone", LIMIT, async () => {
  const { page, close } = await site.open({ viewport: { width: 340, height: 700 } });
  await makeCaller(page);
  await provoke(page, "CONVERSATION_AWAITING_REPLY", "messages.send");
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 340);
  await close();
});

test("Start over empties the account and the ledger", LIMIT, async () => {
  const { page, close } = await site.open();
  await makeCaller(page);
  assert.equal(await page.textContent("#count-numbers"), "1");
  await page.click("#start-over");
  await page.waitForSelector("#list-numbers .empty");
  assert.equal(await page.textContent("#count-numbers"), "0");
  assert.equal(await page.isDisabled("#call-place"), true);
  await close();
});

test("a page without a sandbox says how to start one", LIMIT, async () => {
  const { page, close } = await site.open({}, (p) => p.route("**/__sandbox/**", (route) => route.abort()));
  const text = await page.textContent("#page-problem .problem");
  assert.match(text ?? "", /npm start/);
  await close();
});
