// What the webhook tests begin with: the shared vectors, a delivery as AgentPhone would send it, signed by
// node:crypto and not by the package, and the error of a call that must throw.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { AgentPhoneError } from "agentphone-wasm";

/**
 * The entry of the package that a test file is about. It is the main one, unless the file is imported with the name of
 * another behind a question mark, as tests/node/webhooks-alone.test.mjs does.
 * @param {string} url `import.meta.url` of the test file
 */
export const entryOf = (url) => new URL(url).search.slice(1) || "agentphone-wasm";

/** `contract/vectors/webhooks.json`. */
export const vectors = JSON.parse(
  readFileSync(new URL("../../contract/vectors/webhooks.json", import.meta.url), "utf8"),
);

/** The secret of every test endpoint. */
export const SECRET = "whsec_example_of_a_secret";
/** When the deliveries of these tests are signed, in seconds. */
export const SIGNED = 1_763_800_000;
/** The time of these tests, in milliseconds. */
export const NOW = SIGNED * 1000;
/** What someone wrote. */
export const WRITTEN = "meet me at the bridge at nine";

/** `sha256=` and the HMAC, by Node. */
export const macOf = (/** @type {string} */ secret, /** @type {string | Uint8Array} */ text) =>
  `sha256=${createHmac("sha256", secret).update(text).digest("hex")}`;

/** The event of a text. */
export const textEvent = (data = {}) => ({
  event: "agent.message",
  channel: "sms",
  timestamp: "2025-11-22T08:26:40Z",
  agentId: "agt_1",
  data: {
    messageId: "msg_1",
    from: "+14155550100",
    to: "+14155550123",
    message: WRITTEN,
    mediaUrls: [],
    direction: "inbound",
    ...data,
  },
  conversationState: null,
  recentHistory: [],
});

/** The event of a caller's turn. */
export const voiceEvent = (transcript = "Hello") => ({
  ...textEvent(),
  channel: "voice",
  data: {
    callId: "call_1",
    numberId: "num_1",
    from: "+14155550100",
    to: "+14155550123",
    status: "in-progress",
    transcript,
    confidence: 0.9,
  },
});

/** A delivery: its body, and headers as Node's server gives them. */
export const deliver = (event = textEvent(), { id = "del_1", at = SIGNED, secret = SECRET } = {}) => {
  const body = JSON.stringify(event);
  const headers = {
    "content-type": "application/json",
    "x-webhook-signature": macOf(secret, `${at}.${body}`),
    "x-webhook-timestamp": `${at}`,
    "x-webhook-id": id,
    "x-webhook-event": event.event,
  };
  return { body, headers };
};

/** What a call throws; fails the test if it throws nothing, or something foreign. @param {() => unknown} call */
export const thrownBy = (call) => {
  let value;
  try {
    value = call();
  } catch (error) {
    assert.ok(
      error instanceof AgentPhoneError,
      `threw no AgentPhoneError: ${error instanceof Error ? error.stack : error}`,
    );
    return error;
  }
  return assert.fail(`returned ${JSON.stringify(value)}`);
};
