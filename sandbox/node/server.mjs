// @ts-check
// The sandbox over HTTP: sockets and files around the pure engine. What an answer says is decided
// in Rust; how it travels (late, in pieces, not at all) is done here.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { runningClock } from "./clock.mjs";
import { deliver } from "./deliver.mjs";
import { createHost } from "./host.mjs";
import { findFile } from "./static.mjs";

const dist = new URL("../dist/", import.meta.url);
const MIB = 1024 * 1024;
/**
 * A body that is too long is read on and thrown away up to so many times the limit: a client that is
 * still writing would not see a 413 that came with a reset.
 */
const DRAINED = 16;

/** Headers that a page of another origin may read. */
const EXPOSED =
  "retry-after, x-request-id, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, allow";

/** @type {Promise<typeof import("../dist/agentphone_sandbox.js")> | undefined} */
let loading;

/** Loads the module once a process; each server has an engine of its own. */
function load() {
  loading ??= (async () => {
    try {
      const glue = await import(new URL("agentphone_sandbox.js", dist).href);
      glue.initSync({ module: await readFile(new URL("agentphone_sandbox_bg.wasm", dist)) });
      return glue;
    } catch (cause) {
      loading = undefined;
      throw new Error("The sandbox is not built: run `node sandbox/build.mjs` first", { cause });
    }
  })();
  return loading;
}

/**
 * @typedef {object} Options
 * @property {number} [port] Default 0: any free port.
 * @property {string} [host] Default 127.0.0.1.
 * @property {number} [seed] Decides ids and the dice of fault rules. Default 1.
 * @property {string} [staticDir] A folder whose files answer GETs outside the API.
 * @property {boolean} [quiet] Without a line a request on standard output. Default true.
 * @property {import("./clock.mjs").Clock} [clock] Default: real time.
 * @property {number} [maxBody] Longest request body in bytes. Default 1 MiB.
 */

/**
 * Starts a sandbox.
 * @param {Options} [options]
 * @returns {Promise<{ url: string, port: number, close(): Promise<void> }>}
 */
export async function serveSandbox(options = {}) {
  const { port = 0, host = "127.0.0.1", seed, staticDir, quiet = true, maxBody = MIB } = options;
  const { clock = runningClock() } = options;
  const { Engine } = await load();
  const engine = new Engine(seed === undefined ? undefined : { seed });
  const around = createHost(engine, clock);
  let own = 0;

  const server = createServer(async (request, response) => {
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("access-control-expose-headers", EXPOSED);
    response.setHeader("x-request-id", `req_server_${++own}`);
    // A browser sends a request again, a POST too, when a connection that it has used before closes
    // without an answer. A cut would then place a second call that no client asked for.
    if (request.headers["user-agent"]?.startsWith("Mozilla/")) response.setHeader("connection", "close");
    // Without listeners a reset would end the process.
    request.on("error", () => {});
    response.on("error", () => {});
    try {
      const outcome = await answer(request, response);
      if (!quiet) console.log(`${request.method} ${path(request)} ${outcome}`);
    } catch (error) {
      // A client that went away in the middle of its body is told nothing, and neither is the user.
      if (!request.complete) return void response.destroy();
      console.error(error);
      plain(response, 500, "Internal Server Error");
    }
  });

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   */
  async function answer(request, response) {
    const { method = "GET", headers } = request;
    if (method === "OPTIONS" && headers["access-control-request-method"] !== undefined) {
      return preflight(request, response);
    }
    const target = request.url ?? "/";
    const reads = method === "GET" || method === "HEAD";
    if (staticDir !== undefined && reads && !engine.owns(target)) {
      const file = await findFile(staticDir, target);
      if (file) {
        response.writeHead(200, { ...file.headers, "content-length": file.body.length });
        response.end(file.body);
        return 200;
      }
    }
    const body = await readBody(request, maxBody);
    if (body === undefined) return plain(response, 413, "Request body too large");
    const moved = moveClock(clock, around, method, target, body);
    if (moved) return json(response, 200, moved);
    const sent = around.handle(method, target, pairs(request.rawHeaders), body);
    deliver(response, sent, method, around);
    return sent.delivery.action === "normal" ? sent.status : `${sent.status} ${sent.delivery.action}`;
  }

  server.on("clientError", (error, socket) => {
    if (!socket.writable || /** @type {NodeJS.ErrnoException} */ (error).code === "ECONNRESET") {
      socket.destroy();
      return;
    }
    const body = '{"detail":"Malformed HTTP request"}';
    socket.end(
      `HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n` +
        `access-control-allow-origin: *\r\nx-request-id: req_server_${++own}\r\nconnection: close\r\n\r\n${body}`,
    );
  });

  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve(server.off("error", reject)));
  });
  const address = server.address();
  const bound = typeof address === "object" && address ? address.port : port;
  const name = host.includes(":") ? `[${host}]` : host;

  /** @type {Promise<void> | undefined} */
  let closing;
  return {
    url: `http://${name}:${bound}`,
    port: bound,
    /** Ends every connection, stalled ones too, and frees the port. Again: the same promise. */
    close() {
      closing ??= new Promise((resolve) => {
        around.close();
        server.close(() => {
          engine.free();
          resolve();
        });
        server.closeAllConnections();
      });
      return closing;
    },
  };
}

