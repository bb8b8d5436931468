// The module breaks in the hands of one caller: what is told to others because of it (the abort of their requests, the
// listener that is taken from their signals, their hooks) runs in their own async contexts.

import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { test } from "node:test";
import { breakable } from "../support/breakable.mjs";
import { failureOf, sleep } from "../support/client.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const { AgentPhone, arm } = await breakable();
const storage = new AsyncLocalStorage();
const TENANTS = ["t1", "t2", "t3"];

test("what a fault ends of one caller's runs in that caller's context", async () => {
  /** @type {Foreign[]} */
  const seen = [];
  const see = (/** @type {string} */ what, /** @type {string} */ tenant) =>
    seen.push([what, tenant, storage.getStore()]);
  const client = new AgentPhone({
    apiKey: "sk_test",
    baseUrl: "http://127.0.0.1:9",
    logLevel: "off",
    fetch: (/** @type {string} */ url, /** @type {Foreign} */ init) => {
      const [, tenant] = /calls\/(\w+)/.exec(url) ?? [];
      if (tenant === "breaker") return Promise.resolve(new Response("{}"));
      init.signal.addEventListener("abort", () => see("abort of fetch", tenant));
      if (url.endsWith("/stream"))
        return Promise.resolve(
          new Response(
            new ReadableStream({
              start: (body) => body.enqueue(new TextEncoder().encode("event: connected\ndata: {}\n\n")),
            }),
            { headers: { "content-type": "text/event-stream" } },
          ),
        );
      return new Promise(() => {});
    },
  });
  const calls = TENANTS.map((tenant) =>
    storage.run(tenant, () => {
      const controller = new AbortController();
      const { signal } = controller;
      const { removeEventListener } = signal;
      signal.removeEventListener = (
        /** @type {[type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions | undefined]} */ ...given
      ) => (see("removeEventListener", tenant), removeEventListener.apply(signal, given));
      const stream = client.calls.transcript.stream(tenant);
      return [failureOf(client.calls.get(tenant, { signal })), failureOf(stream.next().then(() => stream.next()))];
    }),
  );
  await sleep(50);
  await storage.run("breaker", async () => {
    arm("await", "trap");
    await failureOf(client.calls.get("breaker"));
  });
  for (const error of await Promise.all(calls.flat())) assert.equal(error.code, "INTERNAL_ERROR");
  await sleep(20);
  for (const [what, times] of /** @type {const} */ ([
    ["abort of fetch", 2],
    ["removeEventListener", 1],
  ])) {
    assert.equal(seen.filter(([one]) => one === what).length, times * TENANTS.length, what);
  }
  assert.deepEqual(
    seen.filter(([, tenant, ran]) => tenant !== ran),
    [],
  );
});
