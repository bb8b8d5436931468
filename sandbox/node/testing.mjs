// What the tests of this folder share: clients that see what a careful fetch would hide.

import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { execute } from "./python.mjs";

export const KEY = { authorization: "Bearer sk_test_1" };
export const JSON_KEY = { ...KEY, "content-type": "application/json" };

/** JSON requests to one server. */
export function client(server) {
  return {
    async post(path, body) {
      const init = { method: "POST", headers: JSON_KEY, body: body && JSON.stringify(body) };
      return (await fetch(server().url + path, init)).json();
    },
    async get(path) {
      return (await fetch(server().url + path, { headers: KEY })).json();
    },
    observe: (path, options = {}) => observe(path, { base: server().url, ...options }),
    speak: (text) => speak(text, server().port),
  };
}

/** Reads one answer to its end or its break: { status?, headers?, body, broken, chunks }. */
export function observe(path, { method = "GET", body, base, headers = JSON_KEY } = {}) {
  return new Promise((resolve) => {
    const seen = { body: "", broken: false, chunks: 0 };
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

/** Opens a socket and sends raw text. */
export async function speak(text, port) {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.write(text);
  return socket;
}

export async function readAll(socket) {
  let text = "";
  for await (const chunk of socket) text += chunk;
  return text;
}

/** A server that takes webhooks, verifies nothing and keeps what came. */
export async function hookReceiver(status = 200) {
  const received = [];
  const server = createServer(async (request, response) => {
    const body = await readAll(request.setEncoding("utf8"));
    received.push({ headers: request.headers, raw: body, body: JSON.parse(body) });
    response.writeHead(status, { connection: "close" }).end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}/hook`,
    received,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** How many files a process may open here. */
export async function openFiles() {
  const { out } = await execute("sh", ["-c", "ulimit -n"]);
  return /^\d+/.test(out) ? Number(out) : 10_500;
}
