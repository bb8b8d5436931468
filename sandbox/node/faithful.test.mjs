// What works in the sandbox works elsewhere: its clock, its fetch and its process behave like the platform's.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createSandbox, serveSandbox } from "./index.mjs";
import { execute } from "./python.mjs";
import { JSON_KEY, KEY } from "./testing.mjs";

const folder = mkdtempSync(join(tmpdir(), "sandbox-faithful-"));
after(() => rmSync(folder, { recursive: true }));

const list = (/** @type {import("../js/types.js").Sandbox} */ sandbox) => sandbox.fetch("/v1/agents", { headers: KEY });

describe("rate limits and the sandbox's clock", () => {
  test("a manual clock has none, since they would never end", async () => {
    const sandbox = createSandbox({ clock: "manual" });
    for (let count = 0; count < 150; count++) assert.equal((await list(sandbox)).status, 200);
    sandbox.close();
  });

  test("a manual clock has them if they are turned on", async () => {
    const sandbox = createSandbox({ clock: "manual", limits: true });
    const statuses = [];
    for (let count = 0; count < 101; count++) statuses.push((await list(sandbox)).status);
    assert.deepEqual([statuses[99], statuses[100]], [200, 429]);
    await sandbox.clock.advance(60_000);
    assert.equal((await list(sandbox)).status, 200);
    sandbox.close();
  });

  test("a fast clock reports the seconds that the client will really wait", async () => {
    const sandbox = createSandbox({ speed: 60 });
    let answer;
    for (let count = 0; count < 101; count++) answer = await list(sandbox);
    assert.equal(answer?.status, 429);
    assert.equal(answer?.headers.get("retry-after"), "1");
    const opens = Number(answer?.headers.get("x-ratelimit-reset")) * 1000 - Date.now();
    assert.ok(opens > -1000 && opens < 3000, `${opens}`);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    assert.equal((await list(sandbox)).status, 200);
    sandbox.close();
  });

  test("a fault rule's own Retry-After is not changed", async () => {
    const sandbox = createSandbox({ speed: 60 });
    sandbox.faults.add({ status: 429, code: "RATE_LIMITED", headers: { "retry-after": "7" } });
    assert.equal((await list(sandbox)).headers.get("retry-after"), "7");
    sandbox.close();
  });
});

describe("a fetch with a body that is not allowed", () => {
  for (const method of ["GET", "head", undefined]) {
    for (const target of ["/v1/agents", new URL("http://sandbox.invalid/v1/agents")]) {
      test(`${method ?? "no method"}, ${typeof target}`, async () => {
        const sandbox = createSandbox();
        await assert.rejects(
          sandbox.fetch(target, { ...(method ? { method } : {}), headers: KEY, body: "{}" }),
          TypeError,
        );
        assert.equal(sandbox.ledger().requests, 0);
        sandbox.close();
      });
    }
  }
});

test("a page may read the headers of a recording and the server's time", async () => {
  const server = await serveSandbox();
  const answer = await fetch(`${server.url}/v1/agents`, { headers: KEY });
  const exposed = answer.headers.get("access-control-expose-headers")?.split(", ");
  for (const name of ["content-disposition", "content-range", "date"]) assert.ok(exposed?.includes(name), name);
  await server.close();
});

describe("a process that ends by itself", () => {
  const run = async (/** @type {string} */ name, /** @type {string} */ lines, ms = 20_000) => {
    const file = join(folder, `${name}.mjs`);
    const setup = `import { createSandbox } from ${JSON.stringify(fileURLToPath(new URL("index.mjs", import.meta.url)))};
const KEY = ${JSON.stringify(JSON_KEY)};
const post = async (sandbox, path, body) => (await sandbox.fetch(path, { method: "POST", headers: KEY, body: JSON.stringify(body) })).json();
const call = async (sandbox, toNumber) => {
  const agent = await post(sandbox, "/v1/agents", { name: "Ada", voiceMode: "hosted", systemPrompt: "Be brief." });
  await post(sandbox, "/v1/numbers", { agentId: agent.id });
  return post(sandbox, "/v1/calls", { agentId: agent.id, toNumber });
};
`;
    writeFileSync(file, setup + lines);
    const began = performance.now();
    const { out, code } = await execute(process.execPath, [file]);
    assert.ok(performance.now() - began < ms, "it did not end");
    return { out, code };
  };

  test("is not kept alive by an open sandbox with an hour's call in it", {
    timeout: 30_000,
  }, async () => {
    assert.deepEqual(
      await run(
        "forgotten",
        'const sandbox = createSandbox();\nawait call(sandbox, "+15005550005");\nconsole.log("done");\n',
      ),
      { out: "done\n", code: 0 },
    );
  });

  test("is not kept alive by an open stream with only heartbeats", { timeout: 30_000 }, async () => {
    const lines =
      'const sandbox = createSandbox({ speed: 20 });\nconst { id } = await call(sandbox, "+15005550007");\nawait sandbox.fetch(`/v1/calls/${id}/transcript/stream`, { headers: KEY });\nconsole.log("done");\n';
    assert.deepEqual(await run("beats", lines), { out: "done\n", code: 0 });
  });

  test("is kept alive until a stream is read to its end or a webhook has arrived", { timeout: 30_000 }, async () => {
    const stream =
      'const sandbox = createSandbox({ speed: 10 });\nconst { id } = await call(sandbox, "+14155550100");\nconst text = await (await sandbox.fetch(`/v1/calls/${id}/transcript/stream`, { headers: KEY })).text();\nconsole.log(/event: ended/.test(text));\n';
    assert.deepEqual(await run("reader", stream), { out: "true\n", code: 0 });
    const hook =
      'let told;\nconst ended = new Promise((resolve) => (told = resolve));\nconst sandbox = createSandbox({ speed: 10, onWebhook: async (request) => { const { event } = await request.json(); if (event === "agent.call_ended") told(event); } });\nawait post(sandbox, "/v1/webhooks", { url: "https://example.com/hook" });\nawait call(sandbox, "+14155550100");\nconsole.log(await ended);\n';
    assert.deepEqual(await run("hook", hook), { out: "agent.call_ended\n", code: 0 });
  });
});
