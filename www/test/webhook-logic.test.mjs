// @ts-check
// What the view of the webhooks decides, without a browser: how pasted deliveries are read, why one does not verify, and
// what a delivery is about.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { webhooks } from "agentphone-wasm/webhooks";
import { BODY_FORMS } from "../src/views/webhooks/body-forms.js";
import { asCurl, failureOf, fits, linksIn } from "../src/views/webhooks/delivery-facts.js";
import { diagnose } from "../src/views/webhooks/diagnose.js";
import { readPaste } from "../src/views/webhooks/paste.js";

const SECRET = "whsec_0123456789012345678901234567890123456789";
const NOW = Date.UTC(2026, 10, 29, 12);
const EVENT = { event: "agent.message", channel: "sms", agentId: "agent_1", data: { message: "Grüße/hi", n: [1, 2] } };
const BODY = JSON.stringify(EVENT);

/** @param {{ body?: string, secret?: string, at?: number, scheme?: "v1" | "body" }} [how] */
const signed = ({ body = BODY, secret = SECRET, at = NOW, scheme = "v1" } = {}) =>
  Object.fromEntries(
    Object.entries(webhooks.sign({ body, secret, timestamp: at / 1000, scheme })).map(([name, value]) => [
      name.toLowerCase(),
      value,
    ]),
  );

/** @param {Partial<import("../src/views/webhooks/diagnose.js").Given>} given */
function judged(given) {
  const result = diagnose(webhooks, { headers: signed(), body: BODY, secret: SECRET, now: NOW, ...given });
  return { ...result, titles: result.findings.map(({ title }) => title), text: JSON.stringify(result.findings) };
}

