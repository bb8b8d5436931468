// @ts-check
// `npm start -- --live` as it is typed: what it prints, what it refuses before anything is sent, and that no answer of
// the API ends it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { GOOD, KEY, startUpstream } from "../server/testing.mjs";
import { SECRET_HEADER } from "../src/session/live-secret.js";

const script = fileURLToPath(new URL("../../scripts/start.mjs", import.meta.url));

/** @param {string[]} words @param {Record<string, string>} env */
function start(words, env) {
  const { AGENTPHONE_API_KEY, AGENTPHONE_BASE_URL, ...rest } = process.env;
  const child = spawn(process.execPath, [script, "--live", "--port", "0", ...words], {
    env: { ...rest, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const command = { child, text: "", ended: once(child, "close").then(([status]) => status) };
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (command.text += chunk));
  return command;
}

describe("what cannot work ends with status 2 and says what to do", () => {
  for (const [name, env, words, says] of /** @type {[string, Record<string, string>, string[], RegExp][]} */ ([
    ["no key", {}, [], /AGENTPHONE_API_KEY=/],
    ["a key with a line break", { AGENTPHONE_API_KEY: `${KEY}\nx` }, [], /apiKey contains white space/],
    ["an address that is none", { AGENTPHONE_API_KEY: KEY, AGENTPHONE_BASE_URL: "api.example" }, [], /baseUrl/],
    [
      "an address with a password",
      { AGENTPHONE_API_KEY: KEY, AGENTPHONE_BASE_URL: "https://u:secret-word@api.example" },
      [],
      /baseUrl must not hold a user name or password/,
    ],
    ["a demo of a real account", { AGENTPHONE_API_KEY: KEY }, ["--demo"], /--demo/],
  ])) {
    test(name, { timeout: 100_000 }, async () => {
      const command = start(words, env);
      assert.equal(await command.ended, 2, command.text);
      assert.match(command.text, says);
      assert.ok(!command.text.includes(KEY) && !command.text.includes("secret-word"), command.text);
    });
  }
});

test("it prints an address, survives odd answers, and ends at Ctrl-C", { timeout: 100_000 }, async (t) => {
  const api = await startUpstream();
  t.after(api.close);
  const command = start([], { AGENTPHONE_API_KEY: KEY, AGENTPHONE_BASE_URL: api.url });
  t.after(() => command.child.kill());
  while (!command.text.includes("Ctrl-C")) {
    assert.equal(command.child.exitCode, null, command.text);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const [, host = "", port = "", secret = ""] =
    /http:\/\/(live-[0-9a-f]{10}\.localhost:(\d+))\/#key=([\w-]{22})\n/.exec(command.text) ?? [];
  assert.match(command.text, /REAL account/);
  const ask = () =>
    new Promise((resolve, reject) => {
      const sent = request(
        { host: "127.0.0.1", port, path: "/v1/agents", headers: { host, [SECRET_HEADER]: secret } },
        (response) => resolve(response.resume().statusCode),
      );
      sent.on("error", reject).end();
    });
  for (const answer of [
    "HTTP/1.1 000 X\r\ncontent-length: 0\r\n\r\n",
    "HTTP/1.1 099 X\r\ncontent-length: 0\r\n\r\n",
    "HTTP/1.1 101 X\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
    "",
  ]) {
    api.answer = answer;
    assert.equal(await ask(), 502);
  }
  api.answer = "HTTP/1.1 200 OK\r\ntrailer: x\r\ncontent-length: 2\r\n\r\n{}";
  assert.equal(await ask(), 200);
  api.answer = GOOD;
  assert.equal(await ask(), 200);
  command.child.kill("SIGINT");
  assert.equal(await command.ended, 0);
  assert.ok(!command.text.includes(KEY));
});
