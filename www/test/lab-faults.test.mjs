// @ts-check
// Every fault of the lab over HTTP, against what the API documents and the ledger says. The table is written
// down here a second time on purpose: a mistake in the lab's own cannot hide in it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { start } from "./browser.mjs";
import { OF_LISTS, provoke } from "./lab-page.mjs";

const UNKNOWN = /^yes, it may have happened: look before you repeat it$/;
const SURE = /^no, /;

/**
 * What calls.create comes to: code, class, HTTP status, attempts, calls placed, and whether the client must
 * say that it does not know. No code: it succeeds.
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
  TWILIO_ERROR: ["CARRIER_ERROR", "CarrierError", 502, 3, 0, false],
  RATE_LIMIT_EXCEEDED: ["RATE_LIMIT_EXCEEDED", "RateLimitError", 429, 3, 0, false],
  RATE_LIMITED: ["RATE_LIMITED", "RateLimitError", 429, 3, 0, false],
  CONVERSATION_STREAK_LIMIT: ["CONVERSATION_STREAK_LIMIT", "MessagingLimitError", 429, 1, 0, false],
  CONVERSATION_AWAITING_REPLY: ["CONVERSATION_AWAITING_REPLY", "MessagingLimitError", 429, 1, 0, false],
  CONVERSATION_INACTIVE: ["CONVERSATION_INACTIVE", "MessagingLimitError", 429, 1, 0, false],
  OUTBOUND_LIMIT_REACHED: ["OUTBOUND_LIMIT_REACHED", "MessagingLimitError", 429, 1, 0, false],
  NEW_CONVERSATION_LIMIT_REACHED: ["NEW_CONVERSATION_LIMIT_REACHED", "MessagingLimitError", 429, 1, 0, false],
  401: ["UNAUTHORIZED", "AuthenticationError", 401, 1, 0, false],
  402: ["PAYMENT_REQUIRED", "InsufficientBalanceError", 402, 1, 0, false],
  "403-text": ["FORBIDDEN", "PermissionDeniedError", 403, 1, 0, false],
  404: ["NOT_FOUND", "NotFoundError", 404, 1, 0, false],
  408: ["HTTP_408", "ServerError", 408, 1, 0, true],
  409: ["CONFLICT", "ConflictError", 409, 1, 0, false],
  422: ["UNPROCESSABLE_ENTITY", "ValidationError", 422, 1, 0, false],
  500: ["INTERNAL_SERVER_ERROR", "ServerError", 500, 1, 0, true],
  "500-effect": ["INTERNAL_SERVER_ERROR", "ServerError", 500, 1, 1, true],
  "502-html": ["BAD_GATEWAY", "ServerError", 502, 1, 0, true],
  "broken-502": ["BAD_GATEWAY", "ServerError", 502, 1, 1, true],
  "504-effect": ["GATEWAY_TIMEOUT", "ServerError", 504, 1, 1, true],
  "cut-before-effect": ["CONNECTION_ERROR", "ConnectionError", null, 1, 0, true],
  "cut-before-headers": ["CONNECTION_ERROR", "ConnectionError", null, 1, 1, true],
  "cut-after-headers": ["CONNECTION_ERROR", "ConnectionError", 200, 1, 1, true],
  "cut-mid-body": ["CONNECTION_ERROR", "ConnectionError", 200, 1, 1, true],
  "late-effect": ["CONNECTION_ERROR", "ConnectionError", null, 1, 1, true],
  "late-504": ["GATEWAY_TIMEOUT", "ServerError", 504, 1, 1, true],
  unlisted: ["CONNECTION_ERROR", "ConnectionError", null, 1, 1, true],
  "list-lag": ["CONNECTION_ERROR", "ConnectionError", null, 1, 1, true],
  foreign: ["CONNECTION_ERROR", "ConnectionError", null, 1, 1, true],
  "foreign-only": ["CONNECTION_ERROR", "ConnectionError", null, 1, 0, true],
  "foreign-first": ["CONNECTION_ERROR", "ConnectionError", null, 1, 1, true],
  "started-at": ["", "", 200, 1, 1, false],
  "stall-headers": ["TIMEOUT", "TimeoutError", null, 1, 1, true],
  "stall-body": ["TIMEOUT", "TimeoutError", null, 1, 1, true],
  drip: ["", "", 200, 1, 1, false],
  late: ["", "", 200, 1, 1, false],
  "too-late": ["TIMEOUT", "TimeoutError", null, 1, 1, true],
  "html-200": ["INVALID_RESPONSE", "InvalidResponseError", 200, 1, 1, true],
  "empty-200": ["INVALID_RESPONSE", "InvalidResponseError", 200, 1, 1, true],
  "truncated-200": ["INVALID_RESPONSE", "InvalidResponseError", 200, 1, 1, true],
  "text-200": ["INVALID_RESPONSE", "InvalidResponseError", 200, 1, 1, true],
  "array-200": ["INVALID_RESPONSE", "InvalidResponseError", 200, 1, 1, true],
  "null-200": ["INVALID_RESPONSE", "InvalidResponseError", 200, 1, 1, true],
  503: ["SERVICE_UNAVAILABLE", "ServerError", 503, 1, 1, true],
  "503-retry-after": ["SERVICE_UNAVAILABLE", "ServerError", 503, 3, 0, false],
  429: ["HTTP_429", "RateLimitError", 429, 3, 0, false],
  "429-retry-after": ["RATE_LIMIT_EXCEEDED", "RateLimitError", 429, 3, 0, false],
  "429-hour": ["RATE_LIMIT_EXCEEDED", "RateLimitError", 429, 1, 0, false],
};

/** What somebody else does as well. */
const FOREIGN = ["foreign", "foreign-only", "foreign-first"];
/** @type {Record<string, string>} What the API asked to wait for. */
const RETRY_AFTER = { "503-retry-after": "1 s", "429-retry-after": "2 s", "429-hour": "3600 s" };

