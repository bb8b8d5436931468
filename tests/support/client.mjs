// What most tests begin with: a quiet client of a test server, one operation of each effect class, and
// the private things that must show up nowhere.
import assert from "node:assert/strict";
import { AgentPhone, AgentPhoneError } from "agentphone-wasm";

/** @import { Foreign } from "./foreign.js" */
/** @import { AnyAgentPhoneError, ClientOptions, RequestOptions } from "agentphone-wasm" */

/** The key of every test client. */
export const KEY = "sk_test_not_a_real_key_4711";
/** Whom the tests call. */
export const PHONE = "+14155550100";
/** What they write. */
export const TEXT = "the plan is secret";

/**
 * A client that logs nothing. `where`: a server, or its address.
 * @param {string | { url: string }} where @param {Partial<ClientOptions>} [options]
 */
export const clientOf = (where, options = {}) =>
  new AgentPhone({ apiKey: KEY, baseUrl: typeof where === "string" ? where : where.url, logLevel: "off", ...options });

/** A client whose requests are kept, and all get `body` as their response. */
export const recorded = (body = { data: [], id: "1" }, options = {}) => {
  /** @type {Foreign[]} */
  const requests = [];
  const fetch = async (/** @type {string | URL} */ url, /** @type {Foreign} */ init) => {
    requests.push({
      method: init.method,
      url: new URL(url),
      body: init.body && JSON.parse(init.body),
      headers: new Headers(init.headers),
    });
    return Response.json(body);
  };
  return {
    requests,
    client: clientOf("http://x.test", { fetch, ...options }),
  };
};

/** One operation of each effect class, with the place it is sent to. @type {Record<"read" | "idempotent" | "effect", { place: string, call: (client: AgentPhone, options?: RequestOptions) => Promise<unknown> }>} */
export const CLASSES = {
  read: { place: "GET /v1/calls/call_1", call: (client, options) => client.calls.get("call_1", options) },
  idempotent: { place: "POST /v1/calls/call_1/end", call: (client, options) => client.calls.end("call_1", options) },
  effect: {
    place: "POST /v1/calls",
    call: (client, options) => client.calls.create({ agentId: "agt_1", toNumber: PHONE }, options),
  },
};

/** Sends the private text. @param {AgentPhone} client @param {RequestOptions} [options] */
export const sendText = (client, options) =>
  client.messages.send({ agent_id: "agt_1", to_number: PHONE, body: TEXT }, options);

/** The client's error that `promise` rejects with; anything else fails the test. @param {PromiseLike<unknown>} promise @returns {Promise<AnyAgentPhoneError>} */
export async function failureOf(promise) {
  const [outcome] = await Promise.allSettled([promise]);
  if (outcome.status === "fulfilled") assert.fail(`resolved with ${JSON.stringify(outcome.value)}`);
  const error = outcome.reason;
  assert.ok(error instanceof AgentPhoneError, `rejected with no AgentPhoneError: ${error}`);
  return /** @type {AnyAgentPhoneError} */ (error);
}

/**
 * Fails if `text` shows the key, the phone number or the text.
 * @param {string | string[] | undefined} text @param {string} what
 */
export function assertPrivate(text, what) {
  if (text === undefined) assert.fail(`${what} is missing`);
  for (const secret of [KEY, PHONE, PHONE.slice(1), TEXT]) {
    assert.ok(!text.includes(secret), `${what} shows ${secret}: ${text}`);
  }
}

/**
 * Starts a call and resolves when its first attempt has failed and it waits to be sent again. The
 * promise comes in a box: a bare one would be awaited.
 * @template T
 * @param {(options: RequestOptions) => Promise<T>} start @param {RequestOptions} [options] @returns {Promise<{ promise: Promise<T> }>}
 */
export async function untilRetry(start, options) {
  return new Promise((waits) => {
    const promise = start({ ...options, hooks: { onRetry: () => waits({ promise }) } });
    promise.catch(() => {});
  });
}

/** Waits. */
export const sleep = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
