// What an error answer says is read in whatever shape it comes, and what a failure is called follows from it. By
// itself, without a client; errors.test.mjs drives the cases of the contract through the real stack.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { AgentPhone } from "agentphone-wasm";
import { CODES, codeOfStatus, ofStatus, TWILIO } from "../../src/js/errors/catalogue.js";
import { readRefusal } from "../../src/js/errors/error-body.js";
import { failureOf, KEY } from "../support/client.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const messageOf = (/** @type {unknown} */ body) => readRefusal(JSON.stringify(body)).message;

/** The error of a client to whom the API answers like this. */
const errorOf = (
  /** @type {number} */ status,
  /** @type {unknown} */ body,
  call = (/** @type {Foreign} */ client) =>
    client.messages.send({ agent_id: "agt_1", to_number: "+14155550100", body: "RATE_LIMITED" }),
  headers = {},
) =>
  failureOf(
    call(
      new AgentPhone({
        apiKey: KEY,
        logLevel: "off",
        maxRetries: 0,
        fetch: async () => new Response(JSON.stringify(body), { status, headers }),
      }),
    ),
  );

test("a body of a surprising type is read without losing what it says", () => {
  for (const [body, message] of [
    [{ error: "plain" }, "plain"],
    ["text", "text"],
    [{ detail: { message: "inside" } }, "inside"],
    [{ detail: { error: { message: "deep", code: "X" } } }, "deep"],
    [{ detail: null, message: "m" }, "m"],
    [{ error: null, detail: "d" }, "d"],
    [{ error: "e", detail: { message: "d" } }, "e"],
    [{ message: " ", detail: "", msg: "said" }, ""],
    [{ message: " ", msg: "said" }, "said"],
    [[1, 2], ""],
    [null, ""],
    [{ error: { message: 7, code: 9, details: "no" } }, ""],
  ]) {
    assert.equal(messageOf(body), message, JSON.stringify(body));
  }
});

test("a code beside a short form is kept, and is no word of the envelope's", () => {
  const said = readRefusal('{"detail":"x","code":"DELIVERY_UNCONFIRMED"}');
  assert.deepEqual([said.code, said.envelope], ["DELIVERY_UNCONFIRMED", false]);
  assert.equal(readRefusal('{"error":{"code":"X"}}').envelope, true);
});

test("the place of a fault is told whether its parts are names or numbers", () => {
  const { details, message } = readRefusal(
    '{"detail":[{"loc":["body","items",0,null],"msg":"m","type":"t"},{"msg":"alone"},"text",{"loc":["x"]}]}',
  );
  assert.deepEqual(details, [
    { field: "body.items.0", message: "m", type: "t" },
    { field: "", message: "alone", type: "" },
    { field: "", message: "text", type: "" },
    { field: "x", message: "", type: "" },
  ]);
  assert.equal(message, "body.items.0: m; alone; text");
});

test("a page gives its title and never its markup", () => {
  const page = "<!doctype html><html><head><TITLE>502\n Bad Gateway</TITLE></head><body>x</body></html>";
  assert.equal(readRefusal(page).message, "502\n Bad Gateway");
  assert.equal(readRefusal("<html>no title").message, "");
  assert.equal(readRefusal("error code: 1010").message, "error code: 1010");
  assert.equal(readRefusal('{"broken').message, "");
  assert.equal(readRefusal("x".repeat(1_000_000)).message.length, 8_000);
});

test("each code of the API's has advice, and only what explains itself has none", () => {
  const silent = ["CONFIGURATION_ERROR", "INVALID_ARGUMENT", "ABORTED", "WEBHOOK_SIGNATURE_INVALID"];
  for (const [code, [, advice]] of CODES) assert.equal(advice === "", silent.includes(code), code);
});

test("a code that the retry decision knows is in the catalogue", () => {
  const rust = readFileSync(new URL("../../src/core/catalogue.rs", import.meta.url), "utf8");
  const known = [...rust.matchAll(/"([A-Z_]{4,})"/g)].map(([, code]) => code);
  assert.ok(known.length > 15, `${known}`);
  for (const code of known) assert.ok(CODES.has(code) || code === TWILIO, code);
});

test("a status without a code still gets one whose class fits", () => {
  for (let status = 100; status < 600; status += 1) {
    const code = codeOfStatus(status);
    const known = CODES.get(code);
    if (known) assert.equal(known[0], ofStatus(status)[0], code);
    else assert.equal(code, `HTTP_${status}`);
  }
});

test("a code that equals what was sent is still a code", async () => {
  const error = await errorOf(429, { error: { message: "x", code: "RATE_LIMITED" } });
  assert.deepEqual([error.code, error.name], ["RATE_LIMITED", "RateLimitError"]);
});

test("a code that nobody knows and that holds what was sent is redacted", async () => {
  const error = await errorOf(400, { error: { message: "x", code: "BAD_+14155550100", type: "of_+14155550100" } });
  assert.deepEqual([error.code, error.type], ["BAD_[redacted]", "of_[redacted]"]);
});

