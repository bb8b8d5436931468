// @ts-check
// Who may ask. Whoever gets through can spend money, so this demands the secret of the run for everything but the
// page's own files, and exactly the host name of the run: a page of another origin, a renamed host (DNS rebinding)
// or another user of this machine has neither.

import { createHash, timingSafeEqual } from "node:crypto";
import { SECRET_HEADER } from "../src/session/live-secret.js";

/** @typedef {import("node:http").IncomingMessage} IncomingMessage */
/** @typedef {{ host: string, port: number, secret: string }} Run `host` with its port, as browsers send it. */
/** @typedef {{ status: number, detail: string }} Refusal */

const OPEN_PRINTED = "Open the address that npm start -- --live printed.";

/**
 * Why a request is refused, or undefined for one that may go on.
 * @param {IncomingMessage} request
 * @param {Run} run
 * @param {boolean} file Whether it asks for one of the page's own files, which hold nothing secret.
 * @returns {Refusal | undefined}
 */
export function refuse({ headers, method }, run, file) {
  // Whoever types one of these has mistaken the address; any other name is somebody else's.
  const names = [run.host, `127.0.0.1:${run.port}`, `localhost:${run.port}`];
  if (!names.includes(headers.host ?? "")) return { status: 403, detail: "This host name is not served here." };
  if (headers.origin !== undefined && headers.origin !== `http://${run.host}`) return { status: 403, detail: "Requests of other origins are refused." };
  const site = headers["sec-fetch-site"];
  const followsLink = file && method === "GET" && headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
  if (site !== undefined && site !== "same-origin" && site !== "none" && !followsLink) return { status: 403, detail: "Requests of other sites are refused." };
  // The console has no service worker. One that somebody managed to register would see every request, the secret included.
  if (headers["service-worker"] !== undefined || headers["sec-fetch-dest"] === "serviceworker") return { status: 403, detail: "There is no service worker here." };
  if (!file && !same(headers[SECRET_HEADER], run.secret)) return { status: 401, detail: OPEN_PRINTED };
  if (headers.host !== run.host) return { status: 403, detail: OPEN_PRINTED };
  return undefined;
}

/** @param {string | string[] | undefined} given @param {string} secret */
function same(given, secret) {
  if (typeof given !== "string") return false;
  // Digests have one length, so that the comparison tells nothing about the secret's.
  const [left, right] = [given, secret].map((text) => createHash("sha256").update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}
