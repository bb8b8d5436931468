// Shared by the tests of this folder: clients that show what a normal fetch would hide.

import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { execute } from "./python.mjs";

/** JSON of a response. Untyped, because tests assert what they read from it. @typedef {any} Json */
/** @typedef {{ method?: string, body?: string | Uint8Array, base?: string, headers?: import("node:http").OutgoingHttpHeaders }} Asked */
/** @typedef {{ status?: number, headers: import("node:http").IncomingHttpHeaders, body: string, broken: boolean, chunks: number }} Seen */
/** A received webhook. @typedef {{ headers: import("node:http").IncomingHttpHeaders, raw: string, body: Json }} Received */

export const KEY = { authorization: "Bearer sk_test_1" };
export const JSON_KEY = { ...KEY, "content-type": "application/json" };

/** JSON requests to one server. @param {() => { url: string, port: number }} server */
export function client(server) {
  return {
    /** @param {string} path @param {Json} [body] @returns {Promise<Json>} */
    async post(path, body) {
      const init = { method: "POST", headers: JSON_KEY, body: body && JSON.stringify(body) };
      return (await fetch(server().url + path, init)).json();
    },
    /** @param {string} path @returns {Promise<Json>} */
    async get(path) {
      return (await fetch(server().url + path, { headers: KEY })).json();
    },
    observe: (/** @type {string} */ path, /** @type {Asked} */ options = {}) =>
      observe(path, { base: server().url, ...options }),
    speak: (/** @type {string | Uint8Array} */ text) => speak(text, server().port),
  };
}

/** Reads one response until it ends or breaks off. @param {string} path @param {Asked} [asked] @returns {Promise<Seen>} */
export function observe(path, { method = "GET", body, base = "", headers = JSON_KEY } = {}) {
  return new Promise((resolve) => {
    /** @type {Seen} */
    const seen = { headers: {}, body: "", broken: false, chunks: 0 };
    const done = () => resolve(seen);
    const broke = () => {
      seen.broken = true;
      done();
    };
    const request = httpRequest(base + path, { method, headers, agent: false }, (response) => {
      seen.status = response.statusCode;
      seen.headers = response.headers;
      response.setEncoding("utf8");
      response.on("data", (chunk) => {
        seen.body += chunk;
        seen.chunks += 1;
      });
      response.on("end", done);
      response.on("error", broke);
    });
    request.on("error", broke);
    request.end(body);
  });
}

/** Opens a socket and sends raw text. @param {string | Uint8Array} text @param {number} port */
export async function speak(text, port) {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.write(text);
  return socket;
}

/** The body of a response that has one. @param {Response} response */
export function bodyOf({ body }) {
  if (!body) throw new Error("the response has no body");
  return body;
}

/** @param {AsyncIterable<string | Buffer>} socket */
export async function readAll(socket) {
  let text = "";
  for await (const chunk of socket) text += chunk;
  return text;
}

/** A server that receives webhooks, without verifying them, and keeps them. */
export async function hookReceiver(status = 200) {
  /** @type {Received[]} */
  const received = [];
  const server = createServer(async (request, response) => {
    const body = await readAll(request.setEncoding("utf8"));
    received.push({ headers: request.headers, raw: body, body: JSON.parse(body) });
    response.writeHead(status, { connection: "close" }).end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}/hook`,
    received,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** The limit of open files per process. */
export async function openFiles() {
  const { out } = await execute("sh", ["-c", "ulimit -n"]);
  return /^\d+/.test(out) ? Number(out) : 10_500;
}
