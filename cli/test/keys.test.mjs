// A command that is run again must not ring a second time: after a lost answer, after it was killed, and when two run at once.
// The sandbox's ledger is the judge: it counts what really happened.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { serveSandbox } from "agentphone-wasm/sandbox";
import { errorOf, lines, on, run, start } from "./harness.mjs";

/** @type {import("agentphone-wasm/sandbox").SandboxServer} */
let sandbox;
/** @type {Record<string, string>} */
let env;
let agent = "";
before(async () => {
  sandbox = await serveSandbox({ limits: false });
  env = on(sandbox.url);
  agent = lines((await run(["agents", "create", "--name", "Support"], { env })).stdout)[0].id;
  await run(["numbers", "buy", "--agent-id", agent, "--yes"], { env });
});
after(() => sandbox.close());

let placed = 0;
let count = 0;
beforeEach(() => {
  sandbox.faults.clear();
  placed = sandbox.ledger().callsPlaced;
  count += 1;
});
const calls = () => sandbox.ledger().callsPlaced - placed;
/** Another person for each test, so that none waits for what another left in doubt. */
const person = () => `+1415555${String(2000 + count)}`;
const create = (/** @type {string[]} */ ...more) => [
  "calls",
  "create",
  "--agent-id",
  agent,
  "--to-number",
  person(),
  "--yes",
  ...more,
];

test("the same key twice is one call, and the second run prints the same object", async () => {
  const first = await run(create("--key", "order-1"), { env });
  const second = await run(create("--key", "order-1"), { env });
  assert.deepEqual([first.status, second.status, calls()], [0, 0, 1]);
  assert.equal(lines(first.stdout)[0].id, lines(second.stdout)[0].id);
  assert.deepEqual(lines(second.stderr), [{ note: "replayed" }]);
});

test("the same key for something else is refused", async () => {
  assert.equal((await run(create("--key", "order-2"), { env })).status, 0);
  const ended = await run([...create("--key", "order-2"), "--initial-greeting", "Hello"], { env });
  assert.deepEqual([ended.status, errorOf(ended).code, calls()], [2, "IDEMPOTENCY_KEY_REUSED", 1]);
});

test("without a key a random one is told before anything is sent, and another run with it does nothing", async () => {
  const first = await run(create(), { env });
  const [{ key }] = lines(first.stderr);
  assert.match(key, /^cli-[0-9a-f-]{36}$/);
  assert.equal((await run(create("--key", key), { env })).status, 0);
  assert.equal((await run(create(), { env })).status, 0);
  assert.equal(calls(), 2);
});

test("an answer that was lost is looked for, and the call that was placed is found", async () => {
  sandbox.faults.add({ match: { operation: "calls.create" }, cut: "before-headers", times: 1 });
  const { status, stdout, stderr } = await run(create("--key", "order-4"), { env });
  assert.deepEqual([status, calls()], [0, 1], stderr);
  assert.equal(lines(stdout)[0].toNumber, person());
  assert.equal(lines(stderr).at(-1).note, "settled");
});

test("two runs at once with one key are one call", async () => {
  sandbox.faults.add({ match: { operation: "calls.create" }, delayMs: 500 });
  const both = await Promise.all([0, 1].map(() => run(create("--key", "order-5", "--max-time", "20"), { env })));
  assert.equal(calls(), 1);
  assert.ok(
    both.every(({ status }) => status === 0 || status === 4),
    JSON.stringify(both),
  );
  assert.ok(both.some(({ status }) => status === 0));
});

test("killed while its request is on the way, the next run finds the call and places none", async () => {
  sandbox.faults.add({ match: { operation: "calls.create" }, stall: "headers", times: 1 });
  const arrived = sandbox.requests().length;
  const { child, ended } = start(create("--key", "order-6", "--max-time", "3"), { env });
  while (
    !sandbox
      .requests()
      .slice(arrived)
      .some(({ operation }) => operation === "calls.create")
  )
    await new Promise((resolve) => setTimeout(resolve, 20));
  child.kill("SIGKILL");
  assert.equal((await ended).signal, "SIGKILL");
  // Until its lease is over, nobody may say what it did; then the next run looks.
  for (const until = Date.now() + 30_000; ; ) {
    const { status, stdout, stderr } = await run(create("--key", "order-6", "--max-time", "5"), { env });
    if (status === 0) {
      assert.equal(lines(stdout)[0].toNumber, person());
      break;
    }
    assert.equal(status, 4, stderr);
    assert.ok(Date.now() < until, stderr);
  }
  assert.equal(calls(), 1);
});

test("killed at any moment and run again with its key: never a second call, and what never left stays in doubt", async () => {
  let done = 0;
  for (let at = 0; at < 6; at += 1) {
    const args = [
      "calls",
      "create",
      "--agent-id",
      agent,
      "--to-number",
      `+1415555${3000 + at}`,
      "--yes",
      "--max-time",
      "3",
    ];
    const again = () => [...args, "--key", `order-7-${at}`];
    const { child, ended } = start(again(), { env });
    setTimeout(() => child.kill("SIGKILL"), 150 + 90 * at);
    await ended;
    for (const until = Date.now() + 11_000; ; ) {
      const { status, stderr } = await run(again(), { env });
      assert.ok(status === 0 || status === 4, stderr);
      if (status === 0) done += 1;
      // Killed after it had said that it would send and before it did: only a person can tell.
      if (status === 0 || Date.now() > until) break;
    }
    assert.equal(calls(), done);
  }
  assert.ok(done > 0);
});
