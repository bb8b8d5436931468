// Who can reach the sandbox: other machines, and pages of other origins.

import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { serveSandbox } from "./server.mjs";
import { JSON_KEY, observe, readAll, speak } from "./testing.mjs";

/** @type {import("../js/types.js").SandboxServer} */
let server;
const start = async (/** @type {import("../js/types.js").ServerOptions} */ options) =>
  (server = await serveSandbox(options));
afterEach(() => server.close());

describe("other machines", () => {
  test("an empty host, as from an unset variable, does not open the sandbox to the network", async () => {
    await start({ host: "" });
    assert.equal(server.url, `http://127.0.0.1:${server.port}`);
    assert.equal((await fetch(`${server.url}/__sandbox/health`)).status, 200);
  });
});

describe("pages of other origins", () => {
  const FOREIGN = "https://evil.example";
  const GUARDED = [
    ["GET", "/__sandbox/requests"],
    ["GET", "/__sandbox"],
    ["POST", "/__sandbox/reset"],
    ["POST", "/v1/webhooks"],
    ["GET", "/v1/webhooks/deliveries"],
    ["POST", "/v1/webhooks/test"],
    ["POST", "/v1/agents/agent_1/webhook"],
    ["POST", "/v1/agents/a%2Fb/%77ebhook"],
  ];
  const ask = (/** @type {string} */ method, /** @type {string} */ path, /** @type {string} */ origin) =>
    observe(path, {
      method,
      base: server.url,
      headers: { ...JSON_KEY, origin },
      body: method === "POST" ? "{}" : undefined,
    });

  test("a page that the user merely visits can neither control the sandbox nor make it request internal addresses", async () => {
    await start({});
    for (const [method, path] of GUARDED) {
      for (const origin of [
        FOREIGN,
        "null",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "file://localhost",
      ]) {
        const seen = await ask(method, path, origin);
        assert.equal(seen.status, 403, `${method} ${path} ${origin}`);
        assert.match(JSON.parse(seen.body).detail, /allowOrigins/);
      }
    }
    assert.equal(server.ledger().requests, 0);
  });

  test("DNS rebinding is no way around this, although the page requests its own origin", async () => {
    await start({ allowOrigins: ["https://app.example.com"] });
    const { port } = server;
    const status = async (/** @type {string} */ host, more = "") => {
      const socket = await speak(
        `GET /__sandbox/ledger HTTP/1.1\r\nhost: ${host}\r\n${more}connection: close\r\n\r\n`,
        port,
      );
      return Number((await readAll(socket)).slice(9, 12));
    };
    assert.equal(await status(`evil.example:${port}`), 403);
    assert.equal(await status(`evil.example:${port}`, `origin: http://evil.example:${port}\r\n`), 403);
    assert.equal(await status("127.0.0.1.evil.example"), 403);
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, "[::1]", "app.example.com"])
      assert.equal(await status(host), 200, host);
  });

  test("a sandbox that listens for other machines accepts addresses and configured names, and no other name can set a webhook", async () => {
    await start({ host: "0.0.0.0", allowHosts: ["sandbox.test"] });
    const { port } = server;
    const status = async (/** @type {string} */ host, path = "/__sandbox/health", method = "GET") => {
      const body = method === "POST" ? '{"url":"http://127.0.0.1:1/hook"}' : "";
      const head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer sk_1\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n`;
      const text = await readAll(await speak(head + body, port));
      return /** @type {const} */ ([Number(text.slice(9, 12)), text.slice(text.indexOf("\r\n\r\n") + 4)]);
    };
    for (const host of [
      "sandbox.test",
      `SANDBOX.test:${port}`,
      "localhost",
      "console-7.localhost:80",
      "192.168.1.5",
      `127.0.0.1:${port}`,
      "[fe80::1]:4010",
    ]) {
      assert.equal((await status(host))[0], 200, host);
    }
    for (const host of [
      `evil.example:${port}`,
      "192.168.1.5.evil.example",
      "sandbox.test.evil.example",
      "x.sandbox.test",
      "intranet",
      "localhost.",
      "",
    ]) {
      const [code, body] = await status(host, "/v1/webhooks", "POST");
      assert.equal(code, 403, host);
      assert.match(JSON.parse(body).detail, /allowHosts or --allow-host/);
      assert.equal((await status(host))[0], 403, host);
    }
    assert.equal((await status("evil.example", "/v1/agents"))[0], 200, "the rest of the API goes by any name");
    assert.equal(server.ledger().byOperation["webhooks.set"], undefined);
  });

  test("the configured host name is accepted", async () => {
    await start({ host: "localhost" });
    assert.equal((await fetch(`${server.url}/__sandbox/health`)).status, 200);
  });

  test("an invalid host name is rejected at the start", async () => {
    await start({});
    for (const name of ["http://a.test", "a.test/x", "a.test:80", "a b", "", "user@a.test"]) {
      await assert.rejects(serveSandbox({ allowHosts: [name] }), /is not a host name/, name);
    }
  });

  test("an absolute target is no way around this", async () => {
    await start({});
    const socket = await speak(
      `GET http://any/__sandbox/ledger HTTP/1.1\r\nhost: any\r\norigin: ${FOREIGN}\r\nconnection: close\r\n\r\n`,
      server.port,
    );
    assert.match(await readAll(socket), /^HTTP\/1.1 403/);
  });

  test("its preflight is rejected too", async () => {
    await start({});
    const headers = { origin: FOREIGN, "access-control-request-method": "PUT" };
    assert.equal((await observe("/__sandbox/script", { method: "OPTIONS", base: server.url, headers })).status, 403);
    assert.equal((await observe("/v1/agents", { method: "OPTIONS", base: server.url, headers })).status, 204);
  });

  test("the rest of the API responds to it as usual", async () => {
    await start({});
    assert.equal((await ask("GET", "/v1/agents", FOREIGN)).status, 200);
  });

  test("pages of this machine, of the sandbox itself and of allowed origins may, and so may programs", async () => {
    await start({ allowOrigins: ["https://App.example.com/"] });
    const own = new URL(server.url).host;
    for (const origin of [
      "http://localhost:5173",
      "https://127.0.0.1",
      "http://[::1]:3000",
      `http://${own}`,
      "https://app.example.com",
    ]) {
      assert.equal((await ask("GET", "/__sandbox/health", origin)).status, 200, origin);
      assert.equal((await ask("GET", "/v1/webhooks", origin)).status, 200, origin);
    }
    assert.equal((await observe("/__sandbox/health", { base: server.url })).status, 200);
    assert.equal((await ask("GET", "/__sandbox/health", FOREIGN)).status, 403);
  });

  test("an invalid origin is rejected at the start", async () => {
    await assert.rejects(serveSandbox({ allowOrigins: ["example.com"] }), /is not an origin/);
    await start({});
  });
});
