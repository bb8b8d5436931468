// @ts-check
// Who may use the account: the page of this run and nobody else. Each request that is refused must not have reached
// the API either.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { SECRET_HEADER } from "../src/session/live-secret.js";
import { KEY, startProxy, startUpstream, statusOf } from "./testing.mjs";

/** @type {Awaited<ReturnType<typeof startUpstream>>} */
let api;
/** @type {Awaited<ReturnType<typeof startProxy>>} */
let proxy;
before(async () => {
  api = await startUpstream();
  proxy = await startProxy(api.url);
});
after(async () => {
  await proxy?.close();
  await api?.close();
});

test("the page's own request goes on with the key", async () => {
  const { status, body, headers } = await proxy.ask("/v1/agents?limit=5", {
    headers: { origin: proxy.url, "sec-fetch-site": "same-origin" },
  });
  assert.deepEqual([status, body], [200, '{"data":[],"total": 0}']);
  assert.equal(headers.connection, "close");
  assert.match(
    api.seen.at(-1) ?? "",
    new RegExp(`^GET /v1/agents\\?limit=5 HTTP/1.1\r\n[^]*authorization: Bearer ${KEY}\r\n`, "i"),
  );
});

describe("without the secret of the run", () => {
  for (const [name, headers] of /** @type {[string, () => Record<string, string | undefined>][]} */ ([
    ["no header", () => ({})],
    ["an empty one", () => ({ [SECRET_HEADER]: "" })],
    ["the secret less a letter", () => ({ [SECRET_HEADER]: proxy.secret.slice(0, -1) })],
    ["the secret and more", () => ({ [SECRET_HEADER]: `${proxy.secret}x` })],
    ["another of the same length", () => ({ [SECRET_HEADER]: "A".repeat(proxy.secret.length) })],
    [
      "the secret in a cookie, which browsers would send by themselves",
      () => ({ cookie: `${SECRET_HEADER}=${proxy.secret}; key=${proxy.secret}` }),
    ],
    ["the secret as a bearer", () => ({ authorization: `Bearer ${proxy.secret}` })],
  ])) {
    test(`${name}: neither API nor control paths answer`, async () => {
      const before = api.seen.length;
      for (const target of [
        "/v1/agents",
        "/v0/agent/verify",
        "/auth/x",
        "/__sandbox/health",
        "/__sandbox/reset",
        `/v1/agents?key=${proxy.secret}`,
      ]) {
        for (const method of ["GET", "POST"])
          assert.equal((await proxy.askBare(target, { method, headers: headers() })).status, 401, target);
      }
      assert.equal(api.seen.length, before);
    });
  }

  test("the secret twice is not the secret", async () => {
    const line = `${SECRET_HEADER}: ${proxy.secret}\r\n`;
    assert.equal(
      statusOf(await proxy.speak(`GET /v1/agents HTTP/1.1\r\nhost: ${proxy.host}\r\n${line}${line}\r\n`)),
      401,
    );
  });

  test("the page's files are served: they hold nothing secret", async () => {
    for (const target of ["/", "/page.js", "/?key=x"]) {
      const { status, body, headers } = await proxy.askBare(target);
      assert.equal(status, 200, target);
      assert.ok(!body.includes(proxy.secret) && !JSON.stringify(headers).includes(proxy.secret));
    }
  });
});

