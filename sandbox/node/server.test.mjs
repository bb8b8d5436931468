// The server over real sockets: what a client sees of each delivery, and what the server survives. No test
// measures time: each waits for an event, and fails by the runner's own time limit.

import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, beforeEach, describe, test } from "node:test";
import { serveSandbox } from "./server.mjs";
import { client, JSON_KEY, readAll } from "./testing.mjs";

/** @import { Foreign } from "../../tests/support/foreign.js" */

/** @type {import("../js/types.js").SandboxServer} */
let server;
const { post, get, observe, speak } = client(() => server);
before(async () => (server = await serveSandbox({ limits: false, maxBody: 10_000 })));
after(() => server.close());
beforeEach(() => post("/__sandbox/reset"));

describe("deliveries", () => {
  const fault = (/** @type {Foreign} */ rule) => post("/__sandbox/faults", { match: { path: "/v1" }, ...rule });

  test("a response without a fault arrives complete", async () => {
    const seen = await observe("/v1/agents");
    assert.deepEqual([seen.status, seen.body, seen.broken], [200, '{"data":[],"total":0}', false]);
  });

  test("a delayed response arrives complete", async () => {
    await fault({ delayMs: 20 });
    assert.equal((await observe("/v1/agents")).status, 200);
  });

  for (const cut of ["before-effect", "before-headers"]) {
    test(`cut ${cut}: the connection breaks without a response`, async () => {
      await fault({ cut });
      const seen = await observe("/v1/agents");
      assert.deepEqual([seen.status, seen.broken], [undefined, true]);
    });
  }

  test("cut after the headers: the status arrives, but no byte of the body", async () => {
    await fault({ cut: "after-headers" });
    const seen = await observe("/v1/agents");
    assert.deepEqual([seen.status, seen.body, seen.broken], [200, "", true]);
    assert.equal(seen.headers["content-length"], "21");
  });

  test("cut in mid-body: half of it arrives", async () => {
    await fault({ cut: "mid-body" });
    const seen = await observe("/v1/agents");
    assert.deepEqual([seen.status, seen.body, seen.broken], [200, '{"data":[]', true]);
  });

  for (const cut of ["after-headers", "mid-body"]) {
    test(`cut ${cut}: a keep-alive connection is closed too`, async () => {
      await fault({ cut });
      const socket = await speak("GET /v1/agents HTTP/1.1\r\nhost: x\r\nauthorization: Bearer sk_1\r\n\r\n");
      assert.match(await readAll(socket), /content-length: 21\r\n/i);
    });
  }

  test("a lost response still bought the number", async () => {
    await fault({ cut: "before-headers" });
    assert.equal((await observe("/v1/numbers", { method: "POST", body: "{}" })).broken, true);
    assert.equal((await get("/__sandbox/ledger")).numbersBought, 1);
  });

  test("stalled headers never arrive, and a client that disconnects does no harm", async () => {
    await fault({ stall: "headers" });
    const socket = await speak("GET /v1/agents HTTP/1.1\r\nhost: x\r\nauthorization: Bearer sk_1\r\n\r\n");
    let heard = "";
    socket.on("data", (chunk) => (heard += chunk));
    // The log has the request as soon as it was handled; the response has been withheld by then.
    while ((await get("/__sandbox/requests")).data.length === 0);
    assert.equal(heard, "");
    socket.destroy();
    await once(socket, "close");
    assert.equal((await get("/__sandbox/health")).ok, true);
  });

  test("a stalled body sends its half and no more", async () => {
    await fault({ stall: "body" });
    const socket = await speak("GET /v1/agents HTTP/1.1\r\nhost: x\r\nauthorization: Bearer sk_1\r\n\r\n");
    let heard = "";
    while (!heard.endsWith('{"data":[]')) heard += (await once(socket, "data"))[0];
    assert.match(heard, /content-length: 21\r\n/i);
    socket.destroy();
  });

  test("a slow body arrives in pieces and completely", async () => {
    await fault({ slow: { bytes: 5, everyMs: 2 } });
    const seen = await observe("/v1/agents");
    assert.deepEqual([seen.body, seen.broken], ['{"data":[],"total":0}', false]);
    assert.ok(seen.chunks > 1, `${seen.chunks} pieces`);
  });

  for (const [garbage, type, body] of /** @type {const} */ ([
    ["html", "text/html; charset=utf-8", /^<!DOCTYPE html>/],
    ["empty", "application/json", /^$/],
    ["truncated", "application/json", /^\{"data":\[\],?$/],
    ["null", "application/json", /^null$/],
  ])) {
    test(`garbage ${garbage} is a complete 200`, async () => {
      await fault({ garbage });
      const seen = await observe("/v1/agents");
      assert.deepEqual([seen.status, seen.headers["content-type"], seen.broken], [200, type, false]);
      assert.match(seen.body, body);
    });
  }

  test("an error has its headers", async () => {
    await fault({ status: 503, headers: { "retry-after": "7" }, shape: "empty" });
    const seen = await observe("/v1/agents");
    assert.deepEqual([seen.status, seen.headers["retry-after"], seen.body], [503, "7", ""]);
  });
});

describe("the connection", () => {
  test("close() ends a stalled response", async () => {
    const own = await serveSandbox();
    await fetch(`${own.url}/__sandbox/faults`, { method: "POST", body: '{"stall":"headers"}' });
    const pending = observe("/v1/agents", { base: own.url });
    while ((await (await fetch(`${own.url}/__sandbox/requests`)).json()).data.length === 0);
    await own.close();
    assert.equal((await pending).broken, true);
    await own.close();
  });

  test("close() does not wait for a delayed response", async () => {
    const own = await serveSandbox();
    await fetch(`${own.url}/__sandbox/faults`, { method: "POST", body: '{"delayMs":600000}' });
    const pending = observe("/v1/agents", { base: own.url });
    while ((await (await fetch(`${own.url}/__sandbox/requests`)).json()).data.length === 0);
    await own.close();
    assert.equal((await pending).broken, true);
  });

  test("two servers share nothing", async () => {
    const own = await serveSandbox();
    await fetch(`${own.url}/v1/agents`, { method: "POST", headers: JSON_KEY, body: '{"name":"A"}' });
    assert.equal((await get("/v1/agents")).total, 0);
    await own.close();
  });

  test("malformed HTTP gets 400 and the next client is served", async () => {
    const answer = await readAll(await speak("NONSENSE\r\n\r\n"));
    assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n/);
    assert.match(answer, /x-request-id: /);
    assert.equal((await get("/v1/agents")).total, 0);
  });

  test("a client that disconnects during its body has no effect", async () => {
    const head = "POST /v1/agents HTTP/1.1\r\nhost: x\r\nauthorization: Bearer sk_1\r\ncontent-length: 50\r\n\r\n";
    const socket = await speak(`${head}{"name":`);
    socket.destroy();
    await once(socket, "close");
    assert.equal((await get("/v1/agents")).total, 0);
  });

  test("every response has a request id, including the server's own", async () => {
    const preflight = { method: "OPTIONS", headers: { "access-control-request-method": "POST" } };
    for (const [path, options] of /** @type {const} */ ([
      ["/v1/agents", {}],
      ["/nothing", {}],
      ["/__sandbox/health", {}],
      ["/v1/agents", preflight],
      ["/v1/agents", { method: "POST", body: "x".repeat(10_001) }],
    ])) {
      const { headers, status } = await observe(path, options);
      assert.match(String(headers["x-request-id"]), /^req_/, `${path} ${status}`);
    }
  });

  test("HEAD has the headers of the GET and no body", async () => {
    const seen = await observe("/v1/agents", { method: "HEAD" });
    assert.deepEqual([seen.status, seen.headers["content-length"], seen.body], [200, "21", ""]);
  });

  test("405 lists the methods, 404 is the API's", async () => {
    const wrong = await observe("/v1/calls/abc", { method: "DELETE" });
    assert.deepEqual([wrong.status, wrong.headers.allow, wrong.body], [405, "GET", '{"detail":"Method Not Allowed"}']);
    const missing = await observe("/v1/nothing");
    assert.deepEqual([missing.status, missing.body], [404, '{"detail":"Not Found"}']);
  });
});

