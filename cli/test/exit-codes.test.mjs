// What a script can rely on: the exit code, one result on standard output, and one JSON object of an error on standard error.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { serveSandbox } from "agentphone-wasm/sandbox";
import { command, environment, errorOf, lines, on, run, scratch, start } from "./harness.mjs";

/** @type {import("agentphone-wasm/sandbox").SandboxServer} */
let sandbox;
/** @type {Record<string, string>} */
let env;
let agent = "";
before(async () => {
  sandbox = await serveSandbox({ limits: false });
  env = on(sandbox.url);
  const made = await run(["agents", "create", "--name", "Support"], { env });
  assert.equal(made.status, 0, made.stderr);
  agent = lines(made.stdout)[0].id;
  assert.equal((await run(["numbers", "buy", "--agent-id", agent, "--yes"], { env })).status, 0);
});
after(() => sandbox.close());

const call = (/** @type {string} */ to, /** @type {string[]} */ ...more) =>
  run(["calls", "create", "--agent-id", agent, "--to-number", to, "--yes", ...more], { env });

describe("exit codes", () => {
  test("0: it was done, and standard output is the object", async () => {
    const { status, stdout } = await call("+14155550100");
    assert.equal(status, 0);
    assert.equal(lines(stdout).length, 1);
    assert.equal(lines(stdout)[0].toNumber, "+14155550100");
  });

  test("4: it was done, but the result could not be written: the next run with the key prints it", {
    skip: !existsSync("/dev/full") && "there is no /dev/full",
  }, async () => {
    const before = sandbox.ledger().callsPlaced;
    const words = ["calls", "create", "--agent-id", agent, "--to-number", "+14155550166", "--yes", "--key", "full"];
    const line = [process.execPath, command, ...words].map((word) => `'${word}'`).join(" ");
    /** @type {(what: string) => Promise<{ code: unknown, stderr: string }>} */
    const full = (what) =>
      new Promise((resolve) =>
        execFile("sh", ["-c", `${what} > /dev/full`], { env: environment(env) }, (error, _, stderr) =>
          resolve({ code: error?.code, stderr }),
        ),
      );
    const lost = await full(line);
    assert.deepEqual([lost.code, lines(lost.stderr).at(-1).error.key], [4, "full"]);
    assert.equal((await run(words, { env })).status, 0);
    assert.equal(sandbox.ledger().callsPlaced - before, 1);
    const read = await full(`'${process.execPath}' '${command}' agents list`);
    assert.equal(read.code, 1);
    assert.match(lines(read.stderr).at(-1).error.message, /standard output \(ENOSPC\)/);
  });

  test("1: the API refused it, and the error has its code", async () => {
    const ended = await call("+15005550103");
    assert.deepEqual([ended.status, ended.stdout], [1, ""]);
    const error = errorOf(ended);
    assert.deepEqual(
      [error.code, error.outcomeUnknown, error.operation],
      ["INSUFFICIENT_BALANCE", false, "calls.create"],
    );
    assert.ok(error.requestId, "the request's id");
  });

  for (const [name, args] of /** @type {[string, string[]][]} */ ([
    ["a command that is none", ["nonsense"]],
    ["a verb that is none", ["calls", "make"]],
    ["a group without a verb", ["calls"]],
    ["an option that is none", ["calls", "list", "--colour", "red"]],
    ["an id too few", ["calls", "get"]],
    ["an argument too many", ["calls", "end", "x", "y"]],
    ["a number that is none", ["calls", "list", "--limit", "many"]],
    ["a number out of bounds", ["calls", "list", "--limit", "1000"]],
    ["a phone number in local form", ["calls", "create", "--agent-id", "a", "--to-number", "415 555 0100", "--yes"]],
    ["a field that is needed", ["calls", "create", "--agent-id", "a", "--yes"]],
    ["JSON that is none", ["calls", "create", "--json", "{", "--yes"]],
    ["JSON that is no object", ["calls", "create", "--json", "[]", "--yes"]],
    ["a file that is not there", ["calls", "create", "@nowhere.json", "--yes"]],
    ["two inputs", ["calls", "create", "@a.json", "--json", "{}", "--yes"]],
    ["an input where none is taken", ["calls", "end", "x", "--json", "{}"]],
    ["an output that is none", ["calls", "list", "--output", "yaml"]],
    ["a time that is none", ["calls", "list", "--max-time", "-1"]],
    ["a file for what is none", ["calls", "list", "--out", "x"]],
  ])) {
    test(`2: ${name}, and nothing is sent`, async () => {
      const before = sandbox.requests().length;
      const ended = await run(args, { env });
      assert.deepEqual([ended.status, ended.stdout], [2, ""], ended.stderr);
      assert.equal(typeof errorOf(ended).message, "string");
      assert.equal(sandbox.requests().length, before);
    });
  }

  test("3: nobody listens there", async () => {
    const ended = await run(["calls", "list"], { env: on("http://127.0.0.1:9") });
    assert.equal(ended.status, 3);
    assert.deepEqual([errorOf(ended).code, errorOf(ended).outcomeUnknown], ["CONNECTION_ERROR", false]);
  });

  test("4: it may have happened, and the error names the key", async () => {
    const ended = await call("+15005550221", "--key", "lost-for-good", "--max-time", "3");
    assert.equal(ended.status, 4, ended.stderr);
    const error = errorOf(ended);
    assert.deepEqual([error.outcomeUnknown, error.retryable, error.key], [true, false, "lost-for-good"]);
  });

  test("130: interrupted, also while it waits", async () => {
    const silent = createServer(() => {});
    await new Promise((resolve) => silent.listen(0, "127.0.0.1", () => resolve(undefined)));
    const { port } = /** @type {import("node:net").AddressInfo} */ (silent.address());
    const arrived = new Promise((resolve) => silent.once("request", resolve));
    const { child, ended } = start(["calls", "list"], { env: on(`http://127.0.0.1:${port}`) });
    await arrived;
    child.kill("SIGINT");
    const { status, stderr } = await ended;
    silent.close();
    silent.closeAllConnections();
    assert.equal(status, 130, stderr);
    assert.equal(lines(stderr).at(-1).error.code, "ABORTED");
  });
});

