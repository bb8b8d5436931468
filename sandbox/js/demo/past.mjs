// @ts-check
// Drives an engine through past time: sends requests at their instants, runs everything due between them, and
// responds to webhooks as they are sent.

/** @import { Engine, Sent } from "../host.mjs" */
/** @import { Receiver } from "./receiver.mjs" */

/** Response time of the demo's servers, in milliseconds. */
const LATENCY = 140;
/** How many of its webhooks are kept for inspection. */
const REMEMBERED = 1000;
const JSON_TYPE = "application/json";
const decoder = new TextDecoder();
const encoder = new TextEncoder();
const HEADERS = "authorization: Bearer sk_demo\ncontent-type: application/json\n";

/**
 * A request by the demo itself.
 * @param {Engine} engine
 * @param {number} at
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {string} [headers]
 * @returns {{ status: number, data: any }}
 */
export function request(engine, at, method, path, body, headers = "") {
  const bytes = engine.handle(
    method,
    path,
    HEADERS + headers,
    encoder.encode(body === undefined ? "" : JSON.stringify(body)),
    at,
  );
  const end = bytes.indexOf(0);
  const { status } = JSON.parse(decoder.decode(bytes.subarray(0, end)));
  return { status, data: JSON.parse(decoder.decode(bytes.subarray(end + 1)) || "null") };
}

/**
 * @param {Engine} engine
 * @param {Receiver} receiver
 */
export function createPast(engine, receiver) {
  let now = 0;
  /** @type {Sent[]} */
  const sent = [];

  /** Responds to outgoing requests, and to those that follow from the responses. */
  function answer() {
    for (let out = engine.takeOutbox(); out.length > 0; out = engine.takeOutbox()) {
      for (const output of out) {
        if (output.kind !== "send") continue;
        const reply = receiver.reply(output);
        const at = now + LATENCY;
        const { url, headers, body } = output;
        const failed = "error" in reply;
        sent.push({
          at: new Date(now).toISOString(),
          url,
          headers,
          body,
          status: failed ? null : reply.status,
          error: failed ? reply.error : null,
          ms: LATENCY,
          response: failed ? null : { headers: { "content-type": JSON_TYPE }, body: reply.body },
        });
        if (sent.length > REMEMBERED) sent.shift();
        if ("error" in reply) {
          engine.sentFailed(output.id, reply.error, at);
          continue;
        }
        engine.sentHead(output.id, reply.status, `content-type: ${JSON_TYPE}\n`, at);
        engine.sentBody(output.id, encoder.encode(reply.body), at);
        engine.sentEnd(output.id, at);
      }
    }
  }

  return {
    /** The latest webhooks, oldest first. */
    sent,

    /** Lets time pass, running each task at its own instant. @param {number} until */
    pass(until) {
      for (let due = engine.nextDue(); due !== undefined && due <= until; due = engine.nextDue()) {
        now = Math.max(now, due);
        engine.advance(now);
        answer();
      }
      now = Math.max(now, until);
    },

    /**
     * @param {string} method
     * @param {string} path
     * @param {unknown} [body]
     * @param {string} [headers]
     */
    ask(method, path, body, headers) {
      const given = request(engine, now, method, path, body, headers);
      answer();
      return given;
    },
  };
}

/** @typedef {ReturnType<typeof createPast>} Past */
