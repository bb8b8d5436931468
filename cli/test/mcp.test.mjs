// The MCP server as its clients see it, over both transports and in both protocols.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { serveSandbox } from "agentphone-wasm/sandbox";
import { toolNames } from "agentphone-wasm/tools";
import { errorOf, on, run, scratch } from "./harness.mjs";
import { ERAS, overHttp, overStdio, TOKEN, use } from "./mcp-clients.mjs";

/** @import { Foreign } from "../../tests/support/foreign.js" */

/** @type {Awaited<ReturnType<typeof serveSandbox>>} */
let sandbox;
let agent = "";
/** With an agent, and without questions. */
const free = () => ["--agent", agent, "--approve", "never"];
let states = 0;
/** The environment of a server with a ledger of its own. */
const environment = () => ({ ...on(sandbox.url), AGENTPHONE_STATE_DIR: join(scratch, `state ${++states}`) });
const placed = () => sandbox.ledger().byOperation["calls.create"]?.performed ?? 0;
const post = async (/** @type {string} */ path, /** @type {object} */ body) => {
  const headers = { authorization: "Bearer sk_test_key", "content-type": "application/json" };
  const response = await fetch(`${sandbox.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  assert.ok(response.ok, `${path}: ${response.status}`);
  return /** @type {Promise<Foreign>} */ (response.json());
};

before(async () => {
  sandbox = await serveSandbox({ port: 0, limits: false });
  agent = (await post("/v1/agents", { name: "Desk" })).id;
  await post("/v1/numbers", { agentId: agent });
});
after(() => sandbox.close());

/** @type {[string, (era: "legacy" | "auto", args: string[], answer?: "accept" | "decline") => Promise<{ client: import("@modelcontextprotocol/client").Client, questions: string[], stop: () => unknown }>][]} */
const TRANSPORTS = [
  [
    "standard input and output",
    async (era, args, answer) => {
      const { client, questions } = await overStdio(era, args, environment(), answer);
      return { client, questions, stop: () => client.close() };
    },
  ],
  [
    "HTTP",
    async (era, args, answer) => {
      const { connect, child, ended } = await overHttp(args, environment());
      const { client, questions } = await connect(era, answer);
      return {
        client,
        questions,
        stop: async () => {
          await client.close();
          child.kill("SIGTERM");
          await ended;
        },
      };
    },
  ],
];

for (const [transport, open] of TRANSPORTS)
  for (const era of ERAS)
    describe(`over ${transport}, a client of ${era === "legacy" ? 2025 : 2026}`, () => {
      test("a tool call that is repeated places one call", async () => {
        const { client, stop } = await open(era, free());
        assert.deepEqual(
          (await client.listTools()).tools.map(({ name }) => name),
          [...toolNames],
        );
        const before = placed();
        const to = `+1415555${1000 + states}`;
        const first = await use(client, "place_call", { to });
        const again = await use(client, "place_call", { to });
        assert.equal(first.status, "done");
        assert.equal(again.status, "already_done");
        assert.equal(again.result.call_id, first.result.call_id);
        assert.equal(placed() - before, 1);
        const wrong = await use(client, "place_call", { to: 5 });
        assert.equal(wrong.code, "INVALID_INPUT");
        await stop();
      });

      test("what costs money is done when a person agrees, and not otherwise", async () => {
        const before = placed();
        for (const answer of /** @type {const} */ (["decline", "accept"])) {
          const { client, questions, stop } = await open(era, ["--agent", agent], answer);
          const result = await use(client, "place_call", { to: `+1415557${1000 + states}` });
          assert.equal(result.status, answer === "accept" ? "done" : "refused");
          assert.equal(questions.length, 1);
          assert.match(questions[0] ?? "", /up to \$/);
          await stop();
        }
        assert.equal(placed() - before, 1);
      });

      test("a transcript is readable while people speak, and its changes are notified", async () => {
        const { client, stop } = await open(era, free());
        const { result } = await use(client, "place_call", { to: `+1415556${1000 + states}` });
        const uri = `agentphone://calls/${result.call_id}/transcript`;
        const updated = new Promise((resolve) =>
          client.setNotificationHandler("notifications/resources/updated", ({ params }) => resolve(params.uri)),
        );
        if (era === "legacy") await client.subscribeResource({ uri });
        else await client.listen({ resourceSubscriptions: [uri] });
        const { contents } = await client.readResource({ uri });
        assert.match(String(/** @type {Foreign} */ (contents[0]).text), /^status: /);
        assert.equal(await updated, uri);
        await stop();
      });

      test("resources and prompts are listed and readable", async () => {
        const { client, stop } = await open(era, []);
        const names = (await client.listResources()).resources.map(({ uri }) => uri);
        for (const name of ["agents", "numbers", "calls"]) {
          assert.ok(names.includes(`agentphone://${name}`));
          const { contents } = await client.readResource({ uri: `agentphone://${name}` });
          assert.ok(Array.isArray(JSON.parse(/** @type {Foreign} */ (contents[0]).text)[name]));
        }
        const { prompts } = await client.listPrompts();
        assert.equal(prompts.length, 4);
        const { messages } = await client.getPrompt({ name: "was_it_placed", arguments: { to: "+14155550100" } });
        assert.match(/** @type {Foreign} */ (messages[0]).content.text, /\+14155550100/);
        await stop();
      });
    });

