// Runs in a page for chromium-parts.mjs: decodes a transcript and verifies webhooks.
import { AgentPhone, webhooks } from "agentphone-wasm";
import { Webhook } from "standardwebhooks";
import { answering, subjects, tally } from "../decoder-subjects.mjs";
import { transcript } from "../transcript-bytes.mjs";
import { delivery } from "../webhook-delivery.mjs";

/** @import { Foreign } from "../../tests/support/foreign.js" */

const beginDecoding = (/** @type {Foreign} */ load) => {
  const { chunks, events, bytes } = transcript(load);
  const fetch = answering(chunks);
  const client = new AgentPhone({ apiKey: null, baseUrl: location.origin, fetch, logLevel: "off" });
  /** @type {Record<string, Foreign>} */
  const run = subjects(fetch, client);
  /** @type {Foreign} */ (globalThis).decode = async (/** @type {string} */ name) => {
    const { sum, take } = tally();
    await run[name]({ sum, take });
    return sum;
  };
  return { events, bytes };
};

const beginVerifying = async () => {
  const { body, bytes, headers, secret, standard, standardHeaders } = delivery(webhooks, Webhook);
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), { name: "HMAC", hash: "SHA-256" }, false, [
    "verify",
  ]);
  const byHand = async () => {
    const timestamp = headers["x-webhook-timestamp"];
    if (Math.abs(Date.now() / 1000 - Number(timestamp)) > 300) throw new Error("too old");
    const signature = Uint8Array.from(
      headers["x-webhook-signature"].slice("sha256=".length).match(/../g) ?? [],
      (/** @type {string} */ pair) => parseInt(pair, 16),
    );
    if (!(await crypto.subtle.verify("HMAC", key, signature, encoder.encode(`${timestamp}.${body}`))))
      throw new Error("forged");
    return JSON.parse(body);
  };
  /** @type {Record<string, Foreign>} */
  const run = {
    byHand,
    ours: () => webhooks.verify({ body: bytes, headers, secret }),
    standard: () => standard.verify(body, standardHeaders),
  };
  /** @type {Foreign} */ (globalThis).verify = async (/** @type {string} */ name, /** @type {number} */ count) => {
    let event;
    // Awaits only the one that returns a promise; the others must not pay for it.
    for (let i = 0; i < count; i++) event = name === "byHand" ? await run[name]() : run[name]();
    if (event.data.messageId !== "msg_1") throw new Error(`${name}: a wrong event`);
  };
};

/** @type {Foreign} */ (globalThis).begin = async (/** @type {Foreign} */ load) => {
  await beginVerifying();
  return beginDecoding(load);
};
