// `mediaOf` and `fetchMedia` of the toolkit. The hazard is a server that is led, by an address that a stranger wrote, to
// what only it can reach: by a private address in any spelling, by a redirect, by a name that leads there.
import assert from "node:assert/strict";
import dns from "node:dns";
import { once } from "node:events";
import { createServer } from "node:https";
import { after, before, describe, test } from "node:test";
import tls from "node:tls";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { fetchMedia, MediaError, mediaOf } from "agentphone-wasm/toolkit";
import { isPublicAddress, isPublicHost } from "../../src/js/toolkit/addresses.js";
import { choices, seeded } from "../fuzz/chance.mjs";
import { selfSigned } from "../support/self-signed.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const PUBLIC = "93.184.215.14";
const failing = (/** @type {string} */ reason) => (/** @type {Foreign} */ error) => {
  assert.ok(error instanceof MediaError, `${error?.stack}`);
  assert.equal(error.reason, reason, error.message);
  assert.equal(error.code, "MEDIA_ERROR");
  assert.doesNotMatch(error.message, /example|secret|\d+\.\d+\.\d+/);
  return true;
};

describe("mediaOf", () => {
  const [one, two] = ["https://example.com/1.jpg", "https://example.com/2.jpg"];
  for (const [what, message, found] of /** @type {[string, Foreign, string[]][]} */ ([
    ["both fields", { mediaUrl: one, mediaUrls: [one, two] }, [one, two]],
    ["one alone", { mediaUrl: one }, [one]],
    ["an event", { event: "agent.message", data: { mediaUrl: null, mediaUrls: [two, one] } }, [two, one]],
    ["a reaction", { event: "agent.reaction", data: { messageMediaUrl: one, messageMediaUrls: [one] } }, [one]],
    ["what was sent", { media_urls: [one] }, [one]],
    ["nothing", { mediaUrl: null, mediaUrls: null }, []],
    ["what is no address", { mediaUrls: ["None", "", 5, null, "javascript:alert(1)", "data:,x", one] }, [one]],
  ]))
    test(what, () => assert.deepEqual(mediaOf(message), found));

  test("anything at all gives a list or an error of ours", () => {
    const { json } = choices(seeded(3));
    for (let left = 1000; left > 0; left -= 1) {
      try {
        assert.ok(mediaOf(/** @type {Foreign} */ (json())).every((url) => typeof url === "string"));
      } catch (error) {
        assert.equal(/** @type {Foreign} */ (error).code, "INVALID_ARGUMENT");
      }
    }
    const hostile = new Proxy({}, { get: () => assert.fail("no") });
    assert.throws(() => mediaOf(/** @type {Foreign} */ (hostile)), { code: "INVALID_ARGUMENT" });
  });
});

describe("addresses", () => {
  for (const address of [
    ..."0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.8.8.8 169.254.169.254 172.16.0.1".split(
      " ",
    ),
    ..."172.31.255.255 192.0.0.8 192.0.2.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 240.0.0.1 255.255.255.255".split(
      " ",
    ),
    ...":: ::1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:a9fe:a9fe ::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b::7f00:1 64:ff9b:1::1".split(
      " ",
    ),
    ..."fe80::1 fc00::1 fd12:3456::1 ff02::1 2001:db8::1 2001::1 2002:7f00:1:: 2002:a00:1::1 3fff::1 5f00::1 100::1 fec0::1".split(
      " ",
    ),
    ..."0:0:0:0:0:ffff:127.0.0.1 ::ffff:0:127.0.0.1 ::g 1:2:3:4:5:6:7:8:9 1::2::3 :::1 1.2.3 256.1.1.1 1.2.3.4.5".split(
      " ",
    ),
    "",
    "fe80::1%eth0",
  ])
    test(`${address || "nothing"} is not public`, () => assert.equal(isPublicAddress(address), false));
  for (const address of "8.8.8.8 1.1.1.1 100.63.255.255 100.128.0.1 172.15.0.1 172.32.0.1 192.0.1.1 198.17.0.1 198.20.0.1 223.255.255.255 2606:4700:4700::1111 2a00:1450:4001:82a::200e ::ffff:8.8.8.8 64:ff9b::8.8.8.8 2002:808:808::1 2001:4860:4860::8888".split(
    " ",
  ))
    test(`${address} is public`, () => assert.equal(isPublicAddress(address), true));

  for (const host of "localhost LOCALHOST. api.localhost printer printer. nas.local metadata.google.internal router.lan x.home.arpa 1.0.0.127.in-addr.arpa db.corp hidden.onion [::1] [fe80::1] 127.0.0.1 10.0.0.1.".split(
    " ",
  ))
    test(`the host ${host} is not public`, () => assert.equal(isPublicHost(host.toLowerCase()), false));
  for (const host of ["example.com", "example.com.", "localhost.example.com", "[2606:4700:4700::1111]", "8.8.8.8"])
    test(`the host ${host} is public`, () => assert.equal(isPublicHost(host), true));
});

