// A real HTTP server that misbehaves on demand: each request gets the next action of a script. It
// counts what it received and which effects it performed, because a lost answer is no lost call.
import { once } from "node:events";
import http from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * What the server does with one request, and whether it performs its effect.
 * @typedef {{ performs: boolean, run: (response: import("node:http").ServerResponse, request: import("node:http").IncomingMessage) => unknown }} Action
 */
/**
 * A request that came.
 * @typedef {{ number: number, at: number, method: string, url: string, path: string, headers: import("node:http").IncomingHttpHeaders, body: string, socket: import("node:net").Socket }} Received
 */
/** Actions, or what gives one for each request. @typedef {Action | Action[] | ((request: Received, number: number) => Action | Promise<Action>)} Script */

const json = (/** @type {unknown} */ body) => (typeof body === "string" ? body : JSON.stringify(body));
/** @param {boolean} performs @param {Action["run"]} run @returns {Action} */
const act = (performs, run) => ({ performs, run });

/**
 * Answers. A success performs the effect, an error does not; `performs` says otherwise.
 * @param {number} status @param {unknown} [body] @param {import("node:http").OutgoingHttpHeaders} [headers] @param {boolean} [performs]
 */
export const answer = (status, body = {}, headers = {}, performs = status < 300) =>
  act(performs, (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(json(body));
  });

/** The good answer of most scripts. */
export const good = answer(200, { id: "call_1", status: "queued", data: [] });

/** Performs the effect, then breaks the connection: `where` is "before-headers", "after-headers" or "mid-body". */
export const cut = (/** @type {string} */ where, { reset = false, performs = true } = {}) =>
  act(performs, (response, request) => {
    const sever = () => (reset ? request.socket.resetAndDestroy() : request.socket.destroy());
    if (where === "before-headers") return sever();
    response.writeHead(200, { "content-type": "application/json", "content-length": "4000" });
    if (where === "after-headers") response.flushHeaders();
    else response.write('{"id":"call_1","status":');
    // The head must be on its way before the connection goes.
    setTimeout(sever, 20);
  });

/** Performs the effect and never finishes: `where` is "headers" or "body". */
export const stall = (/** @type {string} */ where) =>
  act(true, (response) => {
    if (where === "headers") return;
    response.writeHead(200, { "content-type": "application/json" });
    response.write('{"id":');
  });

/** Sends a whole answer, a few bytes at a time. */
export const drip = (/** @type {unknown} */ body, { bytes = 1, everyMs = 20 } = {}) =>
  act(true, (response) => {
    response.writeHead(200, { "content-type": "application/json" });
    const whole = json(body);
    let at = 0;
    const timer = setInterval(() => {
      response.write(whole.slice(at, (at += bytes)));
      if (at >= whole.length) response.end();
    }, everyMs);
    response.once("close", () => clearInterval(timer));
  });

/** Sends bytes that are no HTTP, or that lie about themselves; then ends the connection. */
export const raw = (/** @type {string} */ bytes) => act(true, (_, request) => request.socket.end(bytes));

/** Points elsewhere. */
export const redirect = (/** @type {string} */ location, status = 307) =>
  act(false, (response) => response.writeHead(status, { location }).end());

/**
 * Starts a server that lives until the test `t` ends. `script` is an action, a list of actions (the
 * last one repeats), or a function of the request and its number.
 * @param {import("node:test").TestContext} t @param {Script} [script]
 */
export async function hostileServer(t, script = good) {
  /** @type {Received[]} */
  const received = [];
  const performed = new Map();
  const pick = (/** @type {Received} */ request) => {
    if (typeof script === "function") return script(request, request.number);
    return Array.isArray(script) ? script[Math.min(request.number, script.length) - 1] : script;
  };
  const server = http.createServer({ keepAliveTimeout: 60_000, noDelay: true }, async (request, response) => {
    const { method = "", url = "", headers, socket } = request;
    // A request that the client gives up in mid-body was never received.
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return;
    const path = url.split("?", 1)[0];
    const record = { number: received.length + 1, at: Date.now(), method, url, path, headers, body, socket };
    received.push(record);
    const action = await pick(record);
    if (action.performs) performed.set(`${method} ${path}`, (performed.get(`${method} ${path}`) ?? 0) + 1);
    action.run(response, request);
  });
  // Sockets that the client or a script breaks are what these tests are about.
  server.on("clientError", (_, socket) => socket.destroy());
  server.on("connection", (socket) => socket.on("error", () => {}));
  server.maxHeadersCount = 0;
  server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 });
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    /** What came, in order. */
    received,
    /** How many requests came, in all or to one place, e.g. `"POST /v1/calls"`. */
    count: (place = "") => received.filter((r) => !place || `${r.method} ${r.path}` === place).length,
    /** How many effects were performed, in all or at one place. */
    effects: (place = "") =>
      place ? (performed.get(place) ?? 0) : [...performed.values()].reduce((sum, n) => sum + n, 0),
    /** Resolves once the client has closed the connection of a request; one that stays open is a failure. */
    async closed(/** @type {Received} */ { number, socket }) {
      for (const began = Date.now(); !socket.destroyed; await sleep(5)) {
        if (Date.now() - began > 20_000) throw new Error(`the connection of request ${number} stays open`);
      }
    },
    /** Resolves with the request of that number once it is here; one that never comes is a failure. */
    async arrival(number = 1) {
      for (const began = Date.now(); received.length < number; await sleep(5)) {
        if (Date.now() - began > 20_000) throw new Error(`request ${number} did not arrive`);
      }
      return received[number - 1];
    },
  };
}