/**
 * Moves a manual clock; any other clock leaves the request to the engine, which refuses it.
 * @param {import("./clock.mjs").Clock} clock
 * @param {ReturnType<typeof createHost>} around
 * @param {string} method
 * @param {string} target
 * @param {string} body
 */
function moveClock(clock, around, method, target, body) {
  if (!clock.advance || method !== "POST" || target !== "/__sandbox/clock") return undefined;
  // What cannot be read is left to the engine too, which says what is wrong with it.
  const ms = /^\s*\{\s*"advanceMs"\s*:\s*(\d{1,15})\s*\}\s*$/.exec(body)?.[1];
  if (ms === undefined) return undefined;
  clock.advance(Number(ms));
  around.wake();
  return { now: clock.now() };
}

/**
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 */
function preflight(request, response) {
  const asked = request.headers["access-control-request-headers"];
  response.writeHead(204, {
    "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
    // `*` does not cover Authorization, so what was asked for is named.
    ...(asked === undefined ? {} : { "access-control-allow-headers": asked }),
    "access-control-max-age": "600",
    vary: "access-control-request-headers",
  });
  response.end();
  return 204;
}

/**
 * The body as text, or undefined when it is too long.
 * @param {import("node:http").IncomingMessage} request
 * @param {number} limit
 * @returns {Promise<string | undefined>}
 */
function readBody(request, limit) {
  return new Promise((resolve, reject) => {
    /** @type {Buffer[]} */
    const chunks = [];
    let length = 0;
    request.on("data", (chunk) => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      else if (length <= limit * DRAINED) resolve(undefined);
      else request.destroy();
    });
    request.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    // After "end" both of these are too late to matter.
    request.on("error", reject);
    request.on("close", () => reject(new Error("the client went away")));
  });
}

/**
 * @param {import("node:http").ServerResponse} response
 * @param {number} status
 * @param {string} detail
 */
function plain(response, status, detail) {
  return json(response, status, { detail });
}

/**
 * @param {import("node:http").ServerResponse} response
 * @param {number} status
 * @param {object} content
 */
function json(response, status, content) {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return status;
  }
  const body = JSON.stringify(content);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  response.end(body);
  return status;
}

/**
 * @param {string[]} raw
 * @returns {[string, string][]}
 */
function pairs(raw) {
  return Array.from({ length: raw.length / 2 }, (_, i) => [raw[2 * i] ?? "", raw[2 * i + 1] ?? ""]);
}

/** @param {import("node:http").IncomingMessage} request */
function path(request) {
  return (request.url ?? "/").split("?")[0];
}
