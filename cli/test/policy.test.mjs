// A policy over single commands, each a process of its own: limits hold from one command to the next, what was not sent is not
// counted, and where the policy demands a person, `--yes` is not one. The sandbox's ledger is the judge.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, before, beforeEach, test } from "node:test";
import { serveSandbox } from "agentphone-wasm/sandbox";
import { ledgerTools } from "../../tests/ledger/tools.mjs";
import { command, environment, errorOf, lines, on, run, scratch } from "./harness.mjs";

/** @type {import("agentphone-wasm/sandbox").SandboxServer} */
let sandbox;
/** @type {Record<string, string>} */
let env;
let agent = "";
before(async () => {
  sandbox = await serveSandbox({ limits: false });
  agent = lines((await run(["agents", "create", "--name", "Desk"], { env: on(sandbox.url) })).stdout)[0].id;
  await run(["numbers", "buy", "--agent-id", agent, "--yes"], { env: on(sandbox.url) });
});
after(() => sandbox.close());

let count = 0;
let earlier = { callsPlaced: 0, textsSent: 0 };
beforeEach(() => {
  count += 1;
  sandbox.faults.clear();
  earlier = { ...sandbox.ledger() };
  // Counters are kept in the state folder: each test has its own.
  env = { ...on(sandbox.url), AGENTPHONE_STATE_DIR: join(scratch, `state-${count}`) };
});
const calls = () => sandbox.ledger().callsPlaced - earlier.callsPlaced;
const texts = () => sandbox.ledger().textsSent - earlier.textsSent;

/** A file with these options. */
const policy = (/** @type {object} */ options) => {
  const file = join(scratch, `policy-${count}.json`);
  writeFileSync(file, JSON.stringify(options));
  return file;
};
const person = (at = 0) => `+1415555${String(4000 + 10 * count + at)}`;
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

test("a limit holds over commands that are processes of their own, and nothing is sent beyond it", async () => {
  const file = policy({ calls: { person: 1 } });
  const first = await run(create("--policy", file), { env });
  const second = await run(create("--policy", file), { env });
  assert.deepEqual([first.status, second.status, calls()], [0, 1, 1], first.stderr + second.stderr);
  const { code, hint } = errorOf(second);
  assert.equal(code, "PERSON_LIMIT");
  assert.match(hint, /^allowed again at \d{4}-/);
  assert.ok(!second.stderr.includes(person()));
});

test("two commands at once do not exceed a limit together", async () => {
  const file = policy({ calls: { day: 1 } });
  const both = await Promise.all([0, 1].map(() => run(create("--policy", file), { env })));
  assert.deepEqual([both.map(({ status }) => status).sort(), calls()], [[0, 1], 1]);
});

test("a request that the API refuses is not counted", async () => {
  const file = policy({ calls: { day: 1 } });
  sandbox.faults.add({ match: { operation: "calls.create" }, status: 402, times: 1 });
  assert.equal((await run(create("--policy", file), { env })).status, 1);
  assert.equal((await run(create("--policy", file), { env })).status, 0);
  assert.equal((await run(create("--policy", file), { env })).status, 1);
  assert.equal(calls(), 1);
});

test("a key that was used is repeated without being counted, and settled although the limit is reached", async () => {
  const file = policy({ calls: { day: 1 } });
  sandbox.faults.add({ match: { operation: "calls.create" }, stall: "headers", times: 1 });
  // Listed so late that the first run cannot find it.
  sandbox.faults.add({ match: { operation: "calls.list" }, status: 503, times: 3 });
  const lost = await run(create("--policy", file, "--key", "order-1", "--max-time", "2"), { env });
  assert.equal(lost.status, 4, lost.stderr);
  const again = await run(create("--policy", file, "--key", "order-1"), { env });
  assert.equal(again.status, 0, again.stderr);
  assert.equal((await run(create("--policy", file, "--key", "order-1"), { env })).status, 0);
  const other = await run(create("--policy", file, "--key", "order-2"), { env });
  assert.deepEqual([other.status, errorOf(other).code, calls()], [1, "COUNT_LIMIT", 1]);
});