describe("asking first", () => {
  for (const args of [
    ["calls", "create", "--agent-id", "a", "--to-number", "+14155550100"],
    ["messages", "send", "--agent-id", "a", "--to-number", "+14155550100", "--body", "hi"],
    ["numbers", "buy"],
    ["numbers", "release", "num_1"],
    ["agents", "delete", "agt_1"],
    ["credits", "recording", "enable"],
  ]) {
    test(`${args.slice(0, 2).join(" ")} without --yes and without a terminal is refused`, async () => {
      const before = sandbox.requests().length;
      const ended = await run(args, { env, input: "y\ny\n" });
      assert.deepEqual([ended.status, errorOf(ended).code], [2, "CONFIRMATION_REQUIRED"]);
      assert.equal(sandbox.requests().length, before);
    });
  }

  test("a dry run sends nothing, and shows request and price", async () => {
    const before = sandbox.requests().length;
    const ended = await run(
      ["messages", "send", "--agent-id", agent, "--to-number", "+14155550100", "--body", "x".repeat(200), "--dry-run"],
      { env },
    );
    const [shown] = lines(ended.stdout);
    assert.equal(ended.status, 0);
    assert.deepEqual([shown.method, shown.url, shown.segments], ["POST", `${sandbox.url}/v1/messages`, 2]);
    assert.deepEqual(shown.body, { agent_id: agent, to_number: "+14155550100", body: "x".repeat(200) });
    assert.match(shown.cost, /\$0\.02/);
    assert.ok(!ended.stdout.includes("sk_test_key") && !ended.stdout.includes("sk_dry"));
    assert.equal(sandbox.requests().length, before);
  });
});

describe("the API key", () => {
  const keyed = (/** @type {string} */ file) => ({ AGENTPHONE_BASE_URL: sandbox.url, AGENTPHONE_API_KEY_FILE: file });
  mkdirSync(join(scratch, "keys"), { recursive: true });
  const file = join(scratch, "keys", "key");

  test("is read from a file of mode 600, and from no other", { skip: process.platform === "win32" }, async () => {
    writeFileSync(file, "sk_test_file\n");
    for (const mode of [0o644, 0o640, 0o660, 0o604, 0o666, 0o700, 0o400]) {
      chmodSync(file, mode);
      const ended = await run(["agents", "list"], { env: keyed(file) });
      assert.deepEqual([ended.status, errorOf(ended).code], [2, "CONFIGURATION_ERROR"], mode.toString(8));
      assert.ok(!ended.stderr.includes("sk_test_file"));
    }
    chmodSync(file, 0o600);
    assert.equal((await run(["agents", "list"], { env: keyed(file) })).status, 0);
  });

  test("is never an option, and its absence says what to do", async () => {
    assert.equal(
      (await run(["agents", "list", "--api-key", "sk_test"], { env: { AGENTPHONE_BASE_URL: sandbox.url } })).status,
      2,
    );
    const ended = await run(["agents", "list"], { env: { AGENTPHONE_BASE_URL: sandbox.url } });
    assert.deepEqual([ended.status, errorOf(ended).code], [2, "CONFIGURATION_ERROR"]);
    assert.match(errorOf(ended).hint, /AGENTPHONE_API_KEY/);
  });

  test("is in no output, however the command ends", async () => {
    for (const args of [
      ["account", "me", "--verbose"],
      ["agents", "get", "nobody", "--verbose"],
      ["calls", "create", "--agent-id", "x", "--to-number", "+15005550401", "--yes", "--verbose"],
    ]) {
      const { stdout, stderr } = await run(args, { env });
      assert.ok(!`${stdout}${stderr}`.includes("sk_test_key"), args.join(" "));
    }
  });
});
