// @ts-check
// Keeps the latest requests with their responses, to show what a program has sent. Used by the sandbox over HTTP
// and by the console's proxy. Held in memory only, limited in size, and without keys.

/** @typedef {import("node:http").ServerResponse} ServerResponse */
/** @typedef {Record<string, string>} Headers */

/**
 * A request and its response, without headers and bodies. `status`: null until there is a response, and for good if it
 * is never sent. `done`: the exchange is over. `outcome`: what a fault did to the response, `normal` if nothing;
 * `closed` if the client disconnected early. `seq` increases with each change.
 * @typedef {{
 *   id: number, seq: number, at: number, method: string, target: string, operation: string | null, fault: string | null,
 *   status: number | null, outcome: string, done: boolean, ms: number | null, requestId: string | null,
 *   idempotencyKey: string | null, account: string | null, print: string, sent: number, received: number,
 * }} Exchange
 */
/** A body as text, which may be truncated; `size` is in bytes. `text` is null if the body is not text. @typedef {{ text: string | null, size: number, cut: boolean }} Body */
/** @typedef {Exchange & { request: { headers: Headers, body: Body }, response: { headers: Headers, body: Body } }} FullExchange */

/** The header with which the console marks its own requests. */
export const CONSOLE_HEADER = "x-agentphone-console";

/** Limits: number of exchanges, characters per body, and characters in total. */
const KEPT = 500;
export const LONGEST = 64 * 1024;
const MOST = 16 * 1024 * 1024;
/** Headers that contain credentials. */
const HIDDEN = /^(?:authorization|proxy-authorization|cookie|set-cookie|x-api-key|x-console-secret)$/;
/** API keys and webhook secrets, anywhere in a text. */
const SECRET = /\b(sk|whsec)_[\w+/=-]+/g;
const TEXT = /json|text|xml|urlencoded|event-stream/;

/** @param {string} text */
const masked = (text) => text.replaceAll(SECRET, "$1_***");

/** @param {Headers} headers @returns {Headers} */
const hidden = (headers) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, HIDDEN.test(name) ? hiddenValue(value) : masked(value)]),
  );

/** Keeps the scheme, because a missing `Bearer` is a common mistake. @param {string} value */
const hiddenValue = (value) => (/^bearer /i.test(value) ? "Bearer ***" : "***");

const decoder = new TextDecoder();

/** @param {Uint8Array} bytes @param {string} type @param {number} [size] @returns {Body} */
function bodyOf(bytes, type, size = bytes.length) {
  if (size > 0 && type !== "" && !TEXT.test(type)) return { text: null, size, cut: false };
  const text = masked(decoder.decode(bytes.subarray(0, LONGEST)));
  return { text, size, cut: size > LONGEST };
}

/** FNV-1a: shows whether two bodies are equal without keeping them. @param {Uint8Array} bytes */
function printOf(bytes) {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(36);
}

/** Names are in lower case; repeated headers are joined. @param {string[]} raw As `rawHeaders` of Node. @returns {Headers} */
export function headersOf(raw) {
  /** @type {Headers} */
  const all = {};
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] ?? "").toLowerCase();
    all[name] = all[name] === undefined ? (raw[i + 1] ?? "") : `${all[name]}, ${raw[i + 1]}`;
  }
  return all;
}

