// What is printed: for people on a terminal, for programs on a pipe, and never what somebody else wants a terminal to do.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { serveSandbox } from "agentphone-wasm/sandbox";
import { demo } from "agentphone-wasm/sandbox/demo";
import { bin, command, errorOf, lines, on, run, scratch } from "./harness.mjs";

/** @type {import("agentphone-wasm/sandbox").SandboxServer} */
let sandbox;
/** @type {Record<string, string>} */
let env;
before(async () => {
  sandbox = await serveSandbox({ limits: false, demo: demo({ live: false }) });
  env = on(sandbox.url);
});
after(() => sandbox.close());

describe("on a pipe", () => {
  test("a list is JSON lines, a page of it, and says on standard error that there is more", async () => {
    const { status, stdout, stderr } = await run(["calls", "list", "--limit", "7"], { env });
    assert.deepEqual([status, lines(stdout).length], [0, 7]);
    assert.deepEqual([lines(stderr)[0].note, lines(stderr)[0].shown], ["more", 7]);
  });

  test("--all reads every page, each item once", async () => {
    const { stdout, stderr } = await run(["calls", "list", "--all", "--limit", "100"], { env });
    const ids = lines(stdout).map(({ id }) => id);
    assert.ok(ids.length >= 300);
    assert.deepEqual([new Set(ids).size, stderr], [ids.length, ""]);
  });

  test("--output json makes a list one array", async () => {
    const { stdout } = await run(["agents", "list", "--output", "json"], { env });
    assert.equal(JSON.parse(stdout).length, 4);
    const none = await run(["calls", "list", "--search", "nobody", "-o", "json"], { env });
    assert.deepEqual(JSON.parse(none.stdout), []);
  });

  test("a reader that leaves early is no error", async () => {
    const child = spawn("sh", ["-c", `"${process.execPath}" "${command}" calls list --all | head -2; exit 0`], {
      env: { ...process.env, ...env },
    });
    let [out, err] = ["", ""];
    child.stdout.on("data", (text) => (out += text));
    child.stderr.on("data", (text) => (err += text));
    await new Promise((resolve) => child.on("close", resolve));
    assert.equal(lines(out).length, 2);
    assert.equal(err, "");
  });

  test("the command that npm links is the same program", async () => {
    const { stdout } = spawnSync(bin, ["--version"], { encoding: "utf8" });
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  });
});

describe("input", () => {
  test("comes from options, JSON, a file or standard input, and options go over it", async () => {
    const file = join(scratch, "agent.json");
    writeFileSync(file, JSON.stringify({ name: "From a file", voiceSpeed: 1.5 }));
    const bodyOf = async (/** @type {string[]} */ args, /** @type {string} */ input = "") =>
      lines((await run(["agents", "create", ...args, "--dry-run"], { env, input })).stdout)[0].body;
    assert.deepEqual(await bodyOf([`@${file}`]), { name: "From a file", voiceSpeed: 1.5 });
    assert.deepEqual(await bodyOf([`@${file}`, "--name", "Other", "--no-enable-backchannel"]), {
      name: "Other",
      voiceSpeed: 1.5,
      enableBackchannel: false,
    });
    assert.deepEqual(await bodyOf(["@-"], '\uFEFF{"name":"Piped"}'), { name: "Piped" });
    assert.deepEqual(await bodyOf(["--json", '{"name":"J","voice":null}']), { name: "J", voice: null });
    // What looks like a file is a text where a text belongs.
    assert.deepEqual(await bodyOf(["--name", "@home"]), { name: "@home" });
    assert.deepEqual(await bodyOf(["--name", "-"]), { name: "-" });
  });

  test("a map is pairs or JSON, a list is repeated, and __proto__ is a name like any other", async () => {
    const { stdout } = await run(
      ["calls", "create", "--agent-id", "a", "--to-number", "+14155550100", "--dry-run"].concat([
        "--variables",
        "name=Ann=Bo",
        "--variables",
        '{"day":"Monday"}',
        "--variables",
        "__proto__=x",
      ]),
      { env },
    );
    assert.match(stdout, /"variables":\{"name":"Ann=Bo","day":"Monday","__proto__":"x"\}/);
    const sent = await run(
      ["messages", "send", "--agent-id", "a", "--recipients", "+14155550100", "--recipients", "a@example.com"].concat([
        "--body",
        "hi",
        "--dry-run",
      ]),
      { env },
    );
    assert.deepEqual(lines(sent.stdout)[0].body.recipients, ["+14155550100", "a@example.com"]);
  });

  test("a file that is not UTF-8, or no JSON, is named, and nothing of it is shown", async () => {
    const file = join(scratch, "secret.json");
    for (const bytes of [Buffer.from([0x7b, 0xff, 0xfe]), Buffer.from('{"name": "my secret" oops')]) {
      writeFileSync(file, bytes);
      const ended = await run(["agents", "create", `@${file}`], { env });
      assert.equal(ended.status, 2);
      assert.ok(errorOf(ended).message.includes(file));
      assert.ok(!ended.stderr.includes('secret"'), ended.stderr);
    }
  });
});

