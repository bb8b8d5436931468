// The module breaks, and whoever finds it broken has next to no stack left, so that anything that is done about it may
// throw at any place: calls and streams of others are told all the same, hooks included, and the next call works.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { breakable } from "../support/breakable.mjs";
import { failureOf, sleep } from "../support/client.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const { AgentPhone, arm } = await breakable();

const silent = () =>
  new Response(
    new ReadableStream({ start: (body) => body.enqueue(new TextEncoder().encode("event: connected\ndata: {}\n\n")) }),
    { headers: { "content-type": "text/event-stream" } },
  );
/** @type {unknown[]} */
const heard = [];
const clientOf = (/** @type {Foreign} */ fetch, options = {}) =>
  new AgentPhone({
    apiKey: "sk_test",
    baseUrl: "http://127.0.0.1:9",
    logLevel: "off",
    timeout: null,
    fetch,
    ...options,
  });
const others = clientOf(() => new Promise(() => {}), {
  hooks: { onError: (/** @type {unknown} */ error) => heard.push(error) },
});
const streams = clientOf(async () => silent());
const attacker = clientOf(async () => new Response('{"id":"a"}'));
/** A call whose failure is its caller's own affair, and may have no stack to be told. */
const call = () => void attacker.calls.get("a").catch(() => {});

/** Breaks the module while others have calls and a stream under way, and has `find` run where that is found out. */
const broken = async (/** @type {() => void} */ find) => {
  const stream = streams.calls.transcript.stream("a", { idleTimeout: null });
  await stream.next();
  const victims = [others.calls.get("a"), others.calls.get("b"), others.calls.get("c"), stream.next()].map(failureOf);
  await sleep(0);
  arm("start", "trap");
  const first = failureOf(attacker.calls.get("a"));
  find();
  await first;
  let settled = 0;
  for (const victim of victims) void victim.then(() => (settled += 1));
  for (let turn = 0; settled < victims.length && turn < 100; turn += 1) await sleep(1);
  assert.equal(settled, victims.length, `${victims.length - settled} are never told`);
  assert.deepEqual(
    (await Promise.all(victims)).map(({ code }) => code),
    victims.map(() => "INTERNAL_ERROR"),
  );
  assert.equal(heard.splice(0).length, 3, "their hook is told");
  assert.equal((await attacker.calls.get("a")).id, "a");
};

/** Runs `act` where so many frames of a small function are left on the stack. */
const nearTheEnd = (/** @type {() => void} */ act, /** @type {number} */ frames) => {
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

test("however little stack is left, everybody is told", async () => {
  for (let frames = 0; frames < 400; frames += 1)
    await broken(() => (nearTheEnd(call, frames), nearTheEnd(call, frames + 3)));
});

describe("whatever throws for want of stack, everybody is told", () => {
  for (const [name, owner, method] of /** @type {[string, Foreign, string][]} */ ([
    ["an error cannot be made", Object, "defineProperty"],
    ["a list cannot be made", Array.prototype, "push"],
    ["a list cannot be turned", Array.prototype, "reverse"],
    ["a timer cannot be cleared", globalThis, "clearTimeout"],
    ["the module cannot be made", WebAssembly, "Instance"],
    ["its exports cannot be listed", Object, "entries"],
  ])) {
    test(name, async () => {
      for (let passing = 0; passing < 12; passing += 1) {
        await broken(() => {
          const own = owner[method];
          let calls = 0;
          owner[method] = /** @this {unknown} */ function (/** @type {unknown[]} */ ...given) {
            calls += 1;
            if (calls > passing) throw new RangeError("Maximum call stack size exceeded");
            return new.target ? new own(...given) : own.apply(this, given);
          };
          try {
            call();
          } catch {
            // No stack.
          } finally {
            owner[method] = own;
          }
        });
      }
    });
  }
});
