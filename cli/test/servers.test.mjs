// `sandbox` and `console`: the console is served from the package itself, commands with --sandbox share what runs, and the real account
// answers only those who have the address.

import assert from "node:assert/strict";
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, get } from "node:http";
import { join } from "node:path";
import { describe, test } from "node:test";
import { serveSandbox } from "agentphone-wasm/sandbox";
import { openStore } from "agentphone-wasm-cli/campaign";
import { ledgerTools } from "../../tests/ledger/tools.mjs";
import { errorOf, lines, on, run, sandboxCommand, scratch, start } from "./harness.mjs";

// Where better-sqlite3 is, for a Node.js without SQLite.
process.chdir(ledgerTools());

/** The address that a server prints. @param {ReturnType<typeof start>} server */
const addressOf = async (server) => JSON.parse(`{${(await server.seen(/"address":"[^"]+"/))[0]}}`).address;

const stop = async (/** @type {ReturnType<typeof start>} */ server) => {
  server.child.kill("SIGINT");
  return server.ended;
};

describe("agentphone sandbox", () => {
  const own = { AGENTPHONE_STATE_DIR: join(scratch, "serving") };

  test("serves console and API, other commands join it, and it goes on where it stopped", async () => {
    const first = start(["sandbox", "--demo", "--port", "0"], { env: own });
    const address = await addressOf(first);
    const page = await fetch(address);
    assert.equal(page.status, 200);
    const html = await page.text();
    const [, script = ""] = /src="\.?\/?(assets\/[^"]+\.js)"/.exec(html) ?? [];
    assert.equal((await fetch(new URL(script, address))).status, 200, html);
    const made = await run(["agents", "create", "--name", "Joined", "--sandbox"], { env: own });
    const [{ id }] = lines(made.stdout);
    const seen = await fetch(new URL(`v1/agents/${id}`, address), { headers: { authorization: "Bearer sk_any" } });
    assert.equal((await seen.json()).name, "Joined");
    const second = await run(["sandbox", "--port", "0"], { env: own });
    assert.deepEqual([second.status, errorOf(second).code], [1, "SANDBOX_RUNNING"]);
    assert.ok(errorOf(second).message.endsWith(`running at ${address}`), errorOf(second).message);
    assert.equal((await stop(first)).status, 130);
    assert.equal(lines((await run(["agents", "get", id, "--sandbox"], { env: own })).stdout)[0].name, "Joined");
    const fresh = start(["sandbox", "--fresh", "--port", "0"], { env: own });
    await addressOf(fresh);
    assert.equal((await run(["agents", "list", "--sandbox"], { env: own })).stdout, "");
    await stop(fresh);
  });

  test("killed, it is not in the way of the next command", async () => {
    const server = start(["sandbox", "--port", "0"], { env: own });
    await addressOf(server);
    server.child.kill("SIGKILL");
    await server.ended;
    assert.equal((await run(["agents", "list", "--sandbox"], { env: own })).status, 0);
  });

  test("--open opens the console", {
    skip: process.platform !== "linux" && "a browser is named another way",
  }, async () => {
    const browser = join(scratch, "browser");
    const opened = join(scratch, "opened");
    writeFileSync(browser, `#!/bin/sh\necho "$@" > ${opened}\n`);
    chmodSync(browser, 0o755);
    const server = start(["sandbox", "--open", "--port", "0"], {
      env: { ...own, BROWSER: browser, DISPLAY: undefined, WAYLAND_DISPLAY: undefined, XDG_CURRENT_DESKTOP: undefined },
    });
    const address = await addressOf(server);
    for (let at = 0; at < 100 && !existsSync(opened); at += 1) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(readFileSync(opened, "utf8").trim(), address);
    await stop(server);
  });

  test("a new sandbox that cannot start leaves the previous one as it was", async () => {
    const home = join(scratch, "kept");
    const env = { AGENTPHONE_STATE_DIR: home };
    const create = ["agents", "create", "--name", "Kept", "--sandbox", "--key", "kept"];
    assert.equal((await run(create, { env })).status, 0);
    const taken = createServer();
    await new Promise((resolve) => taken.listen(0, "127.0.0.1", () => resolve(undefined)));
    const { port } = /** @type {import("node:net").AddressInfo} */ (taken.address());
    const blocked = await run(["sandbox", "--fresh", "--port", String(port)], { env });
    taken.close();
    assert.deepEqual([blocked.status, errorOf(blocked).code], [1, "PORT_IN_USE"]);
    const wrong = await run(["sandbox", "--fresh", "--port", "0", "--store", join(home, "none", "campaigns.db")], {
      env,
    });
    assert.notEqual(wrong.status, 0);
    const names = lines((await run(["agents", "list", "--sandbox"], { env })).stdout).map(({ name }) => name);
    assert.ok(names.includes("Kept"), names.join(", "));
    // Its keys are there too: nothing is created again.
    assert.deepEqual(lines((await run(create, { env })).stderr), [{ note: "replayed" }]);
    const started = start(["sandbox", "--fresh", "--port", "0"], { env });
    await addressOf(started);
    await stop(started);
    assert.deepEqual(
      readdirSync(join(home, "sandbox")).filter((name) => name.endsWith(".before")),
      [],
    );
  });

  test("a port that is taken, and options that exclude each other", async () => {
    const taken = createServer();
    await new Promise((resolve) => taken.listen(0, "127.0.0.1", () => resolve(undefined)));
    const { port } = /** @type {import("node:net").AddressInfo} */ (taken.address());
    const ended = await run(["sandbox", "--port", String(port)], { env: own });
    taken.close();
    assert.deepEqual([ended.status, errorOf(ended).code], [1, "PORT_IN_USE"]);
    for (const args of [
      ["--strict", "--demo"],
      ["--port", "65536"],
      ["--speed", "0"],
    ])
      assert.equal((await run(["sandbox", ...args], { env: own })).status, 2, args.join(" "));
  });
});

