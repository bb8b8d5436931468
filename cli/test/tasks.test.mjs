// The tasks that take several requests: what they find, what they print, and how they end.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { serveSandbox } from "agentphone-wasm/sandbox";
import { errorOf, lines, on, run, scratch, start } from "./harness.mjs";

/** @type {import("agentphone-wasm/sandbox").SandboxServer} */
let sandbox;
/** @type {Record<string, string>} */
let env;
let agent = "";
before(async () => {
  sandbox = await serveSandbox({ limits: false, speed: 10 });
  env = on(sandbox.url);
  agent = lines((await run(["agents", "create", "--name", "Support"], { env })).stdout)[0].id;
  await run(["numbers", "buy", "--agent-id", agent, "--yes"], { env });
});
after(() => sandbox.close());
beforeEach(() => sandbox.faults.clear());

const place = async (/** @type {string} */ to) =>
  lines((await run(["calls", "create", "--agent-id", agent, "--to-number", to, "--yes"], { env })).stdout)[0];

describe("calls watch", () => {
  test("prints each event as a line, from the first word to the end", async () => {
    const { id } = await place("+14155550100");
    const { status, stdout } = await run(["calls", "watch", id], { env });
    assert.equal(status, 0);
    const events = lines(stdout);
    assert.deepEqual([events[0].event, events.at(-1).event], ["connected", "ended"]);
    assert.ok(events.filter(({ event }) => event === "turn").length > 2);
  });

  test("of a call that goes on, words come while they are said, and Ctrl-C ends the watching alone", async () => {
    const { id } = await place("+15005550005");
    const { child, ended, seen } = start(["calls", "watch", id], { env });
    await seen(/"event":"turn"/);
    child.kill("SIGINT");
    assert.equal((await ended).status, 130);
    const [call] = lines((await run(["calls", "get", id], { env })).stdout);
    assert.equal(call.status, "in-progress");
    await run(["calls", "end", id], { env });
  });

  test("of no call is refused", async () => {
    const ended = await run(["calls", "watch", "nobody"], { env });
    assert.deepEqual([ended.status, errorOf(ended).status], [1, 404]);
  });
});

describe("wait-for", () => {
  test("a text that matches, with what the group matched, and none that came before", async () => {
    sandbox.inbound.message({ from: "+14155550111", body: "Your code is 111111" });
    const { ended } = start(
      ["wait-for", "message", "--match", "code is (\\d{6})", "--every", "0.2", "--timeout", "30"],
      { env },
    );
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    sandbox.inbound.message({ from: "+14155550111", body: "Hello" });
    sandbox.inbound.message({ from: "+14155550111", body: "Your code is 424242" });
    const { status, stdout, stderr } = await ended;
    assert.equal(status, 0, stderr);
    const [{ match, event, data }] = lines(stdout);
    assert.deepEqual([match, event, data.direction], ["424242", "message", "inbound"]);
  });

  test("a sender without the country code is found too, and not waited for in vain", async () => {
    sandbox.inbound.message({ from: "+14155550124", body: "Local" });
    const args = ["wait-for", "message", "--from", "(415) 555-0124", "--since", "600", "--timeout", "10"];
    const { status, stdout } = await run(args, { env });
    assert.equal(status, 0);
    assert.equal(lines(stdout)[0].data.body, "Local");
  });

  test("a text of one sender, and of the time before if that is wanted", async () => {
    sandbox.inbound.message({ from: "+14155550122", body: "Early" });
    sandbox.inbound.message({ from: "+14155550123", body: "Other" });
    const args = ["wait-for", "message", "--from", "+14155550122", "--since", "600", "--timeout", "10"];
    const { status, stdout } = await run(args, { env });
    assert.equal(status, 0);
    assert.equal(lines(stdout)[0].data.body, "Early");
  });

  test("a call that comes in, and the end of a call", async () => {
    const { ended } = start(["wait-for", "call", "--every", "0.2", "--timeout", "30"], { env });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    sandbox.inbound.call({ from: "+14155550133" });
    const [{ data }] = lines((await ended).stdout);
    assert.equal(data.fromNumber, "+14155550133");
    const over = await run(["wait-for", "call-ended", "--call", data.id, "--timeout", "60"], { env });
    assert.equal(over.status, 0, over.stderr);
    assert.equal(lines(over.stdout)[0].data.status, "completed");
    const { id } = await place("+15005550001");
    const any = await run(
      ["wait-for", "call-ended", "--since", "3600", "--to", "+15005550001", "--timeout", "30", "--every", "0.3"],
      { env },
    );
    assert.equal(lines(any.stdout)[0].data.id, id);
  });

  test("gives up in time, with 1, and says so", async () => {
    const ended = await run(["wait-for", "message", "--from", "+14155550199", "--timeout", "1", "--every", "0.2"], {
      env,
    });
    assert.deepEqual([ended.status, errorOf(ended).code], [1, "WAIT_TIMEOUT"]);
  });

  test("refuses what is no pattern, and options of another event", async () => {
    for (const args of [
      ["message", "--match", "("],
      ["call", "--match", "x"],
      ["message", "--call", "x"],
      ["anything"],
    ])
      assert.equal((await run(["wait-for", ...args], { env })).status, 2, args.join(" "));
  });
});

