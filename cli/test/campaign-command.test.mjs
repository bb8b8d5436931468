// Campaigns from the command line: whoever is in doubt can be decided about, calls in progress are never left without anybody who can
// follow them, and what is asked and advised is what will happen.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { serveSandbox } from "agentphone-wasm/sandbox";
import { keyOf } from "agentphone-wasm-cli/campaign";
import { ledgerTools } from "../../tests/ledger/tools.mjs";
import { numberAt } from "./campaign-world.mjs";
import { errorOf, lines, on, run, scratch, start } from "./harness.mjs";

const LIMIT = { timeout: 180_000 };

/** @type {import("agentphone-wasm/sandbox").SandboxServer} */
let sandbox;
/** @type {Record<string, string>} */
let env;
let agent = "";
before(async () => {
  sandbox = await serveSandbox({ limits: false });
  // Where better-sqlite3 is, for a Node.js without SQLite.
  env = { ...on(sandbox.url), NODE_PATH: join(ledgerTools(), "node_modules") };
  agent = lines((await run(["agents", "create", "--name", "Ada"], { env })).stdout)[0].id;
  await run(["numbers", "buy", "--agent-id", agent, "--yes"], { env });
});
after(() => sandbox.close());
beforeEach(() => void sandbox.faults.clear());

let count = 0;
/** A new campaign of so many people, and how commands reach it: in a store of its own, or in the usual one. @param {number} people */
const planned = async (people, isUsual = false) => {
  count += 1;
  const id = `c${count}`;
  const file = join(scratch, `${id}.csv`);
  const numbers = Array.from({ length: people }, (_, at) => numberAt(100 * count + at));
  writeFileSync(file, `phone\n${numbers.join("\n")}\n`);
  const where = isUsual ? [] : ["--store", join(scratch, `${id}.db`)];
  const campaign = (/** @type {string[]} */ ...args) => run(["campaign", ...args, ...where], { env });
  const limits = ["--quiet-hours", "none", "--longest-call", "10", "--per-number", "10", "--initial-greeting", "Hi"];
  const plan = await campaign("plan", file, "--id", id, "--agent-id", agent, ...limits);
  assert.equal(plan.status, 0, plan.stderr);
  const status = async () => lines((await campaign("status", id)).stdout)[0];
  return { id, numbers, where, campaign, status, plan };
};
/** The command of a note, as words. @param {{ stderr: string }} ended @param {string} note @returns {string[]} */
const advised = ({ stderr }, note) => {
  const found = lines(stderr).find((each) => each.note === note);
  assert.ok(found, stderr);
  return found.command.split(" ").slice(1);
};
/** The calls of a person, in any round. @param {string} id @param {string} number */
const callsTo = (id, number) => {
  const key = keyOf(id, number, 0).replace(/0$/, "");
  return sandbox.effects().filter(({ idempotencyKey }) => idempotencyKey?.startsWith(key));
};
const reached = (/** @type {string} */ id, /** @type {string[]} */ numbers) =>
  numbers.map((number) => callsTo(id, number).length);
/** A call that goes on for so long. @param {string} toNumber @param {number} talkMs */
const talks = (toNumber, talkMs) =>
  sandbox.script({ toNumber, talkMs, pauseMs: 1_000, lines: [{ caller: "Hello" }], hangup: "caller" });
/** The answer for this person is lost, and no list shows the call. @param {string} toNumber */
const lose = (toNumber) =>
  sandbox.faults.add({
    match: { operation: "calls.create", toNumber },
    cut: "before-headers",
    unlisted: { from: "lists" },
    times: 1,
  });

