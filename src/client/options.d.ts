// Options, hooks and results. What each option accepts is checked in `src/js/input/options.js`.

import type { AnyAgentPhoneError } from "./errors.js";

/** A set of strings that the API may extend: the known ones are suggested, any other is accepted. */
export type Open<T extends string> = T | (string & {});

/** Options of a client. Every one but `fetch` can be overridden for a request. */
export interface ClientOptions extends CommonOptions {
  /**
   * Used instead of the global `fetch`: for a proxy, a test double, instrumentation. Called with
   * `this` undefined; must honour `init.signal`.
   */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
}

/** Options of one request, laid over those of the client. */
export interface RequestOptions extends CommonOptions {
  /** Aborts the request wherever it is: at the gate, in a wait, while connecting, in the body. */
  signal?: AbortSignal | null | undefined;
}

/** What a client and a request have in common. */
export interface CommonOptions {
  /**
   * The key, or a function that supplies it before each request (it may be async). Default: the
   * environment variable `AGENTPHONE_API_KEY`. `null` sends none, for a proxy of yours that adds it.
   *
   * @example new AgentPhone({ apiKey: async () => (await vault.read("agentphone")).key })
   */
  apiKey?: string | (() => string | Promise<string>) | null | undefined;
  /**
   * Where the API is. Default: the environment variable `AGENTPHONE_BASE_URL`, else
   * `https://api.agentphone.ai`. In a page it may begin with `/`.
   */
  baseUrl?: string | undefined;
  /**
   * Acts inside a sub-account (`X-Sub-Account-Id`); `null` for the master account. Default: `null`. An explicit
   * `undefined` is refused: what is meant for a sub-account must not happen in the master account.
   */
  subAccount?: string | null;
  /** Milliseconds that one attempt may take, its body included; `null` for no limit. Default: 60 000. */
  timeout?: number | null | undefined;
  /** Milliseconds for all attempts and the waits between them; `null` for no limit. Default: `null`. */
  totalTimeout?: number | null | undefined;
  /** Retries after the first attempt. Default: 2. */
  maxRetries?: number | undefined;
  /**
   * The longest wait, in milliseconds, that is worth it. When the API asks for a longer one, the call
   * fails at once with `retryAfter` set. Default: 60 000.
   */
  maxRetryDelay?: number | undefined;
  /**
   * The longest answer that is read, in bytes, after decompression; `null` for no limit. A longer one, good or bad, is
   * an `InvalidResponseError`, and its connection is closed. Transcripts and recordings have limits of their own
   * (an event of 1 MiB; `maxBytes`). Of a `fetch` whose answers have no readable `body`, characters are counted.
   * Default: 67 108 864 (64 MiB).
   *
   * @example const few = await client.agents.list({ limit: 5 }, { maxResponseBytes: 2 ** 20 });
   */
  maxResponseBytes?: number | null | undefined;
  /**
   * What is sent again. `"safe"`: whatever cannot happen twice. `"always"`: everything, also calls,
   * texts and purchases whose outcome is unknown. `"never"`: nothing. Default: `"safe"`.
   */
  replay?: "safe" | "always" | "never" | undefined;
  /** More headers; `null` leaves out one that the client would send. */
  headers?: Record<string, string | null | undefined> | undefined;
  /** Where log lines go. Default: the console. */
  logger?: Logger | undefined;
  /** The least severe messages to log. Default: `"warn"`. */
  logLevel?: LogLevel | undefined;
  /** Functions that see what the client does; a request's replace the client's; `null` for none. */
  hooks?: Hooks | null | undefined;
  /**
   * Allows a key in a browser page, where everybody who opens the page can read it. Only for keys that
   * are no secret, such as a sandbox's. Default: `false`.
   */
  dangerouslyAllowBrowser?: boolean | undefined;
}

/** How much is logged. */
export type LogLevel = "off" | "error" | "warn" | "info" | "debug";

/** Takes log lines. No line holds a key, an id, a phone number or a text. */
export interface Logger {
  /** Mistakes in your own hooks. */
  error(message: string, ...about: unknown[]): void;
  /** What costs time, e.g. a rate limit. */
  warn(message: string, ...about: unknown[]): void;
  /** Retries. */
  info(message: string, ...about: unknown[]): void;
  /** Every request and answer. */
  debug(message: string, ...about: unknown[]): void;
}

/** Functions that see what the client does. They observe: one that throws is logged and changes nothing. */
export interface Hooks {
  /** A request is about to be sent. */
  onRequest?: ((event: RequestEvent) => void) | undefined;
  /** An answer has been read, good or bad. */
  onResponse?: ((event: ResponseEvent) => void) | undefined;
  /** An attempt has failed and another will follow. */
  onRetry?: ((event: RetryEvent) => void) | undefined;
  /** A call has failed for good; its promise rejects with the same error. */
  onError?: ((error: AnyAgentPhoneError) => void) | undefined;
}

/** What every hook is told. */
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

/** An answer. */
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

/** The data of an answer, with the answer. */
export interface WithResponse<T> {
  /** What the call resolves to without `withResponse()`. */
  data: T;
  /** What `fetch` gave; its body has been read. */
  response: Response;
  /** `x-request-id`, else `cf-ray`. */
  requestId: string | undefined;
  /** Requests sent. */
  attempts: number;
  /** Milliseconds from the call to the answer. */
  elapsed: number;
}

/**
 * A promise of the data that can also give the answer it came in. What is changed, ended or deleted is done where the API
 * answers without a body, too; the data is then undefined.
 */
export interface ApiPromise<T> extends Promise<T> {
  /**
   * The data with status, headers, request id and attempts.
   *
   * @example const { data, requestId, attempts } = await client.agents.get(id).withResponse();
   */
  withResponse(): Promise<WithResponse<T>>;
}
