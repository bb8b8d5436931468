// Calls of different callers made at once, in every runtime that has AsyncLocalStorage; and the fake clocks of jest and
// vitest, in their own runners.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { freePort } from "../../../scripts/free-port.mjs";
import { FAILED } from "./browsers.mjs";
import { bin, nodeOf, project, run, serves, tool } from "./project.mjs";

const IMPORTS = `import { AsyncLocalStorage } from "node:async_hooks";
import { AgentPhone } from "agentphone-wasm";
import { contexts } from "../contexts.mjs";
`;
const PROGRAM = `${IMPORTS}console.log(await contexts({ AgentPhone, AsyncLocalStorage }));\nprocess.exit();\n`;
const apart = async (/** @type {string} */ command, /** @type {string[]} */ args, /** @type {string} */ name) =>
  assert.match(await run(command, args, { cwd: project(name, { "main.mjs": PROGRAM }) }), /^apart\s*$/m);

describe("calls of a hundred callers stay apart", () => {
  for (const major of [20, 22, 24, 26])
    test(`in Node ${major}`, () => apart(nodeOf(major), ["main.mjs"], `contexts-node-${major}`));
  test("in Bun", () => apart(tool("@oven", "bun-linux-x64-baseline", "bin", "bun"), ["main.mjs"], "contexts-bun"));
  test("in Deno", () =>
    apart(
      tool("@deno", "linux-x64-glibc", "deno"),
      ["run", "--no-prompt", "--allow-env", "main.mjs"],
      "contexts-deno",
    ));

  test("in workerd", async (t) => {
    const worker = `${IMPORTS}export default {
  async fetch(request) {
    return new Response(request.url.endsWith("/ask") ? await contexts({ AgentPhone, AsyncLocalStorage }).catch(${FAILED}) : "ready");
  },
};
`;
    const config = JSON.stringify({
      name: "contexts",
      main: "worker.mjs",
      compatibility_date: "2025-10-01",
      compatibility_flags: ["nodejs_als"],
    });
    const cwd = project("contexts-workerd", { "worker.mjs": worker, "wrangler.json": config });
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const options = ["--ip", "127.0.0.1", "--port", `${port}`, "--inspector-port", `${await freePort()}`];
    t.after(await serves(url, nodeOf(22), [tool("wrangler", "bin", "wrangler.js"), "dev", ...options], { cwd }));
    assert.equal(await (await fetch(`${url}/ask`)).text(), "apart");
  });
});

// From 2024-10-14 on a worker may resolve a promise of another of its requests.
for (const date of ["2023-01-01", "2025-10-01"])
  test(`workerd of ${date}: one 429 holds up nobody for longer than it says, though waiters belong to different requests`, async (t) => {
    const worker = `import { AgentPhone } from "agentphone-wasm";
let limited = false;
const fetch = async () => {
  const refuse = !limited;
  limited = true;
  return new Response(refuse ? "{}" : '{"data":[],"total":0}', refuse ? { status: 429, headers: { "retry-after-ms": "700" } } : {});
};
let client;
export default {
  async fetch(request) {
    if (!request.url.endsWith("/ask")) return new Response("ready");
    client ??= new AgentPhone({ apiKey: "sk_test", logLevel: "off", fetch });
    return new Response(await client.agents.list().then(() => "ok", (error) => error.code));
  },
};
`;
    const config = JSON.stringify({ name: "limited", main: "worker.mjs", compatibility_date: date });
    const cwd = project(`limited-workerd-${date}`, { "worker.mjs": worker, "wrangler.json": config });
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const options = ["--ip", "127.0.0.1", "--port", `${port}`, "--inspector-port", `${await freePort()}`];
    t.after(await serves(url, nodeOf(22), [tool("wrangler", "bin", "wrangler.js"), "dev", ...options], { cwd }));
    const ask = async (/** @type {number} */ after) => {
      await new Promise((resolve) => setTimeout(resolve, after));
      return (await fetch(`${url}/ask`, { signal: AbortSignal.timeout(20_000) })).text();
    };
    assert.deepEqual(await Promise.all([ask(0), ask(200), ask(250), ask(1_500)]), ["ok", "ok", "ok", "ok"]);
  });

describe("the fake clock of", () => {
  const work = `  const answered = (status, headers = {}) => ({ status, headers: { get: (name) => headers[name] ?? null }, text: async () => '{"data":[],"total":0}' });
  let sent = 0;
  const script = [answered(200), answered(503, { "retry-after": "20" })];
  const client = new AgentPhone({ apiKey: "sk_test", logLevel: "off", fetch: async () => script[sent++] ?? answered(200) });
  clock.useFakeTimers();
  await client.agents.list();
  const waits = client.agents.list();
  await clock.advanceTimersByTimeAsync(30_000);
  await waits;
  const lost = client.agents.list();
  clock.useRealTimers();
  await lost;
  await client.agents.list();
  if (sent !== 5) throw new Error("sent " + sent);
`;
  test("jest", async () => {
    const code = `const { AgentPhone } = require("agentphone-wasm");\ntest("clock", async () => {\n  const clock = jest;\n${work}});\n`;
    const cwd = project("jest-clock", {
      "main.test.cjs": code,
      "package.json": '{ "jest": { "testMatch": ["**/*.test.cjs"] } }',
    });
    assert.match(await run(bin("jest"), ["--rootDir", "."], { cwd }), /1 passed/);
  });
  test("vitest", async () => {
    const code = `import { test, vi as clock } from "vitest";\nimport { AgentPhone } from "agentphone-wasm";\ntest("clock", async () => {\n${work}});\n`;
    assert.match(
      await run(bin("vitest"), ["run", "--root", "."], { cwd: project("vitest-clock", { "main.test.mjs": code }) }),
      /1 passed/,
    );
  });
});