/** Runs the command on a terminal: `script` makes one. @param {string[]} args @param {Record<string, string>} [more] */
const onTerminal = async (args, more = {}, columns = 100) => {
  const file = join(scratch, `typescript-${Math.random()}`);
  const words = [process.execPath, command, ...args].map((word) => `'${word}'`).join(" ");
  const child = spawn("script", ["-qec", `stty cols ${columns}; ${words}`, file], {
    env: {
      ...process.env,
      ...env,
      TZ: "America/New_York",
      TERM: "xterm",
      AGENTPHONE_STATE_DIR: join(scratch, "state"),
      ...more,
    },
    stdio: ["ignore", "ignore", "ignore"],
  });
  const status = await new Promise((resolve) => child.on("close", resolve));
  return { status, text: readFileSync(file, "utf8").replaceAll("\r\n", "\n") };
};
const noTerminal = spawnSync("script", ["--version"]).status !== 0 && "there is no util-linux `script`";

describe("on a terminal", { skip: noTerminal }, () => {
  test("a list is a table that fits it, in colour, with times in the zone of the reader", async () => {
    const { status, text } = await onTerminal(["calls", "list", "--limit", "5"]);
    assert.equal(status, 0);
    const [first] = await new Promise((resolve) =>
      run(["calls", "list", "--limit", "1"], { env }).then(({ stdout }) => resolve(lines(stdout))),
    );
    const local = new Date(first.startedAt).toLocaleString("sv-SE", { timeZone: "America/New_York" });
    assert.ok(text.includes(local), `${local} in ${text}`);
    assert.ok(text.includes("\u001b["), "colours");
    const plain = text.replaceAll(/\u001b\[[\d;]*m/g, "").split("\n");
    assert.ok(
      plain.filter((line) => !line.startsWith("Script")).every((line) => line.length <= 100),
      text,
    );
  });

  test("a terminal that does not tell its size gets more than one column", async () => {
    const { text } = await onTerminal(["agents", "list"], { NO_COLOR: "1" }, 0);
    assert.match(text, /^id +name +/m);
  });

  test("NO_COLOR is obeyed", async () => {
    const { text } = await onTerminal(["calls", "list", "--limit", "5"], { NO_COLOR: "1" });
    assert.ok(!text.slice(text.indexOf("\n")).includes("\u001b["), text);
  });

  test("a text that wants to control the terminal is only shown", async () => {
    const evil = "\u001b]0;owned\u0007\u001b[2J\u009b31mred\u202eabc";
    const made = await run(
      ["contacts", "create", "--json", JSON.stringify({ phoneNumber: "+14155550177", name: evil })],
      { env },
    );
    assert.equal(made.status, 0, made.stderr);
    const { id } = lines(made.stdout)[0];
    for (const args of [
      ["contacts", "get", id],
      ["contacts", "list", "--search", "+14155550177"],
      ["contacts", "get", id, "-o", "json"],
    ]) {
      const { text } = await onTerminal(args, { NO_COLOR: "1" });
      const shown = text.slice(text.indexOf("\n"));
      assert.ok(shown.includes("owned"), shown);
      assert.ok(!/[\u0007\u001b\u009b\u202e]/.test(shown), JSON.stringify(shown));
    }
  });
});

test("an MCP server that a person starts says what it waits for", { skip: noTerminal }, async () => {
  const child = spawn("script", ["-qefc", `'${process.execPath}' '${command}' mcp`, join(scratch, "mcp")], {
    env: { ...process.env, ...env, TERM: "xterm", AGENTPHONE_STATE_DIR: join(scratch, "state") },
    stdio: ["pipe", "pipe", "ignore"],
  });
  let text = "";
  const ended = new Promise((resolve) => child.on("close", resolve));
  child.stdin.on("error", () => {});
  child.stdout.on("data", (chunk) => {
    text += chunk;
    if (text.includes("Waiting for an MCP client on standard input")) child.stdin.write("\u0003");
  });
  assert.equal(await ended, 130, text);
});

describe("asking on a terminal", { skip: noTerminal }, () => {
  const ask = async (/** @type {string} */ key) => {
    const file = join(scratch, `asked-${key.charCodeAt(0)}`);
    const before = sandbox.ledger().callsPlaced;
    const [agent] = lines((await run(["agents", "list"], { env })).stdout);
    const words = [process.execPath, command, "calls", "create", "--agent-id", agent.id, "--to-number", "+14155550100"];
    const child = spawn("script", ["-qefc", `stty cols 100; ${words.map((word) => `'${word}'`).join(" ")}`, file], {
      env: { ...process.env, ...env, TERM: "xterm", AGENTPHONE_STATE_DIR: join(scratch, "asked-state") },
      stdio: ["pipe", "ignore", "ignore"],
    });
    const ended = new Promise((resolve) => child.on("close", resolve));
    for (const until = Date.now() + 60_000; !(existsSync(file) && readFileSync(file, "utf8").includes("Continue?")); ) {
      assert.ok(Date.now() < until, "no question");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.match(readFileSync(file, "utf8"), /\$0\.13 a minute/);
    child.stdin.write(key);
    const status = await ended;
    return [status, sandbox.ledger().callsPlaced - before];
  };

  test("yes places the call, no and Ctrl-C place none", async () => {
    assert.deepEqual(await ask("y"), [0, 1]);
    assert.deepEqual(await ask("n"), [1, 0]);
    assert.deepEqual(await ask("\u0003"), [130, 0]);
  });
});

describe("completion", () => {
  const complete = (/** @type {string[]} */ words) => {
    const line = `COMP_WORDS=(agentphone ${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}`;
    const script = `agentphone() { "${process.execPath}" "${command}" "$@"; }; source <(agentphone completion bash); ${line}; _agentphone; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = spawnSync("bash", ["-c", script], { encoding: "utf8" });
    return stdout.split("\n").filter(Boolean);
  };

  test("bash gets commands, verbs, options and words", () => {
    assert.deepEqual(complete(["ca"]), ["campaign", "calls"]);
    assert.deepEqual(complete(["calls", "cre"]), ["create", "create-web"]);
    assert.deepEqual(complete(["calls", "create", "--to"]), ["--to-number"]);
    assert.deepEqual(complete(["calls", "list", "--output", "j"]), ["json", "jsonl"]);
    assert.deepEqual(complete(["agents", "webhook", "del"]), ["delete", "deliveries"]);
  });

  test("zsh and fish get descriptions too, and no line has two", async () => {
    for (const [shell, mark] of [
      ["zsh", ":"],
      ["fish", "\t"],
    ]) {
      const { stdout } = await run(["__complete", shell ?? "", "--", "calls", "create", "--"]);
      const found = stdout.split("\n").filter(Boolean);
      assert.ok(found.length > 15 && found.every((each) => each.startsWith("--") && each.includes(mark ?? "")), stdout);
      assert.equal((await run(["completion", shell ?? ""])).status, 0);
    }
    assert.equal((await run(["completion", "tcsh"])).status, 2);
  });
});

describe("--sandbox", () => {
  const own = { AGENTPHONE_STATE_DIR: join(scratch, "sandbox-state") };

  test("needs no key, begins with something to see, asks nothing, and goes on where it stopped", async () => {
    const first = await run(["agents", "list", "--sandbox"], { env: own });
    assert.equal(first.status, 0, first.stderr);
    const [agent] = lines(first.stdout);
    assert.equal(lines(first.stdout).length, 4);
    const call = ["calls", "create", "--sandbox", "--agent-id", agent.id, "--to-number", "+14155550100", "--key", "k"];
    const [placed] = lines((await run(call, { env: own })).stdout);
    const [found] = lines((await run(["calls", "get", placed.id, "--sandbox"], { env: own })).stdout);
    assert.equal(found.id, placed.id);
    assert.equal(lines((await run(call, { env: own })).stdout)[0].id, placed.id);
  });

  test("two commands at once do not lose what the other did", async () => {
    const names = ["One", "Two", "Three"];
    const made = await Promise.all(
      names.map((name) => run(["agents", "create", "--name", name, "--sandbox"], { env: own })),
    );
    assert.deepEqual(
      made.map(({ status }) => status),
      [0, 0, 0],
      JSON.stringify(made),
    );
    const { stdout } = await run(["agents", "list", "--sandbox"], { env: own });
    const found = lines(stdout).map(({ name }) => name);
    assert.ok(
      names.every((name) => found.includes(name)),
      stdout,
    );
  });
});