test(
  "people in doubt are listed with their numbers, and a person's decision reaches a campaign that is over",
  LIMIT,
  async () => {
    const { id, numbers, where, campaign, status } = await planned(3);
    const [happened = "", nothing = ""] = numbers;
    for (const number of [happened, nothing]) lose(number);
    const first = await campaign("start", id, "--yes");
    assert.equal(first.status, 4, first.stderr);
    const words = advised(first, "doubt");
    assert.deepEqual(words, ["effects", "pending", ...where]);
    const pending = lines((await run(words, { env })).stdout);
    assert.deepEqual(pending.map(({ recipient }) => recipient).sort(), [happened, nothing].sort());
    const inDoubt = (/** @type {string} */ number) => pending.find(({ recipient }) => recipient === number).key;
    assert.deepEqual((await run(["effects", "pending"], { env })).stdout, "", "they are not in the ledger of commands");
    assert.equal((await run(["effects", "settle", ...where], { env })).status, 4);

    const foreign = await campaign("worker", id, "--sub-account", "another");
    assert.deepEqual([foreign.status, errorOf(foreign).code], [1, "WRONG_ACCOUNT"], foreign.stderr);
    const skipped = await run(["effects", "settle", ...where, "--sub-account", "another"], { env });
    assert.equal(skipped.status, 0, "the campaign of another account is left alone");
    assert.match(skipped.stderr, /"note":"skipped".*"code":"WRONG_ACCOUNT"/);
    assert.equal((await status()).counts.doubt, 2, "who is unknown to another account's ledger does not wait again");
    const call = String(callsTo(id, happened)[0]?.id);
    const yes = await run(["effects", "resolve", inDoubt(happened), "--happened", call, ...where], { env });
    assert.deepEqual([yes.status, lines(yes.stdout)[0].state], [0, "placed"], yes.stderr);
    const after = await status();
    assert.deepEqual([after.state, after.counts.doubt, after.counts.answered], ["done", 1, 2]);

    const no = await run(["effects", "resolve", inDoubt(nothing), "--nothing", ...where], { env });
    assert.deepEqual([no.status, lines(no.stdout)[0].state], [0, "not_placed"], no.stderr);
    const next = advised(no, "next");
    assert.deepEqual(next, ["campaign", "start", id, ...where]);
    assert.equal((await status()).counts.waiting, 1);
    const again = await run([...next, "--yes"], { env });
    assert.equal(again.status, 0, again.stderr);
    assert.equal(lines(again.stderr).find(({ note }) => note === "plan").people, 1);
    assert.equal((await status()).counts.answered, 3);
    assert.deepEqual(reached(id, numbers), [1, 2, 1], "only whom a person has released was called once more");
    const stranger = await run(["effects", "resolve", "campaign/none/x/0", "--nothing", ...where], { env });
    assert.deepEqual([stranger.status, errorOf(stranger).code], [1, "NOT_FOUND"]);
  },
);

test("calls in progress of a stopped campaign whose worker was killed are followed to their end", LIMIT, async () => {
  const { id, numbers, where, campaign, status } = await planned(2);
  for (const number of numbers) talks(number, 9_000);
  const worker = start(["campaign", "start", id, "--yes", ...where], { env });
  for (let tries = 0; (await status()).counts.placed < 2; tries += 1) assert.ok(tries < 60, "nobody is called");
  worker.child.kill("SIGKILL");
  await worker.ended;
  const stopped = await campaign("stop", id, "--yes");
  assert.equal(stopped.status, 0, stopped.stderr);
  assert.equal((await campaign("start", id, "--yes")).status, 1);
  const words = advised(stopped, "next");
  assert.deepEqual(words, ["campaign", "worker", id, ...where]);
  const followed = await run(words, { env });
  assert.equal(followed.status, 0, followed.stderr);
  const { state, counts } = await status();
  assert.deepEqual([state, counts.placed + counts.placing, counts.answered], ["stopped", 0, 2]);
  assert.deepEqual(reached(id, numbers), [1, 1]);
  assert.equal((await campaign("worker", id)).status, 2, "there is nothing left to follow");
});

