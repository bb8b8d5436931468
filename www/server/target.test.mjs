// @ts-check
// What of a request reaches the API: nothing that two servers could read in two ways.

import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { SECRET_HEADER } from "../src/session/live-secret.js";
import { unfit, zoneOf } from "./target.mjs";
import { GOOD, KEY, random, startProxy, startUpstream, statusOf } from "./testing.mjs";

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

/** A request with the secret, byte by byte. @param {string} line @param {string} [more] Headers and what follows them. */
const speak = (line, more = "\r\n") =>
  proxy.speak(
    `${line} HTTP/1.1\r\nhost: ${proxy.host}\r\n${SECRET_HEADER}: ${proxy.secret}\r\nconnection: close\r\n${more}`,
  );

describe("paths", () => {
  for (const target of [
    "/v1/../x",
    "/v1/agents/..",
    "/v1/./agents",
    "/v1/%2e%2e/x",
    "/v1/%2E%2E/x",
    "/v1/.%2e/x",
    "/v1/..;/x",
    "/v1/..%2f..%2fx",
    "/v1/a%2Fb",
    "/v1/a%5Cb",
    "/v1/..\\x",
    "/v1//x",
    "/v1/",
    "/v1/agents/",
    "/v1/%252e%252e/x",
    "/v1/%61gents",
    "/v1/calls/c/%72ecording",
    "/v1/%2b1",
    "/v1/%zz",
    "/v1/%",
    "/v1/%ff",
    "/v1/%00",
    "/v1/%0d%0ax",
    "/v1/a;b",
    "/v1/agents#x",
    "/v1/agents?a=<b>",
    '/v1/agents?a="',
    "/v1/agents?a=\\",
  ]) {
    test(`${target} goes nowhere`, async () => {
      const before = api.seen.length;
      assert.equal((await proxy.ask(target)).status, 400);
      assert.equal(api.seen.length, before);
    });
  }

  for (const target of [
    "//evil.example/v1/x",
    "/x/v1/agents",
    "/V1/agents",
    "/%761/agents",
    "/v1x/agents",
    "/v1",
    "/v1?x=1",
    "/v1\\x",
    "/oauth/token",
    "/../v1/agents",
    "/\\evil.example/v1/x",
    "/__sandbox/reset",
  ]) {
    test(`${target} is no path of the API`, async () => {
      const before = api.seen.length;
      assert.equal((await proxy.ask(target)).status, 404);
      assert.equal(api.seen.length, before);
    });
  }

  for (const target of [
    "http://evil.example/v1/agents",
    "http://127.0.0.1/v1/agents",
    "https:/v1/agents",
    "*",
    "v1/agents",
    "evil.example:443",
    "/v1/a b",
    "/v1/\xe9",
  ]) {
    test(`the form ${JSON.stringify(target)} of a target goes nowhere`, async () => {
      const before = api.seen.length;
      for (const method of ["GET", "POST", "OPTIONS", "CONNECT"])
        assert.match(await speak(`${method} ${target}`), /^(HTTP\/1\.1 4|$)/);
      assert.equal(api.seen.length, before);
    });
  }

  test("what the client asks for goes on as it is", async () => {
    for (const target of [
      "/v1/agents",
      "/v1/agents/agt_1",
      "/v1/numbers/%2B14155550100/messages?limit=5&before=2026-01-01T00%3A00%3A00.000Z",
      "/v0/agent/verify",
      "/auth/x",
      "/credits/balance",
      "/integrations/a/b",
      "/v1/contacts?search=J%C3%BCrgen%20O%27Hara&offset=20",
      "/v1/calls/call_1/transcript/stream",
      "/v1/sub-accounts/a~b.c-d",
    ]) {
      assert.equal((await proxy.ask(target)).status, 200, target);
      assert.ok(api.seen.at(-1)?.startsWith(`GET ${target} HTTP/1.1\r\n`), api.seen.at(-1));
    }
  });

  test("a target that passes reads the same after it has been normalized, whatever it is made of", () => {
    const parts = [
      "/",
      "/",
      "v1",
      "v0",
      "auth",
      "credits",
      ".",
      "..",
      "%2e",
      "%2E",
      "%2f",
      "%5c",
      "\\",
      ";",
      "?",
      "#",
      "a",
      "%",
      "%25",
      "@",
      ":",
      "%2B",
      "+",
      "\t",
      "\0",
      "é",
      "//",
      "agents",
      "=",
      "&",
    ];
    const next = random(11);
    let passed = 0;
    for (let round = 0; round < 100_000; round += 1) {
      const url = `${next() < 0.8 ? "/v1/" : "/"}${Array.from({ length: 1 + Math.floor(next() * 7) }, () => parts[Math.floor(next() * parts.length)]).join("")}`;
      if (
        zoneOf(url) !== "api" ||
        unfit(/** @type {any} */ ({ headersDistinct: {}, method: "GET", url, headers: {} })) !== undefined
      )
        continue;
      passed += 1;
      const { pathname, search, origin } = new URL(url, "http://api.example");
      assert.equal(origin, "http://api.example");
      assert.equal(pathname + search, url.replace(/^([^?]*)\?$/, "$1"));
      assert.match(decodeURIComponent(pathname), /^\/(v1|v0|auth|credits)\/[^/\\?#%;]+(\/[^/\\?#%;]+)*$/);
    }
    assert.ok(passed > 300, `${passed} passed`);
  });

  test("a recording or a picture is asked for without the key, under whichever query", async () => {
    for (const target of ["/v1/calls/call_1/recording", "/v1/calls/call_1/recording?x=1", "/v1/messages/m/media"]) {
      assert.equal((await proxy.ask(target)).status, 200);
      assert.doesNotMatch(api.seen.at(-1) ?? "", /authorization/i, target);
    }
    assert.equal((await proxy.ask("/v1/calls?x=/v1/calls/c/recording")).status, 200);
    assert.match(api.seen.at(-1) ?? "", /authorization/i);
  });
});

describe("methods", () => {
  for (const method of ["TRACE", "HEAD", "OPTIONS", "PROPFIND", "PURGE", "QUERY", "LINK"]) {
    test(`${method} goes nowhere`, async () => {
      const before = api.seen.length;
      assert.match(await speak(`${method} /v1/agents`), /^HTTP\/1\.1 (405|400) /);
      assert.equal(api.seen.length, before);
    });
  }

  for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
    test(`${method} goes on`, async () => {
      assert.equal((await proxy.ask("/v1/agents/a", { method })).status, 200);
      assert.ok(api.seen.at(-1)?.startsWith(`${method} /v1/agents/a `));
    });
  }

  test("an upgrade gets no other protocol", async () => {
    const came = await speak(
      "GET /v1/agents",
      "upgrade: websocket\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n\r\n",
    );
    assert.equal(statusOf(came), 200);
    assert.doesNotMatch(api.seen.at(-1) ?? "", /upgrade|websocket/i);
  });
});

describe("bodies", () => {
  const hidden = "POST /v1/calls HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n";
  const chunked = `transfer-encoding: chunked\r\n\r\n${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`;
  const counted = `content-length: ${hidden.length}\r\n\r\n${hidden}`;

  for (const method of ["GET", "DELETE"]) {
    for (const [name, more] of [
      ["chunked", chunked],
      ["with a length", counted],
    ]) {
      test(`a body of ${method}, ${name}, does not become a request of its own`, async () => {
        const before = api.seen.length;
        assert.equal(statusOf(await speak(`${method} /v1/agents/a`, more)), 400);
        assert.equal(api.seen.length, before);
      });
    }
  }

  for (const method of ["POST", "PUT", "PATCH"]) {
    test(`a chunked body of ${method} goes on with its length`, async () => {
      assert.equal(statusOf(await speak(`${method} /v1/agents/a`, chunked)), 200);
      const [head, ...rest] = (api.seen.at(-1) ?? "").split("\r\n\r\n");
      assert.match(head ?? "", new RegExp(`content-length: ${hidden.length}(\r\n|$)`, "i"));
      assert.doesNotMatch(head ?? "", /transfer-encoding/i);
      assert.equal(rest.join("\r\n\r\n"), hidden);
    });
  }

  test("two statements of a body's length are refused", async () => {
    const before = api.seen.length;
    for (const more of [
      "content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
      "content-length: 2\r\ncontent-length: 3\r\n\r\n{}",
      "transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n",
      "transfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
      "content-length: +2\r\n\r\n{}",
    ]) {
      assert.equal(statusOf(await speak("POST /v1/agents", more)), 400, more);
    }
    assert.equal(api.seen.length, before);
  });

  test("a body that ends too early has sent nothing", async () => {
    const before = api.seen.length;
    const socket = connect(proxy.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.write(
      `POST /v1/calls HTTP/1.1\r\nhost: ${proxy.host}\r\n${SECRET_HEADER}: ${proxy.secret}\r\ncontent-length: 100\r\n\r\n{"agentId":`,
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    // The next one shows that the proxy has seen the end of the last.
    assert.equal((await proxy.ask("/v1/agents")).status, 200);
    assert.equal(api.seen.length, before + 1);
  });

  test("a body without end is refused", async () => {
    const before = api.seen.length;
    assert.equal(statusOf(await speak("POST /v1/calls", "content-length: 4000000000\r\n\r\n{")), 413);
    const piece = "a".repeat(1 << 20);
    const came = await speak(
      "POST /v1/calls",
      `transfer-encoding: chunked\r\n\r\n${`${piece.length.toString(16)}\r\n${piece}\r\n`.repeat(9)}`,
    );
    assert.match(came, /^(HTTP\/1\.1 413 |$)/);
    assert.equal(api.seen.length, before);
  });
});

describe("headers", () => {
  test("only those that the API needs go on, with one key", async () => {
    const given = {
      "content-type": "application/json",
      accept: "application/json",
      range: "bytes=0-1",
      "x-sub-account-id": "sub_1",
      authorization: "Bearer sk_other",
      cookie: "a=b",
      origin: proxy.url,
      referer: "http://x/",
      "x-forwarded-host": "evil",
      "x-http-method-override": "DELETE",
      forwarded: "host=evil",
      te: "trailers",
      "proxy-authorization": "x",
      "accept-encoding": "gzip",
      "if-none-match": "x",
      expect: "100-continue",
      "keep-alive": "5",
    };
    assert.equal((await proxy.ask("/v1/messages", { method: "POST", headers: given, body: "{}" })).status, 200);
    const lines = (api.seen.at(-1) ?? "").split("\r\n\r\n")[0]?.toLowerCase().split("\r\n").slice(1) ?? [];
    const names = lines.map((line) => line.split(":")[0]).sort();
    assert.deepEqual(names, [
      "accept",
      "accept-encoding",
      "authorization",
      "connection",
      "content-length",
      "content-type",
      "host",
      "range",
      "user-agent",
      "x-sub-account-id",
    ]);
    assert.ok(lines.includes(`authorization: bearer ${KEY}`) && lines.includes("accept-encoding: identity"));
  });

  test("what `connection` names is not passed on, and a request that would change its meaning without it is refused", async () => {
    const before = api.seen.length;
    assert.equal(
      (
        await proxy.ask("/v1/agents", {
          headers: { connection: "close, X-Sub-Account-Id", "x-sub-account-id": "sub_1" },
        })
      ).status,
      400,
    );
    assert.equal(api.seen.length, before);
    assert.equal(
      (await proxy.ask("/v1/agents", { headers: { connection: "close, x-other", "x-other": "1" } })).status,
      200,
    );
    assert.doesNotMatch(api.seen.at(-1) ?? "", /x-other/i);
  });

  for (const [name, lines] of Object.entries({
    "an empty one": "x-sub-account-id:\r\n",
    "one of spaces": "x-sub-account-id:   \r\n",
    two: "x-sub-account-id: sub_1\r\nX-Sub-Account-Id: sub_2\r\n",
    "twice the same": "x-sub-account-id: sub_1\r\nx-sub-account-id: sub_1\r\n",
    "one and an empty one": "x-sub-account-id: sub_1\r\nx-sub-account-id:\r\n",
    "a list": "x-sub-account-id: sub_1, sub_2\r\n",
    "one with a space": "x-sub-account-id: sub 1\r\n",
  })) {
    test(`a sub-account that is not one goes nowhere: ${name}`, async () => {
      const before = api.seen.length;
      assert.equal(statusOf(await speak("GET /v1/agents", `${lines}\r\n`)), 400);
      assert.equal(api.seen.length, before);
    });
  }
});

test("an answer is not taken for that of the next request", async () => {
  // Two answers to one request, on a connection that stays open.
  api.answer = (socket) =>
    socket.write(`${GOOD}HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 8\r\n\r\n{"id":1}`);
  await proxy.ask("/v1/agents");
  api.answer = GOOD;
  for (let round = 0; round < 5; round += 1)
    assert.equal((await proxy.ask("/v1/agents")).body, '{"data":[],"total": 0}');
});
