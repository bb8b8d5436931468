// Calls that the API accepted and never listed: they are in doubt for good, a person can say what came of them, and none is made again
// without that.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { serveSandbox } from "agentphone-wasm/sandbox";
import { decide, keyOf, retry, runWorker, start, statusOf } from "agentphone-wasm-cli/campaign";
import { ledgerTools } from "../../tests/ledger/tools.mjs";
import { numberAt, peopleOf, worldOf } from "./campaign-world.mjs";
import { errorOf, lines, on, run, scratch } from "./harness.mjs";

const LIMIT = { timeout: 240_000 };

/** The call to this number is accepted, and neither listed nor shown. @param {import("agentphone-wasm/sandbox").Sandbox["faults"]} faults @param {string} toNumber */
const hide = (faults, toNumber) =>
  faults.add({ match: { operation: "calls.create", toNumber }, unlisted: true, times: 1 });

test("a call that was accepted and never listed is decided by a person, and only then made again", LIMIT, async () => {
  const sandbox = await serveSandbox({ limits: false });
  const env = { ...on(sandbox.url), NODE_PATH: join(ledgerTools(), "node_modules") };
  const store = ["--store", join(scratch, "unseen.db")];
  const campaign = (/** @type {string[]} */ ...args) => run(["campaign", ...args, ...store], { env });
  const resolve = (/** @type {string[]} */ ...args) => run(["effects", "resolve", ...args, ...store], { env });
  const counts = async () => lines((await campaign("status", "c1")).stdout)[0].counts;
  try {
    const agent = lines((await run(["agents", "create", "--name", "Ada"], { env })).stdout)[0].id;
    await run(["numbers", "buy", "--agent-id", agent, "--yes"], { env });
    const numbers = [0, 1, 2, 3].map(numberAt);
    const [answered = "", nothing = "", happened = ""] = numbers;
    const calls = () =>
      numbers.map((number) => {
        const prefix = keyOf("c1", number, 0).replace(/0$/, "");
        return sandbox.effects().filter(({ idempotencyKey }) => idempotencyKey?.startsWith(prefix));
      });
    const made = () => calls().map(({ length }) => length);
    writeFileSync(join(scratch, "unseen.csv"), `phone\n${numbers.join("\n")}\n`);
    const limits = ["--quiet-hours", "none", "--longest-call", "10", "--per-number", "10", "--initial-greeting", "Hi"];
    const plan = await campaign("plan", join(scratch, "unseen.csv"), "--id", "c1", "--agent-id", agent, ...limits);
    assert.equal(plan.status, 0, plan.stderr);
    for (const number of [answered, nothing, happened]) hide(sandbox.faults, number);
    const first = await campaign("start", "c1", "--yes");
    assert.equal(first.status, 4, first.stderr);
    assert.equal((await counts()).doubt, 3);

    const pending = lines((await run(["effects", "pending", ...store], { env })).stdout);
    assert.deepEqual(
      pending.map(({ recipient, state, id }) => [recipient, state, typeof id]).sort(),
      [answered, nothing, happened].map((number) => [number, "not-shown", "string"]).sort(),
    );
    const keys = new Map(pending.map(({ recipient, key }) => [recipient, String(key)]));
    const keyFor = (/** @type {string} */ number) => keys.get(number) ?? assert.fail(`${number} is not listed`);
    assert.equal((await run(["effects", "settle", ...store], { env })).status, 4);
    assert.deepEqual(
      lines((await run(["effects", "pending", ...store, "--sub-account", "other"], { env })).stdout),
      [],
    );
    const foreign = await resolve(keyFor(nothing), "--nothing", "--sub-account", "other");
    assert.deepEqual([foreign.status, errorOf(foreign).code], [1, "WRONG_ACCOUNT"], foreign.stderr);
    const both = await resolve(keyFor(nothing), "--nothing", "--result", "busy");
    assert.deepEqual([both.status, errorOf(both).code], [2, "USAGE"], both.stderr);
    // Without a decision no round begins.
    assert.equal((await campaign("retry", "c1", "--only", "doubt", "--yes")).status, 2);
    const early = await campaign("retry", "c1", "--only", "busy,no-answer,voicemail,failed", "--yes");
    assert.equal(lines(early.stdout)[0].retried, 0, early.stderr);

    const result = await resolve(keyFor(answered), "--result", "answered");
    assert.deepEqual([result.status, lines(result.stdout)[0].state], [0, "answered"], result.stderr);
    // The API does not show it yet: still in doubt.
    const unseen = await resolve(keyFor(happened), "--happened", String(calls()[2]?.[0]?.id));
    assert.deepEqual([unseen.status, lines(unseen.stdout)[0].state], [4, "not-shown"], unseen.stderr);
    const shown = await resolve(keyFor(happened), "--happened", String(calls()[3]?.[0]?.id));
    assert.deepEqual([shown.status, lines(shown.stdout)[0].state], [0, "answered"], shown.stderr);
    assert.deepEqual([(await counts()).answered, (await counts()).doubt], [3, 1]);
    const no = await resolve(keyFor(nothing), "--nothing");
    assert.deepEqual([no.status, lines(no.stdout)[0].state], [0, "failed"], no.stderr);
    const advice = lines(no.stderr).find(({ note }) => note === "retry");
    assert.deepEqual(made(), [1, 1, 1, 1], "a decision places no call");
    assert.equal((await run(["effects", "settle", ...store], { env })).status, 0);

    // It is decided. The ledger's entry says placed, and its key must not become free.
    const again = await resolve(keyFor(answered), "--nothing");
    assert.notEqual(again.status, 0, again.stdout);
    const late = await resolve(keyFor(answered), "--result", "busy");
    assert.deepEqual([late.status, errorOf(late).code], [2, "USAGE"], late.stderr);

    const round = await run([...advice.command.split(" ").slice(1), "--yes"], { env });
    assert.equal(lines(round.stdout)[0].retried, 1, round.stderr);
    const second = await campaign("start", "c1", "--yes");
    assert.equal(second.status, 0, second.stderr);
    assert.deepEqual(made(), [1, 2, 1, 1], "only the person of whom somebody said that nothing happened");
    assert.equal((await counts()).answered, 4);
  } finally {
    await sandbox.close();
  }
});

test("of two decisions about one person only the first counts", LIMIT, async () => {
  const world = await worldOf({ numbers: 1 });
  try {
    await world.plan({ people: peopleOf(1), longestCall: 60 });
    hide(world.sandbox.faults, numberAt(0));
    await start(world.store, "c1");
    assert.equal((await runWorker("c1", world)).state, "done");
    const key = keyOf("c1", numberAt(0), 0);
    assert.equal(await retry(world.store, "c1", ["failed"]), 0);
    assert.equal(await decide(world.store, "c1", keyOf("c1", numberAt(1), 0), { nothing: true }), undefined);
    const both = await Promise.allSettled([
      decide(world.store, "c1", key, { result: "busy" }),
      decide(world.store, "c1", key, { nothing: true }),
    ]);
    assert.equal(both.filter((each) => each.status === "fulfilled" && each.value !== undefined).length, 1);
    for (const each of both) if (each.status === "rejected") assert.equal(each.reason.code, "WRONG_STATE");
    const { counts } = await statusOf(world.store, /** @type {any} */ (await world.store.get("c1")));
    assert.deepEqual([counts.doubt, counts.busy + counts.failed], [0, 1]);
    assert.equal(await decide(world.store, "c1", key, { nothing: true }), undefined, "it is decided");
    assert.equal(world.placed().length, 1);
  } finally {
    await world.close();
  }
});
