// Webhook deliveries, genuine and changed, against a judge of our own: HMAC-SHA256 of node:crypto and the documented rules.
// What is genuine verifies, in whatever form a server has its body and headers; what is not, never does.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { WebhookVerificationError, webhooks } from "agentphone-wasm";
import { search } from "./chance.mjs";

/** @import { Foreign } from "../support/foreign.js" */

export const name = "webhook-deliveries";

const NOW = 1_763_800_000_000;
const TOLERANCE = 300;
const trim = (/** @type {string} */ text) => text.replace(/^[ \t\n\f\r]+|[ \t\n\f\r]+$/g, "");

/** True where the body is an object in JSON, as the decoder of the platform reads it. */
const isEvent = (/** @type {AllowSharedBufferSource} */ bytes) => {
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
};

/** Whether the delivery is genuine and recent, by the rules of the API. */
const genuine = (/** @type {Foreign} */ { bytes, signature, timestamp, secrets, bodyAlone }) => {
  const at = trim(timestamp);
  if (!bodyAlone) {
    if (!/^\d+(\.\d+)?$/.test(at)) return false;
    // A delivery signed between two milliseconds counts as signed at the later one.
    if (Math.abs(NOW - Math.ceil(Number(at) * 1000)) > TOLERANCE * 1000) return false;
  }
  const given = signature
    .split(",")
    .map(trim)
    .filter((/** @type {string} */ one) => /^sha256=[0-9a-fA-F]{64}$/.test(one));
  const digests = secrets.map((/** @type {import("crypto").BinaryLike | import("crypto").KeyObject} */ secret) =>
    createHmac("sha256", secret)
      .update(bodyAlone ? "" : `${at}.`)
      .update(bytes)
      .digest("hex"),
  );
  return given.some((/** @type {string} */ one) => digests.includes(one.slice(7).toLowerCase()));
};

const FORMS = {
  body: [
    (/** @type {Uint8Array} */ bytes) => bytes,
    (/** @type {Uint8Array} */ bytes) => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
    (/** @type {Uint8Array} */ bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length),
    (/** @type {Uint8Array} */ bytes) => Buffer.from(bytes),
  ],
  headers: [
    (/** @type {Foreign} */ entries) => Object.fromEntries(entries),
    (/** @type {Foreign} */ entries) =>
      Object.fromEntries(entries.map((/** @type {Foreign} */ [name, value]) => [name.toUpperCase(), value])),
    (/** @type {Foreign} */ entries) => new Map(entries),
    (/** @type {Foreign} */ entries) => entries,
    (/** @type {Foreign} */ entries) => ({
      get: (/** @type {string} */ name) =>
        entries.find((/** @type {Foreign} */ [known]) => known === name)?.[1] ?? null,
    }),
    (/** @type {Foreign} */ entries) =>
      Object.fromEntries(entries.map((/** @type {Foreign} */ [name, value]) => [name, [value]])),
  ],
};

/**
 * Fails where the client's word on a delivery is another than the judge's.
 * `body` is base64; `forms` say how body and headers are handed over.
 */
export const check = (/** @type {Foreign} */ { body, signature, timestamp, secrets, bodyAlone, forms }) => {
  const bytes = Uint8Array.from(Buffer.from(body, "base64"));
  const entries = [
    ["x-webhook-signature", signature],
    ["x-webhook-timestamp", timestamp],
    ["x-webhook-id", "del_1"],
  ];
  const given = {
    body: FORMS.body[forms.body](bytes),
    headers: FORMS.headers[forms.headers](entries),
    secret: secrets.length === 1 ? secrets[0] : secrets,
    now: NOW,
    tolerance: TOLERANCE,
    scheme: bodyAlone ? "body" : "v1",
  };
  const wanted = genuine({ bytes, signature, timestamp, secrets, bodyAlone });
  let event;
  let error;
  try {
    event = webhooks.verify(/** @type {import("agentphone-wasm").VerifyOptions} */ (given));
  } catch (thrown) {
    error = thrown;
  }
  if (wanted && isEvent(bytes)) {
    assert.equal(error, undefined);
    assert.equal(event?.delivery.id, "del_1");
  } else {
    assert.ok(
      error instanceof WebhookVerificationError,
      `${wanted ? "no event" : "not genuine"}, but ${error ?? "verified"}`,
    );
    if (wanted) assert.equal(error.reason, "not_an_event");
    for (const secret of secrets) assert.ok(!error.message.includes(secret), "the message shows the secret");
  }
};