/** A `fetch` that answers from a table, and notes what it was asked. */
const answering = (/** @type {Record<string, () => Foreign>} */ pages) => {
  /** @type {string[]} */
  const asked = [];
  const fetch = /** @type {Foreign} */ (
    async (/** @type {string} */ url, /** @type {Foreign} */ init) => {
      asked.push(url);
      assert.equal(init.redirect, "manual");
      assert.equal(init.credentials, "omit");
      const page = pages[url];
      if (!page) throw new TypeError("fetch failed");
      return page();
    }
  );
  return { asked, fetch };
};
const picture = (/** @type {string} */ type = "image/png", body = "picture", headers = {}) =>
  new Response(body, { headers: { "content-type": type, ...headers } });
const to = (/** @type {string} */ location) => new Response(null, { status: 302, headers: { location } });

describe("fetchMedia over a fetch of the caller's", () => {
  test("a file with its type and where it was", async () => {
    const { fetch, asked } = answering({
      "https://example.com/a": () => to("/b"),
      "https://example.com/b": () => picture("Image/PNG; x=1"),
    });
    const { bytes, type, url } = await fetchMedia(new URL("https://example.com/a"), { fetch });
    assert.deepEqual([new TextDecoder().decode(bytes), type, url], ["picture", "image/png", "https://example.com/b"]);
    assert.deepEqual(asked, ["https://example.com/a", "https://example.com/b"]);
  });

  for (const url of [
    "http://example.com/a",
    "ftp://example.com/a",
    "file:///etc/passwd",
    "data:image/png,x",
    "//example.com",
    "not an address",
    "",
    "https://secret:word@example.com/a",
    "https://127.0.0.1/a",
    "https://2130706433/a",
    "https://0x7f.1/a",
    "https://0177.0.0.1/a",
    "https://127.1/a",
    "https://１２７.0.0.1/a",
    "https://[::ffff:127.0.0.1]/a",
    "https://[::]/a",
    "https://localhost/a",
    "https://metadata.google.internal/a",
    "https://169.254.169.254/latest/meta-data",
  ])
    test(`${url || "nothing"} is not asked, and neither is a server that sends there`, async () => {
      const { fetch, asked } = answering({ "https://example.com/start": () => to(url || "https://") });
      await assert.rejects(fetchMedia(url, { fetch }), failing("address"));
      assert.deepEqual(asked, []);
      if (/^[ -~]+$/.test(url) && !/^(not|\/\/)/.test(url))
        await assert.rejects(fetchMedia("https://example.com/start", { fetch }), failing("address"));
    });

  test("six redirects are too many, and so is one in a page, which is not told where it leads", async () => {
    const { fetch, asked } = answering({ "https://example.com/a": () => to("https://example.com/a") });
    await assert.rejects(fetchMedia("https://example.com/a", { fetch }), failing("redirect"));
    assert.equal(asked.length, 6);
    const opaque = answering({
      "https://example.com/a": () => ({ type: "opaqueredirect", status: 0, headers: new Headers(), body: null }),
    });
    await assert.rejects(fetchMedia("https://example.com/a", { fetch: opaque.fetch }), failing("redirect"));
  });

  for (const [what, answer, reason, options] of /** @type {[string, () => Foreign, string, Foreign][]} */ ([
    ["a page", () => picture("text/html"), "type", {}],
    ["no type", () => new Response(new Uint8Array(1)), "type", {}],
    ["the API's placeholder, an SVG", () => picture("image/svg+xml"), "type", {}],
    ["an SVG where all pictures are wanted", () => picture("image/svg+xml"), "type", { types: ["image/*"] }],
    ["a film where pictures are wanted", () => picture("video/mp4"), "type", { types: ["image/*"] }],
    ["a 404", () => new Response("", { status: 404, headers: { "content-type": "image/png" } }), "status", {}],
    ["a redirect to nowhere", () => new Response(null, { status: 302 }), "status", {}],
    [
      "a length beyond the limit",
      () => picture("image/png", "x", { "content-length": "100" }),
      "too-large",
      { maxBytes: 99 },
    ],
    ["a body beyond the limit", () => picture("image/png", "x".repeat(100)), "too-large", { maxBytes: 99 }],
    ["no Response at all", () => undefined, "connection", {}],
    [
      "a body that breaks",
      () =>
        new Response(new ReadableStream({ pull: (to) => to.error(new Error("x")) }), {
          headers: { "content-type": "image/png" },
        }),
      "connection",
      {},
    ],
  ]))
    test(`${what}: ${reason}`, async () => {
      const { fetch } = answering({ "https://example.com/a": answer });
      await assert.rejects(fetchMedia("https://example.com/a", { fetch, ...options }), failing(reason));
    });

  test("an SVG by its name, and just as many bytes as allowed", async () => {
    const { fetch } = answering({ "https://example.com/a": () => picture("image/svg+xml", "x".repeat(99)) });
    const { bytes } = await fetchMedia("https://example.com/a", { fetch, types: ["image/svg+xml"], maxBytes: 99 });
    assert.equal(bytes.length, 99);
  });

  const never = () => new Promise(() => {});
  const endless = () => picture("image/png", /** @type {Foreign} */ (new ReadableStream({ pull: never })));
  for (const [what, answer] of /** @type {[string, () => Foreign][]} */ ([
    ["no head", never],
    ["no end", endless],
  ])) {
    test(`${what} within the time, of a fetch that forgets its signal`, async () => {
      const { fetch } = answering({ "https://example.com/a": answer });
      await assert.rejects(fetchMedia("https://example.com/a", { fetch, timeout: 10 }), failing("timeout"));
    });
    test(`${what} when it is aborted`, async () => {
      const { fetch } = answering({ "https://example.com/a": answer });
      const controller = new AbortController();
      const fetched = fetchMedia("https://example.com/a", { fetch, signal: controller.signal });
      setImmediate(() => controller.abort());
      await assert.rejects(fetched, failing("aborted"));
      await assert.rejects(
        fetchMedia("https://example.com/a", { fetch, signal: AbortSignal.abort() }),
        failing("aborted"),
      );
    });
  }

  test("a body that never ends is closed, of a fetch that forgets its signal", async () => {
    let closed = 0;
    const body = () => new ReadableStream({ pull: never, cancel: () => void (closed += 1) });
    const { fetch } = answering({
      "https://example.com/a": () => picture("image/png", /** @type {Foreign} */ (body())),
    });
    await assert.rejects(fetchMedia("https://example.com/a", { fetch, timeout: 10 }), failing("timeout"));
    const controller = new AbortController();
    const fetched = fetchMedia("https://example.com/a", { fetch, signal: controller.signal });
    setImmediate(() => controller.abort());
    await assert.rejects(fetched, failing("aborted"));
    await new Promise(setImmediate);
    assert.equal(closed, 2);
  });

  test("a body that is not wanted is not read on", async () => {
    for (const [options, type] of /** @type {const} */ ([
      [{ maxBytes: 10 }, "image/png"],
      [{}, "text/html"],
    ])) {
      let cancelled = false;
      const body = new ReadableStream({
        pull: (to) => to.enqueue(new Uint8Array(8)),
        cancel: () => void (cancelled = true),
      });
      const { fetch } = answering({ "https://example.com/a": () => picture(type, /** @type {Foreign} */ (body)) });
      await assert.rejects(fetchMedia("https://example.com/a", { fetch, ...options }));
      await new Promise(setImmediate);
      assert.ok(cancelled, type);
    }
  });

  test("wrong options are named", async () => {
    for (const [options, words] of /** @type {[Foreign, RegExp][]} */ ([
      [{ maxBytes: 0 }, /maxBytes must be/],
      [{ maxBytes: Number.POSITIVE_INFINITY }, /maxBytes must be/],
      [{ timeout: -1 }, /timeout must be/],
      [{ types: "image/*" }, /types must be an array/],
      [{ fetch: 1 }, /fetch must be a function/],
      [{ signal: {} }, /signal must be/],
      [{ maxbytes: 1 }, /there is no option maxbytes/],
      [null, /options must be an object/],
    ]))
      await assert.rejects(fetchMedia("https://example.com/", options), (/** @type {Foreign} */ error) => {
        assert.equal(error.code, "INVALID_ARGUMENT");
        assert.match(error.message, words);
        return true;
      });
    await assert.rejects(fetchMedia(/** @type {Foreign} */ (undefined)), { code: "INVALID_ARGUMENT" });
  });
});

