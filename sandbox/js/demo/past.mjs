// @ts-check
// Drives an engine through a time that is over: requests at their instants, and between them all that time
// brings about, webhooks answered as they go out.

/** @import { Engine } from "../host.mjs" */
/** @import { Receiver } from "./receiver.mjs" */

/** Milliseconds that a server of the demonstration takes for its answer. */
const LATENCY = 140;
const decoder = new TextDecoder();
const encoder = new TextEncoder();
const HEADERS = "authorization: Bearer sk_demo\ncontent-type: application/json\n";

/**
 * A request of the demonstration's own.
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

  /** Answers what goes out, and what goes out because of that. */
  function answer() {
    for (let out = engine.takeOutbox(); out.length > 0; out = engine.takeOutbox()) {
      for (const output of out) {
        if (output.kind !== "send") continue;
        const reply = receiver.reply(output);
        const at = now + LATENCY;
        if ("error" in reply) {
          engine.sentFailed(output.id, reply.error, at);
          continue;
        }
        engine.sentHead(output.id, reply.status, "content-type: application/json\n", at);
        engine.sentBody(output.id, encoder.encode(reply.body), at);
        engine.sentEnd(output.id, at);
      }
    }
  }

  return {
    /** Lets time pass, each thing at its own instant. @param {number} until */
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
