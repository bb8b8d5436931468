// `client.request`: any path of the API with all that the client does, and to no other place than the API.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AgentPhone } from "agentphone-wasm";
import { serveSandbox } from "../../sandbox/node/server.mjs";
import { clientOf, failureOf, KEY } from "../support/client.mjs";
import { answer, cut, hostileServer } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const refused = async (/** @type {Foreign[]} */ ...args) => {
  const client = /** @type {Foreign} */ (clientOf("http://127.0.0.1:9", { fetch: () => assert.fail("sent") }));
  const error = await failureOf(client.request(...args));
  assert.deepEqual([error.code, error.attempts], ["INVALID_ARGUMENT", 0]);
  return error;
};
const busy = answer(503, { detail: "busy" }, { "retry-after-ms": "1" });

describe("a request to any path", { concurrency: true }, () => {
  test("is sent as it is asked for, with the key and the sub-account", async (t) => {
    const server = await hostileServer(t);
    const client = clientOf(server, { subAccount: "sub_1" });
    await client.request("POST", "/v1/fax/fax_1/pages", {
      query: { a: "x y&z", b: 2, c: true, d: null, e: undefined },
      body: { to: "+14155550100", n: [1, { ok: true }] },
    });
    await client.request("GET", "/v1/fax", undefined, { headers: { "x-own": "1" } });
    const [{ method, url, headers, body }, second] = server.received;
    assert.deepEqual([method, url], ["POST", "/v1/fax/fax_1/pages?a=x%20y%26z&b=2&c=true"]);
    assert.deepEqual(
      [headers.authorization, headers["x-sub-account-id"], headers["content-type"]],
      [`Bearer ${KEY}`, "sub_1", "application/json"],
    );
    assert.deepEqual(JSON.parse(body), { to: "+14155550100", n: [1, { ok: true }] });
    assert.deepEqual(
      [second.method, second.url, second.body, second.headers["content-type"], second.headers["x-own"]],
      ["GET", "/v1/fax", "", undefined, "1"],
    );
  });

  test("gives whatever JSON comes, and undefined where nothing does; a page is no answer", async (t) => {
    for (const [text, data] of /** @type {[string, unknown][]} */ ([
      ['{"a":1}', { a: 1 }],
      ["[1]", [1]],
      ["null", null],
      ["7", 7],
      ["", undefined],
    ])) {
      assert.deepEqual(await clientOf(await hostileServer(t, answer(200, text))).request("GET", "/v1/fax"), data, text);
    }
    const none = {
      performs: true,
      run: (/** @type {import("node:http").ServerResponse} */ response) => response.writeHead(204).end(),
    };
    assert.equal(await clientOf(await hostileServer(t, none)).request("DELETE", "/v1/fax/fax_1"), undefined);
    assert.equal(
      (await failureOf(clientOf(await hostileServer(t, answer(200, "<html>"))).request("GET", "/v1/fax"))).code,
      "INVALID_RESPONSE",
    );
  });

  test("is repeated by the effect that is stated, and never where none is and something may have happened", async (t) => {
    for (const [
      method,
      effect,
      requests,
    ] of /** @type {["GET" | "POST" | "PUT" | "PATCH" | "DELETE", "read" | "idempotent" | "effect" | undefined, number][]} */ ([
      ["GET", undefined, 2],
      ["POST", undefined, 1],
      ["PUT", undefined, 1],
      ["PATCH", undefined, 1],
      ["DELETE", undefined, 1],
      ["POST", "read", 2],
      ["POST", "idempotent", 2],
      ["POST", "effect", 1],
      ["GET", "effect", 1],
      ["DELETE", "idempotent", 2],
    ])) {
      for (const body of method === "GET" ? [undefined] : [undefined, {}]) {
        const server = await hostileServer(t, cut("before-headers"));
        const error = await failureOf(clientOf(server, { maxRetries: 1 }).request(method, "/v1/fax", { effect, body }));
        assert.deepEqual(
          [server.count(), error.code, error.outcomeUnknown],
          [requests, "CONNECTION_ERROR", requests === 1],
          `${method} ${effect}`,
        );
      }
    }
  });

  test("fails as every request does, and shows neither ids nor what was sent", async (t) => {
    const server = await hostileServer(t, answer(404, { detail: "No fax fax_1/4 for +14155550100, secret plan" }));
    /** @type {string[]} */
    const lines = [];
    const logger = {
      error: () => {},
      warn: () => {},
      info: () => {},
      debug: (/** @type {string} */ line) => void lines.push(line),
    };
    /** @type {Foreign[]} */
    const seen = [];
    const client = clientOf(server, {
      logger,
      logLevel: "debug",
      hooks: { onRequest: (event) => void seen.push(event), onError: (error) => void seen.push(error) },
    });
    const error = await failureOf(
      client.request("POST", "/v1/fax/fax_1%2F4/pages", {
        query: { to: "+14155550100" },
        body: { text: "secret plan" },
      }),
    );
    assert.deepEqual(
      [error.name, error.code, error.operation, error.method, error.path],
      ["NotFoundError", "NOT_FOUND", "request", "POST", "/v1/fax/{id}/pages"],
    );
    assert.deepEqual([seen[0].operation, seen[0].path, seen[1]], ["request", "/v1/fax/{id}/pages", error]);
    for (const text of [error.message, ...lines])
      for (const secret of ["fax_1", "14155550100", "secret plan"]) assert.ok(!text.includes(secret), text);
    assert.match(`${error.stack}`, /any-path\.test\.mjs/);
  });

  test("waits at a rate limit of its own path, which holds up no other", async (t) => {
    const server = await hostileServer(t, ({ number }) =>
      number === 1 ? answer(429, { detail: "slow down" }, { "retry-after": "30" }) : answer(200, {}),
    );
    const client = clientOf(server, { maxRetries: 0 });
    assert.equal((await failureOf(client.request("GET", "/v1/fax/fax_1"))).status, 429);
    assert.equal(
      (await failureOf(client.request("GET", "/v1/fax/fax_2", {}, { totalTimeout: 5_000 }))).code,
      "TIMEOUT",
    );
    assert.equal(server.count(), 1);
    assert.deepEqual(await client.request("GET", "/v1/telex"), {});
  });

  test("is refused where it would lead elsewhere than it says", async () => {
    for (const path of [
      "v1/fax",
      "//evil.test/v1",
      "/v1//x",
      "https://evil.test/",
      "/v1/../auth/me",
      "/v1/.",
      "/v1/%2e%2E/x",
      "/v1/fax?x=1",
      "/v1/fax#x",
      "/v1/a b",
      "/v1/é",
      "/v1/%zz",
      "\\v1",
      "/v1\\x",
      "/v1/\n",
      "",
      5,
      null,
      undefined,
      {},
    ]) {
      assert.match((await refused("GET", path)).message, /path must/);
    }
  });

  test("is refused where its parts are not what they should be", async () => {
    for (const [args, name] of /** @type {[Foreign[], string][]} */ ([
      [["get", "/v1/fax"], "method"],
      [["HEAD", "/v1/fax"], "method"],
      [[undefined, "/v1/fax"], "method"],
      [["GET", "/v1/fax", { body: {} }], "body"],
      [["POST", "/v1/fax", { effect: "safe" }], "effect"],
      [["POST", "/v1/fax", { data: {} }], "data"],
      [["POST", "/v1/fax", "text"], "request"],
      [["POST", "/v1/fax", { body: "text" }], "body"],
      [["POST", "/v1/fax", { body: [1] }], "body"],
      [["POST", "/v1/fax", { body: { a: Number.NaN } }], "a must"],
      [["POST", "/v1/fax", { query: { a: {} } }], "a must"],
      [["POST", "/v1/fax", { query: new Map() }], "query"],
    ])) {
      assert.ok((await refused(...args)).message.includes(name), name);
    }
    await refused("POST", "/v1/fax", {
      get body() {
        throw new Error("no");
      },
    });
  });

  test("may be taken off its client, and is there in a client of a sub-account", async (t) => {
    const server = await hostileServer(t);
    const { request } = clientOf(server).withSubAccount("sub_2");
    await request("GET", "/v1/fax");
    assert.equal(server.received[0].headers["x-sub-account-id"], "sub_2");
  });

  test("is retried when the API is busy, and reaches the sandbox's own operations", async (t) => {
    const server = await hostileServer(t, [busy, answer(200, { ok: true })]);
    assert.deepEqual(await clientOf(server).request("POST", "/v1/fax", { effect: "idempotent" }), { ok: true });
    const sandbox = await serveSandbox({});
    t.after(() => sandbox.close());
    const client = new AgentPhone({ apiKey: KEY, baseUrl: sandbox.url });
    const { id } = await /** @type {typeof client.request<{ id: string }>} */ (client.request)("POST", "/v1/agents", {
      body: { name: "Ann" },
    });
    assert.equal((await client.agents.get(id)).name, "Ann");
  });
});

