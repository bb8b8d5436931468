// @ts-check
// Gives the engine what it lacks: a clock that wakes it, and a network for its webhooks. Streams are
// passed on to whoever answers the request. No sockets of a server here, so that a server and a page
// can share it.

import { LAST } from "./clock.mjs";
import { Broken } from "./engine.mjs";

/** @import { Clock } from "./clock.mjs" */
/** @typedef {import("./engine.mjs").SturdyEngine} Engine */
/** @typedef {{ chunk(bytes: string | Uint8Array): void, end(): void }} Sink */
/** @typedef {{ delayMs: number, action: string, bytes: number, everyMs: number }} Delivery */
/** @typedef {{ status: number, headers: Record<string, string>, stream: number | null, delivery: Delivery, body: Uint8Array<ArrayBuffer> }} Answer */
/** @typedef {{ due(): number, visit(at: number): void }} Scene */
/** @typedef {Extract<ReturnType<Engine["takeOutbox"]>[number], { kind: "send" }>} Outgoing */
/** @typedef {{ at: string, url: string, headers: Record<string, string>, body: string, status: number | null, error: string | null }} Sent */

/** How many webhooks are remembered, and how many characters of their bodies. */
const REMEMBERED = 1000;
const REMEMBERED_LENGTH = 16 * 1024 * 1024;
/** So many steps of a manual clock are made without a pause. */
const STEPS = 500;
/** More than a run gives out ids, and little enough that sums of it are exact. */
const EPOCH = 2 ** 40;
/** No timer is set for anything later than this. */
const SOON = 30_000;

const decoder = new TextDecoder();

