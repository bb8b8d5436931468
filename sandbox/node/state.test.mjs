// A state that survives: restarts, kills, damage, and missing folders.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { execute } from "./python.mjs";
import { serveSandbox } from "./server.mjs";
import { stateFile as stateFileOf } from "./state-file.mjs";
import { JSON_KEY } from "./testing.mjs";

/** @import { Foreign } from "../../tests/support/foreign.js" */

const CLI = fileURLToPath(new URL("cli.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "sandbox-state-"));
const stateFile = join(folder, "state.json");
after(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
});

const create = (/** @type {string} */ url, name = "Ada") =>
  fetch(`${url}/v1/agents`, { method: "POST", headers: JSON_KEY, body: JSON.stringify({ name }) }).then((answer) =>
    answer.json(),
  );
const names = async (/** @type {string} */ url) => {
  const { data } = await (await fetch(`${url}/v1/agents`, { headers: JSON_KEY })).json();
  return data.map((/** @type {Foreign} */ { name }) => name);
};

/** The command with a state file: { child, url, output }, once it is listening. */
const command = async (/** @type {string[]} */ ...args) => {
  const child = spawn(process.execPath, [CLI, "--port", "0", "--state", stateFile, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const seen = { child, text: "", errors: "" };
  child.stdout.on("data", (/** @type {string} */ chunk) => (seen.text += chunk));
  child.stderr.on("data", (/** @type {string} */ chunk) => (seen.errors += chunk));
  const gone = once(child, "close");
  while (!seen.text.includes("Ctrl-C") && child.exitCode === null)
    await Promise.race([once(child.stdout, "data"), gone]);
  return Object.assign(seen, { gone, url: /http:\/\/127\.0\.0\.1:\d+/.exec(seen.text)?.[0] ?? "" });
};

describe("a state file", () => {
  test("a restart restores the state, and other users cannot read it", async () => {
    const first = await serveSandbox({ stateFile });
    const { id } = await create(first.url);
    await first.close();
    assert.equal(statSync(stateFile).mode & 0o777, 0o600);
    const second = await serveSandbox({ stateFile });
    const agent = await (await fetch(`${second.url}/v1/agents/${id}`, { headers: JSON_KEY })).json();
    await second.close();
    assert.equal(agent.name, "Ada");
    assert.deepEqual(readdirSync(folder), ["state.json"]);
  });

  for (const [name, text] of /** @type {const} */ ([
    ["half of a state", (/** @type {string} */ whole) => whole.slice(0, whole.length / 2)],
    ["an empty file", () => ""],
    [
      "a state of the year 9999",
      (/** @type {string} */ whole) => whole.replace(/"now":\d+/, `"now":${Date.UTC(9999, 0)}`),
    ],
    [
      "a state after all that dates can hold",
      (/** @type {string} */ whole) => whole.replace(/"now":\d+/, `"now":${2 ** 63}`),
    ],
    ["another program's file", () => '{"name":"package"}'],
    ["bytes that are no text", () => Buffer.from([0xff, 0xfe, 0x00])],
  ])) {
    test(`${name} is renamed unchanged, reported, and never overwritten`, async () => {
      const first = await serveSandbox({ stateFile });
      await create(first.url);
      await first.close();
      const damaged = Buffer.from(text(readFileSync(stateFile, "utf8")));
      for (const aside of [`${stateFile}.damaged`, `${stateFile}.damaged-2`]) {
        writeFileSync(stateFile, damaged);
        const server = await serveSandbox({ stateFile });
        assert.equal(server.damagedState, aside);
        assert.deepEqual(await names(server.url), []);
        await server.close();
        assert.deepEqual(readFileSync(aside), damaged);
      }
    });
  }

  test("a missing folder is reported at the start, not when there is work to lose", async () => {
    await assert.rejects(serveSandbox({ stateFile: join(folder, "absent", "state.json") }), { code: "ENOENT" });
    await assert.rejects(serveSandbox({ stateFile: folder }), { code: "EISDIR" });
  });

  test("a second sandbox on the file is rejected and harms nothing, in this process or another", async () => {
    const first = await serveSandbox({ stateFile });
    await create(first.url);
    await assert.rejects(serveSandbox({ stateFile }), new RegExp(`state.json is in use by process ${process.pid}`));
    const { out, code } = await execute(process.execPath, [CLI, "--port", "0", "--state", stateFile]);
    assert.deepEqual([code, out.trim().split("\n").length], [1, 1]);
    assert.match(out, new RegExp(`is in use by process ${process.pid}`));
    await first.close();
    const next = await serveSandbox({ stateFile });
    assert.deepEqual(await names(next.url), ["Ada"]);
    await next.close();
  });

  for (const [whose, pid] of [
    ["a dead process", 2 ** 22 + 1],
    ["this process in another life", process.pid],
    ["nobody", "?"],
  ]) {
    test(`the lock of ${whose} blocks nobody`, async () => {
      writeFileSync(`${stateFile}.lock`, String(pid));
      await (await serveSandbox({ stateFile })).close();
      assert.deepEqual(readdirSync(folder), ["state.json"]);
    });
  }

  test("a sandbox that could not listen releases the file", async () => {
    const first = await serveSandbox();
    await assert.rejects(serveSandbox({ stateFile, port: first.port }), { code: "EADDRINUSE" });
    await first.close();
    await (await serveSandbox({ stateFile })).close();
    assert.deepEqual(readdirSync(folder), ["state.json"]);
  });

  test("a failed save, for lack of a folder or of space, does not end all saving", async () => {
    const home = join(folder, "home");
    mkdirSync(home);
    let text = "first";
    const file = stateFileOf(join(home, "state.json"), () => text);
    await file.save(true);
    // The new file has been written, but cannot replace a folder.
    rmSync(join(home, "state.json"));
    mkdirSync(join(home, "state.json", "full"), { recursive: true });
    text = "second";
    await assert.rejects(file.save(true));
    assert.deepEqual(readdirSync(home), ["state.json", "state.json.lock"], "nothing is left lying about");
    rmSync(home, { recursive: true });
    await assert.rejects(file.save());
    mkdirSync(home);
    await file.save();
    assert.equal(readFileSync(join(home, "state.json"), "utf8"), "second", "what failed is still to be saved");
    file.release();
  });

  for (const [what, make, says] of /** @type {const} */ ([
    [
      "a pipe",
      (/** @type {string} */ name) => assert.equal(spawnSync("mkfifo", [name]).status, 0),
      /is a pipe, a socket or a device; name a plain file/,
    ],
    [
      "a link to a file",
      (/** @type {string} */ name) => symlinkSync(join(folder, "victim"), name),
      /is a symbolic link; name the file itself/,
    ],
    [
      "a link to nothing",
      (/** @type {string} */ name) => symlinkSync(join(folder, "absent"), name),
      /is a symbolic link; name the file itself/,
    ],
    [
      "a link to a device",
      (/** @type {string} */ name) => symlinkSync("/dev/zero", name),
      /is a symbolic link; name the file itself/,
    ],
    ["a folder", (/** @type {string} */ name) => mkdirSync(name), /is a folder; name a file in it/],
    [
      "a file of a gigabyte",
      (/** @type {string} */ name) => (writeFileSync(name, ""), truncateSync(name, 2 ** 30)),
      /has 1073741824 bytes/,
    ],
  ])) {
    test(`${what} in its place is rejected at once, by the command too, and left alone`, {
      timeout: 20_000,
    }, async () => {
      writeFileSync(join(folder, "victim"), "mine");
      make(stateFile);
      await assert.rejects(serveSandbox({ stateFile }), says);
      const { out, code } = await execute(process.execPath, [CLI, "--port", "0", "--state", stateFile]);
      assert.equal(code, 1);
      assert.match(out, /^agentphone-sandbox: --state: .*\n$/);
      assert.match(out, says);
      assert.deepEqual(readdirSync(folder).sort(), ["state.json", "victim"]);
      assert.equal(readFileSync(join(folder, "victim"), "utf8"), "mine");
    });
  }

  test("a device is rejected", async () => {
    await assert.rejects(serveSandbox({ stateFile: "/dev/null" }), /pipe, a socket or a device/);
  });

  test("links planted under every name that may be written are not followed", async () => {
    const victim = join(folder, "victim");
    writeFileSync(victim, "mine");
    // The temporary names of earlier versions were predictable.
    for (const name of [`${stateFile}.${process.pid}.new`, `${stateFile}.new`]) symlinkSync(victim, name);
    const first = await serveSandbox({ stateFile });
    await create(first.url);
    await first.close();
    writeFileSync(stateFile, "{");
    symlinkSync(victim, `${stateFile}.damaged`);
    const second = await serveSandbox({ stateFile });
    assert.equal(second.damagedState, `${stateFile}.damaged-2`);
    // A link planted at run time in place of the file itself is replaced, not followed.
    rmSync(stateFile);
    symlinkSync(victim, stateFile);
    await create(second.url);
    await second.close();
    assert.equal(readFileSync(victim, "utf8"), "mine");
    assert.ok(lstatSync(stateFile).isFile());
  });

  test("incomplete files of a killed process are removed, and no others", async () => {
    const foreign = `${stateFile}.backup.new`;
    writeFileSync(foreign, "mine");
    writeFileSync(`${stateFile}.0123456789abcdef.new`, "{");
    await (await serveSandbox({ stateFile })).close();
    assert.deepEqual(readdirSync(folder).sort(), ["state.json", "state.json.backup.new"]);
  });

  test("calls in progress continue after the restart", async () => {
    const first = await serveSandbox({ stateFile });
    const agent = await create(first.url);
    const post = (/** @type {string} */ path, /** @type {unknown} */ body) =>
      fetch(first.url + path, { method: "POST", headers: JSON_KEY, body: JSON.stringify(body) }).then((answer) =>
        answer.json(),
      );
    await post("/v1/numbers", { agentId: agent.id });
    const call = await post("/v1/calls", { agentId: agent.id, toNumber: "+14155550100" });
    await first.close();
    const second = await serveSandbox({ stateFile, speed: 1000 });
    const stream = await fetch(`${second.url}/v1/calls/${call.id}/transcript/stream`, { headers: JSON_KEY });
    assert.match(await stream.text(), /event: ended/);
    await second.close();
  });
});

describe("the command with --state", () => {
  test("a saved state survives a kill", async () => {
    const first = await command();
    await create(first.url);
    const size = statSync(stateFile).size;
    while (statSync(stateFile).size === size) await new Promise((resolve) => setTimeout(resolve, 50));
    first.child.kill("SIGKILL");
    await first.gone;
    const second = await command();
    assert.deepEqual(await names(second.url), ["Ada"], "the lock of the first does not keep it out");
    second.child.kill("SIGTERM");
    await second.gone;
  });

  test("a graceful stop saves the latest changes", async () => {
    const first = await command("--quiet");
    await create(first.url, "Last");
    first.child.kill("SIGINT");
    assert.deepEqual(await first.gone, [0, null]);
    assert.match(readFileSync(stateFile, "utf8"), /"Last"/);
  });

  test("a damaged file is reported with its new name, and the sandbox starts empty", async () => {
    writeFileSync(stateFile, "{");
    const seen = await command();
    assert.match(seen.errors, /could not be understood.*state\.json\.damaged/);
    assert.deepEqual(await names(seen.url), []);
    seen.child.kill("SIGTERM");
    await seen.gone;
    assert.equal(readFileSync(`${stateFile}.damaged`, "utf8"), "{");
  });

  test("a state of another version is reported as such, and kept", async () => {
    writeFileSync(stateFile, '{"version":1,"agents":[]}');
    const seen = await command();
    assert.match(seen.errors, /of version 1, not 2\).*state\.json\.damaged/);
    seen.child.kill("SIGTERM");
    await seen.gone;
  });

  test("a folder is reported as a folder", async () => {
    const { out, code } = await execute(process.execPath, [CLI, "--port", "0", "--state", folder]);
    assert.equal(code, 1);
    assert.match(out, /^agentphone-sandbox: --state: .* is a folder; name a file in it\n$/);
  });

  test("a file that cannot be written ends the command in one line", async () => {
    const child = spawn(process.execPath, [CLI, "--port", "0", "--state", join(folder, "absent", "s.json")], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let errors = "";
    child.stderr.on("data", (chunk) => (errors += chunk));
    const [code] = await once(child, "close");
    assert.deepEqual([code, errors.trim().split("\n").length], [1, 1]);
    assert.match(errors, /--state: .* cannot be read or written \(ENOENT\)/);
    assert.equal(existsSync(stateFile), false);
  });
});
