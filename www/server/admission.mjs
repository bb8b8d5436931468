// @ts-check
// Who may ask. Whoever gets through can spend money, so this demands the secret of the run for everything but the
// page's own files, and exactly the host name of the run: a page of another origin, a renamed host (DNS rebinding)
// or another user of this machine has neither.

import { createHash, timingSafeEqual } from "node:crypto";
import { SECRET_HEADER } from "../src/session/live-secret.js";

/** @typedef {import("node:http").IncomingMessage} IncomingMessage */
/** @typedef {{ host: string, port: number, secret: string }} Run `host`: as browsers send it. */
/** @typedef {{ status: number, detail: string }} Refusal */

const OPEN_PRINTED = "This address is not that of the run. Open the one that was printed last.";
/** The hosts of runs: a tab of an earlier one still asks under its name. */
const RUN_NAME = /^live-[0-9a-f]+\.localhost(?::\d+)?$/;

/** The header of that name, in which browsers leave out port 80. @param {string} name @param {number} port */
export const hostOf = (name, port) => new URL(`http://${name}:${port}`).host;

/**
 * Why a request is refused, or undefined for one that may go on.
 * @param {IncomingMessage} request
 * @param {Run} run
 * @param {boolean} file Whether it asks for one of the page's own files, which hold nothing secret.
 * @returns {Refusal | undefined}
 */
export function refuse({ headers, method }, run, file) {
  const { host = "" } = headers;
  const plain = [hostOf("127.0.0.1", run.port), hostOf("localhost", run.port)].includes(host);
  if (host !== run.host && !plain)
    return { status: 403, detail: RUN_NAME.test(host) ? OPEN_PRINTED : "This host name is not served here." };
  if (headers.origin !== undefined && headers.origin !== `http://${run.host}`)
    return { status: 403, detail: "Requests of other origins are refused." };
  const site = headers["sec-fetch-site"];
  const followsLink =
    file && method === "GET" && headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
  if (site !== undefined && site !== "same-origin" && site !== "none" && !followsLink)
    return { status: 403, detail: "Requests of other sites are refused." };
  // The console has no service worker. One that somebody managed to register would see every request, the secret included.
  if (headers["service-worker"] !== undefined || headers["sec-fetch-dest"] === "serviceworker")
    return { status: 403, detail: "There is no service worker here." };
  if (!file && !same(headers[SECRET_HEADER], run.secret)) return { status: 401, detail: OPEN_PRINTED };
  if (plain) return { status: 403, detail: OPEN_PRINTED };
  return undefined;
}

/** @param {string | string[] | undefined} given @param {string} secret */
function same(given, secret) {
  if (typeof given !== "string") return false;
  // Digests have one length, so that the comparison tells nothing about the secret's.
  const [left, right] = [given, secret].map((text) => createHash("sha256").update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}