test("a code of which nothing can be shown gives way to that of the status", async () => {
  for (const code of [
    "\u200b\u202e",
    "\u0007\u0000",
    " \ufeff ",
    "\u3164",
    "…",
    KEY,
    "+14155550100",
    KEY.toUpperCase(),
  ]) {
    const error = await errorOf(422, { error: { message: "no", code, type: code } });
    assert.deepEqual(
      [error.code, error.type, error.name],
      ["UNPROCESSABLE_ENTITY", "validation_error", "ValidationError"],
      JSON.stringify(code),
    );
  }
  const kept = await errorOf(422, { error: { message: "no", code: "ODD\u200b_ONE", type: "odd\u202e" } });
  assert.deepEqual([kept.code, kept.type], ["ODD_ONE", "odd"]);
});

test("nothing unseen and nothing that turns the direction stays in a message, a detail or a request id", async () => {
  const error = await errorOf(422, {
    error: {
      message: "a\u202eb\u2066 \u200bc",
      code: "X",
      details: [{ field: "f\u200d", message: "m\u00ad\u{e0001}", type: "\u2060t" }],
    },
  });
  assert.match(error.message, /: ab c: f: m \(X/);
  assert.deepEqual(error.details, [{ field: "f", message: "m", type: "t" }]);
});

test("values of headers and the sub-account's id do not come back in an error", async () => {
  const options = {
    headers: { "x-team": "hospital-north", authorization: "Basic QWRhOkxvdmVsYWNl" },
    subAccount: "sub_4711ab",
  };
  const client = (/** @type {string} */ said) =>
    new AgentPhone({
      apiKey: KEY,
      logLevel: "off",
      maxRetries: 0,
      fetch: async () => new Response(JSON.stringify({ detail: said }), { status: 403 }),
      ...options,
    });
  const { message } = await failureOf(client("team Hospital-North of sub_4711ab with QWRhOkxvdmVsYWNl").calls.get("c"));
  assert.match(message, /team \[redacted\] of \[redacted\] with \[redacted\] /);
});

test("a key that a request brought with it is taken out, fixed or supplied", async () => {
  const own = "sk_live_0wnK3yOfThisTenant";
  for (const apiKey of [own, () => own, async () => own]) {
    const call = (/** @type {import("agentphone-wasm").AgentPhone} */ client) => client.calls.get("c", { apiKey });
    const { message } = await errorOf(403, { detail: `no such key: ${own.slice(8).toLowerCase()}` }, call);
    assert.match(message, /no such key: \[redacted\] /);
  }
});

test("an answer of any size and depth is told in a message, and its first hundred details", async () => {
  for (const body of [
    { detail: "1!".repeat(2_000_000) },
    {
      detail: Array.from({ length: 50_000 }, () => ({
        loc: Array(50).fill(1e20),
        msg: "+14155550100 ".repeat(9),
        type: "t",
      })),
    },
  ]) {
    const error = await errorOf(400, body, (client) =>
      client.contacts.create({ name: "1!", phoneNumber: "+14155550100" }),
    );
    assert.ok(
      error.message.length < 600 && !error.message.includes("1!") && !error.message.includes("0100"),
      error.message,
    );
    assert.ok(error.details.length <= 100 && JSON.stringify(error).length < 100_000);
  }
});

test("no number and no text of the caller stands in a message, a detail or a request id", async () => {
  const body = {
    detail: [
      { loc: ["body", "to_number"], msg: "+1 (415) 555-0100 is not valid", type: "value_error" },
      { loc: ["body", "body"], msg: "cannot send secret plan", type: "value_error" },
    ],
  };
  const send = (/** @type {import("agentphone-wasm").AgentPhone} */ client) =>
    client.messages.send({ agent_id: "agt_1", to_number: "+14155550100", body: "secret plan" });
  const error = await errorOf(422, body, send, { "x-request-id": `req ${KEY} +14155550100` });
  const all = JSON.stringify(error);
  assert.ok(!all.includes("0100") && !all.includes("secret plan") && !all.includes(KEY), all);
  assert.equal(error.details[0].field, "body.to_number");
  assert.match(error.requestId ?? "", /^req \[redacted\]/);
});

test("the advice points at nothing that is not there", async () => {
  assert.match((await errorOf(429, {})).message, /Try again later/);
  assert.match(
    (await errorOf(429, {}, undefined, { "retry-after": "70" })).message,
    /Wait for 70 seconds, then try again\./,
  );
  assert.match(
    (await errorOf(422, { error: { message: "no", code: "VALIDATION_ERROR", details: [] } })).message,
    /Correct the request\./,
  );
  const unsure = await errorOf(500, { error: { message: "down!.. " } });
  assert.equal(
    unsure.message,
    "messages.send: down (INTERNAL_SERVER_ERROR, HTTP 500). It may have happened anyway: check before you repeat it.",
  );
});

test("the advice says what the API's own page of errors says: the least credit for a number, and how many there can be", async () => {
  const told = async (/** @type {number} */ status, /** @type {string} */ code) =>
    (await errorOf(status, { error: { message: "no", code } })).message;
  assert.match(await told(402, "INSUFFICIENT_BALANCE"), /Add funds .* at least \$3\.00/);
  assert.match(await told(400, "VALIDATION_ERROR_NUMBER_LIMIT"), /up to 10 numbers/);
});