test("each recipient of a group text is checked, and one who is denied keeps all from being counted", async () => {
  const file = policy({ recipients: { deny: [person(1)] }, texts: { day: 2 } });
  const own = on(sandbox.url);
  const group = lines((await run(["agents", "create", "--name", "Group"], { env: own })).stdout)[0].id;
  await run(["numbers", "buy", "--agent-id", group, "--type", "imessage", "--yes"], { env: own });
  const send = (/** @type {string[]} */ ...to) =>
    run(
      [
        ...["messages", "send", "--agent-id", group, "--body", "Hello", "--yes", "--policy", file],
        ...to.flatMap((one) => ["--recipients", one]),
      ],
      { env },
    );
  const refused = await send(person(0), person(1));
  assert.deepEqual([refused.status, errorOf(refused).code, texts()], [1, "RECIPIENT_DENIED", 0]);
  const sent = await send(person(0), person(2));
  assert.equal(sent.status, 0, sent.stderr);
  assert.equal(errorOf(await send(person(0), person(2))).code, "COUNT_LIMIT");
});

test("a call begins with the disclosure", async () => {
  const file = policy({ disclosure: "This is an automated call." });
  /** @type {any[]} */
  const bodies = [];
  const server = createServer(async (request, response) => {
    bodies.push(await new Response(/** @type {any} */ (Readable.toWeb(request))).json());
    response.writeHead(201, { "content-type": "application/json" }).end('{"id":"call_1"}');
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  try {
    const to = { env: { ...env, AGENTPHONE_BASE_URL: `http://127.0.0.1:${port}` } };
    const { status, stderr } = await run(create("--policy", file, "--initial-greeting", "Hello."), to);
    assert.equal(status, 0, stderr);
    assert.deepEqual(
      bodies.map(({ initialGreeting }) => initialGreeting),
      ["This is an automated call. Hello."],
    );
  } finally {
    server.close();
  }
});

test("--yes is not the person whom a policy demands", async () => {
  const file = policy({ approval: "spend" });
  const ended = await run(create("--policy", file), { env });
  assert.deepEqual([ended.status, errorOf(ended).code, calls()], [1, "APPROVAL_REQUIRED", 0]);
});

/** Runs the command on a terminal, and types an answer when it asks. @param {string[]} args @param {string} answer */
const onTerminal = (args, answer) =>
  new Promise((resolve) => {
    const line = [process.execPath, command, ...args].map((word) => `'${word}'`).join(" ");
    // A terminal without columns would show a letter a line.
    const child = spawn("script", ["-qec", `stty cols 100 rows 30; ${line}`, "/dev/null"], {
      env: environment({ ...env, TERM: "xterm" }),
    });
    let [shown, asked] = ["", false];
    child.stdout.setEncoding("utf8").on("data", (text) => {
      shown += text;
      if (asked || !shown.includes("Continue?")) return;
      asked = true;
      child.stdin.write(answer);
    });
    const late = setTimeout(() => child.kill("SIGKILL"), 30_000);
    child.on("close", (status) => (clearTimeout(late), resolve({ status, shown })));
  });

test("on a terminal the person is asked with the price, once for yes and for no", {
  skip: process.platform !== "linux" && "no script of util-linux",
}, async () => {
  const file = policy({ approval: "spend", maxMinutes: 5 });
  const declined = await onTerminal(create("--policy", file), "n");
  assert.deepEqual([declined.status, calls()], [1, 0], declined.shown);
  assert.match(declined.shown, /At most \$1\.10\./);
  const agreed = await onTerminal(create("--policy", file), "y");
  assert.deepEqual([agreed.status, calls()], [0, 1], agreed.shown);
});

test("the environment limits every command that does more than read", async () => {
  const limited = { ...env, AGENTPHONE_POLICY: policy({ readOnly: true }) };
  assert.equal((await run(["calls", "list"], { env: limited })).status, 0);
  for (const args of [
    create(),
    ["agents", "update", agent, "--name", "Other"],
    ["agents", "delete", agent, "--yes"],
    ["webhooks", "set", "--url", "https://example.com/hook"],
  ]) {
    const ended = await run(args, { env: limited });
    assert.deepEqual([ended.status, errorOf(ended).code], [1, "READ_ONLY"], args.join(" "));
  }
  const listening = await run(["listen", "--sandbox", "--forward-to", "http://127.0.0.1:9"], { env: limited });
  assert.deepEqual([listening.status, errorOf(listening).code], [1, "TOOL_NOT_ALLOWED"]);
  assert.equal(calls(), 0);
});

test("the environment limits a campaign: whom the policy refuses is not called", async () => {
  const limited = {
    ...env,
    // Where better-sqlite3 is, for a Node.js without SQLite.
    NODE_PATH: join(ledgerTools(), "node_modules"),
    AGENTPHONE_POLICY: policy({ recipients: { deny: [person(1)] } }),
  };
  const file = join(scratch, `people-${count}.csv`);
  writeFileSync(file, `phone\n${person(0)}\n${person(1)}\n`);
  const campaign = (/** @type {string[]} */ ...args) => run(["campaign", ...args], { env: limited });
  const planned = await campaign("plan", file, "--id", "spring", "--agent-id", agent, "--quiet-hours", "none");
  assert.equal(planned.status, 0, planned.stderr);
  const ended = await campaign("start", "spring", "--yes");
  assert.equal(ended.status, 0, ended.stderr);
  assert.equal(calls(), 1);
  assert.match((await campaign("report", "spring")).stdout, /skipped,policy/);
});

test("a policy that cannot be read does not start a campaign: a worker elsewhere would run it without the policy", async () => {
  const limited = { ...env, NODE_PATH: join(ledgerTools(), "node_modules") };
  const file = join(scratch, `people-${count}.csv`);
  writeFileSync(file, `phone\n${person(0)}\n`);
  const campaign = (/** @type {string[]} */ ...args) => run(["campaign", ...args], { env: limited });
  const planned = await campaign("plan", file, "--id", "held", "--agent-id", agent, "--quiet-hours", "none");
  assert.equal(planned.status, 0, planned.stderr);
  for (const wrong of [join(scratch, "none.json"), policy({ cals: { day: 1 } })]) {
    assert.equal((await campaign("start", "held", "--yes", "--policy", wrong)).status, 2);
    const [{ state }] = lines((await campaign("status", "held")).stdout);
    assert.equal(state, "planned");
  }
  assert.equal(calls(), 0);
});

test("the tools of models and commands that do the same have one name in a policy", async () => {
  const file = policy({ tools: ["place_call"] });
  assert.equal((await run(create("--policy", file), { env })).status, 0);
  const ended = await run(["agents", "create", "--name", "Other", "--policy", file], { env });
  assert.deepEqual([ended.status, errorOf(ended).code], [1, "TOOL_NOT_ALLOWED"]);
});

test("a dry run shows the request with the disclosure and the verdict, and counts nothing", async () => {
  const file = policy({ calls: { day: 1 }, disclosure: "This is an automated call." });
  const dry = () => run(create("--policy", file, "--dry-run"), { env });
  for (let at = 0; at < 2; at += 1) {
    const [shown] = lines((await dry()).stdout);
    assert.equal(shown.body.initialGreeting, "This is an automated call.");
    assert.deepEqual(shown.policy, { decision: "allow" });
  }
  assert.equal((await run(create("--policy", file), { env })).status, 0);
  const [{ policy: verdict }] = lines((await dry()).stdout);
  assert.deepEqual([verdict.decision, verdict.code, calls()], ["refuse", "COUNT_LIMIT", 1]);
});

test("a policy that cannot be read or has an unknown limit sends nothing", async () => {
  const missing = await run(create("--policy", join(scratch, "none.json")), { env });
  const wrong = await run(create("--policy", policy({ cals: { day: 1 } })), { env });
  assert.deepEqual([missing.status, wrong.status, calls()], [2, 2, 0]);
  assert.match(errorOf(wrong).message, /cals/);
});
