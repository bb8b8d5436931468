// @ts-check
// The proxy to a real account: the key stays with it, and nobody but the page that it serves gets through.
// A sandbox stands for the API.

import assert from "node:assert/strict";
import { createServer, request as ask } from "node:http";
import { createServer as createSocketServer } from "node:net";
import { after, before, describe, test } from "node:test";
import { serveSandbox } from "../../sandbox/node/server.mjs";
import { serveLive } from "../server/live.mjs";
import { launch } from "../../tests/support/browsers.mjs";
import { dist, openPage } from "./browser.mjs";

const KEY = "sk_live_a_key_that_nobody_may_see";
const LIMIT = { timeout: 60_000 };

/**
 * An API that writes down what reaches it.
 * @param {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => void} answer
 */
async function upstream(answer) {
  /** @type {import("node:http").IncomingMessage[]} */
  const seen = [];
  const server = createServer((request, response) => {
    seen.push(request);
    answer(request, response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { seen, url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

/**
 * A request with exactly these headers, which fetch would not send.
 * @param {string} url @param {Record<string, string>} [headers] @param {string} [method]
 * @returns {Promise<{ status: number, headers: import("node:http").IncomingHttpHeaders, body: string }>}
 */
const raw = (url, headers = {}, method = "GET") =>
  new Promise((resolve, reject) => {
    const sent = ask(url, { headers, method }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk) => (body += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
      response.on("error", reject);
    });
    sent.on("error", reject).end();
  });

/** The cookie that the printed address gives. @param {{ address: string }} proxy */
async function cookieOf(proxy) {
  const { status, headers } = await raw(proxy.address);
  assert.equal(status, 303);
  const [cookie = ""] = headers["set-cookie"] ?? [];
  assert.match(cookie, /HttpOnly; SameSite=Strict/);
  return cookie.split(";")[0] ?? "";
}

describe("who may ask", () => {
  /** @type {Awaited<ReturnType<typeof upstream>>} */
  let api;
  /** @type {Awaited<ReturnType<typeof serveLive>>} */
  let proxy;
  /** @type {string} */
  let cookie;
  before(async () => {
    api = await upstream((_, response) => response.end('{"data":[],"total":0}'));
    proxy = await serveLive({ apiKey: KEY, baseUrl: api.url, staticDir: dist });
    cookie = await cookieOf(proxy);
  });
  after(async () => {
    await proxy?.close();
    api?.close();
  });

  test("the page: its request goes on with the key, and the answer comes without cookies of others", async () => {
    const { status, headers } = await raw(`${proxy.url}/v1/agents?limit=5`, { cookie, "x-sub-account-id": "sub_1", origin: proxy.url, "sec-fetch-site": "same-origin" });
    assert.equal(status, 200);
    assert.equal(headers["connection"], "close");
    const [last] = api.seen.slice(-1);
    assert.deepEqual([last?.url, last?.headers.authorization, last?.headers["x-sub-account-id"], last?.headers.cookie], ["/v1/agents?limit=5", `Bearer ${KEY}`, "sub_1", undefined]);
  });

  for (const [name, headers] of /** @type {[string, Record<string, string>][]} */ ([
    ["a page of another site", { origin: "https://evil.example" }],
    ["another port of this machine", { origin: "http://127.0.0.1:1" }],
    ["a page of no origin", { origin: "null" }],
    ["an image or form of another site", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }],
    ["a host name that was bent to this machine", { host: "evil.example" }],
  ])) {
    test(`not ${name}, with the cookie or without`, async () => {
      const before = api.seen.length;
      for (const given of [{ cookie }, {}]) {
        const { status } = await raw(`${proxy.url}/v1/calls`, { ...given, ...headers }, "POST");
        assert.equal(status, 403);
      }
      assert.equal(api.seen.length, before);
    });
  }

  test("not another user of the machine, who does not know the address", async () => {
    const before = api.seen.length;
    for (const path of ["/", "/v1/agents", "/__sandbox/health"]) assert.equal((await raw(proxy.url + path)).status, 401);
    assert.equal((await raw(`${proxy.url}/?key=guess`)).status, 403);
    assert.equal((await raw(`${proxy.url}/v1/agents`, { cookie: `${cookie.split("=")[0]}=guess` })).status, 401);
    assert.equal(api.seen.length, before);
  });

  test("a recording is asked for without the key", async () => {
    await raw(`${proxy.url}/v1/calls/call_1/recording`, { cookie });
    assert.equal(api.seen.at(-1)?.headers.authorization, undefined);
  });

  test("a path outside of the API goes nowhere", async () => {
    const before = api.seen.length;
    for (const path of ["/oauth/token", "//evil.example/v1/x", "/v1", "/../etc/passwd"]) {
      const { status, body } = await raw(proxy.url + path, { cookie });
      assert.equal(status, 404, path);
      assert.ok(!body.includes(KEY));
    }
    assert.equal(api.seen.length, before);
  });
});

describe("what goes wrong on the way", () => {
  /** @param {string} baseUrl @param {(ask: (path: string, method?: string) => ReturnType<typeof raw>) => Promise<void>} work */
  async function through(baseUrl, work) {
    const proxy = await serveLive({ apiKey: KEY, baseUrl, staticDir: dist });
    const cookie = await cookieOf(proxy);
    try {
      await work((path, method) => raw(proxy.url + path, { cookie }, method));
    } finally {
      await proxy.close();
    }
  }

  test("an API that cannot be reached is told as not sent, so that it is safe to try again", async () => {
    const closed = await upstream(() => {});
    closed.close();
    await through(closed.url, async (get) => {
      const { status, headers } = await get("/v1/calls", "POST");
      assert.deepEqual([status, headers["retry-after"]], [503, "1"]);
    });
  });

  test("a lost answer is passed on as a lost answer, and asked for once", async () => {
    const api = await upstream((request) => request.socket.destroy());
    await through(api.url, async (get) => {
      await assert.rejects(get("/v1/calls", "POST"));
      assert.equal(api.seen.length, 1);
    });
    api.close();
  });

  test("half an answer is not made a whole one", async () => {
    const server = createSocketServer((socket) => {
      socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{\"id\":");
        setTimeout(() => socket.destroy(), 20);
      });
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
    const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
    await through(`http://127.0.0.1:${port}`, async (get) => void (await assert.rejects(get("/v1/calls/call_1"))));
    server.close();
  });

  test("a live transcript comes as it is spoken, and ends upstream when the page leaves", async () => {
    /** @type {(gone: true) => void} */
    let gone = () => {};
    const left = new Promise((resolve) => (gone = resolve));
    const api = await upstream((_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("event: connected\ndata: {}\n\n");
      response.on("close", () => gone(true));
    });
    const proxy = await serveLive({ apiKey: KEY, baseUrl: api.url, staticDir: dist });
    const cookie = await cookieOf(proxy);
    const leave = new AbortController();
    const response = await fetch(`${proxy.url}/v1/calls/call_1/transcript/stream`, { headers: { cookie }, signal: leave.signal });
    const first = await response.body?.getReader().read();
    assert.match(new TextDecoder().decode(first?.value), /event: connected/);
    leave.abort();
    assert.equal(await left, true);
    await proxy.close();
    api.close();
  });
});

describe("the console on it", () => {
  test("asks before it spends, says that it is real, and never sees the key", LIMIT, async (t) => {
    const sandbox = await serveSandbox({ limits: false });
    t.after(() => sandbox.close());
    const proxy = await serveLive({ apiKey: KEY, baseUrl: sandbox.url, staticDir: dist });
    t.after(() => proxy.close());
    const browser = await launch();
    t.after(() => browser.close());
    /** @type {string[]} */
    const texts = [];
    const { page, complaints } = await openPage(browser, proxy.address, {}, async (opening) => {
      opening.on("response", (response) => void response.text().then((text) => texts.push(text), () => {}));
      opening.on("request", (request) => texts.push(JSON.stringify(request.headers())));
    });
    await page.locator("[data-mode=live]").waitFor();
    assert.ok(!page.url().includes("key="), "the secret is out of the address");
    // An agent with a number, so that a call can be placed.
    const api = { headers: { authorization: "Bearer sk_test", "content-type": "application/json" }, method: "POST" };
    const made = await (await fetch(`${sandbox.url}/v1/agents`, { ...api, body: '{"name":"Ada"}' })).json();
    await fetch(`${sandbox.url}/v1/numbers`, { ...api, body: JSON.stringify({ agentId: made.id }) });

    await page.getByRole("button", { name: "Place a call", exact: true }).click();
    await page.getByLabel("To", { exact: true }).fill("(415) 555-0100");
    await page.getByRole("button", { name: "Call", exact: true }).click();
    const question = page.getByRole("dialog", { name: /^Call .*\?$/ });
    await question.waitFor();
    await question.getByRole("button", { name: "Cancel" }).click();
    assert.equal(sandbox.ledger().callsPlaced, 0);
    await page.getByRole("button", { name: "Call", exact: true }).click();
    await page.getByRole("button", { name: "Yes, do it" }).click();
    await page.waitForURL(/#\/calls\/\w/);
    assert.equal(sandbox.ledger().callsPlaced, 1);
    assert.ok(!texts.some((text) => text.includes(KEY)), "the key reached the page");
    assert.ok(!(await page.content()).includes(KEY));
    assert.equal(await page.getByText("Fault lab").count(), 0);
    assert.deepEqual(complaints, []);
  });
});
