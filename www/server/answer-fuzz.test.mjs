// @ts-check
// Hundreds of odd answers from a raw socket, made from a seed: the proxy goes on, each request gets an answer, and
// nothing but the headers of the list passes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { GOOD, KEY, random, startProxy, startUpstream } from "./testing.mjs";

const ROUNDS = Number(process.env.FUZZ_ROUNDS ?? 800);
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_124);

/** Everything that the page may see of any answer. */
const ALLOWED = new Set([
  "accept-ranges",
  "cache-control",
  "cf-ray",
  "connection",
  "content-disposition",
  "content-length",
  "content-range",
  "content-security-policy",
  "content-type",
  "cross-origin-opener-policy",
  "cross-origin-resource-policy",
  "date",
  "referrer-policy",
  "retry-after",
  "retry-after-ms",
  "server",
  "transfer-encoding",
  "x-content-type-options",
  "x-frame-options",
  "x-ratelimit-limit",
  "x-ratelimit-remaining",
  "x-ratelimit-reset",
  "x-request-id",
]);

const STATUS = [
  "000",
  "099",
  "100",
  "101",
  "102",
  "103",
  "204",
  "205",
  "206",
  "301",
  "304",
  "404",
  "407",
  "418",
  "429",
  "500",
  "503",
  "599",
  "600",
  "999",
  "1000",
  "-1",
  "2",
  "",
  " 200",
  "0x1",
];
const VERSION = ["HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "http/1.1", "ICY", ""];
const NAMES = [
  "content-length",
  "content-length",
  "transfer-encoding",
  "trailer",
  "connection",
  "keep-alive",
  "upgrade",
  "set-cookie",
  "content-type",
  "content-encoding",
  "content-disposition",
  "content-range",
  "retry-after",
  "x-request-id",
  "date",
  "date",
  "server",
  "cf-ray",
  "location",
  "link",
  "te",
  "expect",
  "host",
  "alt-svc",
  "__proto__",
  "constructor",
  "x".repeat(300),
  "",
  " x",
  "x y",
  "\xe9",
  "x\0",
  "Content-Length ",
  "sec-websocket-accept",
  "http2-settings",
];
const VALUES = [
  "2",
  "0",
  "5",
  "-1",
  "99999999999999999999",
  "0x2",
  "2, 2",
  "+2",
  "",
  " ",
  "chunked",
  "gzip, chunked",
  "chunked, chunked",
  "identity",
  "close",
  "close, content-type, date",
  "upgrade",
  "websocket",
  "a=b; Path=/",
  "text/html",
  "application/json",
  "\x01",
  "\x7f",
  "\xff\xfe",
  "\r",
  "a\r b",
  "a\n b",
  "a\0b",
  KEY,
  `x${KEY}x`,
  "y".repeat(20_000),
  "</x>; rel=preload",
  "Thu, 01 Jan 1970 00:00:00 GMT",
  "bytes 0-1/2",
  'attachment; filename="../x"',
];
const BODIES = [
  "{}",
  "",
  "2\r\n{}\r\n0\r\n\r\n",
  "2\r\n{}\r\n0\r\nx: y\r\n\r\n",
  "ffffffffffffffffff\r\n",
  "-1\r\n{}",
  "2;a=b\r\n{}\r\n0\r\n\r\n",
  "2\r\n{}",
  "x".repeat(70_000),
  KEY,
  `{"a":"${KEY}"}`,
  "\0\xff",
  GOOD,
  "HTTP/1.1 000 X\r\n\r\n",
];

/** @param {() => number} next */
function oddAnswer(next) {
  const some = (/** @type {string[]} */ list) => /** @type {string} */ (list[Math.floor(next() * list.length)]);
  const line = () => {
    const interim = next() < 0.1 ? "HTTP/1.1 103 Early\r\nlink: </x>\r\n\r\n" : "";
    return `${interim}${next() < 0.9 ? "HTTP/1.1" : some(VERSION)} ${next() < 0.4 ? "200" : some(STATUS)} ${next() < 0.1 ? "O\x1b\xe9K" : "OK"}\r\n`;
  };
  const headers = Array.from(
    { length: Math.floor(next() * 4) },
    () => `${some(NAMES)}:${next() < 0.9 ? " " : ""}${some(VALUES)}${next() < 0.95 ? "\r\n" : "\n"}`,
  );
  let text = `${line()}${headers.join("")}\r\n${some(BODIES)}`;
  if (next() < 0.1) text = text.slice(0, Math.floor(next() * text.length));
  if (next() < 0.1) {
    const at = Math.floor(next() * text.length);
    text = text.slice(0, at) + String.fromCharCode(Math.floor(next() * 256)) + text.slice(at + 1);
  }
  const cuts = Array.from({ length: Math.floor(next() * 4) }, () => Math.floor(next() * text.length)).sort(
    (left, right) => left - right,
  );
  const pieces = [0, ...cuts].map((from, index) => text.slice(from, cuts[index] ?? text.length));
  return { text, pieces, end: some(["end", "end", "destroy", "reset"]) };
}

/** @param {import("node:net").Socket} socket @param {ReturnType<typeof oddAnswer>} odd */
async function play(socket, { pieces, end }) {
  for (const piece of pieces) {
    if (socket.destroyed) return;
    socket.write(Buffer.from(piece, "latin1"));
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (end === "end") socket.end();
  else if (end === "reset") socket.resetAndDestroy();
  else socket.destroy();
}

test(`${ROUNDS} odd answers, seed ${SEED}`, { timeout: 100_000 }, async () => {
  const api = await startUpstream();
  const proxy = await startProxy(api.url);
  const next = random(SEED);
  /** @type {Map<string, ReturnType<typeof oddAnswer>>} */
  const due = new Map();
  api.answer = (socket, request) => {
    const odd = due.get(/\/v1\/(\d+) /.exec(request)?.[1] ?? "");
    if (odd === undefined) socket.end(GOOD);
    else void play(socket, odd);
  };
  const methods = ["GET", "POST", "DELETE"];
  /** @type {Map<number, number>} */
  const statuses = new Map();
  let round = 0;
  const work = async () => {
    while (round < ROUNDS) {
      const name = `${(round += 1)}`;
      const odd = oddAnswer(next);
      due.set(name, odd);
      const about = `round ${name}: ${JSON.stringify(odd.text.slice(0, 300))}, ${odd.end}`;
      const came = await proxy
        .ask(`/v1/${name}`, { method: /** @type {string} */ (methods[round % 3]) })
        .catch((error) => assert.fail(`${about}: ${error}`));
      assert.ok(came.status >= 200 && came.status <= 599, `${came.status} in ${about}`);
      for (const [header, value] of Object.entries(came.headers)) {
        assert.ok(ALLOWED.has(header), `${header} in ${about}`);
        assert.ok(!`${value}`.includes(KEY), `the key in ${header} in ${about}`);
      }
      assert.ok(!came.body.includes(KEY), `the key in ${about}`);
      assert.doesNotMatch(came.headers["content-type"] ?? "", /html/);
      statuses.set(came.status, (statuses.get(came.status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: 16 }, work));
  api.answer = GOOD;
  assert.equal((await proxy.ask("/v1/agents")).body, '{"data":[],"total": 0}');
  // Otherwise the answers would not be odd enough, or too odd to get past the status line.
  assert.ok(
    (statuses.get(502) ?? 0) > ROUNDS / 10 && (statuses.get(200) ?? 0) > ROUNDS / 50,
    JSON.stringify([...statuses]),
  );
  await proxy.close();
  await api.close();
});
