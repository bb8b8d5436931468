// @ts-check
// Provides what the engine lacks: a clock that wakes it, and a network for its webhooks. Stream chunks go to the
// code that sends the response. It opens no server sockets, so that the server and the in-memory sandbox can share
// it.

import { LAST } from "./clock.mjs";
import { Broken } from "./engine.mjs";

/** @import { Clock } from "./clock.mjs" */
/** @typedef {import("./engine.mjs").SturdyEngine} Engine */
/** @typedef {{ chunk(bytes: string | Uint8Array): void, end(): void }} Sink */
/** @typedef {{ delayMs: number, action: string, bytes: number, everyMs: number }} Delivery */
/** @typedef {{ status: number, headers: Record<string, string>, stream: number | null, delivery: Delivery, operation: string | null, fault: string | null, body: Uint8Array<ArrayBuffer> }} Answer */
/** @typedef {{ due(): number, visit(at: number): void }} Scene */
/** @typedef {Extract<ReturnType<Engine["takeOutbox"]>[number], { kind: "send" }>} Outgoing */
/** @typedef {{ at: string, url: string, headers: Record<string, string>, body: string, status: number | null, error: string | null, ms: number | null, response: { headers: Record<string, string>, body: string } | null }} Sent */

/** How many webhooks are kept for inspection, and how many characters of their bodies. */
const REMEMBERED = 1000;
const REMEMBERED_LENGTH = 16 * 1024 * 1024;
/** How many bytes of each response are kept. */
const ANSWER = 16 * 1024;
/** A manual clock yields to other code after this many steps. */
const STEPS = 500;
/** More than the ids of one run, and small enough for sums to be exact. */
const EPOCH = 2 ** 40;
/** A timer for anything later than this does not keep the process alive. */
const SOON = 30_000;

const decoder = new TextDecoder();

/**
 * Splits the result of `Engine.handle`.
 * @param {Uint8Array} bytes
 * @returns {Answer}
 */
function open(bytes) {
  const end = bytes.indexOf(0);
  const head = JSON.parse(decoder.decode(bytes.subarray(0, end)));
  head.body = bytes.subarray(end + 1);
  return head;
}

/**
 * @param {Engine} engine
 * @param {Clock} clock
 * @param {(url: string, init: RequestInit) => Promise<Response>} [network] Sends the webhooks.
 * @param {() => void} [changed] Called when the state may have changed.
 * @param {Scene} [scene] Activity outside the engine, in the engine's time.
 * @param {boolean} [called] Whether the passing of time can call the user's code.
 */
