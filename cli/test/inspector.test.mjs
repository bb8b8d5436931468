// The MCP server as the MCP inspector sees it, over both transports and in both protocols. The hazards: a schema that only our own clients
// read, a session that another client cannot begin, a phone that rings twice because two clients asked for the same thing.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { serveSandbox } from "agentphone-wasm/sandbox";
import { toolNames } from "agentphone-wasm/tools";
import { inspect, noInspector } from "../../tests/inspector/tools.mjs";
import { command, environment, on, scratch } from "./harness.mjs";
import { overHttp, TOKEN } from "./mcp-clients.mjs";

/** @import { Foreign } from "../../tests/support/foreign.js" */

const skip = noInspector();

describe("the MCP inspector", { skip }, () => {
  /** @type {Awaited<ReturnType<typeof serveSandbox>>} */
  let sandbox;
  /** @type {Awaited<ReturnType<typeof overHttp>>} */
  let server;
  let agent = "";
  const placed = () => sandbox.ledger().byOperation["calls.create"]?.performed ?? 0;
  /** What servers started by the inspector, and the one over HTTP, have in common. */
  const shared = () => ({ ...on(sandbox.url), AGENTPHONE_STATE_DIR: join(scratch, "inspector") });
  const options = () => ["--agent", agent, "--approve", "never"];

  before(async () => {
    sandbox = await serveSandbox({ port: 0, limits: false });
    const post = async (/** @type {string} */ path, /** @type {object} */ body) => {
      const headers = { authorization: "Bearer sk_test_key", "content-type": "application/json" };
      const response = await fetch(`${sandbox.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
      return /** @type {Promise<Foreign>} */ (response.json());
    };
    agent = (await post("/v1/agents", { name: "Desk" })).id;
    await post("/v1/numbers", { agentId: agent });
    server = await overHttp(options(), shared());
  });
  after(async () => {
    server?.child.kill("SIGTERM");
    await sandbox?.close();
  });

  /** @type {Record<string, (args: string[]) => Promise<{ status: number, result: Foreign, stderr: string }>>} */
  const transports = {
    "standard input and output": (args) => {
      const set = Object.entries(shared()).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
      return inspect([process.execPath, command, "mcp", ...options(), ...set, ...args], environment());
    },
    "Streamable HTTP": (args) =>
      inspect(
        [server.address, "--transport", "http", "--header", `Authorization: Bearer ${TOKEN}`, ...args],
        environment(),
      ),
  };

  for (const [transport, ask] of Object.entries(transports))
    for (const era of ["legacy", "modern"])
      test(`over ${transport}, ${era}: lists, reads, and places one call for one key`, {
        timeout: 300_000,
      }, async () => {
        const run = async (/** @type {string[]} */ ...args) => {
          const { status, result, stderr } = await ask(["--protocol-era", era, "--method", ...args]);
          assert.equal(status, 0, stderr);
          return result;
        };
        const { tools } = await run("tools/list", "--strict");
        assert.deepEqual(
          tools.map((/** @type {Foreign} */ { name }) => name),
          [...toolNames],
        );
        const hints = (/** @type {Foreign} */ { annotations }) => [
          annotations.readOnlyHint,
          annotations.idempotentHint,
        ];
        const named = (/** @type {string} */ name) => tools.find((/** @type {Foreign} */ tool) => tool.name === name);
        assert.deepEqual(hints(named("place_call")), [false, true]);
        assert.deepEqual(hints(named("watch_call")), [true, true]);
        assert.ok(tools.every((/** @type {Foreign} */ tool) => tool.outputSchema));
        const key = `order ${transport} ${era}`;
        const input = JSON.stringify({ to: "+14155550100", greeting: "Hi", key });
        const before = placed();
        const twice = [];
        for (const _ of [1, 2])
          twice.push(await run("tools/call", "--tool-name", "place_call", "--tool-args-json", input));
        assert.deepEqual(
          twice.map(({ structuredContent, isError }) => [structuredContent.status, isError ?? false]),
          [
            ["done", false],
            ["already_done", false],
          ],
        );
        assert.equal(new Set(twice.map(({ structuredContent: { result } }) => result.call_id)).size, 1);
        assert.equal(placed() - before, 1);

        // What is only read is asked for once over each transport: each run is a process.
        if (era === "modern") return;
        const { structuredContent: usage } = await run("tools/call", "--tool-name", "usage");
        assert.deepEqual([usage.status, usage.result.numbers.used], ["done", 1]);
        const { resources } = await run("resources/list");
        const uris = resources.map((/** @type {Foreign} */ { uri }) => uri);
        for (const name of ["agents", "numbers", "calls"]) assert.ok(uris.includes(`agentphone://${name}`));
        const { contents } = await run("resources/read", "--uri", "agentphone://agents");
        assert.equal(JSON.parse(contents[0].text).agents[0].id, agent);
        const { prompts } = await run("prompts/list");
        assert.equal(prompts.length, 4);
      });

  test("its load test of thirty equal calls at ten at once rings one phone", { timeout: 120_000 }, async () => {
    const before = placed();
    const load = ["--load", "--load-requests", "30", "--load-concurrency", "10"];
    const input = ["--tool-args-json", JSON.stringify({ to: "+14155550133", greeting: "Hi" })];
    const ask = /** @type {Foreign} */ (transports["Streamable HTTP"]);
    const { status, stderr } = await ask(["--method", "tools/call", "--tool-name", "place_call", ...input, ...load]);
    assert.equal(status, 0, stderr);
    assert.equal(placed() - before, 1);
  });

  test("with --sandbox it needs no key, and without the token it is refused over HTTP", {
    timeout: 120_000,
  }, async () => {
    const args = ["--method", "tools/call", "--tool-name", "list_threads"];
    const { result } = await inspect([process.execPath, command, "mcp", "--sandbox", ...args], environment());
    assert.equal(result.structuredContent.status, "done");
    const without = await inspect(
      [server.address, "--transport", "http", "--stored-auth-only", ...args],
      environment(),
    );
    assert.notEqual(without.status, 0);
  });
});