test("a name of a query that is no word of an API does not come back in an error", async () => {
  const client = clientOf("http://127.0.0.1:9", {
    fetch: async (/** @type {Foreign} */ url) =>
      Response.json({ detail: `bad query ${decodeURIComponent(new URL(url).search)}` }, { status: 400 }),
  });
  for (const name of ["the launch code is heliotrope", "+14155550100"]) {
    const error = await failureOf(client.request("GET", "/v1/fax", { query: { [name]: "1" } }));
    assert.match(error.message, /bad query/);
    assert.ok(!error.message.includes(name), "its message");
    assert.ok(!JSON.stringify(error).includes(name), "its JSON");
  }
});

// Last, because what it leaves behind is the whole process's.
test("cannot fill the memory by paths that are all different", async () => {
  const client = clientOf("http://127.0.0.1:9", { fetch: async () => Response.json({}) });
  const seen = new Set();
  const words = (/** @type {number} */ n) =>
    n.toString(26).replace(/\d/g, (digit) => "qrstuvwxyz".charAt(Number(digit)));
  const hooks = { onRequest: (/** @type {{ path: string }} */ { path }) => void seen.add(path) };
  for (let at = 0; at < 1_200; at += 1) await client.request("GET", `/v1/${words(at)}`, {}, { hooks });
  assert.ok(seen.size <= 1_001, `${seen.size} paths are remembered`);
  assert.ok(seen.has("/{path}"));
});
