// The command as a user sees it, and the README as a reader tries it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer as createTcpServer } from "node:net";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { serveSandbox } from "./server.mjs";
import { JSON_KEY, readAll, speak } from "./testing.mjs";

/** @import { Foreign } from "../../tests/support/foreign.js" */

const CLI = fileURLToPath(new URL("cli.mjs", import.meta.url));

describe("the README", () => {
  /** @type {import("../js/types.js").SandboxServer} */
  let server;
  before(async () => (server = await serveSandbox()));
  after(() => server.close());
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const blocks = (/** @type {string} */ language) =>
    [...readme.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, "g"))].map((match) => match[1]);

  test("its rules are accepted", async () => {
    const rules = blocks("json");
    assert.equal(rules.length, 6);
    for (const rule of rules) {
      const response = await fetch(`${server.url}/__sandbox/faults`, { method: "POST", body: rule });
      assert.equal(response.status, 201, rule);
    }
  });
});

describe("the command", () => {
  const run = (/** @type {string[]} */ ...args) => {
    const child = spawn(process.execPath, [CLI, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    const out = { stdout: "", stderr: "", code: undefined };
    child.stdout.on("data", (chunk) => (out.stdout += chunk));
    child.stderr.on("data", (chunk) => (out.stderr += chunk));
    return { child, out, exit: once(child, "close").then(([code]) => ({ ...out, code })) };
  };

  for (const signal of /** @type {const} */ (["SIGTERM", "SIGINT"])) {
    test(`it prints its address, serves, and exits on ${signal}`, async () => {
      const { child, out, exit } = run("--port", "0", "--seed", "7");
      while (!out.stdout.includes("/__sandbox/health")) await once(child.stdout, "data");
      const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(out.stdout) ?? [];
      assert.equal((await (await fetch(`${url}/__sandbox/health`)).json()).ok, true);
      child.kill(signal);
      const ended = await exit;
      assert.equal(ended.code, 0);
      assert.match(ended.stdout, /GET \/__sandbox\/health 200/);
    });
  }

  test("a log line contains no key, no phone number, no query and nothing that moves the cursor", async () => {
    const { child, out, exit } = run("--port", "0");
    while (!out.stdout.includes("/__sandbox/health")) await once(child.stdout, "data");
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(out.stdout) ?? [];
    for (const path of [
      "/v1/location/+14155550100",
      "/v1/location/%2B14155550199",
      "/v1/agents/sk_live_secret",
      "/v1/agents?search=secret",
    ]) {
      await (await fetch(url + path, { headers: { authorization: "Bearer sk_live_hidden" } })).text();
    }
    const [, port] = url?.match(/:(\d+)$/) ?? [];
    await readAll(await speak("GET /v1/\xff\x1b[2J HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", Number(port)));
    child.kill("SIGTERM");
    const { stdout } = await exit;
    assert.match(stdout, /GET \/v1\/location\/\*\*\* \d+\n/);
    assert.doesNotMatch(stdout, /4155550|sk_live|hidden|secret|\x1b/);
  });

  test("--speed lets a call end while the test waits", async () => {
    const { child, out, exit } = run("--port", "0", "--quiet", "--speed", "1000");
    while (!out.stdout.includes("/__sandbox/health")) await once(child.stdout, "data");
    assert.match(out.stdout, /1000 times as fast/);
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(out.stdout) ?? [];
    const post = (/** @type {string} */ path, /** @type {Foreign} */ body) =>
      fetch(url + path, { method: "POST", headers: JSON_KEY, body: JSON.stringify(body) }).then((answer) =>
        answer.json(),
      );
    const agent = await post("/v1/agents", { name: "Ada", voiceMode: "hosted", systemPrompt: "Be brief." });
    await post("/v1/numbers", { agentId: agent.id });
    const call = await post("/v1/calls", { agentId: agent.id, toNumber: "+14155550100" });
    const stream = await fetch(`${url}/v1/calls/${call.id}/transcript/stream`, { headers: JSON_KEY });
    assert.match(await stream.text(), /event: ended/);
    child.kill("SIGTERM");
    assert.equal((await exit).code, 0);
  });

  test("--version prints the package's version and nothing else", async () => {
    const { version } = JSON.parse(readFileSync(new URL("../../pkg/package.json", import.meta.url), "utf8"));
    const { code, stdout } = await run("--version").exit;
    assert.deepEqual([code, stdout], [0, `${version}\n`]);
  });

  test("--allow-host and --max-state reach the sandbox", async () => {
    const { child, out, exit } = run(
      "--port",
      "0",
      "--quiet",
      "--no-limits",
      "--allow-host",
      "sandbox.test",
      "--max-state",
      "1",
    );
    while (!out.stdout.includes("/__sandbox/health")) await once(child.stdout, "data");
    const [url, port] = /http:\/\/127\.0\.0\.1:(\d+)/.exec(out.stdout) ?? [];
    for (const [host, status] of /** @type {const} */ ([
      ["sandbox.test", 200],
      ["other.test", 403],
    ])) {
      const answer = await readAll(
        await speak(`GET /__sandbox/health HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`, Number(port)),
      );
      assert.equal(Number(answer.slice(9, 12)), status, host);
    }
    const post = () =>
      fetch(`${url}/v1/agents`, {
        method: "POST",
        headers: JSON_KEY,
        body: JSON.stringify({ name: "x".repeat(500_000) }),
      });
    const statuses = [];
    while (statuses.length < 5) statuses.push((await post()).status);
    assert.deepEqual(statuses, [200, 200, 200, 400, 400]);
    child.kill("SIGTERM");
    assert.equal((await exit).code, 0);
  });

  test("--manual and --start set a clock that only the control path moves", async () => {
    const { child, out, exit } = run("--port", "0", "--quiet", "--manual", "--start", "2026-12-24T18:00:00Z");
    while (!out.stdout.includes("/__sandbox/health")) await once(child.stdout, "data");
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(out.stdout) ?? [];
    const now = async () => (await (await fetch(`${url}/__sandbox/health`)).json()).now;
    const start = Date.UTC(2026, 11, 24, 18);
    assert.equal(await now(), start);
    for (const query of ["", "?x=1"]) {
      const answer = await fetch(`${url}/__sandbox/clock${query}`, { method: "POST", body: '{"advanceMs":1000}' });
      assert.equal(answer.status, 200, query);
    }
    assert.equal(await now(), start + 2000);
    child.kill("SIGTERM");
    await exit;
    assert.match(out.stdout, /stands still/);
  });

  test("a reader that closes the log does not end the sandbox", async () => {
    const { child, out, exit } = run("--port", "0");
    while (!out.stdout.includes("/__sandbox/health")) await once(child.stdout, "data");
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(out.stdout) ?? [];
    child.stdout.destroy();
    for (let i = 0; i < 20; i++) assert.equal((await (await fetch(`${url}/__sandbox/health`)).json()).ok, true);
    child.kill("SIGTERM");
    const { code, stderr } = await exit;
    assert.deepEqual([code, stderr], [0, ""]);
  });

  test("--quiet leaves out the line of each request", async () => {
    const { child, out, exit } = run("--port", "0", "--quiet");
    while (!out.stdout.includes("/__sandbox/health")) await once(child.stdout, "data");
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(out.stdout) ?? [];
    await (await fetch(`${url}/v1/agents`)).text();
    child.kill("SIGTERM");
    assert.doesNotMatch((await exit).stdout, /GET/);
  });

  test("a client that disconnects during its body is not reported", async () => {
    const { child, out, exit } = run("--port", "0", "--quiet");
    while (!out.stdout.includes("/__sandbox/health")) await once(child.stdout, "data");
    const [, port] = /http:\/\/127\.0\.0\.1:(\d+)/.exec(out.stdout) ?? [];
    const socket = await speak("POST /v1/agents HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\n{", Number(port));
    socket.destroy();
    await once(socket, "close");
    await (await fetch(`http://127.0.0.1:${port}/__sandbox/health`)).text();
    child.kill("SIGTERM");
    assert.equal((await exit).stderr, "");
  });

  for (const [args, words] of /** @type {const} */ ([
    [["--port", "http"], /--port must be a whole number from 0 to 65535, not "http"/],
    [["--port", "70000"], /--port must be/],
    [["--seed", "-1"], /--seed must be a whole number from 0 to \d+, not "-1"/],
    [["--port", "-1"], /--port must be a whole number/],
    [["--manual", "--speed", "2"], /--manual and --speed cannot be combined/],
    [["--start", "soon"], /--start must be a date/],
    [["--start", "1"], /--start must be a date/],
    [["--start", "2101-01-01"], /--start must be a date/],
    [["--speed", "0"], /--speed must be a number above 0/],
    [["--speed", "fast"], /--speed/],
    [["--speed", "5."], /--speed must be/],
    [["--speed", `${"1".repeat(100_000)}x`], /--speed must be/],
    [["--prot", "4010"], /Unknown option '--prot'/],
    [["--allow-origin", "app.example.com"], /--allow-origin must be an origin/],
    [["--allow-origin", "https://example.com/app"], /--allow-origin must be an origin/],
    [["--allow-host", "http://a.test"], /--allow-host must be a host name/],
    [["--max-state", "0"], /--max-state must be at least 1/],
    [["--host", ""], /--host must not be empty/],
    [["--static", "/does/not/exist"], /there is no folder \/does\/not\/exist/],
    [["extra"], /extra/],
  ])) {
    test(`${args.join(" ").slice(0, 80)} is rejected in one line`, async () => {
      const { code, stderr } = await run(...args).exit;
      assert.equal(code, 1);
      assert.match(stderr, words);
      assert.equal(stderr.trim().split("\n").length, 1, stderr);
    });
  }

  test("a busy port is reported with its number", async () => {
    const other = createTcpServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = /** @type {import("node:net").AddressInfo} */ (other.address());
    const { code, stderr } = await run("--port", String(port)).exit;
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`port ${port} is in use`));
    other.close();
  });
});
