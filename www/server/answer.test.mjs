// @ts-check
// What the API, or whatever stands in between, may answer: nothing of it ends the proxy, every request gets an
// answer, and nothing of it gains a hold on the page's origin. An exception that nobody catches fails the file.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { GOOD, KEY, startProxy, startUpstream } from "./testing.mjs";

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

/** @param {string} answer */
async function through(answer, target = "/v1/agents", method = "GET") {
  api.answer = answer;
  const came = await proxy.ask(target, { method });
  api.answer = GOOD;
  assert.equal((await proxy.ask("/v1/agents")).status, 200, "the proxy goes on");
  return came;
}

const LENGTH = "content-length: 2\r\n\r\n{}";

describe("an answer that HTTP does not allow is a 502", () => {
  for (const [name, answer] of Object.entries({
    "status 000": `HTTP/1.1 000 X\r\n${LENGTH}`,
    "status 099": `HTTP/1.1 099 X\r\n${LENGTH}`,
    "status 600": `HTTP/1.1 600 X\r\n${LENGTH}`,
    "status 999": `HTTP/1.1 999 X\r\n${LENGTH}`,
    "status 1000": `HTTP/1.1 1000 X\r\n${LENGTH}`,
    "status 2e2": `HTTP/1.1 2e2 X\r\n${LENGTH}`,
    "status 101": "HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
    "status 101 and nothing else": "HTTP/1.1 101 Switching\r\n\r\n",
    "status 100 alone": "HTTP/1.1 100 Continue\r\n\r\n",
    "status 103 alone": "HTTP/1.1 103 Early\r\nlink: </x>\r\n\r\n",
    "a hundred interim answers": "HTTP/1.1 103 Early\r\n\r\n".repeat(100),
    "two lengths": "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}",
    "a length below zero": "HTTP/1.1 200 OK\r\ncontent-length: -2\r\n\r\n{}",
    "a length that no number holds": `HTTP/1.1 200 OK\r\ncontent-length: ${"9".repeat(40)}\r\n\r\n{}`,
    "a space in a header's name": `HTTP/1.1 200 OK\r\nx a: b\r\n${LENGTH}`,
    "no name of a header": `HTTP/1.1 200 OK\r\n: b\r\n${LENGTH}`,
    "a lone CR in a header": `HTTP/1.1 200 OK\r\nx-request-id: b\rset-cookie: c=d\r\n${LENGTH}`,
    "headers of a megabyte": `HTTP/1.1 200 OK\r\nx-a: ${"a".repeat(1 << 20)}\r\n\r\n`,
    "an unknown transfer coding": "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\n{}",
    "a compression that was not accepted": `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n${LENGTH}`,
    "no HTTP": "hello\r\n\r\n",
    "HTTP/2": "\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x64",
    TLS: "\x15\x03\x01\0\x02\x02\x28",
    nothing: "",
    "a part of a status line": "HTTP/1.1 20",
    "a part of the headers": "HTTP/1.1 200 OK\r\ncontent-type: appl",
  })) {
    for (const method of ["GET", "POST"]) {
      test(`${method}, ${name}`, async () => {
        const { status, headers, body } = await through(answer, "/v1/agents", method);
        assert.equal(status, 502);
        assert.match(JSON.parse(body).detail, /The API's answer is not valid|The connection to the API (broke|ended)/);
        assert.equal(headers["retry-after"], undefined, "nobody knows whether it happened");
      });
    }
  }
});

describe("an answer that is odd passes without what is odd about it", () => {
  /** Names that every answer has. */
  const OWN = [
    "cache-control",
    "connection",
    "content-security-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "date",
    "referrer-policy",
    "x-content-type-options",
    "x-frame-options",
  ];

  for (const [name, head, more] of /** @type {[string, string, Record<string, string>?][]} */ ([
    ["a trailer beside a length", `trailer: x\r\n${LENGTH}`],
    ["trailers", "trailer: x-a\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nx-a: y\r\nset-cookie: a=b\r\n\r\n"],
    ["cookies", `set-cookie: a=b\r\nset-cookie: c=d\r\n${LENGTH}`],
    [
      "names of the connection",
      `connection: close, x-request-id\r\nkeep-alive: timeout=9\r\nx-request-id: r\r\nproxy-connection: close\r\nupgrade: h2c\r\nte: trailers\r\n${LENGTH}`,
    ],
    [
      "policies of its own",
      `content-security-policy: default-src *\r\naccess-control-allow-origin: *\r\nx-frame-options: ALLOWALL\r\ncross-origin-opener-policy: unsafe-none\r\n${LENGTH}`,
    ],
    [
      "power over the browser",
      `strict-transport-security: max-age=9\r\nalt-svc: h3=":1"\r\nclear-site-data: "*"\r\nservice-worker-allowed: /\r\nrefresh: 0;url=/\r\nreport-to: {}\r\nlink: </x>;rel=preload\r\nsourcemap: /x\r\n${LENGTH}`,
    ],
    [
      "a cache's headers",
      `cache-control: public, max-age=999, immutable\r\nage: 5\r\nexpires: x\r\netag: "x"\r\nvary: *\r\n${LENGTH}`,
    ],
    ["a question for a password", `www-authenticate: Basic realm=x\r\nproxy-authenticate: Basic\r\n${LENGTH}`],
    ["letters that are not ASCII in a value", `x-request-id: b\xe9\r\n${LENGTH}`],
    ["its key in a header", `x-request-id: ${KEY}\r\nserver: echo ${KEY}\r\n${LENGTH}`],
    [
      "what the client reads",
      `x-request-id: r\r\nretry-after: 3\r\nx-ratelimit-remaining: 4\r\ncf-ray: c\r\n${LENGTH}`,
      { "x-request-id": "r", "retry-after": "3", "x-ratelimit-remaining": "4", "cf-ray": "c" },
    ],
  ])) {
    test(name, async () => {
      const { status, headers, body, whole } = await through(`HTTP/1.1 200 O\x1b[31mK\r\n${head}`);
      assert.deepEqual([status, body, whole], [200, "{}", true]);
      const rest = Object.entries(headers).filter(
        ([key]) => !OWN.includes(key) && key !== "content-length" && key !== "transfer-encoding",
      );
      assert.deepEqual(Object.fromEntries(rest), more ?? {});
      assert.equal(headers["cache-control"], "no-store");
      assert.match(String(headers["content-security-policy"]), /^default-src 'none'; sandbox/);
    });
  }

  test("interim answers before the one that counts", async () => {
    const { status, headers, body } = await through(
      `HTTP/1.1 103 Early\r\nlink: </x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n${GOOD}`,
    );
    assert.deepEqual([status, body, headers.link], [200, '{"data":[],"total": 0}', undefined]);
  });

  for (const status of [204, 205, 304]) {
    test(`a ${status} has no body, whatever it says`, async () => {
      const came = await through(`HTTP/1.1 ${status} X\r\ncontent-length: 5\r\n\r\nhello`);
      assert.deepEqual([came.status, came.whole], [status, true]);
      assert.ok(["", "hello"].includes(came.body));
    });
  }

  test("a redirect leads nowhere", async () => {
    const { status, headers } = await through(
      "HTTP/1.1 302 X\r\nlocation: https://evil.example/\r\ncontent-length: 0\r\n\r\n",
    );
    assert.deepEqual([status, headers.location], [302, undefined]);
  });
});

describe("no answer becomes a document of the console's origin", () => {
  for (const [given, type] of [
    ["application/json", "application/json"],
    ["application/problem+json; charset=utf-8", "application/problem+json; charset=utf-8"],
    ["text/event-stream", "text/event-stream"],
    ["audio/wav", "audio/wav"],
    ["image/svg+xml", "text/plain; charset=utf-8"],
    ["IMAGE/SVG+XML;charset=utf-8", "text/plain; charset=utf-8"],
    ["image/png", "image/png"],
    ["image/x-anything", "application/octet-stream"],
    ["video/html", "text/plain; charset=utf-8"],
    ["audio/x-svg", "text/plain; charset=utf-8"],
    ["video/mp4", "video/mp4"],
    ["audio/javascript", "text/plain; charset=utf-8"],
    ["application/mathml+xml", "text/plain; charset=utf-8"],
    ["application/vnd.html+json", "text/plain; charset=utf-8"],
    ["application/x-shockwave-flash", "application/octet-stream"],
    ["binary/octet-stream", "binary/octet-stream"],
    ["text/html", "text/plain; charset=utf-8"],
    ["TEXT/HTML; charset=utf-7", "text/plain; charset=utf-8"],
    ["application/xhtml+xml", "text/plain; charset=utf-8"],
    ["application/xml", "text/plain; charset=utf-8"],
    ["text/javascript", "text/plain; charset=utf-8"],
    ["application/pdf", "application/octet-stream"],
    ["x", "application/octet-stream"],
    ["application/json, text/html", "text/plain; charset=utf-8"],
    ["multipart/x-mixed-replace", "application/octet-stream"],
  ]) {
    test(`${given}`, async () => {
      for (const target of ["/v1/agents", "/v1/calls/c/recording"]) {
        const { headers } = await through(`HTTP/1.1 200 OK\r\ncontent-type: ${given}\r\n${LENGTH}`, target);
        assert.equal(headers["content-type"], type);
        assert.equal(headers["x-content-type-options"], "nosniff");
        assert.match(String(headers["content-security-policy"]), /sandbox/);
      }
    });
  }
});

describe("the key", () => {
  test("is masked in an answer that repeats the request", async () => {
    api.answer = (socket, request) =>
      socket.end(
        `HTTP/1.1 500 X\r\ncontent-type: application/json\r\ncontent-length: ${request.length}\r\n\r\n${request}`,
      );
    const { body, whole } = await proxy.ask("/v1/agents");
    assert.ok(whole && body.includes("uthorization: Bearer ***") && !body.includes(KEY), body);
    api.answer = GOOD;
  });

  const inHex = Buffer.from(KEY).toString("hex");
  const each = (/** @type {(code: string, character: string) => string} */ write) =>
    [...KEY].map((character) => write(character.charCodeAt(0).toString(16), character)).join("");
  const SPELLINGS = Object.entries({
    "in capitals": KEY.toUpperCase(),
    "in mixed case": KEY.replace(/e/g, "E"),
    "percent-encoded": each((code) => `%${code}`),
    "percent-encoded in capitals": each((code) => `%${code.toUpperCase()}`),
    "percent-encoded in part": KEY.replaceAll("_", "%5F"),
    "percent-encoded twice": each((code) => `%25${code}`),
    "in escapes of JSON": each((code) => `\\u00${code}`),
    "in escapes of programs": each((code) => `\\x${code}`),
    "in numbers of HTML": each((code) => `&#${Number.parseInt(code, 16)};`),
    "in hexadecimal": inHex,
    "in hexadecimal capitals": inHex.toUpperCase(),
  });
  test("is masked in every spelling, wherever it is cut", async () => {
    for (const [how, spelled] of SPELLINGS) {
      const text = `{"a":"x${spelled}y${spelled.slice(0, -1)}"}`;
      for (const size of [1, 7, text.length]) {
        api.answer = (socket) => {
          socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
          for (let at = 0; at < text.length; at += size) {
            const piece = text.slice(at, at + size);
            socket.write(`${piece.length.toString(16)}\r\n${piece}\r\n`);
          }
          socket.end("0\r\n\r\n");
        };
        assert.equal((await proxy.ask("/v1/agents")).body, text.replace(spelled, "*".repeat(spelled.length)), how);
      }
      const { headers } = await through(
        `HTTP/1.1 200 OK\r\nx-request-id: a${spelled.replaceAll("\\", "\\")}\r\n${LENGTH}`,
      );
      assert.equal(headers["x-request-id"], undefined, how);
    }
    api.answer = GOOD;
  });

  test("is masked in base64, wherever it begins there", async () => {
    for (const encoding of /** @type {const} */ (["base64", "base64url"])) {
      for (const before of ["", "u", "u:", "user:", "Bearer ", "Authorization: Bearer "]) {
        for (const behind of ["", "!", " and more"]) {
          const text = Buffer.from(before + KEY + behind).toString(encoding);
          api.answer = `HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\n\r\n${text}`;
          const { body } = await proxy.ask("/v1/agents");
          assert.equal(body.length, text.length);
          const left = Buffer.from(body.replaceAll("*", "A"), encoding).toString("latin1");
          for (let at = 2; at + 5 <= KEY.length; at += 1)
            assert.ok(!left.includes(KEY.slice(at, at + 5)), `${encoding} of ${before}: ${body}`);
        }
      }
    }
    api.answer = GOOD;
  });

  test("is masked wherever an answer is cut into pieces, and nothing else is", async () => {
    const text = `${KEY.slice(0, 9)}${KEY}${KEY}-${KEY.slice(0, -1)} s sk_live ${KEY}`;
    const masked = text.replaceAll(KEY, "*".repeat(KEY.length));
    for (let size = 1; size < 20; size += 1) {
      api.answer = (socket) => {
        socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
        for (let at = 0; at < text.length; at += size) {
          const piece = text.slice(at, at + size);
          socket.write(`${piece.length.toString(16)}\r\n${piece}\r\n`);
        }
        socket.end("0\r\n\r\n");
      };
      assert.equal((await proxy.ask("/v1/agents")).body, masked);
    }
    api.answer = GOOD;
  });
});