describe("even with the secret", () => {
  for (const [name, headers] of /** @type {[string, () => Record<string, string>][]} */ ([
    ["a page of another site", () => ({ origin: "https://evil.example" })],
    ["a page of another port of this machine", () => ({ origin: "http://127.0.0.1:1" })],
    ["a page of this port under another name", () => ({ origin: `http://127.0.0.1:${proxy.port}` })],
    ["a page of another run", () => ({ origin: `http://live-0123456789.localhost:${proxy.port}` })],
    ["a page of the same name over TLS", () => ({ origin: `https://${proxy.host}` })],
    ["a page of no origin", () => ({ origin: "null" })],
    ["an image or a form of another site", () => ({ "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" })],
    ["a request of another port", () => ({ "sec-fetch-site": "same-site", "sec-fetch-mode": "cors" })],
    [
      "a navigation to the API that another site began",
      () => ({ "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" }),
    ],
    [
      "a frame of another site",
      () => ({ "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" }),
    ],
    ["a service worker's script", () => ({ "service-worker": "script" })],
    [
      "a service worker's script, as newer browsers say it",
      () => ({ "sec-fetch-dest": "serviceworker", "sec-fetch-site": "same-origin" }),
    ],
    ["a name that was bent to this machine", () => ({ host: "evil.example" })],
    ["such a name with the port", () => ({ host: `evil.example:${proxy.port}` })],
    ["the address as a number", () => ({ host: `127.0.0.1:${proxy.port}` })],
    ["localhost", () => ({ host: `localhost:${proxy.port}` })],
    ["the name of another run", () => ({ host: `live-0123456789.localhost:${proxy.port}` })],
    ["a name under that of the run", () => ({ host: `x.${proxy.host}` })],
    ["the name without the port", () => ({ host: proxy.host.split(":")[0] ?? "" })],
    ["the name with a user", () => ({ host: `x@${proxy.host}` })],
    ["the name with a dot", () => ({ host: proxy.host.replace(":", ".:") })],
  ])) {
    test(`not ${name}`, async () => {
      const before = api.seen.length;
      for (const method of ["GET", "POST"])
        assert.equal((await proxy.ask("/v1/calls", { method, headers: headers() })).status, 403);
      assert.equal(api.seen.length, before);
    });
  }

  test("a request without a host is refused", async () => {
    const before = api.seen.length;
    const line = `${SECRET_HEADER}: ${proxy.secret}\r\n`;
    assert.equal(statusOf(await proxy.speak(`GET /v1/agents HTTP/1.1\r\n${line}connection: close\r\n\r\n`)), 400);
    assert.equal(statusOf(await proxy.speak(`GET /v1/agents HTTP/1.0\r\n${line}\r\n`)), 403);
    assert.equal(api.seen.length, before);
  });
});

describe("the page's files", () => {
  test("are served under the name of the run alone, and whoever types another is told what to open", async () => {
    for (const host of [
      `127.0.0.1:${proxy.port}`,
      `localhost:${proxy.port}`,
      `live-0123456789.localhost:${proxy.port}`,
    ]) {
      const { status, body } = await proxy.askBare("/", { headers: { host } });
      assert.equal(status, 403);
      assert.match(body, /^This address is not that of the run\. Open the one that was printed last\.$/);
    }
  });

  test("come by a link of another site as well, but into no frame and no window that it holds", async () => {
    const link = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
    const { status, headers } = await proxy.askBare("/", { headers: link });
    assert.equal(status, 200);
    assert.deepEqual([headers["x-frame-options"], headers["cross-origin-opener-policy"]], ["DENY", "same-origin"]);
    assert.match(String(headers["content-security-policy"]), /frame-ancestors 'none'/);
    assert.equal(
      (
        await proxy.askBare("/page.js", {
          headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script" },
        })
      ).status,
      403,
    );
  });

  test("stay in no cache, so that none can be there before", async () => {
    for (const target of ["/", "/page.js"])
      assert.equal((await proxy.askBare(target)).headers["cache-control"], "no-store");
  });

  test("are only read, and no other file is", async () => {
    for (const method of ["POST", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE"])
      assert.equal((await proxy.askBare("/", { method })).status, 405, method);
    for (const target of [
      "/../package.json",
      "/%2e%2e/package.json",
      "/..%2fpackage.json",
      "/.env",
      "/%00",
      "/..\\package.json",
    ])
      assert.equal((await proxy.askBare(target)).status, 404, target);
  });
});

test("each run has a name and a secret of its own, also on the same port", async () => {
  const other = await startProxy(api.url);
  const { host, secret, port, own } = other;
  await other.close();
  const again = await startProxy(api.url, { port });
  assert.equal(again.port, port);
  assert.notEqual(again.host, host);
  assert.notEqual(again.secret, secret);
  const { status, body } = await again.askBare("/v1/agents", { headers: own });
  await again.close();
  assert.equal(status, 403);
  assert.match(body, /Open the one that was printed last/);
});
