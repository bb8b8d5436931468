// The module breaks, and whoever finds it broken has next to no stack left, so that anything that is done about it may
// throw at any place: calls and streams of others are told all the same, hooks included, and the next call works.

import assert from "node:assert/strict";
import { test } from "node:test";
import { breakable } from "../support/breakable.mjs";
import { failureOf, sleep } from "../support/client.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const { AgentPhone, arm } = await breakable();

/** Runs `act` where so many frames of a small function are left on the stack; whatever it throws is its caller's own affair. */
const nearTheEnd = (/** @type {Foreign} */ act, /** @type {number} */ frames) => {
  let left = -1;
  const deeper = () => {
    try {
      deeper();
    } catch {
      left = frames;
    }
    if (left === 0) {
      try {
        act();
      } catch {
        // No stack.
      }
    }
    left -= 1;
  };
  deeper();
};

const NEVER = () => new Promise(() => {});
const silent = () => new Response(new ReadableStream({ start: (body) => body.enqueue(new TextEncoder().encode("event: connected\ndata: {}\n\n")) }), { headers: { "content-type": "text/event-stream" } });
/** @param {Foreign} fetch @param {Foreign} [options] */
const client = (fetch, options) => new AgentPhone({ apiKey: "sk_test", baseUrl: "http://127.0.0.1:9", logLevel: "off", timeout: null, fetch, ...options });

test("however little stack there is where a fault is found, everybody is told of it", async () => {
  /** @type {Foreign[]} */
  const heard = [];
  const [others, streams, attacker] = [client(NEVER, { hooks: { onError: (/** @type {Foreign} */ error) => heard.push(error) } }), client(async () => silent()), client(async () => new Response('{"id":"a"}'))];
  for (let frames = 0; frames < 3_000; frames += frames < 1_500 ? 11 : 60) {
    const stream = streams.calls.transcript.stream("a", { idleTimeout: null });
    await stream.next();
    const victims = [others.calls.get("a"), others.calls.get("b"), others.calls.get("c")].map(failureOf);
    victims.push(failureOf(stream.next()));
    await sleep(0);
    arm("start", "trap");
    const first = attacker.calls.get("a").catch(() => {});
    nearTheEnd(() => void attacker.calls.get("b").catch(() => {}), frames);
    nearTheEnd(() => void attacker.calls.get("c").catch(() => {}), frames + 5);
    await first;
    let settled = 0;
    for (const victim of victims) void victim.then(() => (settled += 1));
    for (let turn = 0; settled < victims.length && turn < 100; turn += 1) await sleep(1);
    assert.equal(settled, victims.length, `${frames} frames were left: ${victims.length - settled} are never told`);
    assert.deepEqual((await Promise.all(victims)).map(({ code }) => code), ["INTERNAL_ERROR", "INTERNAL_ERROR", "INTERNAL_ERROR", "INTERNAL_ERROR"]);
    assert.equal(heard.splice(0).length, 3, `${frames} frames were left: the hook`);
    assert.equal((await attacker.calls.get("a")).id, "a");
  }
});
