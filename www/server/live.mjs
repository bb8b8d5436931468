// @ts-check
// The console on a real account: serves the page and passes its requests on with the key, which never
// leaves this process. Whoever could talk to it could spend money, so it listens on this machine only and
// answers nobody but the page whose address it printed: no other site, no renamed host (DNS rebinding), no
// other user of the machine.

import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, request as askPlain } from "node:http";
import { request as askTls } from "node:https";
import { findFile } from "../../sandbox/node/static.mjs";

/** @typedef {import("node:http").IncomingMessage} IncomingMessage */
/** @typedef {import("node:http").ServerResponse} ServerResponse */

/** Where the API has its paths (contract/openapi.yaml). */
const API = /^\/(v1|v0|integrations|credits|auth)\//;
/** The call's id is the secret of a recording, and it is served from public storage: the key stays away from it. */
const KEYLESS = /^\/v1\/calls\/[^/]+\/recording(\?|$)/;
/** What the page may tell the API. Cookies and its address are nobody's business. */
const ONWARD = ["accept", "content-type", "content-length", "range", "x-sub-account-id"];
/** What concerns one connection, or this host's cookies. */
const NOT_BACK = new Set(["connection", "keep-alive", "transfer-encoding", "set-cookie", "strict-transport-security", "alt-svc"]);
/** Failures before anything was sent: it is certain that nothing happened. */
const NOT_SENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/**
 * Starts it.
 * @param {{ apiKey: string, baseUrl: string, staticDir: string, port?: number }} options
 * @returns {Promise<{ url: string, address: string, close(): Promise<void> }>} `address`: to be opened; it
 *   holds a secret of this run.
 */
export async function serveLive({ apiKey, baseUrl, staticDir, port = 0 }) {
  const upstream = new URL(baseUrl);
  const ask = upstream.protocol === "https:" ? askTls : askPlain;
  const secret = randomBytes(24).toString("base64url");
  /** Set once it listens. */
  let at = 0;
  const cookie = () => `agentphone_console_${at}`;

  /** @param {IncomingMessage} request @param {ServerResponse} response */
  async function answer(request, response) {
    const target = request.url ?? "/";
    const refusal = refuse(request, at);
    if (refusal !== undefined) return plain(response, 403, refusal);
    if (request.method === "GET" && target.startsWith("/?key=")) {
      if (!same(target.slice("/?key=".length), secret)) return plain(response, 403, "This address is of another run. Open the one that was printed last.");
      response.writeHead(303, { location: "/", "set-cookie": `${cookie()}=${secret}; HttpOnly; SameSite=Strict; Path=/`, "referrer-policy": "no-referrer", "cache-control": "no-store" });
      return void response.end();
    }
    if (!same(cookieOf(request, cookie()), secret)) return plain(response, 401, "Open the address that npm start -- --live printed.");
    if (API.test(target)) return forward(request, response, target);
    if (target === "/__sandbox/health") return json(response, { ok: true, mode: "live" });
    const file = request.method === "GET" ? await findFile(staticDir, target) : undefined;
    if (file === undefined) return plain(response, 404, "Nothing is here.");
    response.writeHead(200, { ...file.headers, "content-length": file.body.length, "referrer-policy": "no-referrer", "x-frame-options": "DENY" });
    response.end(file.body);
  }

  /** @param {IncomingMessage} request @param {ServerResponse} response @param {string} target */
  function forward(request, response, target) {
    /** @type {Record<string, string | string[]>} */
    const headers = { "user-agent": "agentphone-wasm-console" };
    for (const name of ONWARD) if (request.headers[name] !== undefined) headers[name] = request.headers[name];
    if (!KEYLESS.test(target)) headers["authorization"] = `Bearer ${apiKey}`;
    const options = { method: request.method, host: upstream.hostname, port: upstream.port || undefined, path: upstream.pathname.replace(/\/$/, "") + target, headers };
    const onward = ask(options, (came) => {
      const back = Object.fromEntries(Object.entries(came.headers).filter(([name]) => !NOT_BACK.has(name)));
      response.writeHead(came.statusCode ?? 502, { ...back, "cache-control": "no-store" });
      response.flushHeaders();
      came.pipe(response);
      // Half an answer is passed on as half an answer, so that the page's client knows that it lacks the rest.
      came.on("aborted", () => response.destroy());
    });
    onward.on("error", (/** @type {NodeJS.ErrnoException} */ error) => {
      if (response.headersSent || !NOT_SENT.has(error.code ?? "")) return void response.destroy();
      response.setHeader("retry-after", "1");
      plain(response, 503, "The API cannot be reached from this machine; nothing was sent.");
    });
    response.on("close", () => onward.destroy());
    request.pipe(onward);
  }

  const server = createServer((request, response) => {
    // A browser sends a request again by itself, a POST too, when a connection that it has used before breaks
    // without an answer: a second call that nobody asked for. So none is used twice.
    response.shouldKeepAlive = false;
    request.on("error", () => response.destroy());
    response.on("error", () => {});
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", () => resolve(undefined)));
  const bound = server.address();
  at = typeof bound === "object" && bound !== null ? bound.port : port;
  const url = `http://127.0.0.1:${at}`;
  return {
    url,
    address: `${url}/?key=${secret}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * Why a request is not for us, if it is not.
 * @param {IncomingMessage} request
 * @param {number} port
 */
function refuse({ headers, method }, port) {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!hosts.includes(headers.host ?? "")) return "This host name is not served here.";
  const { origin } = headers;
  if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) return "Other sites may not ask here.";
  const site = headers["sec-fetch-site"];
  // Somebody may come here by a link; but no other site's page may load or send anything.
  const arrives = method === "GET" && headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
  if (site !== undefined && site !== "same-origin" && site !== "none" && !arrives) return "Other sites may not ask here.";
  return undefined;
}

/** @param {IncomingMessage} request @param {string} name */
function cookieOf({ headers }, name) {
  const pair = (headers.cookie ?? "").split(/; */).find((part) => part.startsWith(`${name}=`));
  return pair?.slice(name.length + 1) ?? "";
}

/** @param {string} given @param {string} secret */
function same(given, secret) {
  const [left, right] = [Buffer.from(given), Buffer.from(secret)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** @param {ServerResponse} response @param {unknown} body */
function json(response, body, status = 200) {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}

/** @param {ServerResponse} response @param {number} status @param {string} detail */
const plain = (response, status, detail) => json(response, { detail }, status);
