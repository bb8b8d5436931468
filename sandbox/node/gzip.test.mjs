// What is compressed, for which clients, and what must stay uncompressed.

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { acceptsGzip } from "./gzip.mjs";
import { serveSandbox } from "./server.mjs";
import { JSON_KEY, KEY } from "./testing.mjs";

const PAGE = "<p>home</p>".repeat(500);

test("a client gets gzip only if it accepts it", () => {
  for (const [header, accepts] of /** @type {const} */ ([
    [undefined, false],
    ["", false],
    ["identity", false],
    ["gzip", true],
    ["br, GZIP;q=0.5", true],
    ["x-gzip", true],
    ["*", true],
    ["gzip;q=0", false],
    ["gzip; q=0.000", false],
    ["*;q=0, br", false],
    ["gzip;q=0, *", false],
    ["gzipped", false],
  ])) {
    assert.equal(acceptsGzip(header), accepts, String(header));
  }
});

describe("what the server compresses", () => {
  /** @type {string} */
  let root;
  /** @type {import("../js/types.js").SandboxServer} */
  let server;
  before(async () => {
    root = mkdtempSync(join(tmpdir(), "sandbox-gzip-"));
    writeFileSync(join(root, "index.html"), PAGE);
    writeFileSync(join(root, "small.js"), "1");
    writeFileSync(join(root, "photo.png"), Buffer.alloc(4096));
    server = await serveSandbox({ staticDir: root, limits: false });
    for (let n = 0; n < 10; n++) {
      const body = JSON.stringify({ name: `Agent ${n}`, systemPrompt: "Be brief. ".repeat(50) });
      await (await fetch(`${server.url}/v1/agents`, { method: "POST", headers: JSON_KEY, body })).json();
    }
  });
  after(async () => {
    await server.close();
    rmSync(root, { recursive: true });
  });

  /** The bytes on the wire, since fetch would decompress them. @param {string} path @param {string} [accept] */
  async function ask(path, accept = "gzip", method = "GET") {
    const sent = request(server.url + path, {
      method,
      agent: false,
      headers: { ...KEY, ...(accept && { "accept-encoding": accept }) },
    }).end();
    const [response] = await once(sent, "response");
    const chunks = [];
    let broken = false;
    try {
      for await (const chunk of response) chunks.push(chunk);
    } catch {
      broken = true;
    }
    return { status: response.statusCode, headers: response.headers, bytes: Buffer.concat(chunks), broken };
  }

  for (const path of ["/v1/agents", "/", "/__sandbox/magic"]) {
    test(`${path} is compressed, unchanged in content, and marked for caches`, async () => {
      const [plain, packed] = [await ask(path, ""), await ask(path)];
      assert.equal(packed.headers["content-encoding"], "gzip");
      assert.equal(Number(packed.headers["content-length"]), packed.bytes.length);
      assert.ok(packed.bytes.length < plain.bytes.length);
      assert.deepEqual(gunzipSync(packed.bytes), plain.bytes);
      assert.deepEqual([plain.headers["content-encoding"], plain.headers.vary], [undefined, "accept-encoding"]);
      assert.equal(packed.headers.vary, "accept-encoding");
      assert.equal(packed.headers["content-type"], plain.headers["content-type"]);
    });

    test(`HEAD of ${path} describes what GET sends`, async () => {
      const [head, got] = [await ask(path, "gzip", "HEAD"), await ask(path)];
      assert.equal(head.bytes.length, 0);
      for (const name of ["content-encoding", "content-length", "content-type"])
        assert.equal(head.headers[name], got.headers[name], name);
    });
  }

  test("short texts, pictures and empty responses are not compressed", async () => {
    for (const path of ["/small.js", "/photo.png", "/__sandbox/health"]) {
      const { headers } = await ask(path);
      assert.deepEqual([headers["content-encoding"], headers.vary], [undefined, undefined], path);
    }
  });

  test("a response that a fault cuts is cut in its text, not in a compressed stream", async () => {
    server.faults.add({ match: { operation: "agents.list" }, cut: "mid-body", times: 1 });
    const whole = await ask("/v1/agents", "");
    assert.equal(whole.broken, true);
    server.faults.add({ match: { operation: "agents.list" }, cut: "mid-body", times: 1 });
    const cut = await ask("/v1/agents");
    assert.deepEqual([cut.broken, cut.headers["content-encoding"]], [true, undefined]);
    assert.deepEqual(cut.bytes, whole.bytes);
  });

  test("a fault's own content-encoding is respected", async () => {
    const headers = { "content-encoding": "br" };
    const message = "x".repeat(4000);
    server.faults.add({ match: { operation: "agents.list" }, status: 500, message, headers, times: 1 });
    assert.equal((await ask("/v1/agents")).headers["content-encoding"], "br");
  });

  test("a live transcript arrives chunk by chunk, not in compressed blocks", async () => {
    const [agent] = (await (await fetch(`${server.url}/v1/agents`, { headers: KEY })).json()).data;
    const post = async (/** @type {string} */ path, /** @type {object} */ body) =>
      (await fetch(server.url + path, { method: "POST", headers: JSON_KEY, body: JSON.stringify(body) })).json();
    await post("/v1/numbers", { agentId: agent.id });
    const { id } = await post("/v1/calls", { agentId: agent.id, toNumber: "+15005550007" });
    const sent = request(`${server.url}/v1/calls/${id}/transcript/stream`, {
      agent: false,
      headers: { ...KEY, "accept-encoding": "gzip" },
    }).end();
    const [response] = await once(sent, "response");
    assert.equal(response.headers["content-encoding"], undefined);
    const [first] = await once(response, "data");
    assert.match(String(first), /event: connected/);
    sent.destroy();
  });

  test("a plain fetch reads the same as before", async () => {
    assert.equal(await (await fetch(server.url)).text(), PAGE);
    assert.equal((await (await fetch(`${server.url}/v1/agents`, { headers: KEY })).json()).data.length, 10);
  });
});
