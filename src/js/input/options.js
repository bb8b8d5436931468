// @ts-check
// Reads the options of a client and of one request, and checks every value, so that a typing mistake is an
// error that names the option instead of a setting silently ignored. JavaScript, because it only reads
// what JavaScript code has passed: from the module it would weigh four times as much
// (docs/size.md). What is wrong is thrown as a string; src/client/options.rs makes the error.

import { memoryLedger } from "../ledger/memory.js";
import { attempt, fieldsOf, isObject, isPlainName, kind, OPTIONS, owns } from "../lib/fields.js";
import { laidOver } from "./headers.js";

/** A caller's own `fetch`, which may return anything. @typedef {(url: string, init: RequestInit) => unknown} Fetch */
/** What a hook returns is ignored, unless it is a promise that rejects. @typedef {(event: unknown) => unknown} Hook */
/** @typedef {"error" | "warn" | "info" | "debug"} Level */
/** @typedef {Record<Level, (...about: unknown[]) => unknown>} Logger */

/** @typedef {"onRequest" | "onResponse" | "onRetry" | "onError"} HookName */
/** @typedef {"safe" | "always" | "never"} Replay */

/**
 * Options that have been read; a limit of Infinity is none. src/client/settings.rs reads them by their names (`rowOf`).
 * @typedef {object} Settings
 * @property {string | Function | null} apiKey
 * @property {string} baseUrl
 * @property {string | null} subAccount
 * @property {number} timeout
 * @property {number} totalTimeout
 * @property {number} maxRetries
 * @property {number} maxRetryDelay
 * @property {number} maxResponseBytes
 * @property {Replay} replay
 * @property {Record<string, string | null>} headers
 * @property {Fetch | undefined} fetch
 * @property {AbortSignal | undefined} signal
 * @property {Logger | undefined} logger
 * @property {Level | "off"} logLevel
 * @property {Record<HookName, Hook | undefined>} hooks
 * @property {boolean} dangerouslyAllowBrowser
 * @property {boolean} browser
 * @property {import("../ledger/ledger.js").Ledger} ledger
 * @property {import("../../client/telemetry.js").Telemetry | undefined} telemetry
 * @property {unknown} idempotencyKey Checked where it is used
 * @property {Settle | undefined} settle Absent where nothing is looked for
 * @property {boolean} inherits False where the request has a key, an address or headers of its own
 * @property {boolean} keepsHeaders False where the request may have other headers than the client
 * @property {boolean} keepsObservers False where the request has hooks or a log of its own
 */

/**
 * How what became of a lost answer is found out.
 * @typedef {object} Settle
 * @property {number} within Milliseconds
 * @property {boolean} likely What another client might have made counts as found
 * @property {boolean} snapshot
 * @property {boolean} again What is not found is sent again
 * @property {boolean} exclusive
 */

const NAMES =
  "apiKey, baseUrl, subAccount, timeout, totalTimeout, maxRetries, maxRetryDelay, " +
  "maxResponseBytes, replay, headers, fetch (client only), signal (request only), logger, logLevel, hooks, " +
  "ledger (client only), telemetry (client only), idempotencyKey (request only), settle, dangerouslyAllowBrowser";

/** Names that people bring from other clients, and ours. */
const ALIASES = new Map([
  ["token", "apiKey"],
  ["api_key", "apiKey"],
  ["key", "apiKey"],
  ["baseURL", "baseUrl"],
  ["base_url", "baseUrl"],
  ["environment", "baseUrl"],
  ["timeoutInSeconds", "timeout (in milliseconds)"],
  ["timeoutMs", "timeout"],
  ["abortSignal", "signal"],
  ["retries", "maxRetries"],
  ["subAccountId", "subAccount"],
]);

/** @type {HookName[]} */
const HOOKS = ["onRequest", "onResponse", "onRetry", "onError"];
/** The quietest first. @type {(Level | "off")[]} */
const LEVELS = ["off", "error", "warn", "info", "debug"];
/** @type {Replay[]} */
const REPLAYS = ["safe", "always", "never"];