test("a server that was killed and started again does not place a call twice", async () => {
  const env = environment();
  const first = await overStdio("auto", free(), env);
  const before = placed();
  const call = await use(first.client, "place_call", { to: "+14155550144" });
  process.kill(first.pid, "SIGKILL");
  const second = await overStdio("auto", free(), env);
  const again = await use(second.client, "place_call", { to: "+14155550144" });
  assert.equal(again.status, "already_done");
  assert.equal(again.result.call_id, call.result.call_id);
  assert.equal(placed() - before, 1);
});

test("an answer that is lost never makes a client call again", async () => {
  const { client } = await overStdio("auto", free(), environment());
  // This number's answers are lost after the call was placed.
  const before = placed();
  const first = await use(client, "place_call", { to: "+15005550201" });
  assert.ok(["done", "unknown"].includes(first.status), first.status);
  const again = await use(client, "place_call", { to: "+15005550201" });
  assert.ok(["already_done", "unknown", "done"].includes(again.status), again.status);
  assert.equal(placed() - before, 1);
});

test("a client that cannot ask anybody is told that a person must agree", async () => {
  const { client } = await overStdio("auto", ["--agent", agent], environment());
  const before = placed();
  const result = await use(client, "place_call", { to: "+14155550155" });
  assert.equal(result.status, "needs_approval");
  assert.equal(placed(), before);
});

test("limits of a file hold, and a mistake in it is named at start", async () => {
  const file = join(scratch, "policy.json");
  writeFileSync(file, JSON.stringify({ calls: { person: 1 }, approval: "never" }));
  const { client } = await overStdio("auto", ["--agent", agent, "--policy", file], environment());
  assert.equal((await use(client, "place_call", { to: "+14155550166" })).status, "done");
  const second = await use(client, "place_call", { to: "+14155550166", again: true });
  assert.deepEqual([second.status, second.code], ["refused", "PERSON_LIMIT"]);
  for (const [text, pattern] of /** @type {const} */ ([
    ["{", /is not JSON$/],
    ['{"recipients":{"allow":[+14155550166]}}', /is not JSON$/],
    ["[]", /must contain one JSON object/],
    ['{"calls":{"person":"one"}}', /person/],
    ['{"call":{}}', /call/],
    ['{"ledger":{}}', /must not have the option ledger/],
  ])) {
    writeFileSync(file, text);
    const ended = await run(["mcp", "--policy", file], { env: environment() });
    assert.equal(ended.status, 2);
    assert.match(errorOf(ended).message, pattern);
  }
});

test("the policy of the machine holds without an option, and its tools that may do nothing are not there", async () => {
  const file = join(scratch, "machine.json");
  writeFileSync(file, JSON.stringify({ readOnly: true }));
  const { client } = await overStdio("auto", ["--agent", agent], { ...environment(), AGENTPHONE_POLICY: file });
  const names = (await client.listTools()).tools.map(({ name }) => name);
  assert.deepEqual([names.includes("find_call"), names.includes("place_call")], [true, false]);
});

test("only the tools that were asked for are there, and read-only beats everything", async () => {
  const { client } = await overStdio(
    "auto",
    ["--toolsets", "calls", "--tools", "send_text", "--read-only"],
    environment(),
  );
  assert.deepEqual(
    (await client.listTools()).tools.map(({ name }) => name),
    ["watch_call", "find_call"],
  );
  await assert.rejects(client.callTool({ name: "place_call", arguments: { agent_id: agent, to: "+14155550100" } }));
});

