// A delivery of 2 kB, signed for this package and for standardwebhooks. webhooks.mjs verifies it in Node,
// chromium-parts.mjs in a page.

const SECRET = "whsec_a_secret_of_the_usual_length_1";
const LENGTH = 2048;

const history = {
  content: "An earlier text of some length.",
  direction: "inbound",
  channel: "sms",
  at: "2026-11-22T08:00:00Z",
};
const event = (/** @type {string} */ message) => ({
  event: "agent.message",
  channel: "sms",
  timestamp: "2026-11-22T08:26:40Z",
  agentId: "agt_1",
  data: {
    messageId: "msg_1",
    conversationId: "conv_1",
    numberId: "num_1",
    from: "+14155550100",
    to: "+14155550123",
    contact: null,
    message,
    mediaUrl: null,
    mediaUrls: [],
    direction: "inbound",
    receivedAt: "2026-11-22T08:26:39Z",
  },
  conversationState: null,
  recentHistory: Array.from({ length: 10 }, () => history),
});

/** The body as text and as bytes, headers as Node's server provides them, and the arguments of standardwebhooks. */
export const delivery = (
  /** @type {import("agentphone-wasm").Webhooks} */ webhooks,
  /** @type {typeof import("standardwebhooks").Webhook} */ Webhook,
) => {
  const body = JSON.stringify(event("x".repeat(LENGTH - JSON.stringify(event("")).length)));
  const encoded = new TextEncoder().encode(body);
  const signed = webhooks.sign({ body, secret: SECRET, id: "del_1" });
  const headers = Object.fromEntries(Object.entries(signed).map(([name, value]) => [name.toLowerCase(), value]));
  const standard = new Webhook(btoa(SECRET));
  const standardHeaders = {
    "webhook-id": "del_1",
    "webhook-timestamp": headers["x-webhook-timestamp"],
    "webhook-signature": standard.sign("del_1", new Date(Number(headers["x-webhook-timestamp"]) * 1000), body),
  };
  return {
    body,
    bytes: globalThis.Buffer?.from(encoded) ?? encoded,
    headers,
    secret: SECRET,
    standard,
    standardHeaders,
  };
};
