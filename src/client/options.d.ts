// Options, hooks and results. What each option accepts is checked in `src/js/input/options.js`.

import type { Ledger } from "../js/ledger/ledger.js";
import type { Intent, SettleOptions } from "./effects.js";
import type { AnyAgentPhoneError } from "./errors.js";
import type { Telemetry } from "./telemetry.js";

/** A set of strings that the API may extend: the known ones are suggested, any other is accepted. */
export type Open<T extends string> = T | (string & {});

/** Options of a client. Every one but `fetch`, `ledger` and `telemetry` can be overridden for a request. */
export interface ClientOptions extends CommonOptions {
  /**
   * Used instead of the global `fetch`: for a proxy, a test double, instrumentation. Called with
   * `this` undefined; must honour `init.signal`.
   */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /**
   * Where idempotency keys and the outcomes of their calls are kept. Default: the memory of this process, for a day; use
   * one of `agentphone-wasm/ledger` to survive a restart.
   *
   * @example new AgentPhone({ ledger: memoryLedger({ retention: 7 * 86_400_000 }) })
   */
  ledger?: Ledger | undefined;
  /** Observes each call, for spans and metrics. Default: `null`, none. */
  telemetry?: Telemetry | null | undefined;
}

/** Options of one request, laid over those of the client. */
export interface RequestOptions extends CommonOptions {
  /** Aborts the request at any stage: at the rate limiter, in a wait, while connecting, in the body. */
  signal?: AbortSignal | null | undefined;
  /**
   * Your name for the effect of this call: no matter how often a call with this key is made, and by how many
   * processes with the same ledger, it happens at most once, and each use resolves to the same object. 1 to 255
   * characters. Servers also send it as the header `Idempotency-Key`. Operations without an effect ignore it.
   *
   * @example await client.calls.create({ agentId, toNumber }, { idempotencyKey: "reminder:order-42" });
   */
  idempotencyKey?: string | null | undefined;
}

/** What a client and a request have in common. */
export interface CommonOptions {
  /**
   * The key, or a function that supplies it before each request (it may be async). Default: the
   * environment variable `AGENTPHONE_API_KEY`. `null` sends none, for your own proxy that adds it.
   *
   * @example new AgentPhone({ apiKey: async () => (await vault.read("agentphone")).key })
   */
  apiKey?: string | (() => string | Promise<string>) | null | undefined;
  /**
   * The address of the API. Default: the environment variable `AGENTPHONE_BASE_URL`, else
   * `https://api.agentphone.ai`. In a page it may begin with `/`.
   */
  baseUrl?: string | undefined;
  /**
   * Acts inside a sub-account (`X-Sub-Account-Id`); `null` for the master account. Default: `null`. An explicit
   * `undefined` is rejected: a call meant for a sub-account must not happen in the master account.
   */
  subAccount?: string | null;
  /** Milliseconds that one attempt may take, including its body; `null` for no limit. Default: 60 000. */
  timeout?: number | null | undefined;
  /** Milliseconds for all attempts and the waits between them; `null` for no limit. Default: `null`. */
  totalTimeout?: number | null | undefined;
  /** Retries after the first attempt. Default: 2. */
  maxRetries?: number | undefined;
  /**
   * The longest wait before a retry, in milliseconds. When the API asks for a longer one, the call fails at once
   * with `retryAfter` set. Default: 60 000.
   */
  maxRetryDelay?: number | undefined;
  /**
   * The longest response that is read, in bytes, after decompression; `null` for no limit. A longer one, success or
   * not, is an `InvalidResponseError`, and its connection is closed. Transcripts and recordings have their own limits
   * (an event of 1 MiB; `maxBytes`). If the responses of your `fetch` have no readable `body`, characters are counted.
   * Default: 67 108 864 (64 MiB).
   *
   * @example const few = await client.agents.list({ limit: 5 }, { maxResponseBytes: 2 ** 20 });
   */
  maxResponseBytes?: number | null | undefined;
  /**
   * What is retried. `"safe"`: everything that cannot happen twice. `"always"`: everything, even calls, texts and purchases
   * whose outcome is unknown. `"never"`: nothing. Default: `"safe"`.
   */
  replay?: "safe" | "always" | "never" | undefined;
  /** How a call with an idempotency key finds out what happened after a lost response; `false`: it does not. */
  settle?: SettleOptions | false | null | undefined;
  /** Additional headers; `null` removes one that the client would send. */
  headers?: Record<string, string | null | undefined> | undefined;
  /** Where log lines go. Default: the console. */
  logger?: Logger | undefined;
  /** The least severe messages to log. Default: `"warn"`. */
  logLevel?: LogLevel | undefined;
  /** Functions that observe the client; those of a request replace those of the client; `null` for none. */
  hooks?: Hooks | null | undefined;
  /**
   * Allows a key in a browser page, where anyone who opens the page can read it. Only for keys that are not secret,
   * such as those of a sandbox. Default: `false`.
   */
  dangerouslyAllowBrowser?: boolean | undefined;
}

