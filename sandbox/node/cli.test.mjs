// The command as a user meets it, and the README as a reader tries it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer as createTcpServer } from "node:net";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { serveSandbox } from "./server.mjs";
import { speak } from "./testing.mjs";

const CLI = fileURLToPath(new URL("cli.mjs", import.meta.url));

describe("the README", () => {
  let server;
  before(async () => (server = await serveSandbox()));
  after(() => server.close());
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const blocks = (language) =>
    [...readme.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, "g"))].map((match) => match[1]);

  test("its example runs and holds", async () => {
    const [example] = blocks("js");
    // An assertion of the example must fail the test, and a data: module resolves no relative path.
    const code = example
      .replace("./node/server.mjs", new URL("server.mjs", import.meta.url).href)
      .replace("console.assert(ledger.callsPlaced === 1)", "globalThis.placed = ledger.callsPlaced");
    await import(`data:text/javascript,${encodeURIComponent(code)}`);
    assert.equal(globalThis.placed, 1);
  });

  test("its rules are accepted", async () => {
    const rules = blocks("json");
    assert.equal(rules.length, 3);
    for (const rule of rules) {
      const response = await fetch(`${server.url}/__sandbox/faults`, { method: "POST", body: rule });
      assert.equal(response.status, 201, rule);
    }
  });
});

describe("the command", () => {
  const run = (...args) => {
    const child = spawn(process.execPath, [CLI, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    const out = { stdout: "", stderr: "", code: undefined };
    child.stdout.on("data", (chunk) => (out.stdout += chunk));
    child.stderr.on("data", (chunk) => (out.stderr += chunk));
    return { child, out, exit: once(child, "close").then(([code]) => ({ ...out, code })) };
  };

  for (const signal of ["SIGTERM", "SIGINT"]) {
    test(`it tells its address, serves, and ends on ${signal}`, async () => {
      const { child, out, exit } = run("--port", "0", "--seed", "7");
      while (!out.stdout.includes("/__sandbox/health")) await once(child.stdout, "data");
      const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(out.stdout);
      assert.equal((await (await fetch(`${url}/__sandbox/health`)).json()).ok, true);
      child.kill(signal);
      const ended = await exit;
      assert.equal(ended.code, 0);
      assert.match(ended.stdout, /GET \/__sandbox\/health 200/);
    });
  }

  test("--quiet leaves out the line of each request", async () => {
    const { child, out, exit } = run("--port", "0", "--quiet");
    while (!out.stdout.includes("/__sandbox/health")) await once(child.stdout, "data");
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(out.stdout);
    await (await fetch(`${url}/v1/agents`)).text();
    child.kill("SIGTERM");
    assert.doesNotMatch((await exit).stdout, /GET/);
  });

  test("a client that leaves in the middle of its body is nothing to report", async () => {
    const { child, out, exit } = run("--port", "0", "--quiet");
    while (!out.stdout.includes("/__sandbox/health")) await once(child.stdout, "data");
    const [, port] = /http:\/\/127\.0\.0\.1:(\d+)/.exec(out.stdout);
    const socket = await speak("POST /v1/agents HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\n{", Number(port));
    socket.destroy();
    await once(socket, "close");
    await (await fetch(`http://127.0.0.1:${port}/__sandbox/health`)).text();
    child.kill("SIGTERM");
    assert.equal((await exit).stderr, "");
  });

  for (const [args, words] of [
    [["--port", "http"], /--port must be a whole number from 0 to 65535, not "http"/],
    [["--port", "70000"], /--port must be/],
    [["--seed", "-1"], /--seed/],
    [["--prot", "4010"], /Unknown option '--prot'/],
    [["--static", "/does/not/exist"], /there is no folder \/does\/not\/exist/],
    [["extra"], /extra/],
  ]) {
    test(`${args.join(" ")} is refused in one line`, async () => {
      const { code, stderr } = await run(...args).exit;
      assert.equal(code, 1);
      assert.match(stderr, words);
      assert.equal(stderr.trim().split("\n").length, 1, stderr);
    });
  }

  test("a busy port is named", async () => {
    const other = createTcpServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address();
    const { code, stderr } = await run("--port", String(port)).exit;
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`port ${port} is in use`));
    other.close();
  });
});