/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start();
});
after(() => site?.close());

const received = (/** @type {string} */ operation) => site.sandbox.ledger().byOperation[operation]?.received ?? 0;

test("every error tells the truth about a call, and none places a second one", { timeout: 120_000 }, async (t) => {
  const { page, close } = await site.open("/lab");
  const offered = await page
    .getByLabel("What goes wrong")
    .locator("option")
    .evaluateAll((all) => all.map((o) => o.getAttribute("value")));
  assert.deepEqual([...offered].sort(), [...Object.keys(CALLS_CREATE), ...OF_LISTS, "burst"].sort());

  for (const [fault, [code, name, status, attempts, placed, unknown]] of Object.entries(CALLS_CREATE)) {
    await t.test(fault, async () => {
      const earlier = site.sandbox.ledger();
      const before = received("calls.create");
      const seen = await provoke(page, fault, "calls.create");
      assert.notEqual(seen.verdict, "bad", seen.why);
      assert.equal(seen.told.Attempts, String(attempts));
      assert.equal(seen.attempts.length, attempts);
      assert.equal(seen.waits.length, attempts - 1);
      assert.ok(
        seen.waits.every((wait) => wait.startsWith("waited ")),
        seen.waits.join("; "),
      );
      if (code === "") {
        assert.equal(seen.told.Result, "Success");
      } else {
        assert.equal(seen.told.Code, code);
        assert.equal(seen.told.Class, name);
        assert.equal(seen.told["HTTP status"], status === null ? "none: no answer came" : String(status));
        assert.equal(seen.told["Retry after"], RETRY_AFTER[fault] ?? "not said");
        assert.match(seen.told["Outcome unknown"] ?? "", unknown ? UNKNOWN : SURE);
        if (unknown) assert.match(seen.told.Retryable ?? "", /^no, /);
        assert.ok(
          seen.attempts.every((came) => came.includes(code)),
          seen.attempts.join("; "),
        );
        assert.match(seen.stops.join(), unknown ? /not sent again, because it may have happened$/ : /given up$/);
      }
      assert.equal(site.sandbox.ledger().callsPlaced - earlier.callsPlaced, placed);
      assert.equal(received("calls.create") - before, attempts);
      assert.equal(seen.counted["By somebody else"], FOREIGN.includes(fault) ? "1 time" : undefined);
      assert.equal(seen.fact, placed === 1 ? "1 call placed" : "No call placed");
      assert.equal(seen.verdict, unknown ? "unsure" : "good");
      assert.deepEqual(site.sandbox.faults.list(), [], "the fault outlives its run");
    });
  }
  for (const fault of OF_LISTS) {
    await t.test(fault, async () => {
      const seen = await provoke(page, fault, "calls.list");
      assert.deepEqual([seen.told.Result, seen.fact, seen.verdict], ["Success", "List read 1 time", "good"]);
    });
  }
  await close();
});