/** How much is logged. */
export type LogLevel = "off" | "error" | "warn" | "info" | "debug";

/** Receives log lines. No line contains a key, an id, a phone number or a text. */
export interface Logger {
  /** Mistakes in your own hooks. */
  error(message: string, ...about: unknown[]): void;
  /** What costs time, e.g. a rate limit. */
  warn(message: string, ...about: unknown[]): void;
  /** Retries. */
  info(message: string, ...about: unknown[]): void;
  /** Every request and response. */
  debug(message: string, ...about: unknown[]): void;
}

/** Functions that observe what the client does. One that throws is logged and changes nothing. */
export interface Hooks {
  /** A request is about to be sent. */
  onRequest?: ((event: RequestEvent) => void) | undefined;
  /** A response has been read, success or not. */
  onResponse?: ((event: ResponseEvent) => void) | undefined;
  /** An attempt has failed and another will follow. */
  onRetry?: ((event: RetryEvent) => void) | undefined;
  /** A call has failed for good; its promise rejects with the same error. */
  onError?: ((error: AnyAgentPhoneError) => void) | undefined;
}

/** What every hook receives. */
export interface RequestEvent {
  /** The operation, e.g. `calls.create`. */
  operation: string;
  /** HTTP method. */
  method: string;
  /** Path template, e.g. `/v1/calls/{call_id}`; never the ids. */
  path: string;
  /** Which attempt, from 1. */
  attempt: number;
}

/** A response. */
export interface ResponseEvent extends RequestEvent {
  /** HTTP status. */
  status: number;
  /** Milliseconds since the call began. */
  elapsed: number;
}

/** A retry. */
export interface RetryEvent extends RequestEvent {
  /** Milliseconds until it is sent, at the earliest. */
  delay: number;
  /** What failed. */
  error: AnyAgentPhoneError;
}

/** The data of a response, with the response. */
export interface WithResponse<T> {
  /** What the call resolves to without `withResponse()`. */
  data: T;
  /** What `fetch` returned; its body has been read. */
  response: Response;
  /** `x-request-id`, else `cf-ray`. */
  requestId: string | undefined;
  /** Requests sent. */
  attempts: number;
  /** Milliseconds from the call to the response. */
  elapsed: number;
  /** The ledger's record, if the call had an idempotency key and its outcome was found instead of received. */
  settled: Intent | undefined;
  /** True if an earlier use of the idempotency key had this effect, and this call sent no request for it. */
  replayed: boolean;
}

/**
 * A promise of the data that can also return its response. If the API responds to a change or a deletion without a
 * body, the call was still successful, and the data is undefined.
 */
export interface ApiPromise<T> extends Promise<T> {
  /**
   * The data with status, headers, request id and attempts.
   *
   * @example const { data, requestId, attempts } = await client.agents.get(id).withResponse();
   */
  withResponse(): Promise<WithResponse<T>>;
}
