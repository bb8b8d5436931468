// Every operation of the contract is a command, whose help has an example that works as it stands.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { root } from "../../scripts/tools.mjs";
import { operations } from "../../tests/support/contract.mjs";
import { errorOf, lines, on, run } from "./harness.mjs";

const kebab = (/** @type {string} */ name) => name.replaceAll(/([a-z])([A-Z])/g, "$1-$2").toLowerCase();

/** A command line as a shell splits it. */
const split = (/** @type {string} */ text) =>
  [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => double ?? single ?? bare ?? "");

describe("every operation", { concurrency: 3 }, () => {
  for (const operation of operations) {
    const words = operation.id.split(".").map(kebab);
    test(`${words.join(" ")} has help, and its example is sent as the contract has it`, async () => {
      const { status, stdout, stderr } = await run([...words, "--help"]);
      assert.deepEqual([status, stderr], [0, ""]);
      for (const name of Object.keys({ ...operation.query.properties, ...operation.body?.properties })) {
        const deprecated = operation.body?.properties[name]?.deprecated;
        if (!deprecated) assert.match(stdout, new RegExp(`--${kebab(name).replaceAll("_", "-")}\\b`));
      }
      const [, example = ""] = /^ {2}\$ agentphone (.*)$/m.exec(stdout) ?? [];
      const typed = split(example);
      assert.deepEqual(typed.slice(0, words.length), words);
      // A key of its own, and an address where nobody is: a dry run needs neither.
      const sent = await run([...typed, "--dry-run"], { env: on("http://127.0.0.1:9") });
      assert.equal(sent.status, 0, sent.stderr);
      const [{ method, url, operation: id }] = lines(sent.stdout);
      const path = operation.path.replaceAll(/\{(\w+)\}/g, (/** @type {string} */ _, /** @type {string} */ name) =>
        name.toUpperCase(),
      );
      assert.deepEqual([method, new URL(url).pathname, id], [operation.method, path, operation.id]);
    });
  }
});

test("help is a command too, before and after a group", async () => {
  const { stdout } = await run(["calls", "create", "--help"]);
  for (const words of [
    ["help", "calls", "create"],
    ["calls", "help", "create"],
  ])
    assert.deepEqual(await run(words), { status: 0, signal: null, stdout, stderr: "" }, words.join(" "));
  const bare = await run([]);
  assert.deepEqual(await run(["help"]), bare);
  assert.match(bare.stdout, /^Exit codes: 0 done/m);
});

test("the error of a mistyped command is one line, with the one that was meant", async () => {
  const { message, hint } = errorOf(await run(["calls", "lst"]));
  assert.deepEqual([message, hint], ["unknown command 'lst'", "Did you mean list?"]);
});

test("what costs money, rings or writes to somebody says so in its help", async () => {
  for (const words of [
    ["calls", "create"],
    ["messages", "send"],
    ["numbers", "buy"],
    ["registration", "create"],
    ["credits", "recording", "enable"],
  ]) {
    const { stdout } = await run([...words, "--help"]);
    assert.match(stdout, /^Price: .*\$\d/m);
    assert.match(stdout, /--yes/);
    assert.match(stdout, /--key/);
  }
});

test("no field of the API is called like an option that all commands have", () => {
  const source = readFileSync(join(root, "cli", "src", "settings.ts"), "utf8");
  const [, list = ""] = /OPTION_NAMES = \[([^\]]+)\]/.exec(source) ?? [];
  const own = [...list.matchAll(/"([^"]+)"/g)].map(([, name]) => name);
  assert.ok(own.includes("json") && own.length > 8);
  for (const { query, body } of operations)
    for (const name of Object.keys({ ...query.properties, ...body?.properties }))
      assert.ok(!own.includes(kebab(name)), name);
});