describe("bodies", () => {
  const agent = (/** @type {number} */ length) => {
    const frame = JSON.stringify({ name: "" }).length;
    return JSON.stringify({ name: "x".repeat(length - frame) });
  };

  test("a body at the limit is accepted, and one byte more gets 413", async () => {
    assert.equal((await observe("/v1/agents", { method: "POST", body: agent(10_000) })).status, 200);
    const seen = await observe("/v1/agents", { method: "POST", body: agent(10_001) });
    assert.deepEqual([seen.status, seen.body], [413, '{"detail":"Request body too large"}']);
    assert.equal((await get("/v1/agents")).total, 1);
  });

  test("a body without a length is counted as it arrives", async () => {
    const headers = { ...JSON_KEY, "transfer-encoding": "chunked" };
    const seen = await observe("/v1/agents", { method: "POST", headers, body: agent(10_001) });
    assert.equal(seen.status, 413);
  });

  test("a client that never stops writing is cut off", async () => {
    const head = "POST /v1/agents HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n";
    const socket = await speak(head);
    const closed = new Promise((resolve) => socket.on("close", resolve));
    socket.on("error", () => {});
    socket.resume();
    socket.write(`100000\r\n${"x".repeat(0x100000)}\r\n`);
    await closed;
  });

  test("text in any script survives both ways", async () => {
    const name = "Zoë 東京 🎉";
    const made = await post("/v1/agents", { name });
    assert.equal((await get(`/v1/agents/${made.id}`)).name, name);
  });

  test("invalid JSON is reported in the framework's shape", async () => {
    const seen = await observe("/v1/agents", { method: "POST", body: "{oops" });
    assert.equal(seen.status, 422);
    assert.equal(JSON.parse(seen.body).detail[0].type, "json_invalid");
  });
});

describe("other origins", () => {
  test("a preflight names the requested headers", async () => {
    const response = await fetch(`${server.url}/v1/agents`, {
      method: "OPTIONS",
      headers: {
        origin: "https://example.com",
        "access-control-request-method": "PATCH",
        "access-control-request-headers": "authorization, x-sub-account-id",
      },
    });
    assert.equal(response.status, 204);
    assert.equal(response.headers.get("access-control-allow-origin"), "*");
    assert.match(response.headers.get("access-control-allow-methods") ?? "", /PATCH/);
    assert.equal(response.headers.get("access-control-allow-headers"), "authorization, x-sub-account-id");
    assert.equal((await get("/__sandbox/ledger")).requests, 0);
  });

  test("responses and errors can be read, with the headers that retries need", async () => {
    await post("/__sandbox/faults", { match: { operation: "calls.list" }, status: 500 });
    for (const path of ["/v1/agents", "/v1/calls", "/nothing"]) {
      const { headers } = await observe(path);
      assert.equal(headers["access-control-allow-origin"], "*", path);
      for (const name of ["retry-after", "x-request-id", "x-ratelimit-reset"]) {
        assert.ok(headers["access-control-expose-headers"]?.split(", ").includes(name), `${path} ${name}`);
      }
    }
  });

  test("an OPTIONS that is not a preflight is the API's own 405", async () => {
    assert.equal((await observe("/v1/agents", { method: "OPTIONS" })).status, 405);
  });
});
