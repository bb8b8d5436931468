// The promises that come with numbers, against the sandbox: how many requests a rate limit and an
// outage cost. Time is measured in benches/; here only what is counted at the server.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AgentPhone } from "agentphone-wasm";
import { serveSandbox } from "../../sandbox/node/server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const client = (/** @type {import("../../sandbox/js/types.js").SandboxServer} */ sandbox, options = {}) =>
  new AgentPhone({ apiKey: "sk_test", baseUrl: sandbox.url, logLevel: "off", ...options });

const fault = (/** @type {import("../../sandbox/js/types.js").SandboxServer} */ sandbox, /** @type {Foreign} */ rule) =>
  fetch(`${sandbox.url}/__sandbox/faults`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(rule),
  });

const received = async (/** @type {import("../../sandbox/js/types.js").SandboxServer} */ sandbox) => {
  const ledger = await (await fetch(`${sandbox.url}/__sandbox/ledger`)).json();
  return ledger.byOperation["calls.list"].received;
};

describe("many calls at once", { concurrency: true }, () => {
  test("200 against 20 in a second all succeed, with at most 440 requests", async (t) => {
    const sandbox = await serveSandbox({ limits: false });
    t.after(() => sandbox.close());
    await fault(sandbox, { match: { operation: "calls.list" }, limit: { requests: 20, perMs: 1000 } });
    const { calls } = client(sandbox);
    await Promise.all(Array.from({ length: 200 }, () => calls.list()));
    const requests = await received(sandbox);
    assert.ok(requests <= 440, `${requests} requests`);
  });

  for (const [count, most] of [
    [200, 1.6],
    [2000, 1.1],
  ]) {
    test(`in an outage ${count} cost at most ${most} requests each`, async (t) => {
      const sandbox = await serveSandbox({ limits: false });
      t.after(() => sandbox.close());
      await fault(sandbox, { match: { operation: "calls.list" }, status: 503 });
      const { calls } = client(sandbox);
      const outcomes = await Promise.allSettled(Array.from({ length: count }, () => calls.list()));
      assert.ok(outcomes.every((outcome) => outcome.status === "rejected"));
      const requests = await received(sandbox);
      assert.ok(requests / count <= most, `${requests / count} requests a call`);
    });
  }
});
