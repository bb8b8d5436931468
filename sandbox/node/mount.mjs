// @ts-check
// Paths that a program adds to this server's address, e.g. the campaigns of the command line. They are functions from a
// `Request` to a `Response`, and can be reached only by pages of this very address: they may show what the sandbox itself
// does not have.

import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** @typedef {import("node:http").IncomingMessage} IncomingMessage */
/** @typedef {import("node:http").ServerResponse} ServerResponse */
/** @typedef {import("../js/types.js").Mount} Mount */

/** Nothing stays in the browser, and no other site can read it, frame it or run it. */
const HEADERS = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
  "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
};

/** Bytes of a request's body. */
const MOST_BODY = 64 * 1024;
const MOST_READ = 16 * MOST_BODY;

/** Whether a path belongs to what is mounted. @param {Mount | undefined} mount @param {string} target @returns {mount is Mount} */
export const isMounted = (mount, target) => {
  const [path = ""] = target.split("?", 1);
  return mount !== undefined && (path === mount.path || path.startsWith(`${mount.path}/`));
};

/** Whether a request may come from a page of another address. Requests of programs say nothing of a page. @param {IncomingMessage} request */
export const isForeign = ({ headers }) => {
  const { origin, host } = headers;
  const site = headers["sec-fetch-site"];
  return (
    (origin !== undefined && origin !== `http://${host}`) ||
    (site !== undefined && site !== "same-origin" && site !== "none")
  );
};

/** @param {IncomingMessage} request @returns {Promise<Buffer | undefined>} Undefined if it is too long. */
const bodyOf = async (request) => {
  /** @type {Buffer[]} */
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    // To stop reading closes the connection, and the other side would not see why. So a little more is read.
    if (length > MOST_READ) return undefined;
    if (length <= MOST_BODY) chunks.push(chunk);
  }
  return length > MOST_BODY ? undefined : Buffer.concat(chunks);
};

/**
 * Passes a request on, and the response back.
 * @param {Mount} mount @param {IncomingMessage} request @param {ServerResponse} response
 */
export async function answerMounted(mount, request, response) {
  const answer = await answerOf(mount, request);
  response.writeHead(answer.status, { ...HEADERS, ...Object.fromEntries(answer.headers) });
  if (answer.body === null) return void response.end();
  // The other side may leave, and what is read may fail: either ends both.
  await pipeline(Readable.fromWeb(/** @type {any} */ (answer.body)), response).catch(() => response.destroy());
}

/** @param {Mount} mount @param {IncomingMessage} request @returns {Promise<Response>} */
async function answerOf(mount, request) {
  const { method = "GET", url = "/" } = request;
  // The handler judges the path; the host has no meaning.
  const target = `http://localhost${url}`;
  const headers = plainHeaders(request.headers);
  if (method === "GET" || method === "HEAD") return mount.fetch(new Request(target, { method, headers }));
  const body = await bodyOf(request);
  if (body === undefined) return Response.json({ detail: "The body is too long." }, { status: 413 });
  return mount.fetch(new Request(target, { method, headers, body: new Uint8Array(body) }));
}

/** @param {import("node:http").IncomingHttpHeaders} headers @returns {Record<string, string>} */
const plainHeaders = (headers) =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );
