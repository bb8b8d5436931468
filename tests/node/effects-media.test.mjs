// A lost text with media: it must not be taken for one with other pictures, and must be found where the API shows its pictures
// at addresses of its own, or does not show them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { AgentPhone } from "agentphone-wasm";
import { createSandbox } from "agentphone-wasm/sandbox";
import { failureOf, KEY, PHONE } from "../support/client.mjs";

/** @import { SendMessageRequest } from "agentphone-wasm" */

const LIMIT = { timeout: 60_000 };
const ONE = "https://shop.example/one.png";
const OTHER = "https://shop.example/other.png";
const ONCE = { idempotencyKey: "picture", settle: { within: 0 } };

/** A client whose lists show each media address as `shown` says. @param {(address: string) => string | undefined} shown */
const stage = async (shown) => {
  const sandbox = createSandbox({ balanceCents: 1_000_000, limits: false });
  /** @type {typeof fetch} */
  const asShown = async (input, init) => {
    const response = await sandbox.fetch(input, init);
    if (init?.method !== "GET" || !String(input).includes("/messages")) return response;
    const page = await response.json();
    for (const message of page.data) {
      const addresses = message.mediaUrls.map(shown);
      message.mediaUrls = addresses.includes(undefined) ? null : addresses;
    }
    return Response.json(page, { headers: response.headers });
  };
  const client = new AgentPhone({ apiKey: KEY, fetch: asShown, logLevel: "off", maxRetries: 0 });
  const { id: agentId } = await client.agents.create({ name: "Desk" });
  await client.numbers.buy({ agentId });
  /** @param {Partial<SendMessageRequest>} what @param {object} [options] */
  const send = (what, options) => client.messages.send({ agent_id: agentId, to_number: PHONE, ...what }, options);
  /** @param {"before-effect" | "before-headers"} cut @param {Partial<SendMessageRequest>} what */
  const lose = (cut, what) => {
    sandbox.faults.add({ match: { operation: "messages.send" }, cut, times: 1 });
    return send(what, ONCE);
  };
  return { sandbox, client, send, lose };
};

const asSent = (/** @type {string} */ address) => address;

test("a text with other media is not taken for the one whose answer was lost", LIMIT, async () => {
  const { client, send, lose } = await stage(asSent);
  const error = await failureOf(lose("before-effect", { media_urls: [ONE] }));
  assert.equal(error.settlement?.state, "absent_so_far");
  await send({ media_urls: [OTHER] });
  await send({ media_urls: [ONE, OTHER] });
  await send({ body: "Look" });
  assert.deepEqual(await client.effects.settle(), { settled: 0, pending: 1 });
  const { id } = await send({ media_urls: [ONE] });
  assert.deepEqual(await client.effects.settle(), { settled: 1, pending: 0 });
  const intent = await client.effects.get("picture");
  assert.deepEqual([intent?.id, intent?.how], [id, "likely"]);
});

test("a text without media is not taken for one with a picture", LIMIT, async () => {
  const { client, send, lose } = await stage(asSent);
  await failureOf(lose("before-effect", { body: "Look" }));
  await send({ body: "Look", media_urls: [ONE] });
  assert.deepEqual(await client.effects.settle(), { settled: 0, pending: 1 });
});

test("a text whose picture the API shows elsewhere, or not at all, is found", LIMIT, async () => {
  const ways = [
    asSent,
    (/** @type {string} */ address) => `https://media.agentphone.example/${address.length}`,
    () => undefined,
  ];
  for (const shown of ways)
    for (const what of [{ media_urls: [ONE] }, { media_url: ONE, body: "Look" }, { media_urls: [ONE, OTHER] }]) {
      const { sandbox, lose } = await stage(shown);
      const { data, settled } = await lose("before-headers", what).withResponse();
      assert.deepEqual([settled?.id, settled?.how], [data.id, "likely"]);
      assert.equal(sandbox.ledger().textsSent, 1);
    }
});
