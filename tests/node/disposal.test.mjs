// What a client holds is given back, by `dispose`, at the end of a block or by the garbage collector; and giving it
// back while calls are under way harms none of them.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AgentPhone, ConfigurationError } from "agentphone-wasm";
import { runChild } from "../support/child.mjs";
import { clientOf, failureOf, KEY, untilRetry } from "../support/client.mjs";
import { CONNECTED, ENDED, events, said, turn } from "../support/event-stream.mjs";
import { answer, good, hostileServer } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

/** An answer that waits for the test. */
const held = () => {
  /** @type {Foreign} */
  let go;
  /** @type {import("../support/hostile-server.mjs").Action} */
  const action = { performs: false, run: (response, request) => (go = () => good.run(response, request)) };
  return { action, go: () => go() };
};

describe("a client that was disposed", () => {
  test("lets the call under way finish, whether it waits for its answer or to be sent again", async (t) => {
    const slow = held();
    const server = await hostileServer(t, ({ path }, number) =>
      path.endsWith("slow") ? slow.action : number === 2 ? answer(503, {}, { "retry-after-ms": "20" }) : good,
    );
    const client = clientOf(server);
    const waiting = client.calls.get("slow");
    await server.arrival();
    const again = await untilRetry((options) => client.calls.get("again", options));
    client.dispose();
    assert.equal((await again.promise).id, "call_1");
    slow.go();
    assert.equal((await waiting).id, "call_1");
  });

  test("lets the transcript that is read go on to its end", async (t) => {
    const server = await hostileServer(t, [
      events([CONNECTED, turn("one")], { then: "cut" }),
      events([CONNECTED, turn("one"), turn("two"), ENDED]),
    ]);
    const client = clientOf(server);
    const read = [];
    for await (const event of client.calls.transcript.stream("call_1")) {
      if (read.length === 0) client.dispose();
      read.push(event);
    }
    assert.match(said(read), /one two ended$/);
  });

  test("refuses each later call, and says why; nothing is sent", async (t) => {
    const server = await hostileServer(t);
    const told = [];
    const client = clientOf(server, { hooks: { onError: (error) => told.push(error) } });
    const { calls, agents } = client;
    client.dispose();
    client.dispose();
    for (const call of [
      () => calls.get("a"),
      () => agents.list(),
      () => agents.list().toArray(),
      () => calls.recording.get("a"),
      () => calls.transcript.stream("a").next(),
      () => calls.wait("a"),
      async () => client.withSubAccount("s"),
    ]) {
      const error = await failureOf(call());
      assert.ok(error instanceof ConfigurationError, `${error}`);
      assert.match(error.message, /this client was disposed \(CONFIGURATION_ERROR\)/);
    }
    assert.equal(server.count(), 0);
    assert.ok(told.length >= 4, "onError hears of it");
  });

  test("leaves the clients of its sub-accounts in order, and they leave it", async (t) => {
    const server = await hostileServer(t);
    const client = clientOf(server);
    const [one, other] = [client.withSubAccount("one"), client.withSubAccount("other")];
    one.dispose();
    assert.equal((await client.calls.get("a")).id, "call_1");
    client.dispose();
    assert.equal((await other.calls.get("b")).id, "call_1");
    assert.equal(server.received[1].headers["x-sub-account-id"], "other");
  });

  test("is one that a block with `using` has left", () => {
    assert.equal(AgentPhone.prototype[Symbol.dispose], AgentPhone.prototype.dispose);
    assert.deepEqual(Object.keys(AgentPhone.prototype), [], "it does not show in a console");
  });
});

/** A process in which the memory of the module, and of JavaScript, is looked at while clients come and go. */
const counted = (/** @type {string} */ makes) => `
  let memory;
  WebAssembly.Instance = class extends WebAssembly.Instance {
    constructor(...given) {
      super(...given);
      memory = Object.values(this.exports).find((one) => one instanceof WebAssembly.Memory);
    }
  };
  const { AgentPhone } = await import("agentphone-wasm");
  const options = { apiKey: "${KEY}", headers: { "x-long": "x".repeat(200) } };
  const parent = new AgentPhone(options);
  const settled = async () => {
    for (let i = 0; i < 3; i++) {
      gc();
      await new Promise((done) => setImmediate(done));
    }
  };
  const look = async () => (await settled(), { module: memory.buffer.byteLength, heap: process.memoryUsage().heapUsed });
  const make = async (count) => {
    for (let i = 0; i < count; i++) {
      ${makes};
      if (i % 1000 === 999) await settled();
    }
  };
  await make(10_000);
  const before = await look();
  await make(100_000);
  const after = await look();
  console.log(JSON.stringify({ before, after }));`;

const WAYS = {
  dropped: "new AgentPhone(options).calls",
  "disposed of": "new AgentPhone(options).dispose()",
  "of sub-accounts and dropped": "parent.withSubAccount('s').calls",
};

describe("a hundred thousand clients leave memory as it was", { concurrency: 2 }, () => {
  for (const [name, makes] of Object.entries(WAYS)) {
    test(`when they are ${name}`, async () => {
      const { stdout, stderr, code } = await runChild(counted(makes), { flags: ["--expose-gc"], limit: 110_000 });
      assert.equal(code, 0, stderr);
      const { before, after } = JSON.parse(stdout);
      assert.equal(after.module, before.module, "bytes of the module's memory");
      assert.ok(after.heap - before.heap < 1_000_000, `the heap has grown by ${after.heap - before.heap} bytes`);
    });
  }
});

test("a hundred thousand calls leave nothing behind", async () => {
  const { stdout, stderr, code } = await runChild(
    counted("await client.calls.get('a')").replace(
      "const parent =",
      "const client = new AgentPhone({ ...options, fetch: async () => ({ status: 200, headers: new Map(), text: async () => '{}' }) });\n  const parent =",
    ),
    { flags: ["--expose-gc"], limit: 110_000 },
  );
  assert.equal(code, 0, stderr);
  const { before, after } = JSON.parse(stdout);
  assert.equal(after.module, before.module);
  assert.ok(after.heap - before.heap < 1_000_000, `the heap has grown by ${after.heap - before.heap} bytes`);
});
