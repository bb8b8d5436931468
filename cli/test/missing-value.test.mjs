// An empty variable of a shell leaves an option without a value. The next option must not become the value: with `--sandbox` as a
// greeting, the command would go to the real account.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serveSandbox } from "agentphone-wasm/sandbox";
import { errorOf, lines, on, run } from "./harness.mjs";

/** In the place of the real account. @type {import("agentphone-wasm/sandbox").SandboxServer} */
let account;
/** @type {Record<string, string>} */
let env;
before(async () => {
  account = await serveSandbox({ limits: false });
  env = on(account.url);
});
after(() => account.close());

const CALL = ["calls", "create", "--agent-id", "a", "--to-number", "+14155550100", "--yes"];

for (const [name, args, option] of /** @type {[string, string[], string][]} */ ([
  ["a greeting", [...CALL, "--initial-greeting", "--sandbox"], "--initial-greeting"],
  ["an id", ["calls", "create", "--agent-id", "--to-number", "+14155550100", "--yes"], "--agent-id"],
  ["a list", ["messages", "send", "--media-urls", "--body=x", "--sandbox"], "--media-urls"],
  ["a misspelled option", [...CALL, "--initial-greeting", "--sandbx"], "--initial-greeting"],
  ["a negated flag", [...CALL, "--initial-greeting", "--no-such-flag"], "--initial-greeting"],
  ["a request for help", [...CALL, "--initial-greeting", "--help"], "--initial-greeting"],
  ["an option with one letter", ["calls", "list", "-o", "--sandbox"], "--output"],
  ["one letter of several", ["calls", "create", "-yo", "--sandbox"], "--output"],
  ["a flag with one letter as the value", [...CALL, "--initial-greeting", "-y"], "--initial-greeting"],
  ["an option before the command", ["--sub-account", "--sandbox", "calls", "list"], "--sub-account"],
  ["a task", ["listen", "--forward-to", "--sandbox"], "--forward-to"],
  ["a store", ["campaign", "start", "spring", "--store", "--sandbox"], "--store"],
  ["a person's decision", ["effects", "resolve", "key", "--happened", "--sandbox"], "--happened"],
  ["the end of the options", [...CALL, "--initial-greeting", "--", "x"], "--initial-greeting"],
]))
  test(`${name} without a value takes no option as its value, and nothing is sent`, async () => {
    const ended = await run(args, { env });
    assert.deepEqual([ended.status, ended.stdout], [2, ""], ended.stderr);
    const { code, message, hint } = errorOf(ended);
    assert.equal(code, "USAGE");
    assert.ok(message.startsWith(`${option} has no value`), message);
    assert.ok(hint.includes(`${option}=VALUE`), hint);
    assert.equal(account.requests().length, 0);
  });

test("a text that looks like an option is passed with =, and one that only begins with dashes as it is", async () => {
  for (const [given, body] of [
    ["--initial-greeting=--sandbox", "--sandbox"],
    ["--initial-greeting=", ""],
  ]) {
    const { status, stdout, stderr } = await run([...CALL, "--dry-run", given ?? ""], { env });
    assert.equal(status, 0, stderr);
    assert.equal(lines(stdout)[0].body.initialGreeting, body);
  }
  for (const body of ["-- Ann", "--- a line ---", "-5", "-"]) {
    const { status, stdout, stderr } = await run([...CALL, "--dry-run", "--initial-greeting", body], { env });
    assert.equal(status, 0, stderr);
    assert.equal(lines(stdout)[0].body.initialGreeting, body);
  }
});
