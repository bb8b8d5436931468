// @ts-check
// A whole AgentPhone in memory, and what a test does with it besides sending requests: faults, time,
// webhooks, inbound events, the ledger. Only what the web platform has is used here, so that it runs in
// Node, in pages and in workers; the server builds on the same parts.

import { LAST, manualClock, runningClock } from "./clock.mjs";
import { Broken, createEngine } from "./engine.mjs";
import { createFetch } from "./fetch.mjs";
import { createHost } from "./host.mjs";

/** @import { Answer } from "./host.mjs" */
/** @import { SandboxOptions } from "./types.js" */

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Options that are the engine's own. */
const ENGINE = /** @type {const} */ ([
  "seed",
  "balanceCents",
  "queuedMs",
  "ringingMs",
  "talkingMs",
  "noAnswerMs",
  "limits",
  "maxStateBytes",
  "maxObjects",
  "strict",
  "errors",
  "idempotencyKeys",
]);

/**
 * The parts of a sandbox around one engine.
 * @param {SandboxOptions} options
 * @param {() => void} [changed]
 * @param {boolean} [kept] Whether a state will be restored at once.
 * @param {(url: string, init: RequestInit) => Promise<Response>} [usual] Sends webhooks.
 */
export function assemble(options, changed, kept = false, usual) {
  const { speed = 1, clock: kind = "real", start, onWebhook, demo } = options;
  if (!(speed > 0 && speed <= 1_000_000)) throw new RangeError("speed must be more than 0 and at most 1000000");
  if (kind !== "real" && kind !== "manual") throw new TypeError('clock must be "real" or "manual"');
  if (kind === "manual" && speed !== 1) throw new TypeError("a manual clock has no speed");
  if (demo && options.strict)
    throw new TypeError("strict has no demonstration: the week of its past would not have been allowed");
  const config = Object.fromEntries(
    ENGINE.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  );
  // A wait for a clock that stands still would never end.
  if (kind === "manual") config.limits ??= false;
  if (demo && config.balanceCents === undefined) config.balanceCents = demo.balanceCents;
  const first = start === undefined ? undefined : Number(start);
  if (first !== undefined && !Number.isFinite(first))
    throw new TypeError("start must be a date or milliseconds since 1970");
  if (first !== undefined && first > LAST) throw new RangeError("start must not be after the year 2100");
  const clock = kind === "manual" ? manualClock(first) : runningClock(speed, first);
  const engine = createEngine(config, clock.now);
  const scene = demo?.play(engine, clock.now(), options.seed, kept);
  const network = onWebhook ? hear(onWebhook) : usual;
  const host = createHost(
    engine,
    clock,
    scene ? beside(scene, network) : network,
    changed,
    scene,
    onWebhook !== undefined,
  );

  /** Forgets everything, but for the past of a demonstration. @param {() => Answer} forget */
  function reset(forget) {
    host.forget();
    const answer = engine.reset(forget);
    const week = scene?.again(clock.now());
    if (week !== undefined) host.restore(week);
    return answer;
  }

  /**
   * Answers a request. Only a move of a manual clock takes time.
   * @param {string} method
   * @param {string} target
   * @param {string} headers
   * @param {Uint8Array} body
   * @param {boolean} [guest] Whether a page asks that may not use up all there is.
   * @returns {Answer | Promise<Answer>}
   */
  function ask(method, target, headers, body, guest) {
    const path = target.startsWith("/__sandbox/") ? target.split(/[?#]/, 1)[0] : undefined;
    if (path === "/__sandbox/clock" && method === "POST" && clock.advance) {
      const ms = advanceOf(body);
      // What cannot be read is left to the engine, which reports what is wrong with it.
      if (ms !== undefined) return moved(ms);
    }
    try {
      // What a reset is sent along must not be what it fails of.
      if (path === "/__sandbox/reset" && method === "POST")
        return reset(() => host.handle(method, target, headers, NOTHING));
      return host.handle(method, target, headers, body, guest);
    } catch (error) {
      if (error instanceof Broken) return failed(error, options.errors);
      throw error;
    }
  }

  /**
   * @param {number} ms
   * @returns {Answer | Promise<Answer>}
   */
  function moved(ms) {
    try {
      return host.advance(ms).then(() => host.handle("GET", "/__sandbox/health", "", NOTHING));
    } catch (error) {
      return refused(`advanceMs: ${/** @type {Error} */ (error).message}`);
    }
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   */
  function control(method, path, body) {
    const bytes = body === undefined ? NOTHING : encoder.encode(JSON.stringify(body));
    const answer = host.handle(method, `/__sandbox${path}`, "content-type: application/json\n", bytes);
    const data = JSON.parse(decoder.decode(answer.body));
    if (answer.status < 400) return data;
    const { detail, error } = data;
    throw new Error(typeof detail === "string" ? detail : (error?.message ?? JSON.stringify(data)));
  }

  const face = {
    reset() {
      reset(() => control("POST", "/reset"));
    },
    faults: {
      /** @param {object} rule */
      add: (rule) => control("POST", "/faults", rule).id,
      list: () => control("GET", "/faults").data,
      /** @param {string} id */
      remove: (id) => control("DELETE", `/faults/${encodeURIComponent(id)}`).removed,
      clear: () => control("DELETE", "/faults").removed,
    },
    clock: {
      now: () => clock.now(),
      /** @param {number} ms */
      advance(ms) {
        if (!clock.advance)
          throw new TypeError('this clock runs by itself; only createSandbox({ clock: "manual" }) can be advanced');
        if (!(ms >= 0) || !Number.isFinite(ms)) throw new RangeError("time only moves forward, by milliseconds");
        return host.advance(Math.floor(ms));
      },
    },
    state: {
      save: () => engine.snapshot(),
      /** @param {string} saved */
      load: (saved) => host.restore(saved),
    },
    get deliveries() {
      return host.deliveries();
    },
    inbound: {
      /** @param {object} call */
      call: (call) => control("POST", "/inbound/call", call),
      /** @param {object} message */
      message: (message = { body: "Hello" }) => control("POST", "/inbound/message", message),
      /** @param {object} reaction */
      reaction: (reaction) => control("POST", "/inbound/reaction", reaction),
    },
    ledger: () => control("GET", "/ledger"),
    effects: () => control("GET", "/effects").data,
    requests: () => control("GET", "/requests").data,
    magic: () => control("GET", "/magic").data,
    /** @param {object} script */
    script: (script) => control("PUT", "/script", script),
  };
  return { engine, host, clock, ask, face, scene };
}

const NOTHING = new Uint8Array();

/**
 * @param {Uint8Array} body
 * @returns {number | undefined}
 */
function advanceOf(body) {
  try {
    const { advanceMs } = JSON.parse(decoder.decode(body));
    return Number.isInteger(advanceMs) && advanceMs >= 0 ? advanceMs : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} detail */
const refused = (detail) => answerOf(400, { detail });

/**
 * @param {Broken} broken
 * @param {SandboxOptions["errors"]} form
 */
const failed = ({ message, code }, form) =>
  answerOf(
    500,
    form === "detail" ? { detail: message } : { error: { message, code, type: "server_error", details: [] } },
  );

/**
 * @param {number} status
 * @param {object} body
 * @returns {Answer}
 */
function answerOf(status, body) {
  const headers = { "content-type": "application/json" };
  const delivery = { delayMs: 0, action: "normal", bytes: 0, everyMs: 0 };
  return { status, headers, stream: null, delivery, body: encoder.encode(JSON.stringify(body)) };
}

/**
 * The user's function in the place of a network. No answer is a good answer.
 * @param {NonNullable<SandboxOptions["onWebhook"]>} onWebhook
 * @returns {(url: string, init: RequestInit) => Promise<Response>}
 */
function hear(onWebhook) {
  return async (url, init) => (await onWebhook(new Request(url, init))) ?? new Response(null, { status: 200 });
}

/**
 * The servers of a demonstration answer for their own addresses; all others are left to the usual network.
 * @param {{ network(url: string, init: RequestInit): Promise<Response> | undefined }} scene
 * @param {(url: string, init: RequestInit) => Promise<Response>} [usual]
 * @returns {(url: string, init: RequestInit) => Promise<Response>}
 */
const beside =
  (scene, usual = (url, init) => fetch(url, init)) =>
  (url, init) =>
    scene.network(url, init) ?? usual(url, init);

/** @param {SandboxOptions} [options] */
export function create(options = {}) {
  const { engine, host, ask, face } = assemble(options);
  let closed = false;
  const close = () => {
    if (closed) return;
    closed = true;
    host.close();
    engine.free();
  };
  // Defined on the face itself: a spread would read `deliveries` once and for all.
  return Object.assign(face, {
    url: "http://sandbox.invalid",
    /** @type {typeof globalThis.fetch} */
    fetch: createFetch((...request) => {
      if (closed) throw new TypeError("this sandbox is closed");
      return ask(...request);
    }, host),
    close,
    [Symbol.dispose ?? Symbol.for("Symbol.dispose")]: close,
  });
}
