// @ts-check
// Gives the engine what it lacks: a clock that wakes it, and a network for its webhooks. Streams are
// passed on to whoever answers the request. No sockets of a server here, so that a server and a page
// can share it.

/** @import { Clock } from "./clock.mjs" */
/** @typedef {import("../dist/agentphone_sandbox.js").Engine} Engine */
/** @typedef {{ chunk(bytes: string | Uint8Array): void, end(): void }} Sink */

/**
 * @param {Engine} engine
 * @param {Clock} clock
 * @param {typeof fetch} [network] Sends the webhooks.
 */
export function createHost(engine, clock, network = fetch) {
  /** @type {Map<number, Sink>} */
  const sinks = new Map();
  /**
   * Chunks that came before the sink: the answer is still held back by a delay.
   * @type {Map<number, { bytes: string | Uint8Array, end: boolean }[]>}
   */
  const early = new Map();
  /** @type {Map<number, AbortController>} */
  const sends = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let closed = false;

  /** Does what the engine asks, then sleeps until it has something to do. */
  function settle() {
    if (closed) return;
    for (const output of engine.takeOutbox()) {
      if (output.kind === "chunk") give(output.stream, output);
      else if (output.kind === "abort") sends.get(output.id)?.abort();
      else void send(output);
    }
    clearTimeout(timer);
    const due = engine.nextDue();
    const wait = due === undefined ? Infinity : clock.wait(due);
    if (wait !== Infinity) timer = setTimeout(wake, wait);
  }

  function wake() {
    engine.advance(clock.now());
    settle();
  }

  /**
   * @param {number} stream
   * @param {{ bytes: string | Uint8Array, end: boolean }} piece
   */
  function give(stream, piece) {
    const sink = sinks.get(stream);
    if (!sink) return void early.get(stream)?.push(piece);
    if (piece.bytes.length > 0) sink.chunk(piece.bytes);
    if (!piece.end) return;
    sinks.delete(stream);
    sink.end();
  }

  /** @param {Extract<ReturnType<Engine["takeOutbox"]>[number], { kind: "send" }>} outgoing */
  async function send({ id, url, headers, body }) {
    const abort = new AbortController();
    sends.set(id, abort);
    /** @param {() => void} tell */
    const report = (tell) => {
      if (closed || abort.signal.aborted) return;
      tell();
      settle();
    };
    try {
      const response = await network(url, {
        method: "POST",
        headers,
        body,
        redirect: "manual",
        signal: abort.signal,
      });
      report(() => engine.sentHead(id, response.status, [...response.headers], clock.now()));
      for await (const piece of response.body ?? []) {
        report(() => engine.sentBody(id, piece, clock.now()));
      }
      report(() => engine.sentEnd(id, clock.now()));
    } catch (error) {
      report(() => engine.sentFailed(id, reason(error), clock.now()));
    } finally {
      sends.delete(id);
    }
  }

  return {
    /**
     * Answers a request. The chunks of `answer.stream` wait until `attach` or `leave`.
     * @param {string} method
     * @param {string} target
     * @param {[string, string][]} headers
     * @param {string} body
     */
    handle(method, target, headers, body) {
      const answer = engine.handle(method, target, headers, body, clock.now());
      if (answer.stream != null) early.set(answer.stream, []);
      settle();
      return answer;
    },

    /**
     * Says where the chunks of a stream go.
     * @param {number} stream
     * @param {Sink} sink
     */
    attach(stream, sink) {
      sinks.set(stream, sink);
      const waiting = early.get(stream) ?? [];
      early.delete(stream);
      for (const piece of waiting) give(stream, piece);
    },

    /**
     * The client of a stream has gone. Safe to call again and after the end.
     * @param {number} stream
     */
    leave(stream) {
      if (closed || !(sinks.delete(stream) || early.delete(stream))) return;
      engine.closed(stream);
      settle();
    },

    /** After the clock was moved. */
    wake,

    /** Ends timers and requests. The engine is not freed. */
    close() {
      closed = true;
      clearTimeout(timer);
      for (const abort of sends.values()) abort.abort();
    },
  };
}

/**
 * What went wrong in few words. A fetch hides it in the cause, and a name looked up in vain gives
 * several causes at once.
 * @param {unknown} error
 */
function reason(error) {
  const { cause, message } = /** @type {Error & { cause?: { code?: string, message?: string } }} */ (error);
  return cause?.code ?? (cause?.message || message);
}
