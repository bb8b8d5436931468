// @ts-check
// The sandbox over HTTP: sockets and files around the pure engine. What an answer says is decided
// in Rust; how it travels (late, in pieces, not at all) is done here.

import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { assemble } from "../js/sandbox.mjs";
import { createBodyReader } from "./body.mjs";
import { deliver } from "./deliver.mjs";
import { sendWhole } from "./gzip.mjs";
import { send } from "./head.mjs";
import { loadEngine } from "./load.mjs";
import { loggedPath } from "./log.mjs";
import { refuseMalformed } from "./malformed.mjs";
import { isGuest, refusedOrigin, rulesOf } from "./origins.mjs";
import { createSender } from "./send-webhook.mjs";

/** @typedef {import("node:http").IncomingMessage} IncomingMessage */
/** @typedef {import("node:http").ServerResponse} ServerResponse */

const MIB = 1024 * 1024;

/** @type {typeof import("../js/types.js").serveSandbox} */
export async function serveSandbox(options = {}) {
  const { port = 0, staticDir, quiet = true, maxBody = MIB, maxBodies = 64 * Math.max(MIB, maxBody) } = options;
  // Node takes an empty name for every interface, and nobody means that by an unset variable.
  const address = options.host || "127.0.0.1";
  const { headTimeout = 20_000, requestTimeout = 60_000 } = options;
  const rules = rulesOf(options, address);
  const readBody = createBodyReader(maxBody, maxBodies);
  // What most servers do without is loaded by those alone that want it.
  const findFile = staticDir === undefined ? undefined : (await import("./static.mjs")).findFile;
  /** @type {ReturnType<typeof import("./state-file.mjs").stateFile> | undefined} */
  let file;
  const kept = options.stateFile !== undefined && existsSync(options.stateFile);
  const demo = options.demo === true ? (await import("../js/demo/index.mjs")).demo() : options.demo || undefined;
  loadEngine();
  const { engine, host, clock, ask, face, scene } = assemble(
    { ...options, demo },
    () => file?.touch(),
    kept,
    createSender(options.localWebhooks ?? !rules.open),
  );

  /**
   * @param {IncomingMessage} request
   * @param {ServerResponse} response
   */
  async function answer(request, response) {
    const { method = "GET", headers, url: target = "/" } = request;
    const refused = refusedOrigin(target, headers, rules);
    if (refused !== undefined) return plain(response, 403, refused);
    if (method === "OPTIONS" && headers["access-control-request-method"] !== undefined) {
      return preflight(request, response);
    }
    if (staticDir !== undefined && findFile && (method === "GET" || method === "HEAD") && !engine.owns(target)) {
      const file = await findFile(staticDir, target);
      if (file) {
        sendWhole(response, 200, { ...file.headers, "content-length": file.body.length }, file.body, method === "HEAD");
        return 200;
      }
    }
    const body = await readBody(request);
    if (body === 413) return plain(response, 413, "Request body too large");
    if (body === 503) return plain(response, 503, "Too many request bodies at once; try again", { "retry-after": "1" });
    const sent = await ask(method, target, headerLines(request.rawHeaders), body, isGuest(headers, rules));
    deliver(response, sent, method, host);
    return sent.delivery.action === "normal" ? sent.status : `${sent.status} ${sent.delivery.action}`;
  }

  /** @type {{ damagedState?: string, damagedReason?: string }} */
  let aside = {};
  if (options.stateFile !== undefined) {
    const { stateFile } = await import("./state-file.mjs");
    const keeper = stateFile(options.stateFile, face.state.save);
    try {
      aside = keeper.load(face.state.load);
      if (kept && aside.damagedState === undefined) scene?.resume(clock.now());
      // A folder that is missing or may not be written is told now, and not when the work is done.
      await keeper.save(true);
    } catch (error) {
      keeper.release();
      host.close();
      throw error;
    }
    file = keeper;
  }

  const limits = {
    headersTimeout: headTimeout,
    requestTimeout,
    connectionsCheckingInterval: Math.min(headTimeout, 5000),
  };
  const server = createServer({ ...limits, keepAliveTimeout: 60_000 }, async (request, response) => {
    // A browser sends a request again, a POST too, when a connection that it has used before closes
    // without an answer. A cut would then place a second call that no client asked for.
    response.shouldKeepAlive &&= !request.headers["user-agent"]?.startsWith("Mozilla/");
    // Without listeners a reset would end the process.
    request.on("error", ignore);
    response.on("error", ignore);
    try {
      const outcome = await answer(request, response);
      if (!quiet) console.log(`${request.method} ${loggedPath(request.url ?? "/")} ${outcome}`);
    } catch (error) {
      // A client that went away in the middle of its body is told nothing, and neither is the user.
      if (!request.complete) return void response.destroy();
      console.error(error);
      plain(response, 500, "Internal Server Error");
    }
  });
  server.on("clientError", refuseMalformed);

  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, () => resolve(server.off("error", reject)));
  }).catch((error) => {
    file?.release();
    host.close();
    throw error;
  });
  const listening = server.address();
  const bound = typeof listening === "object" && listening ? listening.port : port;

  /** @type {Promise<void> | undefined} */
  let closing;
  return Object.assign(face, {
    url: `http://${address.includes(":") ? `[${address}]` : address}:${bound}`,
    port: bound,
    ...aside,
    /** Ends every connection, stalled ones too, and frees the port. Again: the same promise. */
    close() {
      closing ??= (async () => {
        const gone = new Promise((resolve) => server.close(resolve));
        server.closeAllConnections();
        host.close();
        await gone;
        try {
          await file?.save(true);
        } finally {
          file?.release();
          engine.free();
        }
      })();
      return closing;
    },
  });
}

const ignore = () => {};

/**
 * @param {IncomingMessage} request
 * @param {ServerResponse} response
 */
function preflight(request, response) {
  const asked = request.headers["access-control-request-headers"];
  send(response, 204, {
    "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
    // `*` does not cover Authorization, so what was asked for is named.
    ...(asked === undefined ? {} : { "access-control-allow-headers": asked }),
    "access-control-max-age": "600",
    vary: "access-control-request-headers",
  });
  return 204;
}

/**
 * @param {ServerResponse} response
 * @param {number} status
 * @param {string} detail
 * @param {Record<string, string>} [more]
 */
function plain(response, status, detail, more = {}) {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return status;
  }
  const body = JSON.stringify({ detail });
  send(
    response,
    status,
    { "content-type": "application/json", "content-length": Buffer.byteLength(body), ...more },
    body,
  );
  return status;
}

/** @param {string[]} raw */
function headerLines(raw) {
  let text = "";
  for (let i = 1; i < raw.length; i += 2) text += `${raw[i - 1]}: ${raw[i]}\n`;
  return text;
}
