// @ts-check
// The sandbox over HTTP: sockets and files around the pure engine. The Rust code decides the response; how it is
// delivered (late, in pieces, never) is implemented here.

import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { assemble } from "../js/sandbox.mjs";
import { createBodyReader } from "./body.mjs";
import { deliver } from "./deliver.mjs";
import { answerExchanges, CONSOLE_HEADER, createExchanges, headersOf } from "./exchanges.mjs";
import { sendWhole } from "./gzip.mjs";
import { send } from "./head.mjs";
import { loadEngine } from "./load.mjs";
import { loggedPath } from "./log.mjs";
import { refuseMalformed } from "./malformed.mjs";
import { answerMounted, isForeign, isMounted } from "./mount.mjs";
import { isGuest, refusedOrigin, rulesOf } from "./origins.mjs";
import { createSender } from "./send-webhook.mjs";

/** @typedef {import("node:http").IncomingMessage} IncomingMessage */
/** @typedef {import("node:http").ServerResponse} ServerResponse */

const MIB = 1024 * 1024;

/** @type {typeof import("../js/types.js").serveSandbox} */
export async function serveSandbox(options = {}) {
  const { port = 0, staticDir, quiet = true, maxBody = MIB, maxBodies = 64 * Math.max(MIB, maxBody) } = options;
  // Node treats an empty host as every interface, which an unset variable does not mean.
  const address = options.host || "127.0.0.1";
  const { headTimeout = 20_000, requestTimeout = 60_000, mount } = options;
  if (mount !== undefined && !/^\/__sandbox\/./.test(mount.path))
    throw new TypeError("mount: path must be below /__sandbox/");
  const rules = rulesOf(options, address);
  const readBody = createBodyReader(maxBody, maxBodies);
  // Loaded on demand, since most servers do not need these.
  const findFile = staticDir === undefined ? undefined : (await import("./static.mjs")).findFile;
  /** @type {ReturnType<typeof import("./state-file.mjs").stateFile> | undefined} */
  let file;
  const kept = options.stateFile !== undefined && existsSync(options.stateFile);
  const demo = options.demo === true ? (await import("../js/demo/index.mjs")).demo() : options.demo || undefined;
  // Only the console reads these, and it is among the static files, so other servers need not keep them.
  const exchanges = staticDir === undefined ? undefined : createExchanges();
  loadEngine();
  const { engine, host, clock, ask, face, scene, showDemo } = assemble(
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
    if (refused !== undefined) return plain(response, 403, { detail: refused });
    if (method === "OPTIONS" && headers["access-control-request-method"] !== undefined) {
      return preflight(request, response);
    }
    if (isMounted(mount, target)) {
      if (isForeign(request))
        return plain(response, 403, { detail: "Pages of another address have no access to this." });
      await answerMounted(mount, request, response);
      return response.statusCode;
    }
    if (staticDir !== undefined && findFile && (method === "GET" || method === "HEAD") && !engine.owns(target)) {
      const file = await findFile(staticDir, target);
      if (file) {
        sendWhole(response, 200, { ...file.headers, "content-length": file.body.length }, file.body, method === "HEAD");
        return undefined;
      }
    }
    const body = await readBody(request);
    if (body === 413) return plain(response, 413, { detail: "Request body too large" });
    if (body === 503)
      return plain(response, 503, { detail: "Too many request bodies at once; try again" }, { "retry-after": "1" });
    const told = exchanges && answerExchanges(exchanges, method, target);
    if (told !== undefined) return plain(response, told.status, told.body);
    if (method === "POST" && target === "/__sandbox/demo") return beginDemo(response);
    const noted = note(request, response, body);
    const sent = await ask(method, target, headerLines(request.rawHeaders), body, isGuest(headers, rules));
    const { action } = sent.delivery;
    noted?.answered({ ...sent, status: NO_STATUS.has(action) ? null : sent.status, outcome: action });
    if (method === "POST" && target === "/__sandbox/reset") exchanges?.clear();
    deliver(response, sent, method, host);
    return action === "normal" ? sent.status : `${sent.status} ${action}`;
  }

  /** @param {ServerResponse} response */
  async function beginDemo(response) {
    if (options.strict)
      return plain(response, 409, {
        detail: "strict and demo cannot be combined: the past of the demo breaks the rules of strict",
      });
    const { demo: fresh } = await import("../js/demo/index.mjs");
    showDemo(fresh());
    exchanges?.clear();
    return plain(response, 200, { ok: true });
  }

  /**
   * Records a program's request; those of the console and of the control paths are left out.
   * @param {IncomingMessage} request
   * @param {ServerResponse} response
   * @param {Uint8Array} body
   */
  function note(request, response, body) {
    const { method = "GET", url: target = "/" } = request;
    if (!exchanges || isConsole(request) || target.startsWith("/__sandbox")) return undefined;
    return exchanges.begin({ method, target, headers: headersOf(request.rawHeaders), body }, response);
  }

  /** @type {{ damagedState?: string, damagedReason?: string }} */
  let aside = {};
  if (options.stateFile !== undefined) {
    const { stateFile } = await import("./state-file.mjs");
    const keeper = stateFile(options.stateFile, face.state.save);
    try {
      aside = keeper.load(face.state.load);
      if (kept && aside.damagedState === undefined) scene?.resume(clock.now());
      // Report a missing or read-only folder now, not when there is work to lose.
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
    // A browser resends a request, even a POST, if a reused connection closes without a response. A cut would then
    // place a second call that no client asked for.
    response.shouldKeepAlive &&= !request.headers["user-agent"]?.startsWith("Mozilla/");
    // Without listeners a reset would end the process.
    request.on("error", ignore);
    response.on("error", ignore);
    try {
      const outcome = await answer(request, response);
      // The console polls so often that its requests would hide the program's.
      if (!quiet && outcome !== undefined && !isConsole(request))
        console.log(`${request.method} ${loggedPath(request.url ?? "/")} ${outcome}`);
    } catch (error) {
      // Not reported: the client disconnected while it sent its body.
      if (!request.complete) return void response.destroy();
      console.error(error);
      plain(response, 500, { detail: "Internal Server Error" });
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
  const { reset } = face;
  face.reset = () => {
    exchanges?.clear();
    reset();
  };
  const listening = server.address();
  const bound = typeof listening === "object" && listening ? listening.port : port;

  /** @type {Promise<void> | undefined} */
  let closing;
  return Object.assign(face, {
    url: `http://${address.includes(":") ? `[${address}]` : address}:${bound}`,
    port: bound,
    ...aside,
    /** Ends every connection, including stalled ones, and frees the port. Later calls return the same promise. */
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

/** What a fault does to a response whose status is never sent. */
const NO_STATUS = new Set(["cut-before-headers", "stall-headers"]);

/** @param {IncomingMessage} request */
const isConsole = ({ headers }) => headers[CONSOLE_HEADER] !== undefined;

/**
 * @param {IncomingMessage} request
 * @param {ServerResponse} response
 */
function preflight(request, response) {
  const asked = request.headers["access-control-request-headers"];
  send(response, 204, {
    "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
    // `*` does not cover Authorization, so the requested headers are named.
    ...(asked === undefined ? {} : { "access-control-allow-headers": asked }),
    "access-control-max-age": "600",
    vary: "access-control-request-headers",
  });
  return 204;
}

/**
 * @param {ServerResponse} response
 * @param {number} status
 * @param {unknown} data
 * @param {Record<string, string>} [more]
 */
function plain(response, status, data, more = {}) {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return status;
  }
  const body = JSON.stringify(data);
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