/** Keeps the latest exchanges. @param {{ kept?: number, now?: () => number }} [options] */
export function createExchanges({ kept = KEPT, now = Date.now } = {}) {
  /** @type {FullExchange[]} */
  let all = [];
  let weight = 0;
  let ids = 0;
  let changes = 0;

  /** @param {FullExchange} one */
  const weightOf = ({ request, response }) => (request.body.text?.length ?? 0) + (response.body.text?.length ?? 0);

  function trim() {
    while (all.length > kept || (weight > MOST && all.length > 1)) {
      const oldest = all.shift();
      if (oldest !== undefined) weight -= weightOf(oldest);
    }
  }

  /** @param {FullExchange} one @param {Partial<FullExchange>} change */
  function set(one, change) {
    const counts = all.includes(one);
    if (counts) weight -= weightOf(one);
    Object.assign(one, change, { seq: (changes += 1) });
    if (!counts) return;
    weight += weightOf(one);
    trim();
  }

  return {
    /**
     * Records a request.
     * @param {{ method: string, target: string, headers: Headers, body: Uint8Array }} request
     * @param {ServerResponse} response Its events show when the exchange is over.
     */
    begin({ method, target, headers, body }, response) {
      const began = performance.now();
      /** @type {FullExchange} */
      const one = {
        id: (ids += 1),
        seq: (changes += 1),
        at: now(),
        method,
        target: masked(target).slice(0, 2000),
        operation: null,
        fault: null,
        status: null,
        outcome: "normal",
        done: false,
        ms: null,
        requestId: null,
        idempotencyKey: headers["idempotency-key"] ?? null,
        account: headers["x-sub-account-id"] ?? null,
        print: printOf(body),
        sent: body.length,
        received: 0,
        request: { headers: hidden(headers), body: bodyOf(body, headers["content-type"] ?? "") },
        response: { headers: {}, body: { text: "", size: 0, cut: false } },
      };
      all.push(one);
      weight += weightOf(one);
      trim();
      response.once("close", () => {
        const whole = response.writableFinished || one.outcome !== "normal";
        set(one, { done: true, ms: performance.now() - began, outcome: whole ? one.outcome : "closed" });
      });
      return {
        /**
         * Records the response, or the beginning of one, and again when more is known. `size`: the full size, if `body`
         * is only the beginning.
         * @param {{ status: number | null, headers: Headers, body: Uint8Array, size?: number, operation?: string | null, fault?: string | null, outcome?: string }} answer
         */
        answered({
          status,
          headers: told,
          body: bytes,
          size = bytes.length,
          operation = null,
          fault = null,
          outcome = "normal",
        }) {
          set(one, {
            status,
            operation,
            fault,
            // What comes in after the client has left does not reach it.
            outcome: one.outcome === "closed" ? one.outcome : outcome,
            requestId: told["x-request-id"] ?? null,
            received: size,
            response: { headers: hidden(told), body: bodyOf(bytes, told["content-type"] ?? "", size) },
          });
        },
      };
    },
    /** Exchanges changed since `after`, oldest change first. @param {number} after */
    since(after) {
      const data = all.filter(({ seq }) => seq > after).sort((one, other) => one.seq - other.seq);
      return {
        data: data.map(({ request: _, response: __, ...head }) => head),
        last: changes,
        // Clients that know older ones drop them.
        first: all[0]?.id ?? ids + 1,
      };
    },
    /** @param {number} id @returns {FullExchange | undefined} */
    get: (id) => all.find((one) => one.id === id),
    clear() {
      all = [];
      weight = 0;
      changes += 1;
    },
  };
}

/** @typedef {ReturnType<typeof createExchanges>} Exchanges */

const PATH = /^\/__sandbox\/exchanges(?:\/(\d+))?(?:\?(.*))?$/;

/**
 * Responds to the log's control paths: `GET /__sandbox/exchanges?after=n`, `GET …/exchanges/n` and `DELETE
 * …/exchanges`.
 * Returns undefined for any other target.
 * @param {Exchanges} exchanges
 * @param {string} method
 * @param {string} target
 * @returns {{ status: number, body: unknown } | undefined}
 */
export function answerExchanges(exchanges, method, target) {
  const found = PATH.exec(target);
  if (found === null) return undefined;
  const [, id, query] = found;
  if (method === "DELETE" && id === undefined) {
    exchanges.clear();
    return { status: 200, body: { ok: true } };
  }
  if (method !== "GET" && method !== "HEAD") return { status: 405, body: { detail: "Method Not Allowed" } };
  if (id === undefined) {
    const after = Number(new URLSearchParams(query).get("after") ?? 0);
    if (!Number.isSafeInteger(after) || after < 0)
      return { status: 400, body: { detail: "after must be a whole number of 0 or more" } };
    return { status: 200, body: exchanges.since(after) };
  }
  const one = exchanges.get(Number(id));
  return one === undefined
    ? { status: 404, body: { detail: "This request is not known. Only the latest are kept." } }
    : { status: 200, body: one };
}