describe("effects", () => {
  test("what is in doubt is listed, looked for, and settled by a person's word; then the key is free", async () => {
    const create = [
      "calls",
      "create",
      "--agent-id",
      agent,
      "--to-number",
      "+15005550202",
      "--yes",
      "--key",
      "doubtful",
      "--max-time",
      "2",
    ];
    assert.equal((await run(create, { env })).status, 4);
    const [intent] = lines((await run(["effects", "pending"], { env })).stdout);
    assert.deepEqual([intent.key, intent.operation], ["doubtful", "calls.create"]);
    const settled = await run(["effects", "settle"], { env });
    assert.deepEqual([settled.status, lines(settled.stdout)[0]], [4, { settled: 0, pending: 1 }]);
    assert.equal((await run(["effects", "resolve", "doubtful"], { env })).status, 2);
    assert.equal((await run(["effects", "resolve", "doubtful", "--happened", "x", "--nothing"], { env })).status, 2);
    const word = await run(["effects", "resolve", "doubtful", "--nothing"], { env });
    assert.deepEqual([word.status, lines(word.stdout)[0].state], [0, "not_placed"]);
    assert.deepEqual((await run(["effects", "pending"], { env })).stdout, "");
    assert.equal(lines((await run(["effects", "show", "doubtful"], { env })).stdout)[0].state, "not_placed");
    const pruned = await run(["effects", "prune", "--days", "1"], { env });
    assert.deepEqual(lines(pruned.stdout), [{ forgotten: 0, olderThanDays: 1 }], "too young to be forgotten");
    assert.equal((await run(["effects", "prune", "--days", "0"], { env })).status, 2);
    const none = await run(["effects", "show", "never"], { env });
    assert.deepEqual([none.status, errorOf(none).code], [1, "NOT_FOUND"]);
  });
});

describe("doctor", () => {
  const found = (/** @type {string} */ stdout, /** @type {string} */ name) =>
    lines(stdout)[0].checks.find((/** @type {{ check: string }} */ { check }) => check === name);

  test("a good account is good", async () => {
    const { status, stdout } = await run(["doctor"], { env });
    for (const name of ["key", "network", "account", "effects"]) assert.equal(found(stdout, name).status, "ok", name);
    assert.equal(found(stdout, "registration").status, "warn");
    assert.equal(status, 0);
    assert.ok(!stdout.includes("sk_test_key"));
  });

  test("no key: 2, with what to do", async () => {
    const { status, stdout } = await run(["doctor"], { env: { AGENTPHONE_BASE_URL: sandbox.url } });
    assert.equal(status, 2);
    assert.match(found(stdout, "key").advice, /AGENTPHONE_API_KEY/);
  });

  test("a state folder that cannot be written is one of its findings, and does not end it", async () => {
    const file = join(scratch, "not-a-folder");
    writeFileSync(file, "");
    const there = { ...env, AGENTPHONE_STATE_DIR: file };
    const { status, stdout } = await run(["doctor"], { env: there });
    assert.equal(status, 2);
    assert.match(found(stdout, "state").found, /not-a-folder.*cannot be written/);
    assert.equal(found(stdout, "key").status, "ok");
    const call = ["calls", "create", "--agent-id", "a", "--to-number", "+14155550100", "--yes"];
    const refused = errorOf(await run(call, { env: there }));
    assert.equal(refused.code, "LEDGER_UNAVAILABLE");
    assert.match(refused.hint, /not-a-folder/);
  });

  test("nobody there: 3; a key that is refused: 1; a proxy that Node ignores", async () => {
    const none = await run(["doctor"], { env: on("http://127.0.0.1:9") });
    assert.deepEqual([none.status, found(none.stdout, "network").status], [3, "fail"]);
    sandbox.faults.add({ match: { operation: "agents.list" }, status: 401 });
    const refused = await run(["doctor"], { env: { ...env, HTTPS_PROXY: "http://proxy.test:3128" } });
    assert.deepEqual([refused.status, found(refused.stdout, "account").status], [1, "fail"]);
    assert.equal(found(refused.stdout, "proxy").status, "warn");
  });

  test("a clock that is off", async () => {
    const server = createServer((_, response) => {
      response.setHeader("date", new Date(Date.now() + 400_000).toUTCString());
      response.setHeader("content-type", "application/json");
      response.end('{"data":[],"total":0,"hasMore":false}');
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
    const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
    const { status, stdout } = await run(["doctor"], { env: on(`http://127.0.0.1:${port}`) });
    server.close();
    assert.deepEqual([status, found(stdout, "clock").status], [1, "fail"]);
    assert.match(found(stdout, "clock").found, /^(399|400|401) s behind$/);
  });

  test("a webhook that cannot be reached, numbers that cannot text", async () => {
    const strict = await serveSandbox({ limits: false, strict: true });
    const there = on(strict.url);
    await run(["numbers", "buy", "--yes", "--json", '{"type":"sms"}'], { env: there });
    await run(["webhooks", "set", "--url", "http://127.0.0.1:9/hook"], { env: there });
    const { status, stdout } = await run(["doctor", "--test-webhook"], { env: there });
    assert.equal(status, 1);
    assert.equal(found(stdout, "webhook test").status, "fail");
    assert.match(found(stdout, "numbers").found, /registration_required/);
    await strict.close();
  });
});
