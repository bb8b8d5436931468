// @ts-check
// What the page is told when something goes wrong on the way to the API, which decides whether it is asked again:
// 503 with Retry-After where nothing was sent, 502 where nobody knows.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, createServer as createSocketServer } from "node:net";
import { networkInterfaces } from "node:os";
import { describe, test } from "node:test";
import { selfSigned } from "../../tests/support/self-signed.mjs";
import { GOOD, KEY, startProxy, startUpstream } from "./testing.mjs";

/** @param {import("node:net").Server} server */
const portOf = (server) => /** @type {import("node:net").AddressInfo} */ (server.address()).port;

/** @param {string} baseUrl @param {(proxy: Awaited<ReturnType<typeof startProxy>>) => Promise<void>} work */
async function through(baseUrl, work) {
  const proxy = await startProxy(baseUrl);
  try {
    await work(proxy);
  } finally {
    await proxy.close();
  }
}

/** @param {string | ((socket: import("node:net").Socket, request: string) => void)} answer @param {(proxy: Awaited<ReturnType<typeof startProxy>>, api: Awaited<ReturnType<typeof startUpstream>>) => Promise<void>} work */
async function before(answer, work) {
  const api = await startUpstream(answer);
  try {
    await through(api.url, (proxy) => work(proxy, api));
  } finally {
    await api.close();
  }
}

describe("nothing was sent, so that it is safe to try again", () => {
  for (const [name, url] of /** @type {[string, () => Promise<{ url: string, close?: () => unknown }>][]} */ ([
    [
      "nobody listens",
      async () => {
        const api = await startUpstream();
        await api.close();
        return { url: api.url };
      },
    ],
    ["the name does not exist", async () => ({ url: "http://api.invalid" })],
    [
      "a certificate that nobody vouches for",
      async () => {
        const server = createTlsServer(selfSigned(), (_, response) => response.end("{}"));
        server.on("request", () => assert.fail("it was sent"));
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        return { url: `https://127.0.0.1:${portOf(server)}`, close: () => server.close() };
      },
    ],
    [
      "a handshake that is cut",
      async () => {
        const server = createSocketServer((socket) => socket.once("data", () => socket.destroy())).listen(
          0,
          "127.0.0.1",
        );
        await once(server, "listening");
        return { url: `https://127.0.0.1:${portOf(server)}`, close: () => server.close() };
      },
    ],
  ])) {
    test(name, async () => {
      const api = await url();
      await through(api.url, async (proxy) => {
        for (const method of ["GET", "POST"]) {
          const { status, headers, body } = await proxy.ask("/v1/calls", { method });
          assert.deepEqual([status, headers["retry-after"]], [503, "1"]);
          assert.match(body, /nothing was sent/);
          assert.ok(!body.includes(KEY));
        }
      });
      await api.close?.();
    });
  }
});