describe("a delivery that was pasted", () => {
  const headers = { "x-webhook-signature": "sha256=ab", "x-webhook-timestamp": "17" };

  test("is read from lines, from what curl prints, from JSON, from pairs and from Node's flat list", () => {
    for (const text of [
      "X-Webhook-Signature: sha256=ab\nX-Webhook-Timestamp: 17",
      "> X-Webhook-Signature: sha256=ab\r\n> X-Webhook-Timestamp: 17\r\n",
      "  'x-webhook-signature': 'sha256=ab',\n  \"x-webhook-timestamp\": \"17\",",
      JSON.stringify(headers),
      JSON.stringify({ headers }),
      JSON.stringify({ "X-Webhook-Signature": ["sha256=ab"], "x-webhook-timestamp": 17 }),
      JSON.stringify(Object.entries(headers)),
      JSON.stringify([
        { key: "X-Webhook-Signature", value: "sha256=ab" },
        { name: "x-webhook-timestamp", value: "17" },
      ]),
      JSON.stringify(["X-Webhook-Signature", "sha256=ab", "X-Webhook-Timestamp", "17"]),
    ])
      assert.deepEqual(readPaste(text), { headers, body: undefined }, text);
  });

  test("is read as a whole request, with the empty lines of its body", () => {
    const text = 'POST /hook HTTP/1.1\nX-Webhook-Signature: sha256=ab\nX-Webhook-Timestamp: 17\n\n{"a":\n\n1}\n';
    assert.deepEqual(readPaste(text), { headers, body: '{"a":\n\n1}\n' });
  });

  test("is read from a curl command, also from the one that the console makes", () => {
    const sent = { url: "https://example.com/it's", headers, body: `{"text":"it's"}` };
    const made = readPaste(asCurl({ ...sent, url: "https://example.com", body: '{"a":1}' }));
    assert.deepEqual(made, { headers, body: '{"a":1}' });
    assert.match(asCurl(sent), /it'\\''s/);
  });

  test("a header that came twice is joined, and an absent one stays absent", () => {
    assert.deepEqual(readPaste("A: 1\na: 2").headers, { a: "1, 2" });
    assert.deepEqual(readPaste('{"a":null}').headers, {});
    assert.deepEqual(readPaste("no header at all").headers, {});
  });
});

describe("why a delivery does not verify", () => {
  test("a genuine one is genuine, with its event", () => {
    const { genuine, findings, event } = judged({});
    assert.deepEqual([genuine, findings, event], [true, [], EVENT]);
  });

  test("a header is missing, cut, or that of another service", () => {
    const { "x-webhook-signature": signature = "", "x-webhook-timestamp": timestamp = "" } = signed();
    for (const [headers, words] of /** @type {[Record<string, string>, RegExp][]} */ ([
      [{}, /There are no headers/],
      [{ "x-webhook-timestamp": timestamp }, /X-Webhook-Signature is missing/],
      [{ "x-webhook-signature": signature }, /X-Webhook-Timestamp is missing/],
      [{ "stripe-signature": "t=1,v1=ab" }, /header of Stripe/],
      [{ ...signed(), "x-webhook-signature": signature.slice(7) }, /not the sha256= before them/],
      [{ ...signed(), "x-webhook-signature": signature.slice(0, 20) }, /13 digits instead of 64/],
      [{ ...signed(), "x-webhook-signature": "" }, /It is empty/],
      [{ ...signed(), "x-webhook-timestamp": `${NOW}` }, /in milliseconds/],
      [{ ...signed(), "x-webhook-timestamp": new Date(NOW).toISOString() }, /It is a date/],
      [{ ...signed(), "x-webhook-timestamp": "soon" }, /seconds since 1970, such as 1795953600/],
    ])) {
      const { genuine, text, event } = judged({ headers });
      assert.match(text, words);
      assert.deepEqual([genuine, event], [false, undefined], text);
    }
  });

  test("headers that a framework renamed are read, and it is said", () => {
    const { "x-webhook-signature": signature = "", "x-webhook-timestamp": timestamp = "" } = signed();
    const renamed = { http_x_webhook_signature: signature, http_x_webhook_timestamp: timestamp };
    const { genuine, titles } = judged({ headers: renamed });
    assert.equal(genuine, true);
    assert.match(titles.join(), /HTTP_X_WEBHOOK_SIGNATURE/);
  });

  test("an old one is genuine but old, one from the future says whose clock is slow", () => {
    const old = judged({ headers: signed({ at: NOW - 3 * 3_600_000 }) });
    assert.deepEqual([old.genuine, old.titles], [true, ["It was signed 3 hours ago."]]);
    const early = judged({ headers: signed({ at: NOW + 400_000 }) });
    assert.deepEqual([early.genuine, early.titles], [true, ["It was signed 6 minutes in the future."]]);
    assert.deepEqual(judged({ headers: signed({ at: NOW - 300_000 }) }).titles, []);
  });

  test("the secret is empty, in quotation marks, without its prefix, or signed without it", () => {
    assert.match(judged({ secret: " " }).text, /secret is missing/);
    for (const secret of [`"${SECRET}"`, ` ${SECRET}\n`]) {
      const { genuine, text } = judged({ secret });
      assert.equal(genuine, false);
      assert.match(text, /spaces or quotation marks/);
    }
    assert.match(judged({ secret: SECRET.slice(6) }).text, /lacks its prefix whsec_/);
    assert.match(
      judged({ headers: signed({ secret: SECRET.slice(6) }) }).text,
      /signed with the secret without whsec_/,
    );
  });

  test("the secret is that of another webhook of the account, which is named but not shown", () => {
    const named = [{ whose: "the agent Own", secret: "whsec_own" }];
    const { genuine, text } = judged({ headers: signed({ secret: "whsec_own" }), named });
    assert.equal(genuine, false);
    assert.match(text, /signed with that of the agent Own/);
    assert.equal(text.includes("whsec_own"), false);
    const without = judged({ headers: signed({ secret: "whsec_own" }), named, secret: "" });
    assert.deepEqual([without.genuine, without.titles], [true, ["It is signed with the secret of the agent Own."]]);
  });

  test("each change of a body on its way is found by undoing it", () => {
    const spaced = BODY.replaceAll('":', '": ').replaceAll(/,(?=["\d])/g, ", ");
    const escaped = BODY.replace("ü", "\\u00fc").replace("ß", "\\u00df");
    /** Sent, and what a server made of it. @type {[string, string, RegExp][]} */
    const cases = [
      [BODY, `${BODY}\n`, /Spaces or line breaks/],
      [BODY, `\ufeff${BODY}`, /Spaces or line breaks|byte order mark/],
      ['{"a":\n1}', '{"a":\r\n1}', /CRLF/],
      [BODY, Buffer.from(BODY).toString("base64"), /base64/],
      [BODY, JSON.stringify(BODY), /encoded twice/],
      [BODY, BODY.replaceAll('"', "&quot;"), /HTML entities/],
      [BODY, JSON.stringify(EVENT, null, 2), /parsed as JSON/],
      [escaped, BODY, /parsed as JSON/],
      [BODY.replaceAll("/", "\\/"), BODY, /parsed as JSON/],
      [spaced, BODY, /parsed as JSON/],
      [
        escaped.replaceAll('":', '": ').replaceAll(/,(?=["\d])/g, ", "),
        JSON.stringify(EVENT, null, 2),
        /parsed as JSON/,
      ],
    ];
    for (const [sent, received, words] of cases) {
      const { genuine, text } = judged({ headers: signed({ body: sent }), body: received });
      assert.equal(genuine, false, received);
      assert.match(text, words, received);
    }
    assert.ok(cases.length >= BODY_FORMS.length);
  });

  test("two causes at once are both told", () => {
    const { titles } = judged({ body: JSON.stringify(EVENT, null, 2), secret: SECRET.slice(6) });
    assert.equal(titles.length, 2, titles.join());
    assert.match(titles.join(), /prefix.*parsed as JSON/);
  });

  test("a signature over the body alone is the old way", () => {
    const { genuine, text } = judged({
      headers: { ...signed({ scheme: "body" }), "x-webhook-timestamp": "1795953600" },
    });
    assert.equal(genuine, false);
    assert.match(text, /old way, over the body alone/);
  });

  test("a wrong secret says what else it may be, and names the agent of the event", () => {
    const { genuine, text, event } = judged({ secret: "whsec_other" });
    assert.deepEqual([genuine, event], [false, undefined]);
    assert.match(text, /Setting a webhook issues a new secret/);
    assert.match(text, /agent_1/);
  });

  test("a body that is cut, empty or of another length is named as such", () => {
    assert.match(judged({ body: BODY.slice(0, 40) }).text, /not complete JSON/);
    assert.match(judged({ body: " " }).text, /The body is missing/);
    const cut = judged({ headers: { ...signed(), "content-length": "999" }, secret: "whsec_other" });
    assert.match(cut.text, /announced 999 bytes/);
    const exact = judged({
      headers: { ...signed(), "content-length": `${Buffer.byteLength(BODY)}` },
      secret: "whsec_x",
    });
    assert.doesNotMatch(exact.text, /announced/);
  });

  test("what is signed but no event is refused", () => {
    const { genuine, text } = judged({ headers: signed({ body: "[1]" }), body: "[1]" });
    assert.equal(genuine, false);
    assert.match(text, /not a JSON object/);
  });

  test("no finding contains the secret or a text of the body", () => {
    for (const secret of [SECRET, "whsec_wrong", SECRET.slice(6)]) {
      const { text } = judged({ secret, body: `${BODY} ` });
      assert.equal(text.includes(secret), false);
      assert.equal(text.includes("Grüße"), false);
    }
  });
});

describe("a delivery of the log", () => {
  test("fits by its event and by its failure", () => {
    const failed = { eventType: "agent.message", status: "failed" };
    const waiting = { eventType: "agent.reaction", status: "pending" };
    const good = { eventType: "agent.message", status: "success" };
    const kept = (/** @type {Parameters<typeof fits>[1]} */ wanted) =>
      [failed, waiting, good].filter((one) => fits(one, wanted));
    assert.deepEqual(kept({ status: "", event: "" }), [failed, waiting, good]);
    assert.deepEqual(kept({ status: "trouble", event: "" }), [failed, waiting]);
    assert.deepEqual(kept({ status: "failed", event: "" }), [failed]);
    assert.deepEqual(kept({ status: "trouble", event: "agent.reaction" }), [waiting]);
    assert.deepEqual(kept({ status: "", event: "agent.message" }), [failed, good]);
  });

  test("says why it failed in words, and nothing if it did not", () => {
    assert.equal(failureOf({ status: "failed", errorMessage: "ECONNREFUSED" }), "Connection refused");
    assert.equal(
      failureOf({ status: "pending", errorMessage: "No complete response within 5 s" }),
      "No complete response within 5 s",
    );
    assert.equal(failureOf({ status: "failed", httpStatus: 500, errorMessage: null }), "HTTP 500");
    assert.equal(failureOf({ status: "success", httpStatus: 200, errorMessage: "x" }), undefined);
    assert.equal(failureOf({ status: "pending" }), undefined);
  });

  test("leads to its call, its conversation and its agent, and nowhere from a body that is not JSON", () => {
    const body = JSON.stringify({ agentId: "agent_1", data: { callId: "call/1", conversationId: "conv_1" } });
    assert.deepEqual(
      linksIn(body).map(({ href }) => href),
      ["#/calls/call%2F1", "#/conversations/conv_1", "#/agents/agent_1"],
    );
    for (const other of [undefined, "", "[]", "null", '{"data":null}', "nope"]) assert.deepEqual(linksIn(other), []);
  });
});