/** What a server sends compressed, whatever it was asked for. @type {Record<string, [encoding: string, bytes: Uint8Array | string]>} */
const PACKED = {
  "/gzip": ["gzip", gzipSync("picture")],
  "/deflate": ["deflate", deflateSync("picture")],
  "/br": ["BR", brotliCompressSync("picture")],
  "/as-it-is": ["identity", "picture"],
  "/cut": ["gzip", gzipSync("picture").subarray(0, 12)],
  "/other": ["gzip", "picture"],
  "/unknown": ["zstd", "picture"],
  "/bomb": ["gzip", gzipSync(Buffer.alloc(2 ** 24))],
};

describe("fetchMedia of Node's own", () => {
  /** @type {import("node:https").Server} */
  let server;
  const original = { lookup: dns.lookup, connect: tls.connect };
  /** What names lead to. @type {Map<string, string[]>} */
  const names = new Map();
  /** @type {string[]} */
  let connections = [];
  /** @type {Foreign} */
  let requested;

  before(async () => {
    const { key, cert } = await selfSigned();
    server = createServer({ key, cert }, (request, response) => {
      requested = request.headers;
      if (request.url === "/far") return response.writeHead(302, { location: "https://private.example/a" }).end();
      const packed = PACKED[request.url ?? ""];
      if (packed) {
        const [encoding, bytes] = packed;
        return response.writeHead(200, { "content-type": "image/png", "content-encoding": encoding }).end(bytes);
      }
      if (request.url === "/slow") return response.writeHead(200, { "content-type": "image/png" }).write("x");
      response.writeHead(200, { "content-type": "image/png" }).end("picture");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
    // The names of a network that there is not: public addresses are looked up and connected to as always, but all of them are this server.
    dns.lookup = /** @type {Foreign} */ (
      (/** @type {string} */ host, /** @type {Foreign} */ _, /** @type {Foreign} */ done) => {
        const found = names.get(host);
        if (!found) return done(new Error("no such name"));
        done(
          null,
          found.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
        );
      }
    );
    tls.connect = /** @type {Foreign} */ (
      (/** @type {Foreign} */ options) => {
        const direct = {
          ...options,
          host: "127.0.0.1",
          port,
          rejectUnauthorized: false,
          lookup: undefined,
          autoSelectFamily: false,
        };
        const socket = original.connect({
          ...direct,
          lookup: (/** @type {string} */ _, /** @type {Foreign} */ __, /** @type {Foreign} */ done) =>
            done(null, "127.0.0.1", 4),
        });
        setImmediate(() =>
          options.lookup(options.host, { all: true }, (/** @type {Foreign} */ error, /** @type {Foreign} */ found) => {
            if (error) socket.destroy(error);
            else connections.push(...found.map((/** @type {Foreign} */ one) => one.address));
          }),
        );
        return socket;
      }
    );
  });
  after(() => {
    dns.lookup = original.lookup;
    tls.connect = original.connect;
    server.closeAllConnections();
    server.close();
  });

  test("a file, over a connection to the address that was checked", async () => {
    names.set("public.example", [PUBLIC, "2606:4700:4700::1111"]);
    connections = [];
    const { bytes, type } = await fetchMedia("https://public.example/a");
    assert.deepEqual([new TextDecoder().decode(bytes), type], ["picture", "image/png"]);
    assert.deepEqual(connections, [PUBLIC, "2606:4700:4700::1111"]);
    assert.equal(requested["accept-encoding"], "identity");
    assert.equal(requested.cookie, undefined);
  });

  for (const path of ["/gzip", "/deflate", "/br", "/as-it-is"])
    test(`a file that is stored compressed is the file: ${path}`, async () => {
      names.set("public.example", [PUBLIC]);
      const { bytes } = await fetchMedia(`https://public.example${path}`, { maxBytes: 7 });
      assert.equal(new TextDecoder().decode(bytes), "picture");
    });

  for (const [path, reason] of /** @type {const} */ ([
    ["/cut", "connection"],
    ["/other", "connection"],
    ["/unknown", "type"],
    ["/bomb", "too-large"],
  ]))
    test(`compressed bytes never pass for a file: ${path}`, async () => {
      names.set("public.example", [PUBLIC]);
      await assert.rejects(fetchMedia(`https://public.example${path}`, { maxBytes: 2 ** 20 }), failing(reason));
    });

  for (const addresses of [["10.0.0.5"], ["::1"], ["::ffff:192.168.0.1"], [PUBLIC, "127.0.0.1"], []])
    test(`a name that leads to ${addresses.join(" and ") || "nothing"}`, async () => {
      names.set("private.example", addresses);
      connections = [];
      await assert.rejects(fetchMedia("https://private.example/a"), failing("address"));
      assert.deepEqual(connections, []);
    });

  test("a redirect to such a name", async () => {
    names.set("public.example", [PUBLIC]);
    names.set("private.example", ["10.0.0.5"]);
    await assert.rejects(fetchMedia("https://public.example/far"), failing("address"));
  });

  test("a name that nobody has, a body that never ends, and an abort", async () => {
    await assert.rejects(fetchMedia("https://nobody.example/a"), failing("connection"));
    await assert.rejects(fetchMedia("https://public.example/slow", { timeout: 50 }), failing("timeout"));
    const controller = new AbortController();
    const fetched = fetchMedia("https://public.example/slow", { signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    await assert.rejects(fetched, failing("aborted"));
  });
});
