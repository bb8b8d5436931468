// @ts-check
// Paths that a program adds to the sandbox's address. Unlike the sandbox's own they may show what is real, so that no other
// page may read them, not even one of this machine.

import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { serveSandbox } from "./server.mjs";

const path = "/__sandbox/campaigns";
/** @type {Request[]} */
let asked = [];
/** @type {import("../js/types.js").SandboxServer} */
let sandbox;
before(async () => {
  const fetch = async (/** @type {Request} */ request) => {
    asked.push(request);
    return Response.json({ at: new URL(request.url).pathname, text: await request.text() });
  };
  sandbox = await serveSandbox({ mount: { path, fetch } });
});
after(() => sandbox?.close());
beforeEach(() => {
  asked = [];
});

/** @param {string} target @param {Record<string, string>} [headers] @param {string} [method] @param {string} [body] @returns {Promise<{ status: number, body: string, headers: import("node:http").IncomingHttpHeaders }>} */
const ask = (target, headers = {}, method = "GET", body = "") =>
  new Promise((resolve, reject) => {
    const sent = request(
      { host: "127.0.0.1", port: sandbox.port, path: target, method, headers, agent: false },
      (came) => {
        let text = "";
        came.on("data", (chunk) => (text += chunk));
        came.on("end", () => resolve({ status: came.statusCode ?? 0, body: text, headers: came.headers }));
      },
    );
    sent.on("error", reject).end(body);
  });

test("programs and pages of this address are answered, and the engine never sees it", async () => {
  const own = { origin: sandbox.url, "sec-fetch-site": "same-origin", "content-type": "application/json" };
  const { status, body, headers } = await ask(`${path}/spring/pause?x=1`, own, "POST", "{}");
  assert.deepEqual([status, JSON.parse(body)], [200, { at: `${path}/spring/pause`, text: "{}" }]);
  assert.equal(headers["access-control-allow-origin"], undefined);
  assert.equal(headers["cache-control"], "no-store");
  assert.equal((await ask(path)).status, 200);
  assert.equal(sandbox.requests().length, 0);
});

test("no other page reads it: another origin, also of this machine, another site, a renamed host", async () => {
  for (const [name, headers] of /** @type {[string, Record<string, string>][]} */ ([
    ["another origin", { origin: "https://attacker.example" }],
    ["another port of this machine", { origin: "http://localhost:3000" }],
    ["a sandboxed frame", { origin: "null" }],
    ["another site", { "sec-fetch-site": "cross-site" }],
    ["another port", { "sec-fetch-site": "same-site" }],
    ["a renamed host", { host: `attacker.example:${sandbox.port}` }],
    ["a renamed host and its origin", { host: "attacker.example", origin: "http://attacker.example" }],
  ]))
    for (const method of ["GET", "POST"]) {
      const { status } = await ask(path, headers, method, method === "GET" ? "" : "{}");
      assert.equal(status, 403, `${name}, ${method}`);
    }
  assert.equal(asked.length, 0);
});

test("a body without end is refused, and paths beside it are the sandbox's own", async () => {
  assert.equal((await ask(path, {}, "POST", "x".repeat(70_000))).status, 413);
  assert.equal((await ask(`${path}x`)).status, 404);
  assert.equal((await ask("/__sandbox/health")).status, 200);
  assert.equal(asked.length, 0);
});

test("a path that is not below the control paths would not be guarded, and is refused at the start", async () => {
  for (const wrong of ["/campaigns", "/v1/calls", "/__sandbox/", ""])
    await assert.rejects(serveSandbox({ mount: { path: wrong, fetch: async () => new Response() } }), /mount: path/);
});