export function createHost(
  engine,
  clock,
  network = (url, init) => fetch(url, init),
  changed = () => {},
  scene,
  called = false,
) {
  /** @type {Map<number, Sink>} */
  const sinks = new Map();
  /**
   * Chunks that arrived before their sink, while a delay still holds the response back.
   * @type {Map<number, { bytes: string | Uint8Array, end: boolean }[]>}
   */
  const early = new Map();
  /** @type {Map<number, { abort: AbortController, done: Promise<void> }>} */
  const sends = new Map();
  /** @type {Sent[]} */
  let deliveries = [];
  /** What was sent before this host: by a demo's past. @type {readonly Sent[]} */
  let earlier = [];
  /** Total length of their bodies. */
  let length = 0;
  /** Added to stream ids, because a new engine starts with the same ids. */
  let epoch = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** When `timer` fires, in the engine's time. */
  let set = Infinity;
  let closed = false;
  /** Runs advances of a manual clock one after the other. */
  let moving = Promise.resolve();
  /** When the last of them ends. */
  let goal = -Infinity;

  /** @param {number | undefined} due When the engine has something to do. */
  const next = (due) => Math.min(due ?? Infinity, scene?.due() ?? Infinity);

  /** Carries out what the engine asks for, then sleeps until its next task. */
  function settle() {
    if (closed) return;
    for (const output of engine.takeOutbox()) {
      if (output.kind === "chunk") deliverChunk(output.stream + epoch, output);
      else if (output.kind === "abort") sends.get(output.id)?.abort.abort();
      else start(output);
    }
    const due = next(engine.nextDue());
    // Most requests do not change the due time, and setting a timer costs more than they do.
    if (due === set) return;
    clearTimeout(timer);
    set = due;
    const wait = due === Infinity ? Infinity : clock.wait(due);
    if (wait === Infinity) return;
    timer = setTimeout(wake, wait);
    if (!isAwaited()) /** @type {{ unref?(): void }} */ (timer).unref?.();
  }

  /**
   * Whether something waits for time to pass that cannot keep a Node process alive on its own: the reader of a stream,
   * or a webhook callback. Heartbeats do not count.
   */
  function isAwaited() {
    if (sinks.size === 0 && !called) return false;
    const event = engine.nextEvent();
    return event !== undefined && clock.wait(event) <= SOON;
  }

  function wake() {
    if (closed) return;
    set = Infinity;
    ignoreBroken(() => {
      const now = clock.now();
      engine.advance(now);
      if (scene && scene.due() <= now) scene.visit(now);
      changed();
      settle();
    });
  }

  /** Runs `act` and ignores a broken engine, which has been handled already. @param {() => void} act */
  function ignoreBroken(act) {
    try {
      act();
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
    }
  }

  engine.onBreak = (broken) => {
    console.error(`agentphone-sandbox: ${broken.message}.`);
    if (closed) return;
    for (const { abort } of sends.values()) abort.abort();
    sends.clear();
    for (const sink of sinks.values()) sink.end();
    sinks.clear();
    early.clear();
    epoch += EPOCH;
    changed();
    // The failed call does not reach `settle`.
    clearTimeout(timer);
    set = -Infinity;
    timer = setTimeout(wake);
  };

  /**
   * @param {number} stream
   * @param {{ bytes: string | Uint8Array, end: boolean }} piece
   */
  function deliverChunk(stream, piece) {
    const sink = sinks.get(stream);
    if (!sink) return void early.get(stream)?.push(piece);
    if (piece.bytes.length > 0) sink.chunk(piece.bytes);
    if (!piece.end) return;
    sinks.delete(stream);
    sink.end();
  }

  /** @param {Outgoing} outgoing */
  function start(outgoing) {
    const { id, url, headers, body, timeoutMs } = outgoing;
    const abort = new AbortController();
    /** @type {Sent} */
    const sent = {
      at: new Date(clock.now()).toISOString(),
      url,
      headers,
      body,
      status: null,
      error: null,
      ms: null,
      response: null,
    };
    deliveries.push(sent);
    length += body.length;
    while (deliveries.length > 1 && (deliveries.length > REMEMBERED || length > REMEMBERED_LENGTH)) {
      length -= deliveries.shift()?.body.length ?? 0;
    }
    // The user's server works in real time, however fast this clock runs.
    const limit = setTimeout(() => {
      sent.error = "timeout";
      ignoreBroken(() => {
        engine.timedOut(id, clock.now());
        changed();
        settle();
      });
    }, timeoutMs);
    // Aborting the request is not enough: the user's function may ignore the signal and never settle.
    const aborted = new Promise((resolve) => abort.signal.addEventListener("abort", resolve));
    const done = Promise.race([send(outgoing, sent, abort.signal), aborted]).then(() => {
      clearTimeout(limit);
      if (sends.get(id)?.abort === abort) sends.delete(id);
    });
    sends.set(id, { abort, done });
  }

  /**
   * @param {Outgoing} outgoing
   * @param {Sent} sent
   * @param {AbortSignal} signal
   */
  async function send({ id, url, headers, body }, sent, signal) {
    /** @param {() => void} tell */
    const report = (tell) => {
      if (closed || signal.aborted) return;
      tell();
      changed();
      settle();
    };
    const began = performance.now();
    try {
      // Queue everything the engine asked for before the user's code runs.
      await undefined;
      const response = await network(url, { method: "POST", headers, body, redirect: "manual", signal });
      sent.status = response.status;
      const answer = { headers: Object.fromEntries(response.headers), body: "" };
      sent.response = answer;
      const reader = new TextDecoder();
      let room = ANSWER;
      report(() => engine.sentHead(id, response.status, lines(response.headers), clock.now()));
      for await (const piece of pieces(response.body)) {
        answer.body += reader.decode(piece.subarray(0, room), { stream: true });
        room -= Math.min(room, piece.length);
        report(() => engine.sentBody(id, piece, clock.now()));
      }
      sent.ms = performance.now() - began;
      report(() => engine.sentEnd(id, clock.now()));
    } catch (error) {
      sent.ms = performance.now() - began;
      sent.error ??= signal.aborted ? "aborted" : reason(error);
      report(() => engine.sentFailed(id, reason(error), clock.now()));
    }
  }

  function forget() {
    deliveries = [];
    earlier = [];
    length = 0;
  }

  /** Waits until the user's server has responded to everything in flight, or has timed out. */
  async function settled() {
    while (sends.size > 0 && !closed) await Promise.all([...sends.values()].map(({ done }) => done));
  }

  /** @param {number} ms */
  async function move(ms) {
    const advance = /** @type {(ms: number) => void} */ (clock.advance);
    const end = clock.now() + ms;
    await settled();
    for (let steps = 1; ; steps++) {
      // Lets other work run: stream readers, requests, a signal to stop.
      if (steps % STEPS === 0) await new Promise((resolve) => setTimeout(resolve));
      if (closed) return;
      const due = next(engine.nextEvent());
      advance(Math.max(0, Math.min(due, end) - clock.now()));
      wake();
      if (sends.size > 0) await settled();
      if (due > end) return;
    }
  }

  return {
    /**
     * Handles a request. The chunks of `answer.stream` wait until `attach` or `leave`.
     * @param {string} method
     * @param {string} target
     * @param {string} headers One per line.
     * @param {Uint8Array} body
     * @param {boolean} [guest]
     */
    handle(method, target, headers, body, guest) {
      const answer = open(engine.handle(method, target, headers, body, clock.now(), guest));
      if (answer.stream !== null) {
        answer.stream += epoch;
        early.set(answer.stream, []);
      }
      if (method !== "GET" && method !== "HEAD") changed();
      settle();
      if (answer.status === 429) inRealTime(answer.headers, clock);
      return answer;
    },

    /**
     * Sets the receiver of a stream's chunks.
     * @param {number} stream
     * @param {Sink} sink
     */
    attach(stream, sink) {
      const waiting = early.get(stream);
      // Its engine no longer exists.
      if (!waiting) return sink.end();
      sinks.set(stream, sink);
      early.delete(stream);
      if (isAwaited()) /** @type {{ ref?(): void } | undefined} */ (timer)?.ref?.();
      for (const piece of waiting) deliverChunk(stream, piece);
    },

    /**
     * The client has closed a stream. Can be called repeatedly, and after the end.
     * @param {number} stream
     */
    leave(stream) {
      if (closed || !(sinks.delete(stream) || early.delete(stream))) return;
      ignoreBroken(() => {
        engine.closed(stream - epoch);
        settle();
      });
    },

    /**
     * Moves a manual clock from one event to the next, so that each happens at its own time and the response of the
     * user's webhook is processed before time continues.
     * @param {number} ms
     * @returns {Promise<void>}
     */
    advance(ms) {
      const end = Math.max(goal, clock.now()) + ms;
      if (end > LAST) throw new RangeError("the clock cannot pass the end of the year 2100");
      goal = end;
      moving = moving.then(() => move(ms));
      return moving;
    },

    /**
     * Restores a saved state, and moves the clock forward to its time if that is later.
     * @param {string} snapshot
     */
    restore(snapshot) {
      clock.reach(engine.restore(snapshot));
      forget();
      changed();
      settle();
    },

    /** Runs what is due now, including tasks that no timer was set for. */
    wake,

    /** The webhooks that were sent, oldest first. */
    deliveries: () => deliveries.slice(),

    forget,

    /** Takes over what a demo's past has sent. @param {readonly Sent[]} sent */
    recall(sent) {
      earlier = sent;
    },

    /** The attempts of one delivery, oldest first. @param {string} id */
    attempts: (id) => [...earlier, ...deliveries].filter(({ headers }) => headers["x-webhook-id"] === id),

    /** Cancels timers and requests. The engine is not freed. */
    close() {
      closed = true;
      clearTimeout(timer);
      for (const { abort } of sends.values()) abort.abort();
      // A stream's reader must not wait for a closed sandbox.
      for (const sink of sinks.values()) sink.end();
      sinks.clear();
    },
  };
}

