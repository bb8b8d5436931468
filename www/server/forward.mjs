// @ts-check
// Passes a request of the page on to the API, with the key, and the answer back. Whatever the API answers, the page
// gets an answer and this process goes on; and what the answer says is true: 503 with Retry-After only where nothing
// can have been sent, 502 where nobody knows.

import { request as askPlain, Agent as PlainAgent } from "node:http";
import { request as askTls, Agent as TlsAgent } from "node:https";
import { pipeline } from "node:stream";
import { headersOf } from "../../sandbox/node/exchanges.mjs";
import { headOf, hopByHop } from "./answer.mjs";
import { KeyMask } from "./key-mask.mjs";
import { spellingsOf } from "./key-spellings.mjs";
import { API_HEADERS, sendProblem } from "./respond.mjs";
import { Tap } from "./tap.mjs";
import { isKeyless, unfit } from "./target.mjs";

/** @typedef {import("node:http").IncomingMessage} IncomingMessage */
/** @typedef {import("node:http").ServerResponse} ServerResponse */

/** What the page may tell the API. */
const ONWARD = ["accept", "content-type", "range", "x-sub-account-id"];
/** Bytes of a request. The longest text of the contract fits many times. */
const MAX_BODY = 8 * 1024 * 1024;

/** @param {{ apiKey: string, baseUrl: string, exchanges: import("../../sandbox/node/exchanges.mjs").Exchanges }} options */
export function createForwarder({ apiKey, baseUrl, exchanges }) {
  const upstream = new URL(baseUrl);
  const spellings = spellingsOf(apiKey);
  const secure = upstream.protocol === "https:";
  const ask = secure ? askTls : askPlain;
  // For reads alone: an idle connection may end in the moment in which it is used again, and for a call or a text
  // nobody could then tell whether it was heard.
  const agent = secure ? new TlsAgent({ keepAlive: true }) : new PlainAgent({ keepAlive: true });

  /** @param {IncomingMessage} request @param {ServerResponse} response */
  async function forward(request, response) {
    const { method = "", url = "" } = request;
    const problem = unfit(request);
    if (problem !== undefined) return sendProblem(response, problem.status, problem.detail);
    const hops = hopByHop(request.headers);
    const unsure = ONWARD.find((name) => hops.has(name));
    // To leave out the sub-account, for one, would act in the main account.
    if (unsure !== undefined) return sendProblem(response, 400, `The header connection must not name ${unsure}.`);
    const body = await bodyOf(request);
    if (body === undefined) return sendProblem(response, 413, `A request must not be longer than ${MAX_BODY} bytes.`);
    // The page may have left meanwhile: then nothing must happen any more.
    if (response.destroyed) return;

    /** @type {Record<string, string | number | string[]>} */
    const headers = { "user-agent": "agentphone-wasm-console", "accept-encoding": "identity" };
    for (const name of ONWARD)
      if (request.headers[name] !== undefined) headers[name] = /** @type {string} */ (request.headers[name]);
    if (method !== "GET" && method !== "DELETE") headers["content-length"] = body.length;
    // Of what the page has sent only what goes on, and the key by its place alone.
    const told = Object.entries(headersOf(request.rawHeaders)).filter(([name]) => ONWARD.includes(name));
    const shown = { ...Object.fromEntries(told), ...(isKeyless(url) ? {} : { authorization: "Bearer ***" }) };
    const noted = exchanges.begin({ method, target: url, headers: shown, body }, response);
    if (!isKeyless(url)) headers.authorization = `Bearer ${apiKey}`;
    const onward = ask({
      method,
      host: upstream.hostname.replace(/^\[|\]$/g, ""),
      port: upstream.port,
      path: upstream.pathname.replace(/\/$/, "") + url,
      headers,
      agent: method === "GET" ? agent : false,
    });
    const fail = (/** @type {number} */ status, /** @type {string} */ detail) => {
      // Half an answer is passed on as half an answer, so that the page's client knows that it lacks the rest.
      if (response.headersSent) response.destroy();
      else {
        noted.answered({ status, headers: {}, body: Buffer.from(JSON.stringify({ detail })) });
        sendProblem(response, status, detail, status === 503 ? { "retry-after": "1" } : {});
      }
      onward.destroy();
    };

    let connected = false;
    onward.once("socket", (socket) => {
      const connecting = /** @type {import("node:tls").TLSSocket & { secureConnecting?: boolean }} */ (socket);
      connected = !(secure ? connecting.secureConnecting : connecting.connecting);
      socket.once(secure ? "secureConnect" : "connect", () => (connected = true));
    });
    onward.on("response", (came) => {
      const head = headOf(came, spellings);
      if ("fault" in head) return fail(502, `The API's answer is not valid. ${head.fault}`);
      response.writeHead(head.status, { ...API_HEADERS, ...head.headers });
      response.flushHeaders();
      const tap = new Tap((body, size) => noted.answered({ ...head, body, size }));
      pipeline(came, new KeyMask(apiKey), tap, response, () => {});
    });
    onward.on("upgrade", () => fail(502, "The API's answer is not valid. It changes the protocol."));
    onward.on("error", (/** @type {NodeJS.ErrnoException} */ { code = "" }) => {
      const which = /^[A-Z0-9_]+$/.test(code) ? ` (${code})` : "";
      // Node's parser of HTTP.
      if (code.startsWith("HPE_")) fail(502, `The API's answer is not valid${which}.`);
      else if (connected) fail(502, `The connection to the API broke before its answer was complete${which}.`);
      else fail(503, `The API cannot be reached from this machine; nothing was sent${which}.`);
    });
    onward.on("close", () => {
      if (!response.headersSent) fail(502, "The connection to the API ended without an answer.");
    });
    response.on("close", () => onward.destroy());
    onward.end(body);
  }

  return { forward, close: () => agent.destroy() };
}

/**
 * The body of a request, whole before any of it is sent: a page that is closed halfway has sent nothing. Undefined
 * if it is too long.
 * @param {IncomingMessage} request
 * @returns {Promise<Buffer | undefined>}
 */
function bodyOf(request) {
  return new Promise((resolve, reject) => {
    if (Number(request.headers["content-length"] ?? 0) > MAX_BODY) return resolve(undefined);
    /** @type {Buffer[]} */
    const chunks = [];
    let length = 0;
    request.on("data", (/** @type {Buffer} */ chunk) => {
      length += chunk.length;
      chunks.push(chunk);
      if (length <= MAX_BODY) return;
      request.pause();
      resolve(undefined);
    });
    request.on("end", () => resolve(Buffer.concat(chunks)));
    request.on("close", () => reject(new Error("The page left.")));
  });
}