test("a name of a tool that does not exist fails at start", async () => {
  for (const args of [
    ["--toolsets", "cals"],
    ["--tools", "place-call"],
    ["--toolsets", ","],
  ]) {
    const ended = await run(["mcp", ...args], { env: environment() });
    assert.equal(ended.status, 2);
    assert.match(errorOf(ended).message, /has an unknown name|is empty/);
  }
});

describe("over HTTP", () => {
  /** @type {Awaited<ReturnType<typeof overHttp>>} */
  let server;
  before(async () => {
    server = await overHttp([], environment());
  });
  after(() => server.child.kill("SIGTERM"));

  const authorization = `Bearer ${TOKEN}`;
  const json = { "content-type": "application/json", accept: "application/json, text/event-stream" };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });

  test("no request without the token is served", async () => {
    for (const given of [undefined, "Bearer wrong", TOKEN, `Basic ${TOKEN}`]) {
      const headers = { ...json, ...(given && { authorization: given }) };
      const response = await fetch(server.address, { method: "POST", headers, body });
      assert.equal(response.status, 401);
      assert.equal(response.headers.get("www-authenticate"), "Bearer");
    }
  });

  test("a page of another site cannot use it, whatever token it has", async () => {
    for (const origin of ["https://example.com", "null", "http://localhost.example.com"]) {
      const response = await fetch(server.address, {
        method: "POST",
        headers: { ...json, authorization, origin },
        body,
      });
      assert.equal(response.status, 403);
    }
  });

  test("a name that was pointed at this machine is refused", async () => {
    const { request } = await import("node:http");
    const status = await new Promise((resolve, reject) => {
      const { port } = new URL(server.address);
      request({ port, path: "/mcp", method: "POST", headers: { ...json, authorization, host: "evil.example.com" } })
        .on("response", (response) => (response.resume(), resolve(response.statusCode)))
        .on("error", reject)
        .end(body);
    });
    assert.equal(status, 403);
  });

  test("what is no request of the protocol is refused, and the server lives on", async () => {
    const send = (/** @type {RequestInit} */ init, path = "") =>
      fetch(`${server.address}${path}`, { method: "POST", headers: { ...json, authorization }, body, ...init });
    assert.equal((await send({}, "/other")).status, 404);
    assert.equal((await send({ body: "{" })).status, 400);
    assert.equal((await send({ body: `"${"x".repeat(2 << 20)}"` })).status, 413);
    assert.equal((await send({ method: "GET", body: null })).status, 405);
    const session = { ...json, authorization, "mcp-session-id": "unknown" };
    assert.equal((await send({ headers: session })).status, 404);
    const { client } = await server.connect("auto");
    assert.equal((await client.listTools()).tools.length, toolNames.length);
  });

  test("sessions have a bound: the one that has been silent for longest makes room", async () => {
    const initialize = {
      jsonrpc: "2.0",
      id: 1,
      method: "initialize",
      params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "tests", version: "1.0.0" } },
    };
    const begin = async () => {
      const headers = { ...json, authorization };
      const response = await fetch(server.address, { method: "POST", headers, body: JSON.stringify(initialize) });
      await response.text();
      return response.headers.get("mcp-session-id") ?? "";
    };
    const list = async (/** @type {string} */ session) => {
      const headers = { ...json, authorization, "mcp-session-id": session, "mcp-protocol-version": "2025-11-25" };
      const response = await fetch(server.address, { method: "POST", headers, body });
      await response.text();
      return response.status;
    };
    const first = await begin();
    const second = await begin();
    assert.equal(await list(first), 200);
    for (let count = 0; count < 63; count += 1) await begin();
    assert.equal(await list(first), 200);
    assert.equal(await list(second), 404);
  });

  test("a port that is in use is named, and a short token is refused", async () => {
    const { port } = new URL(server.address);
    const taken = await run(["mcp", "--http", port], { env: environment() });
    assert.equal(taken.status, 1);
    assert.equal(errorOf(taken).code, "PORT_IN_USE");
    const short = await run(["mcp", "--http", "0"], { env: { ...environment(), AGENTPHONE_MCP_TOKEN: "short" } });
    assert.equal(short.status, 2);
  });
});