/** @typedef {ReturnType<typeof createHost>} Host */

/**
 * A rate limit ends by the sandbox's clock, but clients wait in real time.
 * @param {Record<string, string>} headers
 * @param {Clock} clock
 */
function inRealTime(headers, clock) {
  // Times in a fault rule are already real time.
  if (clock.speed === 1 || headers["x-ratelimit-reset"] === undefined) return;
  const wait = (Number(headers["retry-after"]) * 1000) / clock.speed;
  headers["retry-after"] = String(Math.ceil(wait / 1000));
  headers["x-ratelimit-reset"] = String(Math.ceil((Date.now() + wait) / 1000));
}

/**
 * Headers in the form the engine parses.
 * @param {Iterable<[string, string]>} headers
 */
export function lines(headers) {
  let text = "";
  for (const [name, value] of headers) text += `${name}: ${value}\n`;
  return text;
}

/**
 * Whether a response must not have a body. The constructor of `Response` throws when it gets one.
 * @param {string} method
 * @param {number} status
 */
export const isBodiless = (method, status) => method === "HEAD" || isEmpty(status);

/** Whether responses of this status never have a body. @param {number} status */
export const isEmpty = (status) => status === 204 || status === 205 || status === 304;

/**
 * Safari cannot iterate over a stream.
 * @param {ReadableStream<Uint8Array> | null} body
 */
async function* pieces(body) {
  const reader = body?.getReader();
  while (reader) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

/**
 * A short reason for an error. fetch hides it in the cause, and a failed DNS lookup may have several causes.
 * @param {unknown} error
 */
function reason(error) {
  if (!(error instanceof Error)) return "the request failed";
  const { cause, message } = /** @type {Error & { cause?: { code?: string, message?: string } }} */ (error);
  return cause?.code ?? (cause?.message || message);
}
