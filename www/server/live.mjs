// @ts-check
// The console on a real account: serves the page and passes its requests on with the key, which never leaves this
// process. Each run has a host name and a secret of its own, so that nothing an earlier page left in the browser
// (a service worker, a cached script, a cookie) and no other server of this machine has a part in it.

import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { answerExchanges, createExchanges } from "../../sandbox/node/exchanges.mjs";
import { answerMounted, isMounted } from "../../sandbox/node/mount.mjs";
import { findFile } from "../../sandbox/node/static.mjs";
import { SECRET_FRAGMENT } from "../src/session/live-secret.js";
import { hostOf, refuse } from "./admission.mjs";
import { createForwarder } from "./forward.mjs";
import { ledgerMount } from "./ledger.mjs";
import { listen } from "./listen.mjs";
import { HEADERS, sendJson, sendProblem, sendText } from "./respond.mjs";
import { zoneOf } from "./target.mjs";
import { voicesMount } from "./voices.mjs";

/** @typedef {import("node:http").IncomingMessage} IncomingMessage */
/** @typedef {import("node:http").ServerResponse} ServerResponse */
/** @typedef {import("../../sandbox/js/types.js").Mount} Mount */

/** Added to the policy of a file that has one. */
const NO_FRAMES_NO_WORKERS =
  "; worker-src 'none'; frame-ancestors 'none'; form-action 'none'; base-uri 'none'; object-src 'none'";

/**
 * Starts it.
 * @param {object} options
 * @param {string} options.apiKey @param {string} options.baseUrl @param {string} options.staticDir @param {number} [options.port]
 * @param {Mount | undefined} [options.mount] Paths below `/__sandbox/` that something else answers, guarded like all others.
 * @param {import("agentphone-wasm").Ledger} [options.ledger] Keeps what is in doubt between runs; without it, the page keeps it in the
 *   browser, for this run.
 * @returns {Promise<{ url: string, address: string, close(): Promise<void> }>} `url`: the console's origin, whose
 *   name browsers resolve to this machine by themselves. `address`: to be opened; it holds the secret of this run.
 */
export async function serveLive({ apiKey, baseUrl, staticDir, port = 0, mount, ledger }) {
  const mounts = [mount, ledger && ledgerMount(ledger), voicesMount({ apiKey, baseUrl })];
  const exchanges = createExchanges();
  const { forward, close } = createForwarder({ apiKey, baseUrl, exchanges });
  const name = `live-${randomBytes(5).toString("hex")}.localhost`;
  const secret = randomBytes(16).toString("base64url");
  const run = { host: "", port: 0, secret };
  /** The page's client goes by the API's own address, because a ledger keeps the keys of each address apart. */
  const health = { ok: true, mode: "live", api: baseUrl, hasLedger: ledger !== undefined };

  /** @param {IncomingMessage} request @param {ServerResponse} response */
  async function answer(request, response) {
    const { url = "/", method } = request;
    const zone = zoneOf(url);
    const refusal = refuse(request, run, zone === "file");
    const send = zone === "file" ? sendText : sendProblem;
    if (refusal !== undefined) return send(response, refusal.status, refusal.detail);
    if (zone === "api") return forward(request, response);
    const mounted = zone === "control" ? mounts.find((one) => isMounted(one, url)) : undefined;
    if (mounted !== undefined) return answerMounted(mounted, request, response);
    const told = answerExchanges(exchanges, method ?? "GET", url);
    if (told !== undefined) return sendJson(response, told.body, told.status);
    if (method !== "GET") return send(response, 405, "Only GET is answered here.");
    if (zone === "control") {
      if (url === "/__sandbox/health") return sendJson(response, health);
      return sendProblem(response, 404, "A real account has no control paths.");
    }
    const file = await findFile(staticDir, url);
    if (file === undefined) return sendText(response, 404, "Nothing is here.");
    const policy = file.headers["content-security-policy"];
    response.writeHead(200, {
      ...file.headers,
      ...HEADERS,
      ...(policy === undefined ? {} : { "content-security-policy": policy + NO_FRAMES_NO_WORKERS }),
      "content-length": file.body.length,
    });
    response.end(file.body);
  }

  /** @param {IncomingMessage} request @param {ServerResponse} response */
  const handle = (request, response) => {
    // A browser sends a request again by itself, a POST too, when a connection that it has used before breaks
    // without an answer: a second call that nobody asked for. So none is used twice.
    response.shouldKeepAlive = false;
    request.on("error", () => response.destroy());
    response.on("error", () => {});
    answer(request, response).catch(() => {
      if (response.headersSent || request.destroyed) response.destroy();
      else sendProblem(response, 500, "The console's server could not handle this request.");
    });
  };
  const servers = await listen(() => createServer(handle), port);
  run.port = servers.port;
  run.host = hostOf(name, servers.port);
  return {
    url: `http://${run.host}`,
    address: `http://${run.host}/${SECRET_FRAGMENT}${secret}`,
    close: async () => {
      await servers.close();
      close();
    },
  };
}