const make = (/** @type {Foreign} */ { below, pick, chance, times, text, json, mutated }) => {
  const secretOf = () =>
    `whsec_${Array.from({ length: 4 + below(60) }, () => pick("ABCDEFGHijklmnop0123456789+/=-_é漢")).join("")}`;
  const [secret, ...more] = [secretOf(), ...times(2, secretOf)];
  const event = chance(0.85)
    ? {
        event: "agent.message",
        channel: pick(["sms", "voice", "imessage"]),
        timestamp: "2025-11-22T08:26:40Z",
        data: json(),
        recentHistory: [],
      }
    : json();
  let body = new TextEncoder().encode(JSON.stringify(event) + (chance(0.1) ? text() : ""));
  // Longer than the module's buffer, so that it is signed in pieces.
  if (chance(0.05))
    body = new TextEncoder().encode(JSON.stringify({ ...event, filler: "x".repeat(16_000 + below(40_000)) }));
  const seconds = NOW / 1000 + (chance(0.8) ? below(2 * TOLERANCE + 1) - TOLERANCE : below(10 ** 6) - 5 * 10 ** 5);
  let timestamp = `${seconds}${chance(0.1) ? `.${below(10_000)}` : ""}`;
  const bodyAlone = chance(0.15);
  const signed = createHmac("sha256", secret)
    .update(bodyAlone ? "" : `${timestamp}.`)
    .update(body)
    .digest("hex");
  let signature = `sha256=${signed}`;
  if (chance(0.1)) signature = signature.replace(signed, signed.toUpperCase());
  if (chance(0.1))
    signature = pick([
      `sha256=${"0".repeat(64)}, ${signature}`,
      `${signature},${signature}`,
      ` ${signature} `,
      `${signature}, junk`,
    ]);
  const spoil = (/** @type {string} */ value) =>
    Array.from(mutated(new TextEncoder().encode(value)), (byte) => String.fromCharCode(32 + (byte % 95))).join("");
  const secrets = chance(0.5)
    ? [secret]
    : pick([[secret, ...more], [...more, secret], more.length > 0 ? more : [secret]]);
  // Half of them are left as they were signed.
  if (chance(0.5)) {
    pick([
      () => (body = mutated(body)),
      () => (signature = spoil(signature)),
      () => (timestamp = spoil(timestamp)),
      () => (signature = signature.replace(/[0-9a-f]/, "")),
      () => (timestamp = `${Number(timestamp) + 1}`),
      // Bytes moved over the border between timestamp and body.
      () =>
        ([timestamp, body] = [
          timestamp.slice(0, -1),
          Uint8Array.from([...Buffer.from(`${timestamp.slice(-1)}.`), ...body]),
        ]),
      () => (secrets[0] = `${secrets[0]}x`),
      () =>
        (signature = pick(["", "sha256=", "sha1=abc", signature.slice(7), signature.slice(0, 40), `${signature}00`])),
      () => (timestamp = pick(["", "0", "-1", "1e9", "NaN", `${timestamp},${timestamp}`, `0x${timestamp}`])),
    ])();
  }
  return {
    body: Buffer.from(body).toString("base64"),
    signature,
    timestamp,
    secrets,
    bodyAlone,
    forms: { body: below(FORMS.body.length), headers: below(FORMS.headers.length) },
  };
};

export const run = (/** @type {{ seed: number, seconds: number, random: () => number }} */ given) =>
  search(given, make, check);
