// @ts-check
// A whole AgentPhone in memory, and what tests need besides sending requests: faults, time, webhooks, inbound
// events, the ledger. It uses only the web platform, so that it runs in Node, pages and workers; the server is
// built from the same parts.

import { answerAttempts } from "./attempts.mjs";
import { LAST, manualClock, runningClock } from "./clock.mjs";
import { Broken, createEngine } from "./engine.mjs";
import { createFetch } from "./fetch.mjs";
import { createHost } from "./host.mjs";

/** @import { Answer } from "./host.mjs" */
/** @import { SandboxOptions } from "./types.js" */

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Options that are passed to the engine. */
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
 * Assembles the parts of a sandbox around one engine.
 * @param {SandboxOptions} options
 * @param {() => void} [changed]
 * @param {boolean} [kept] Whether a saved state is about to be restored.
 * @param {(url: string, init: RequestInit) => Promise<Response>} [usual] Sends webhooks.
 */
export function assemble(options, changed, kept = false, usual) {
  const { speed = 1, clock: kind = "real", start, onWebhook, demo } = options;
  if (!(speed > 0 && speed <= 1_000_000)) throw new RangeError("speed must be more than 0 and at most 1000000");
  if (kind !== "real" && kind !== "manual") throw new TypeError('clock must be "real" or "manual"');
  if (kind === "manual" && speed !== 1) throw new TypeError("a manual clock has no speed");
  if (demo && options.strict)
    throw new TypeError("strict and demo cannot be combined: the past of the demo breaks the rules of strict");
  const config = Object.fromEntries(
    ENGINE.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  );
  // With a stopped clock, a rate limit would never end.
  if (kind === "manual") config.limits ??= false;
  if (demo && config.balanceCents === undefined) config.balanceCents = demo.balanceCents;
  const first = start === undefined ? undefined : Number(start);
  if (first !== undefined && !Number.isFinite(first))
    throw new TypeError("start must be a date or milliseconds since 1970");
  if (first !== undefined && first > LAST) throw new RangeError("start must not be after the year 2100");
  const clock = kind === "manual" ? manualClock(first) : runningClock(speed, first);
  const engine = createEngine(config, clock.now);
  let scene = demo?.play(engine, clock.now(), options.seed, kept);
  const network = onWebhook ? callbackNetwork(onWebhook) : usual;
  // The demo may also be started later.
  const activity = { due: () => scene?.due() ?? Infinity, visit: (/** @type {number} */ at) => scene?.visit(at) };
  const host = createHost(
    engine,
    clock,
    withDemoServers(() => scene, network),
    changed,
    activity,
    onWebhook !== undefined,
  );

  if (scene) host.recall(scene.sent);

  /**
   * Replaces the state with a demo and continues it live. A reset then empties the sandbox.
   * @param {import("./types.js").Demo} demo
   */
  function showDemo(demo) {
    // Time in an engine only moves forward, so a separate engine plays its past.
    const separate = createEngine({ ...config, balanceCents: demo.balanceCents }, clock.now);
    const now = clock.now();
    const played = demo.play(separate, now, options.seed);
    const state = played.again(now);
    separate.free();
    host.restore(state);
    host.recall(played.sent);
    scene = demo.play(engine, now, options.seed, true);
    scene?.resume(now);
    host.wake();
    changed?.();
  }

  /** Clears everything except the past of a demo. @param {() => Answer} forget */
  function reset(forget) {
    host.forget();
    const answer = engine.reset(forget);
    const first = scene?.again(clock.now());
    if (first !== undefined) {
      host.restore(first);
      host.recall(scene?.sent ?? []);
    }
    return answer;
  }

  /**
   * Handles a request. Only advancing a manual clock takes time.
   * @param {string} method
   * @param {string} target
   * @param {string} headers
   * @param {Uint8Array} body
   * @param {boolean} [guest] Whether it comes from an untrusted page, which may fill only half of the space.
   * @returns {Answer | Promise<Answer>}
   */
  function ask(method, target, headers, body, guest) {
    const path = target.startsWith("/__sandbox/") ? target.split(/[?#]/, 1)[0] : undefined;
    if (path === "/__sandbox/clock" && method === "POST" && clock.advance) {
      const ms = advanceOf(body);
      // An invalid body is left to the engine, which reports what is wrong with it.
      if (ms !== undefined) return moved(ms);
    }
    try {
      const told = path === undefined ? undefined : answerAttempts(host, method, path);
      if (told !== undefined) return "data" in told ? answerOf(told.status, told.data) : told;
      // A reset must not fail because of the body it is sent with.
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
        if (!(ms >= 0) || !Number.isFinite(ms)) throw new RangeError("time only moves forward, in milliseconds");
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
  return { engine, host, clock, ask, face, scene, showDemo };
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
 * @param {unknown} body
 * @returns {Answer}
 */
function answerOf(status, body) {
  const headers = { "content-type": "application/json" };
  const delivery = { delayMs: 0, action: "normal", bytes: 0, everyMs: 0 };
  return {
    status,
    headers,
    stream: null,
    delivery,
    operation: null,
    fault: null,
    body: encoder.encode(JSON.stringify(body)),
  };
}

/**
 * Calls the user's function instead of a network. Without a return value, the response is an empty 200.
 * @param {NonNullable<SandboxOptions["onWebhook"]>} onWebhook
 * @returns {(url: string, init: RequestInit) => Promise<Response>}
 */
function callbackNetwork(onWebhook) {
  return async (url, init) => (await onWebhook(new Request(url, init))) ?? new Response(null, { status: 200 });
}

/**
 * The demo's servers respond for their own URLs; all others use the normal network.
 * @param {() => { network(url: string, init: RequestInit): Promise<Response> | undefined } | undefined} scene
 * @param {(url: string, init: RequestInit) => Promise<Response>} [usual]
 * @returns {(url: string, init: RequestInit) => Promise<Response>}
 */
const withDemoServers =
  (scene, usual = (url, init) => fetch(url, init)) =>
  (url, init) =>
    scene()?.network(url, init) ?? usual(url, init);

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
  // Assigned to the existing object: a spread would evaluate the `deliveries` getter once.
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