/** Options that a request does not have, and those that a client does not have. */
const [OF_CLIENTS, OF_REQUESTS] = [
  ["fetch", "ledger", "telemetry"],
  ["signal", "idempotencyKey"],
];

/** The defaults of `settle`. @type {Settle} */
const SETTLE = { within: 30_000, likely: true, snapshot: false, again: false, exclusive: false };

const GRAPHIC = /^[!-~]+$/;

/** @param {any} value Of the caller or the host @param {string} name @returns {unknown} */
const get = (value, name) => attempt(() => value?.[name]);

/** @param {string} name @param {string} must @param {unknown} value */
const wrong = (name, must, value) => `option ${name} must be ${must}, not ${kind(value)}`;

/** Whether a text still has the quotation marks of an environment file, as some readers of such files leave it. @param {string} text */
const isQuoted = (text) => /^(["'`]).*\1$/.test(text);

/** A key that a header can carry. The error never shows it. @param {string} key */
const checkedKey = (key) => {
  if (key.trim() === "") throw "apiKey is empty";
  if (isQuoted(key)) throw "apiKey is in quotation marks: leave them out where it is set";
  if (!GRAPHIC.test(key)) throw "apiKey contains white space or invalid characters: check where it is read from";
  return key;
};

/** The key that a supplier returned. @param {unknown} value */
export const suppliedKey = (value) => {
  if (typeof value !== "string") throw `the apiKey supplier must return a string, not ${kind(value)}`;
  return checkedKey(value);
};

/** @param {unknown} value */
const subAccount = (value) => {
  if (value === null) return value;
  if (typeof value !== "string") throw wrong("subAccount", "a string or null", value);
  if (isQuoted(value)) throw "option subAccount is in quotation marks: leave them out where it is set";
  if (!GRAPHIC.test(value)) throw "option subAccount must be a sub-account's id, without white space";
  return value;
};

/** A path without the slashes at its end. @param {string} path */
const withoutSlashes = (path) => {
  let end = path.length;
  while (path[end - 1] === "/") end -= 1;
  return path.slice(0, end);
};

/** @param {unknown} value */
const baseUrl = (value) => {
  if (typeof value !== "string") throw wrong("baseUrl", "a string", value);
  if (isQuoted(value)) throw "option baseUrl is in quotation marks: leave them out where it is set";
  const page = get(get(globalThis, "location"), "href");
  const url = attempt(() =>
    page && value.startsWith("/") ? new URL(value, /** @type {string} */ (page)) : new URL(value),
  );
  if (!url) throw "option baseUrl must be an absolute URL, for example https://api.agentphone.ai";
  const path = withoutSlashes(url.pathname);
  if (!/^https?:$/.test(url.protocol)) throw "option baseUrl must begin with https:// or http://";
  if (url.username || url.password) throw "option baseUrl must not hold a user name or password: use apiKey or headers";
  if (path.endsWith("/v1")) throw "option baseUrl must not end in /v1: every path carries it";
  if (url.search || url.hash) throw "option baseUrl must not have a query or a fragment";
  return url.origin + path;
};

/** A span in milliseconds; null and Infinity mean none. @param {string} name @param {unknown} value */
export const span = (name, value) => {
  if (value === null) return Infinity;
  if (typeof value !== "number") throw wrong(name, "a number of milliseconds or null", value);
  if (!(value > 0)) throw `option ${name} must be more than 0 milliseconds (null for none)`;
  return Math.ceil(value);
};

/** @param {string} name @param {unknown} value */
const count = (name, value) => {
  if (typeof value !== "number") throw wrong(name, "a number", value);
  if (!(value >= 0 && (Number.isInteger(value) || value === Infinity)))
    throw `option ${name} must be a whole number, 0 or more`;
  return value;
};

/** A size in bytes; null and Infinity mean none. @param {string} name @param {unknown} value */
export const size = (name, value) => {
  if (value === null) return Infinity;
  if (typeof value !== "number") throw wrong(name, "a number of bytes or null", value);
  if (!(value > 0 && (Number.isInteger(value) || value === Infinity)))
    throw `option ${name} must be a whole number of bytes, more than 0 (null for none)`;
  return value;
};

/** @param {unknown[]} list @param {unknown} value @param {string} problem */
const oneOf = (list, value, problem) => {
  if (!list.includes(value)) throw problem;
  return value;
};

/** With every name as an own property, so that none is inherited from `Object.prototype`. @type {Settings["hooks"]} */
const NO_HOOKS = { onRequest: undefined, onResponse: undefined, onRetry: undefined, onError: undefined };

/** @param {any} value @returns {Settings["hooks"]} */
const hooks = (value) => {
  if (value === null) return NO_HOOKS;
  const given = fieldsOf(value, "option hooks", "hook", HOOKS);
  for (const [name, hook] of Object.entries(given)) {
    if (!owns(NO_HOOKS, name))
      throw `unknown hook${isPlainName(name) ? ` ${name}` : ""}: there are ${HOOKS.join(", ")}`;
    if (hook !== undefined && typeof hook !== "function") throw wrong(`hooks.${name}`, "a function", hook);
  }
  // Called on their object, whose methods they may be.
  const bound = { ...NO_HOOKS };
  for (const name of HOOKS) bound[name] = given[name]?.bind(value);
  return bound;
};

/** @param {unknown} value */
const logger = (value) => {
  for (const level of LEVELS.slice(1)) {
    if (typeof get(value, level) !== "function") {
      throw `option logger must have the methods error, warn, info and debug: ${level} is missing`;
    }
  }
  return value;
};

/** @param {unknown} value */
const signal = (value) => {
  if (value === null) return undefined;
  const fits = typeof get(value, "aborted") === "boolean" && typeof get(value, "addEventListener") === "function";
  if (!fits) throw wrong("signal", "an AbortSignal", value);
  return value;
};

/** @param {unknown} value */
const key = (value) => {
  if (value === null || typeof value === "function") return value;
  if (typeof value !== "string") throw wrong("apiKey", "a string, a function that supplies one, or null", value);
  return checkedKey(value);
};

/** @param {unknown} value */
const ledger = (value) => {
  for (const method of ["read", "write", "open", "prune"])
    if (typeof get(value, method) !== "function")
      throw `option ledger must have the methods read, write, open and prune: ${method} is missing`;
  return value;
};

/** @param {unknown} value */
const telemetry = (value) => {
  if (value === null) return undefined;
  if (typeof get(value, "start") !== "function")
    throw "option telemetry must have the method start: pass openTelemetry() of agentphone-wasm/otel, or your own";
  return value;
};

/** @param {string} name @param {unknown} value */
const yes = (name, value) => {
  if (typeof value !== "boolean") throw wrong(`settle.${name}`, "true or false", value);
  return value;
};

/** @param {unknown} value @param {Settle | undefined} before @returns {Settle | undefined} */
const settle = (value, before) => {
  if (value === false) return undefined;
  if (value === null) return SETTLE;
  const settling = { ...(before ?? SETTLE) };
  const given = fieldsOf(value, "option settle", "field of settle", []);
  for (const [name, one] of Object.entries(given)) {
    if (one === undefined) continue;
    if (name === "within") settling.within = one === 0 ? 0 : Math.min(span("settle.within", one), 2 ** 31);
    else if (name === "accept")
      settling.likely =
        oneOf(["likely", "certain"], one, 'option settle.accept must be "likely" or "certain"') === "likely";
    else if (name === "absent")
      settling.again = oneOf(["hold", "again"], one, 'option settle.absent must be "hold" or "again"') === "again";
    else if (name === "snapshot") settling.snapshot = yes(name, one);
    else if (name === "exclusive") settling.exclusive = yes(name, one);
    else
      throw `unknown field of settle${isPlainName(name) ? ` ${name}` : ""}: there are within, accept, snapshot, exclusive, absent`;
  }
  return settling;
};

/** A reader per option: its arguments are what was passed, the name and what was set before. @type {Record<string, (value: any, name: string, settings: Settings) => any>} */
const READERS = {
  apiKey: key,
  baseUrl,
  subAccount,
  timeout: (value, name) => span(name, value),
  totalTimeout: (value, name) => span(name, value),
  maxRetries: (value, name) => count(name, value),
  maxRetryDelay: (value, name) => count(name, value),
  maxResponseBytes: (value, name) => size(name, value),
  replay: (value) => oneOf(REPLAYS, value, 'option replay must be "safe", "always" or "never"'),
  headers: (value, _, settings) => laidOver(settings.headers, value, settings.browser),
  dangerouslyAllowBrowser: (value, name) => {
    if (typeof value !== "boolean") throw wrong(name, "true or false", value);
    return value;
  },
  hooks,
  logger,
  logLevel: (value) => oneOf(LEVELS, value, "option logLevel must be off, error, warn, info or debug"),
  fetch: (value, name) => {
    if (typeof value !== "function") throw wrong(name, "a function", value);
    return value;
  },
  signal,
  ledger,
  telemetry,
  idempotencyKey: (value) => value,
  settle: (value, _, settings) => settle(value, settings.settle),
};

/** An environment variable, if the host has them; empty counts as absent. @param {string} name */
export const environment = (name) => {
  const value = get(get(get(globalThis, "process"), "env"), name);
  return typeof value === "string" ? value.trim() : "";
};

/**
 * True in a page and in its workers, where the user of the page can read whatever the code contains:
 * not a place for a secret key.
 */
const isBrowser = () => {
  const host = (/** @type {string} */ name) => get(globalThis, name);
  const versions = get(host("process"), "versions");
  if (["node", "bun", "deno"].some((name) => typeof get(versions, name) === "string")) return false;
  if (get(host("navigator"), "userAgent") === "Cloudflare-Workers" || host("Deno") !== undefined) return false;
  return isObject(host("document")) || (typeof host("WorkerGlobalScope") === "function" && isObject(host("location")));
};

/** @returns {Settings} */
const defaults = () => ({
  apiKey: null,
  baseUrl: "https://api.agentphone.ai",
  subAccount: null,
  timeout: 60_000,
  totalTimeout: Infinity,
  maxRetries: 2,
  maxRetryDelay: 60_000,
  maxResponseBytes: 2 ** 26,
  replay: "safe",
  headers: {},
  dangerouslyAllowBrowser: false,
  browser: isBrowser(),
  inherits: false,
  keepsHeaders: false,
  keepsObservers: false,
  hooks: NO_HOOKS,
  logger: undefined,
  logLevel: "warn",
  fetch: undefined,
  signal: undefined,
  ledger: memoryLedger(),
  telemetry: undefined,
  idempotencyKey: undefined,
  settle: SETTLE,
});

/** Takes what no option set from the environment, and checks that nothing required is missing. @param {Settings} settings @param {Set<string>} given */
const complete = (settings, given) => {
  const url = given.has("baseUrl") ? "" : environment("AGENTPHONE_BASE_URL");
  if (url) {
    try {
      settings.baseUrl = baseUrl(url);
    } catch (problem) {
      throw `environment variable AGENTPHONE_BASE_URL: ${problem}`;
    }
  }
  if (given.has("apiKey")) {
    if (settings.apiKey === null && !given.has("baseUrl") && !url) {
      throw "apiKey: null needs a baseUrl: the address of your own proxy that adds the key";
    }
    return;
  }
  const found = environment("AGENTPHONE_API_KEY");
  if (!found) throw "apiKey is missing: pass it, or set the environment variable AGENTPHONE_API_KEY";
  settings.apiKey = checkedKey(found);
};

/** Settings of clients that have been read: re-creating a client does not read the caller's objects again. @type {WeakSet<object>} */
const known = new WeakSet();

/** A key that was pasted in place of a name is not shown. @param {string} name */
const unknown = (name) => {
  const ours = ALIASES.get(name);
  return `unknown option${isPlainName(name) ? ` ${name}` : ""}: ${ours ? `it is called ${ours} here` : `there are ${NAMES}`}`;
};

/**
 * Reads `options` over `base`, a client's settings, for a request, or over the defaults, for a client.
 * @param {unknown} options @param {Settings} [base] @returns {Settings}
 */
export const readOptions = (options, base) => {
  if (!base && isObject(options) && known.has(options)) return /** @type {Settings} */ (options);
  // What belongs to one request must not reach another: `client.settle(error)` reads its options over those of the failed
  // request, whose signal may have aborted it.
  const settings = base ? { ...base, signal: undefined, idempotencyKey: undefined } : defaults();
  const given = new Set();
  const read = options === undefined || options === null ? {} : fieldsOf(options, "options", "option", OPTIONS);
  for (const name of Object.keys(read)) {
    const value = read[name];
    if (value === undefined) {
      // Meant for a sub-account, the call would act in the main one.
      if (name === "subAccount")
        throw "option subAccount is undefined: leave it out, or pass a sub-account's id, or null for the main account";
      continue;
    }
    if (!owns(READERS, name)) throw unknown(name);
    if (base && OF_CLIENTS.includes(name)) throw `option ${name} belongs to the client, not to a request`;
    if (!base && OF_REQUESTS.includes(name)) throw `option ${name} belongs to a request, not to the client`;
    given.add(name);
    /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (settings))[name] = READERS[name]?.(
      value,
      name,
      settings,
    );
  }
  const keeps = (/** @type {string[]} */ ...names) => base !== undefined && !names.some((name) => given.has(name));
  settings.inherits = keeps("apiKey", "baseUrl", "headers");
  settings.keepsHeaders = keeps("apiKey", "headers", "subAccount");
  settings.keepsObservers = keeps("hooks", "logger", "logLevel");
  if (!base) complete(settings, given);
  if (settings.browser && !settings.dangerouslyAllowBrowser && settings.apiKey !== null) {
    throw (
      "apiKey must not be in a browser: anyone who opens the page can read it. Pass apiKey: null and the baseUrl of " +
      "your own proxy, or, if the key is not a secret, dangerouslyAllowBrowser: true"
    );
  }
  if (!base) known.add(settings);
  return settings;
};

/** The same settings for another sub-account. @param {unknown} id @param {Settings} base @returns {Settings} */
export const withSubAccount = (id, base) => ({ ...base, subAccount: subAccount(id) });

/**
 * Writes fields of settings into a row of the module's: numbers as they are, and of everything else whether it is there.
 * @param {object} settings @param {string} names Separated by spaces @param {Float64Array} row
 */
export const rowOf = (settings, names, row) => {
  let at = 0;
  for (const name of names.split(" ")) {
    const value = /** @type {Record<string, unknown>} */ (settings)[name];
    row[at++] = typeof value === "number" ? value : Number(value !== undefined && value !== null && value !== false);
  }
};

/** Whether lines of a level are written to the log. @param {Settings} settings @param {Level} level */
export const writes = ({ logLevel }, level) => LEVELS.indexOf(level) <= LEVELS.indexOf(logLevel);

/** What authorizes requests, except the key of a supplier. @param {Settings} settings */
export const fixedKey = ({ apiKey, headers: { authorization } }) =>
  authorization ?? (typeof apiKey === "string" ? apiKey : "");

/**
 * The headers of a request, except the key of a supplier.
 * @param {Settings} settings @param {string} agent @param {string} accept @param {boolean} body @param {boolean} keyed
 */
export const headersOf = ({ apiKey, browser, subAccount: account, headers: own }, agent, accept, body, keyed) => {
  const all = /** @type {Record<string, string>} */ ({ accept });
  if (body) all["content-type"] = "application/json";
  // In a page the browser sends its own, and ours would cost a preflight.
  if (!browser) all["user-agent"] = agent;
  if (keyed && typeof apiKey === "string") all.authorization = `Bearer ${apiKey}`;
  if (account !== null) all["x-sub-account-id"] = account;
  for (const [name, text] of Object.entries(own)) {
    if (text === null) delete all[name];
    else all[name] = text;
  }
  return all;
};