test("agentphone-sandbox --open serves and opens the same console, and without this package says where it is", {
  skip: process.platform !== "linux" && "a browser is named another way",
}, async () => {
  const opened = join(scratch, "opened-2");
  const folder = join(scratch, "bin");
  mkdirSync(folder);
  writeFileSync(join(folder, "xdg-open"), `#!/bin/sh\necho "$@" > ${opened}\n`);
  chmodSync(join(folder, "xdg-open"), 0o755);
  const env = { PATH: `${folder}:${process.env.PATH}` };
  const server = start(["--open", "--port", "0", "--quiet"], { env, program: sandboxCommand });
  const [address] = await server.seen(/http:\/\/127\.0\.0\.1:\d+\//);
  assert.match(await (await fetch(address)).text(), /<script/);
  for (let at = 0; at < 100 && !existsSync(opened); at += 1) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(readFileSync(opened, "utf8").trim(), address);
  server.child.kill("SIGINT");
  await server.ended;
  const alone = join(scratch, "alone");
  cpSync(join(sandboxCommand, ".."), alone, { recursive: true });
  const ended = await start(["--open"], { env, program: join(alone, "cli.cjs"), cwd: alone }).ended;
  assert.equal(ended.status, 1);
  assert.match(ended.stderr, /npx agentphone-wasm-cli sandbox --demo --open/);
});

describe("agentphone console", () => {
  test("on the real account: the key stays in the process, and only the printed address gets in", async () => {
    const account = await serveSandbox({ limits: false });
    const server = start(["console", "--port", "0"], { env: on(account.url) });
    const address = new URL(await addressOf(server));
    assert.match(address.host, /^live-[0-9a-f]+\.localhost:\d+$/);
    // Not every resolver knows names under localhost.
    const at = `http://127.0.0.1:${address.port}`;
    assert.equal((await fetch(`${at}/v1/agents`)).status, 401);
    assert.equal(account.requests().length, 0);
    const { status, stdout, stderr } = await stop(server);
    assert.equal(status, 130);
    assert.ok(!`${stdout}${stderr}`.includes("sk_test_key"));
    await account.close();
  });

  test("without a key it says how to get in, and --demo belongs to the sandbox", async () => {
    assert.equal((await run(["console"])).status, 2);
    assert.equal((await run(["console", "--demo"], { env: on("http://127.0.0.1:9") })).status, 2);
    const bad = await run(["console"], {
      env: { AGENTPHONE_API_KEY: "sk\u00e9", AGENTPHONE_BASE_URL: "http://127.0.0.1:9" },
    });
    assert.equal(bad.status, 2, bad.stderr);
  });
});

describe("campaigns in the console", () => {
  const path = "__sandbox/campaigns";
  const own = {
    AGENTPHONE_STATE_DIR: join(scratch, "campaigns"),
    NODE_PATH: join(ledgerTools(), "node_modules"),
  };

  test("the sandbox shows those of the command line, as soon as there are any, and no other page can read them", async () => {
    const server = start(["sandbox", "--port", "0"], { env: own });
    const address = await addressOf(server);
    const list = async () => (await fetch(new URL(path, address))).json();
    assert.deepEqual(await list(), { flags: "--sandbox", data: [], total: 0 });
    const [{ id }] = lines((await run(["agents", "create", "--name", "Ada", "--sandbox"], { env: own })).stdout);
    await run(["numbers", "buy", "--agent-id", id, "--sandbox", "--yes"], { env: own });
    const people = ["campaign", "plan", "-", "--id", "spring", "--agent-id", id, "--sandbox"];
    const planned = await run(people, { env: own, input: "phone,name\n(415) 555-0100,Ada\n" });
    assert.equal(planned.status, 0, planned.stderr);
    const { data } = await list();
    assert.deepEqual([data[0].id, data[0].state, data[0].counts.waiting], ["spring", "planned", 1]);
    const foreign = await fetch(new URL(`${path}/spring/people`, address), {
      headers: { origin: "http://localhost:3000" },
    });
    assert.equal(foreign.status, 403);
    const stopped = await fetch(new URL(`${path}/spring/stop`, address), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    assert.equal((await stopped.json()).state, "stopped");
    await stop(server);
    assert.ok(!`${(await server.ended).stdout}${(await server.ended).stderr}`.includes("5550100"));
  });

  test("the real account's console asks for the secret, and a store that is named is opened at the start", async () => {
    const account = await serveSandbox({ limits: false });
    const env = { ...own, ...on(account.url) };
    const file = join(scratch, "named people.db");
    const missing = await run(["console", "--port", "0", "--store", file], { env });
    assert.deepEqual([missing.status, errorOf(missing).code], [2, "STORE_MISSING"], missing.stderr);
    await (await openStore(file)).close();
    const server = start(["console", "--port", "0", "--store", file], { env });
    const address = new URL(await addressOf(server));
    const ask = (/** @type {Record<string, string>} */ headers) =>
      new Promise((resolve, reject) => {
        const options = { port: address.port, path: `/${path}`, headers: { host: address.host, ...headers } };
        get(options, (response) => {
          let text = "";
          response.on("data", (chunk) => (text += chunk));
          response.on("end", () => resolve({ status: response.statusCode, text }));
        }).on("error", reject);
      });
    assert.equal((await ask({})).status, 401);
    const { status, text } = await ask({ "x-console-secret": address.hash.slice("#key=".length) });
    assert.equal(status, 200, text);
    assert.equal(JSON.parse(text).flags, `--store '${file}'`);
    await stop(server);
    await account.close();
    const away = await run(["console", "--port", "0", "--store", "postgres://u:secret-word@127.0.0.1:9/x"], { env });
    assert.equal(away.status, 3, away.stderr);
    assert.ok(!`${away.stdout}${away.stderr}`.includes("secret-word"));
    assert.equal((await run(["console", "--store", "ftp://x"], { env })).status, 2);
  });
});
