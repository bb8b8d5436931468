// @ts-check
// The control paths of single deliveries: what was sent in each attempt and what the server responded, and one more
// attempt. The engine logs only the latest response, and drops the body once a delivery is finished.

/** @import { Answer, Host } from "./host.mjs" */

const PATH = /^\/__sandbox\/deliveries\/([^/]+)(\/resend)?$/;
const encoder = new TextEncoder();

/**
 * Handles `GET /__sandbox/deliveries/{id}` and `POST …/{id}/resend`; undefined for any other request.
 * @param {Host} host
 * @param {string} method
 * @param {string} path
 * @returns {Answer | { status: number, data: unknown } | undefined}
 */
export function answerAttempts(host, method, path) {
  const [, id, resend] = PATH.exec(path) ?? [];
  if (id === undefined) return undefined;
  const attempts = host.attempts(decoded(id));
  if (resend === undefined)
    return method === "GET" || method === "HEAD" ? { status: 200, data: { data: attempts } } : undefined;
  if (method !== "POST") return undefined;
  const body = encoder.encode(JSON.stringify({ body: attempts.at(-1)?.body }));
  return host.handle(method, path, "content-type: application/json\n", body);
}

/** @param {string} id */
function decoded(id) {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
