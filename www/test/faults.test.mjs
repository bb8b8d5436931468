// @ts-check
// Every entry of the error panel, against what the API documents and the ledger says. The table is
// written down here a second time on purpose: a mistake in the page's own cannot hide in it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { provoke, start } from "./browser.mjs";

const UNKNOWN = /^yes, it may have happened: look before you repeat it$/;
const SURE = /^no, /;

/**
 * What calls.create comes to: code, class, HTTP status, attempts, calls placed, and whether the
 * client must say that it does not know.
 * @type {Record<string, [code: string, name: string, status: number | null, attempts: number, placed: number, unknown: boolean]>}
 */
const CALLS_CREATE = {
  VALIDATION_ERROR: ["VALIDATION_ERROR", "ValidationError", 400, 1, 0, false],
  VALIDATION_ERROR_NUMBER_LIMIT: ["VALIDATION_ERROR_NUMBER_LIMIT", "NumberLimitError", 400, 1, 0, false],
  INSUFFICIENT_BALANCE: ["INSUFFICIENT_BALANCE", "InsufficientBalanceError", 402, 1, 0, false],
  PHONE_NUMBER_NOT_FOUND: ["PHONE_NUMBER_NOT_FOUND", "PhoneNumberNotFoundError", 404, 1, 0, false],
  WHATSAPP_NOT_ENABLED: ["WHATSAPP_NOT_ENABLED", "PermissionDeniedError", 403, 1, 0, false],
  INBOUND_ONLY: ["INBOUND_ONLY", "PermissionDeniedError", 400, 1, 0, false],
  DELIVERY_UNCONFIRMED: ["DELIVERY_UNCONFIRMED", "DeliveryUnconfirmedError", 409, 1, 1, true],
  CARRIER_ERROR: ["CARRIER_ERROR", "CarrierError", 502, 3, 0, false],
  RATE_LIMIT_EXCEEDED: ["RATE_LIMIT_EXCEEDED", "RateLimitError", 429, 3, 0, false],
  RATE_LIMITED: ["RATE_LIMITED", "RateLimitError", 429, 3, 0, false],
  CONVERSATION_STREAK_LIMIT: ["CONVERSATION_STREAK_LIMIT", "MessagingLimitError", 429, 1, 0, false],
  CONVERSATION_AWAITING_REPLY: ["CONVERSATION_AWAITING_REPLY", "MessagingLimitError", 429, 1, 0, false],
  CONVERSATION_INACTIVE: ["CONVERSATION_INACTIVE", "MessagingLimitError", 429, 1, 0, false],
  OUTBOUND_LIMIT_REACHED: ["OUTBOUND_LIMIT_REACHED", "MessagingLimitError", 429, 1, 0, false],
  NEW_CONVERSATION_LIMIT_REACHED: ["NEW_CONVERSATION_LIMIT_REACHED", "MessagingLimitError", 429, 1, 0, false],
  "cut-before-effect": ["CONNECTION_ERROR", "ConnectionError", null, 1, 0, true],
  "cut-before-headers": ["CONNECTION_ERROR", "ConnectionError", null, 1, 1, true],
  "cut-mid-body": ["CONNECTION_ERROR", "ConnectionError", 200, 1, 1, true],
  "stall-headers": ["TIMEOUT", "TimeoutError", null, 1, 1, true],
  "stall-body": ["TIMEOUT", "TimeoutError", null, 1, 1, true],
  "html-200": ["INVALID_RESPONSE", "InvalidResponseError", 200, 1, 1, true],
  "empty-200": ["INVALID_RESPONSE", "InvalidResponseError", 200, 1, 1, true],
  "broken-502": ["BAD_GATEWAY", "ServerError", 502, 1, 1, true],
  503: ["SERVICE_UNAVAILABLE", "ServerError", 503, 1, 1, true],
  "503-retry-after": ["SERVICE_UNAVAILABLE", "ServerError", 503, 3, 0, false],
  "429-retry-after": ["RATE_LIMIT_EXCEEDED", "RateLimitError", 429, 3, 0, false],
};

/** @type {Record<string, string>} What the API asked to wait for. */
const RETRY_AFTER = { "503-retry-after": "1 s", "429-retry-after": "2 s" };

/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start();
});
after(() => site?.close());

test("every error tells the truth about a call, and none places a second one", { timeout: 60_000 }, async (t) => {
  const { page, close } = await site.open();
  const offered = await page.locator("#fault-choice option").evaluateAll((all) => all.map((o) => o.getAttribute("value")));
  assert.deepEqual([...offered].sort(), Object.keys(CALLS_CREATE).sort());

  for (const [fault, [code, name, status, attempts, placed, unknown]] of Object.entries(CALLS_CREATE)) {
    await t.test(fault, async () => {
      const earlier = await site.ledger();
      const seen = await provoke(page, fault, "calls.create");
      const ledger = await site.ledger();
      assert.equal(seen.told["Code"], code);
      assert.equal(seen.told["Class"], name);
      assert.equal(seen.told["HTTP status"], status === null ? "none: no answer came" : String(status));
      assert.equal(seen.told["Retry after"], RETRY_AFTER[fault] ?? "not said");
      assert.match(seen.told["Outcome unknown"] ?? "", unknown ? UNKNOWN : SURE);
      if (unknown) assert.match(seen.told["Retryable"] ?? "", /^no, /);
      assert.equal(seen.told["Attempts"], String(attempts));
      assert.equal(seen.attempts.length, attempts);
      assert.ok(seen.attempts.every((came) => came.includes(code)), seen.attempts.join("; "));
      assert.equal(seen.waits.length, attempts - 1);
      assert.ok(seen.waits.every((wait) => wait.startsWith("waited ")), seen.waits.join("; "));

      assert.equal(ledger.callsPlaced - earlier.callsPlaced, placed);
      const received = (/** @type {any} */ l) => l.byOperation["calls.create"]?.received ?? 0;
      assert.equal(received(ledger) - received(earlier), attempts);
      assert.equal(seen.fact, placed === 1 ? "1 call placed" : "No call placed");
      assert.equal(seen.verdict, unknown ? "unsure" : "good");
      assert.deepEqual(await site.faults(), [], "the fault outlives its run");
    });
  }
  await close();
});

test("what Retry-After asks for is waited for, and then it happens once", { timeout: 30_000 }, async () => {
  const { page, close } = await site.open();
  const { told, waits } = await provoke(page, "429-retry-after", "messages.send", "first");
  assert.equal(told["Result"], "Success");
  assert.equal(told["Attempts"], "2");
  const waited = Number((waits[0] ?? "").replaceAll(/\D/g, ""));
  assert.ok(waited >= 1950, `waited ${waited} ms`);
  assert.equal((await site.ledger()).textsSent, 1);
  await close();
});

test("a read and an idempotent operation are tried again, an effect is not", { timeout: 30_000 }, async (t) => {
  const { page, close } = await site.open();
  /** @type {[operation: string, hits: "every" | "first", end: string, attempts: string, fact: RegExp][]} */
  const cases = [
    ["calls.list", "first", "Success", "2", /^List read 2 times$/],
    ["calls.list", "every", "CONNECTION_ERROR", "3", /^List read 3 times$/],
    ["numbers.release", "first", "Success", "2", /^1 number released, by 2 requests$/],
    ["messages.send", "first", "CONNECTION_ERROR", "1", /^1 text sent$/],
    ["calls.create", "first", "CONNECTION_ERROR", "1", /^1 call placed$/],
  ];
  for (const [operation, hits, end, attempts, fact] of cases) {
    await t.test(`${operation}, answer lost: ${hits}`, async () => {
      const { told, fact: said } = await provoke(page, "cut-mid-body", operation, hits);
      assert.equal(told["Result"] ?? told["Code"], end);
      assert.equal(told["Attempts"], attempts);
      assert.match(said, fact);
      if (end !== "Success") {
        const effect = operation !== "calls.list";
        assert.match(told["Outcome unknown"] ?? "", effect ? UNKNOWN : SURE);
      }
    });
  }
  await close();
});

test("a text that could not be confirmed is not sent again", { timeout: 30_000 }, async () => {
  const { page, close } = await site.open();
  const { told, verdict } = await provoke(page, "DELIVERY_UNCONFIRMED", "messages.send");
  assert.equal(told["Class"], "DeliveryUnconfirmedError");
  assert.match(told["Outcome unknown"] ?? "", UNKNOWN);
  assert.equal(told["Attempts"], "1");
  assert.equal(verdict, "unsure");
  assert.equal((await site.ledger()).textsSent, 1);
  await close();
});