describe("nobody knows what happened", () => {
  test("a lost answer is told as lost, and asked for once", async () => {
    await before(
      (socket) => socket.destroy(),
      async (proxy, api) => {
        const { status, headers } = await proxy.ask("/v1/calls", { method: "POST" });
        assert.deepEqual([status, headers["retry-after"]], [502, undefined]);
        assert.equal(api.seen.length, 1);
      },
    );
  });

  for (const [name, answer] of [
    ["with a length", 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"id":'],
    [
      "in chunks",
      'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n6\r\n{"id":\r\n',
    ],
    [
      "with a broken chunk",
      'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n6\r\n{"id":\r\nzz\r\n',
    ],
  ]) {
    test(`half an answer is not made a whole one, ${name}`, async () => {
      await before(String(answer), async (proxy) => {
        const { status, whole } = await proxy.ask("/v1/calls/call_1");
        assert.deepEqual([status, whole], [200, false]);
      });
    });
  }
});

describe("connections", () => {
  test("a call is never sent on a connection that was used before", async () => {
    let connections = 0;
    const server = createServer((_, response) => response.setHeader("content-type", "application/json").end("{}"));
    server.on("connection", () => (connections += 1));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    await through(`http://127.0.0.1:${portOf(server)}`, async (proxy) => {
      for (const expected of [1, 1, 1]) {
        await proxy.ask("/v1/calls");
        assert.equal(connections, expected);
      }
      for (const expected of [2, 3]) {
        await proxy.ask("/v1/calls", { method: "POST" });
        assert.equal(connections, expected);
      }
    });
    server.close();
  });

  test("a live transcript comes as it is spoken, and ends upstream when the page leaves", async () => {
    let left = (/** @type {unknown} */ _) => {};
    const gone = new Promise((resolve) => (left = resolve));
    const head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
    await before(
      (socket) => void socket.on("close", left).write(`${head}data: {"turn":1}\n\n`),
      async (proxy) => {
        const page = connect(proxy.port, "127.0.0.1");
        const lines = Object.entries(proxy.own).map(([name, value]) => `${name}: ${value}\r\n`);
        page.write(`GET /v1/calls/call_1/transcript/stream HTTP/1.1\r\n${lines.join("")}\r\n`);
        let came = "";
        for await (const chunk of page) {
          came += chunk;
          if (came.includes('data: {"turn":1}\n\n')) break;
        }
        page.destroy();
        await gone;
      },
    );
  });

  test("a page that leaves before the answer ends its request upstream", async () => {
    let left = (/** @type {unknown} */ _) => {};
    const gone = new Promise((resolve) => (left = resolve));
    await before(
      (socket) => void socket.on("close", left),
      async (proxy, api) => {
        const page = connect(proxy.port, "127.0.0.1");
        page.write(
          `GET /v1/agents HTTP/1.1\r\n${Object.entries(proxy.own)
            .map(([name, value]) => `${name}: ${value}\r\n`)
            .join("")}\r\n`,
        );
        while (api.seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
        page.destroy();
        await gone;
      },
    );
  });

  test("requests that hang at the API, and a flood without the secret, do not keep the page from its answer", async () => {
    await before(
      () => {},
      async (proxy, api) => {
        const hanging = Array.from({ length: 200 }, () => proxy.ask("/v1/agents").catch(() => {}));
        while (api.seen.length < 200) await new Promise((resolve) => setTimeout(resolve, 5));
        const flood = await Promise.all(Array.from({ length: 300 }, () => proxy.askBare("/v1/agents")));
        assert.ok(flood.every(({ status }) => status === 401));
        assert.equal((await proxy.askBare("/")).status, 200);
        api.answer = GOOD;
        assert.equal((await proxy.ask("/v1/agents")).status, 200);
        await proxy.close();
        await Promise.all(hanging);
      },
    );
  });
});

/** @param {string} host @param {number} [port] */
const occupy = async (host, port = 0) => {
  const server = createServer().listen(port, host);
  await once(server, "listening");
  return { port: portOf(server), close: () => server.close() };
};
const hasIpv6 = await occupy("::1").then(
  ({ close }) => Boolean(close()),
  () => false,
);

describe("where it listens", () => {
  for (const host of ["127.0.0.1", "::1"]) {
    test(`a port that somebody else has on ${host} is refused: browsers might go there with the secret`, {
      skip: host === "::1" && !hasIpv6,
    }, async () => {
      const other = await occupy(host);
      await assert.rejects(startProxy("http://127.0.0.1:1", { port: other.port }), { code: "EADDRINUSE" });
      other.close();
    });
  }

  test("it is on both loopback addresses, and on no other", { skip: !hasIpv6 }, async () => {
    await through("http://127.0.0.1:1", async (proxy) => {
      const reach = (/** @type {string} */ host) =>
        new Promise((resolve) => {
          const socket = connect(proxy.port, host, () => resolve(true));
          socket.on("error", () => resolve(false)).on("connect", () => socket.destroy());
        });
      assert.deepEqual([await reach("127.0.0.1"), await reach("::1")], [true, true]);
      const others = Object.values(networkInterfaces())
        .flat()
        .filter((one) => one !== undefined && !one.internal && !one.address.startsWith("fe80:"));
      for (const one of others) assert.equal(await reach(one?.address ?? ""), false, one?.address);
    });
  });
});
