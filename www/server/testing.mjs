// @ts-check
// What the proxy's tests share: a folder to serve, an API that says whatever a test wants, and requests with exactly
// the bytes that a test wants, which fetch would not send.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SECRET_HEADER } from "../src/session/live-secret.js";
import { serveLive } from "./live.mjs";

export const KEY = "sk_live_a_key_that_only_the_proxy_may_have";
/** An answer that nothing is wrong with. */
export const GOOD =
  'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 22\r\n\r\n{"data":[],"total": 0}';

/**
 * An API on a raw socket. Each connection's first request is written down and answered; `answer` may be changed.
 * @param {string | ((socket: import("node:net").Socket, request: string) => void)} [answer] Latin-1, as it stands.
 */
export async function startUpstream(answer = GOOD) {
  /** @type {Set<import("node:net").Socket>} */
  const sockets = new Set();
  /** @type {string[]} */
  const seen = [];
  const upstream = { answer, seen, url: "", close: async () => {} };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    let text = "";
    let answered = false;
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      if (answered || !isWhole(text)) return;
      answered = true;
      upstream.seen.push(text);
      if (typeof upstream.answer === "function") upstream.answer(socket, text);
      else socket.end(Buffer.from(upstream.answer, "latin1"));
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  upstream.url = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
  upstream.close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return upstream;
}

/** @param {string} text */
function isWhole(text) {
  const end = text.indexOf("\r\n\r\n");
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? 0);
  return end !== -1 && text.length >= end + 4 + length;
}

/**
 * The proxy before an API, with a page to serve.
 * @param {string} baseUrl
 * @param {{ port?: number, mount?: Mount, ledger?: import("agentphone-wasm").Ledger }} [options]
 */
export async function startProxy(baseUrl, options = {}) {
  const staticDir = mkdtempSync(join(tmpdir(), "agentphone-live-"));
  writeFileSync(join(staticDir, "index.html"), "<!doctype html><title>The page</title>");
  writeFileSync(join(staticDir, "page.js"), "0;");
  const live = await serveLive({ apiKey: KEY, baseUrl, staticDir, ...options });
  const { host, port } = new URL(live.url);
  const secret = /** @type {string} */ (live.address.split("#key=")[1]);
  /** What a request of the page has. */
  const own = { host, [SECRET_HEADER]: secret };
  return {
    ...live,
    host,
    port: Number(port),
    secret,
    own,
    /** @param {string} target @param {Ask} [how] */
    ask: (target, how = {}) => ask(Number(port), target, { ...how, headers: { ...own, ...how.headers } }),
    /** As `ask`, with nothing that a test does not name but the host. @param {string} target @param {Ask} [how] */
    askBare: (target, how = {}) => ask(Number(port), target, { ...how, headers: { host, ...how.headers } }),
    /** Sends exactly these bytes; what came until the connection ended. @param {string} text */
    speak: (text) => speak(Number(port), text),
    close: async () => {
      await live.close();
      rmSync(staticDir, { recursive: true, force: true });
    },
  };
}

/** @typedef {import("../../sandbox/js/types.js").Mount} Mount */
/** @typedef {{ method?: string, headers?: Record<string, string | undefined>, body?: string }} Ask */
/** @typedef {{ status: number, headers: import("node:http").IncomingHttpHeaders, body: string, whole: boolean }} Answer */

/** @param {number} port @param {string} target @param {Ask} how @returns {Promise<Answer>} */
const ask = (port, target, { method = "GET", headers = {}, body = "" }) =>
  new Promise((resolve, reject) => {
    const given = Object.entries(headers).filter(([, value]) => value !== undefined);
    if (body !== "") given.push(["content-length", `${Buffer.byteLength(body)}`]);
    const sent = request(
      { host: "127.0.0.1", port, path: target, method, headers: Object.fromEntries(given), agent: false },
      (response) => {
        let text = "";
        response.setEncoding("latin1").on("data", (chunk) => (text += chunk));
        response.on("error", () => {});
        response.on("close", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: text,
            whole: response.complete,
          }),
        );
      },
    );
    sent.on("error", reject).end(body);
  });

/** @param {number} port @param {string} text @returns {Promise<string>} */
const speak = (port, text) =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let came = "";
    socket.on("error", () => {});
    socket.on("data", (chunk) => (came += chunk.toString("latin1")));
    socket.on("close", () => resolve(came));
    socket.write(Buffer.from(text, "latin1"));
  });

/** The status of an answer that `speak` gave. @param {string} came */
export const statusOf = (came) =>
  Number(/^HTTP\/1\.1 (\d{3}) /.exec(came)?.[1] ?? assert.fail(`no answer: ${JSON.stringify(came)}`));

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). @param {number} seed */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