/**
 * The parts of what `Engine.handle` gives.
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
 * @param {() => void} [changed] Told when the state may be another.
 * @param {Scene} [scene] What happens beside the engine, in the engine's time.
 * @param {boolean} [called] Whether the user's code is called when time passes.
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
   * Chunks that came before the sink: the answer is still held back by a delay.
   * @type {Map<number, { bytes: string | Uint8Array, end: boolean }[]>}
   */
  const early = new Map();
  /** @type {Map<number, { abort: AbortController, done: Promise<void> }>} */
  const sends = new Map();
  /** @type {Sent[]} */
  let deliveries = [];
  /** How long their bodies are. */
  let length = 0;
  /** Added to the ids of streams, because a new engine starts with the same ids. */
  let epoch = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** When `timer` rings, in the engine's time. */
  let set = Infinity;
  let closed = false;
  /** One advance of a manual clock after the other. */
  let moving = Promise.resolve();
  /** Where the last of them ends. */
  let goal = -Infinity;

  /** @param {number | undefined} due When the engine has something to do. */
  const next = (due) => Math.min(due ?? Infinity, scene?.due() ?? Infinity);

  /** Does what the engine asks, then sleeps until it has something to do. */
  function settle() {
    if (closed) return;
    for (const output of engine.takeOutbox()) {
      if (output.kind === "chunk") give(output.stream + epoch, output);
      else if (output.kind === "abort") sends.get(output.id)?.abort.abort();
      else start(output);
    }
    const due = next(engine.nextDue());
    // Most requests change nothing here, and a timer costs more than they do.
    if (due === set) return;
    clearTimeout(timer);
    set = due;
    const wait = due === Infinity ? Infinity : clock.wait(due);
    if (wait === Infinity) return;
    timer = setTimeout(wake, wait);
    if (!isAwaited()) /** @type {{ unref?(): void }} */ (timer).unref?.();
  }

  /**
   * Whether somebody waits for what time brings, with nothing of their own that keeps a Node process alive: the reader of
   * a stream, or a function that is told of webhooks. Heartbeats are waited for by nobody.
   */
  function isAwaited() {
    if (sinks.size === 0 && !called) return false;
    const event = engine.nextEvent();
    return event !== undefined && clock.wait(event) <= SOON;
  }

  function wake() {
    if (closed) return;
    set = Infinity;
    withstand(() => {
      const now = clock.now();
      engine.advance(now);
      if (scene && scene.due() <= now) scene.visit(now);
      changed();
      settle();
    });
  }

  /** Without a result; a break has been handled already. @param {() => void} act */
  function withstand(act) {
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
    // The caller of the engine stops here.
    clearTimeout(timer);
    set = -Infinity;
    timer = setTimeout(wake);
  };

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

  /** @param {Outgoing} outgoing */
  function start(outgoing) {
    const { id, url, headers, body, timeoutMs } = outgoing;
    const abort = new AbortController();
    /** @type {Sent} */
    const sent = { at: new Date(clock.now()).toISOString(), url, headers, body, status: null, error: null };
    deliveries.push(sent);
    length += body.length;
    while (deliveries.length > 1 && (deliveries.length > REMEMBERED || length > REMEMBERED_LENGTH)) {
      length -= deliveries.shift()?.body.length ?? 0;
    }
    // The user's server works in real time, however fast this clock is.
    const limit = setTimeout(() => {
      sent.error = "timeout";
      withstand(() => {
        engine.timedOut(id, clock.now());
        changed();
        settle();
      });
    }, timeoutMs);
    // Not the end of the request alone: a user's function may never settle, and knows no signal.
    const gone = new Promise((resolve) => abort.signal.addEventListener("abort", resolve));
    const done = Promise.race([send(outgoing, sent, abort.signal), gone]).then(() => {
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
    try {
      // What the engine asked for is all in the queue before the user's code runs.
      await undefined;
      const response = await network(url, { method: "POST", headers, body, redirect: "manual", signal });
      sent.status = response.status;
      report(() => engine.sentHead(id, response.status, lines(response.headers), clock.now()));
      for await (const piece of pieces(response.body)) {
        report(() => engine.sentBody(id, piece, clock.now()));
      }
      report(() => engine.sentEnd(id, clock.now()));
    } catch (error) {
      sent.error ??= signal.aborted ? "aborted" : reason(error);
      report(() => engine.sentFailed(id, reason(error), clock.now()));
    }
  }

  /** Waits until the user's server has answered what is on its way to it, or has had its time. */
  async function quiet() {
    while (sends.size > 0 && !closed) await Promise.all([...sends.values()].map(({ done }) => done));
  }

  /** @param {number} ms */
  async function move(ms) {
    const advance = /** @type {(ms: number) => void} */ (clock.advance);
    const end = clock.now() + ms;
    await quiet();
    for (let steps = 1; ; steps++) {
      // Others have their turn: readers of streams, requests, a signal to stop.
      if (steps % STEPS === 0) await new Promise((resolve) => setTimeout(resolve));
      if (closed) return;
      const due = next(engine.nextEvent());
      advance(Math.max(0, Math.min(due, end) - clock.now()));
      wake();
      if (sends.size > 0) await quiet();
      if (due > end) return;
    }
  }

  return {
    /**
     * Answers a request. The chunks of `answer.stream` wait until `attach` or `leave`.
     * @param {string} method
     * @param {string} target
     * @param {string} headers A line each.
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
     * Says where the chunks of a stream go.
     * @param {number} stream
     * @param {Sink} sink
     */
    attach(stream, sink) {
      const waiting = early.get(stream);
      // Its engine is gone.
      if (!waiting) return sink.end();
      sinks.set(stream, sink);
      early.delete(stream);
      if (isAwaited()) /** @type {{ ref?(): void } | undefined} */ (timer)?.ref?.();
      for (const piece of waiting) give(stream, piece);
    },

    /**
     * The client of a stream has gone. Safe to call again and after the end.
     * @param {number} stream
     */
    leave(stream) {
      if (closed || !(sinks.delete(stream) || early.delete(stream))) return;
      withstand(() => {
        engine.closed(stream - epoch);
        settle();
      });
    },

    /**
     * Moves a manual clock from one event to the next, so that each happens at its own time and the
     * user's webhook is heard before time goes on.
     * @param {number} ms
     * @returns {Promise<void>}
     */
    advance(ms) {
      const end = Math.max(goal, clock.now()) + ms;
      if (end > LAST) throw new RangeError("the clock goes no further than the year 2100");
      goal = end;
      moving = moving.then(() => move(ms));
      return moving;
    },

    /**
     * Takes over a saved state, and goes on from its time where that is later.
     * @param {string} snapshot
     */
    restore(snapshot) {
      clock.reach(engine.restore(snapshot));
      deliveries = [];
      length = 0;
      changed();
      settle();
    },

    /** The webhooks that were sent, the oldest first. */
    deliveries: () => deliveries.slice(),

    /** Forgets them. */
    forget() {
      deliveries = [];
      length = 0;
    },

    /** Ends timers and requests. The engine is not freed. */
    close() {
      closed = true;
      clearTimeout(timer);
      for (const { abort } of sends.values()) abort.abort();
      // The reader of a stream must not wait for a sandbox that is gone.
      for (const sink of sinks.values()) sink.end();
      sinks.clear();
    },
  };
}

/** @typedef {ReturnType<typeof createHost>} Host */

/**
 * A limit opens again by the sandbox's clock, and whoever waits for it does so by another.
 * @param {Record<string, string>} headers
 * @param {Clock} clock
 */
function inRealTime(headers, clock) {
  // What a fault rule says is real time.
  if (clock.speed === 1 || headers["x-ratelimit-reset"] === undefined) return;
  const wait = (Number(headers["retry-after"]) * 1000) / clock.speed;
  headers["retry-after"] = String(Math.ceil(wait / 1000));
  headers["x-ratelimit-reset"] = String(Math.ceil((Date.now() + wait) / 1000));
}

/**
 * Headers as the engine reads them.
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
 * What went wrong in few words. A fetch hides it in the cause, and a name looked up in vain gives
 * several causes at once.
 * @param {unknown} error
 */
function reason(error) {
  if (!(error instanceof Error)) return "the request failed";
  const { cause, message } = /** @type {Error & { cause?: { code?: string, message?: string } }} */ (error);
  return cause?.code ?? (cause?.message || message);
}