test("another round asks about those whom it calls, and both start and resume begin it", LIMIT, async () => {
  const { id, numbers, where, campaign, plan, status } = await planned(5);
  assert.deepEqual(advised(plan, "planned"), ["campaign", "start", id, ...where]);
  const early = await campaign("resume", id, "--yes");
  assert.deepEqual([early.status, errorOf(early).code], [1, "WRONG_STATE"]);
  assert.match(errorOf(early).message, /`start` begins it/);
  for (const toNumber of numbers.slice(0, 2)) sandbox.script({ toNumber, outcome: "busy" });
  assert.equal((await campaign("start", id, "--yes")).status, 0);
  for (const verb of ["start", "resume"]) {
    const over = await campaign(verb, id, "--yes");
    assert.deepEqual([over.status, errorOf(over).code], [1, "WRONG_STATE"]);
    assert.match(errorOf(over).message, /`retry`/);
  }
  for (const [verb, round] of /** @type {const} */ ([
    ["resume", 1],
    ["start", 2],
  ])) {
    const retried = await campaign("retry", id, "--only", "busy", "--yes");
    assert.deepEqual(lines(retried.stdout)[0], { id, retried: 2 });
    assert.deepEqual(advised(retried, "next"), ["campaign", "start", id, ...where]);
    const unasked = await campaign(verb, id);
    assert.deepEqual([unasked.status, errorOf(unasked).code], [2, "CONFIRMATION_REQUIRED"]);
    assert.match(errorOf(unasked).message, /^Call 2 people/);
    assert.doesNotMatch(errorOf(unasked).hint, /dry-run/);
    const shown = lines(unasked.stderr).find(({ note }) => note === "plan");
    assert.equal(shown.people, 2);
    assert.ok(shown.price.most < lines(plan.stdout)[0].price.most);
    assert.equal((await campaign(verb, id, "--yes")).status, 0);
    assert.deepEqual(reached(id, numbers), [1 + round, 1 + round, 1, 1, 1]);
  }
  assert.equal((await status()).state, "done");
});

test("who starts or interrupts a paused campaign is told that resume continues it", LIMIT, async () => {
  const { id, numbers, where, campaign } = await planned(1);
  talks(numbers[0] ?? "", 20_000);
  const worker = start(["campaign", "start", id, "--yes", ...where], { env });
  for (let tries = 0; reached(id, numbers)[0] === 0; tries += 1) {
    assert.ok(tries < 600, "nobody is called");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.equal((await campaign("pause", id)).status, 0);
  worker.child.kill("SIGINT");
  assert.deepEqual(advised(await worker.ended, "next"), ["campaign", "resume", id, ...where]);
  const again = await campaign("start", id, "--yes");
  assert.deepEqual([again.status, errorOf(again).code], [1, "WRONG_STATE"]);
  assert.match(errorOf(again).message, /paused: `resume` continues it/);
});

test("people in doubt of the usual campaigns are listed and decided about without --store", LIMIT, async () => {
  const { id, numbers, campaign, status } = await planned(1, true);
  lose(numbers[0] ?? "");
  const first = await campaign("start", id, "--yes");
  assert.equal(first.status, 4, first.stderr);
  const words = advised(first, "doubt");
  assert.deepEqual(words, ["effects", "pending"]);
  const [{ key, recipient }] = lines((await run(words, { env })).stdout);
  assert.equal(recipient, numbers[0]);
  assert.equal((await run(["effects", "settle"], { env })).status, 4);
  assert.equal(lines((await run(["effects", "show", key], { env })).stdout)[0].key, key);
  const call = String(callsTo(id, recipient)[0]?.id);
  const told = await run(["effects", "resolve", key, "--happened", call], { env });
  assert.equal(told.status, 0, told.stderr);
  assert.equal((await status()).counts.answered, 1);
  assert.equal((await run(["effects", "pending"], { env })).stdout, "");
  assert.deepEqual(reached(id, numbers), [1]);
});

for (const [name, args] of /** @type {[string, string[]][]} */ ([
  ["half a person at a time", ["start", "x", "--beside", "0.5"]],
  ["nobody at a time", ["start", "x", "--beside", "0"]],
  ["nobody at a time, in another worker", ["worker", "x", "--beside", "0"]],
  ["half a call per number", ["plan", "x.csv", "--id", "x", "--agent-id", "a", "--per-number", "0.5"]],
  ["no request per minute", ["plan", "x.csv", "--id", "x", "--agent-id", "a", "--per-minute", "0"]],
  ["calls without a length", ["plan", "x.csv", "--id", "x", "--agent-id", "a", "--longest-call", "0"]],
]))
  test(`${name} is refused, and does not run for ever`, LIMIT, async () => {
    const ended = await run(["campaign", ...args, "--store", join(scratch, "numbers.db")], { env });
    assert.equal(ended.status, 2, ended.stderr);
    assert.match(errorOf(ended).message, /It must be a/);
  });

test("a wait without a pause between its requests is refused", async () => {
  const ended = await run(["wait-for", "message", "--every", "0.00001"], { env });
  assert.equal(ended.status, 2, ended.stderr);
});
