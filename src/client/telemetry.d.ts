// The option `telemetry`: observes each call from start to end. `agentphone-wasm/otel` implements it for OpenTelemetry.
// The code is `src/js/runtime/telemetry.js`.

import type { AnyAgentPhoneError } from "./errors.js";
import type { Open } from "./options.js";

/**
 * Observes the calls of a client. Hooks cannot do this, because they do not know which call an event belongs to, nor when the
 * call ends. `openTelemetry()` of `agentphone-wasm/otel` is an implementation.
 *
 * @example
 * const timed = new AgentPhone({
 *   telemetry: {
 *     start: ({ operation }) => {
 *       const began = performance.now();
 *       return { ended: ({ code }) => console.log(operation, code ?? "done", performance.now() - began) };
 *     },
 *   },
 * });
 * await timed.agents.list();
 */
export interface Telemetry {
  /**
   * A method of the client was called; this runs in the caller's async context. Returns an observer of this call, or undefined to
   * ignore it. A list is one call per page, a transcript one call for the whole stream.
   */
  start(call: CallStart): CallTelemetry | undefined;
}

/** The start of a call. */
export interface CallStart {
  /** The operation, e.g. `calls.create`; also `calls.wait`, `effects.settle`, `settle` and `request`. */
  operation: string;
  /** HTTP method; undefined if the call consists of several requests. */
  method?: string | undefined;
  /** Path template, e.g. `/v1/calls/{call_id}`; never the ids. */
  path?: string | undefined;
}

/**
 * Observes one call. Every method is optional. If one throws, the call is not affected. Except for `data` and `error` of `ended`, no
 * argument contains a key, an id, a phone number or a text.
 */
export interface CallTelemetry {
  /**
   * Must run `begin`, which starts the call, once and before it returns. The async context around it (`AsyncLocalStorage.run`) is
   * that of the whole call: of the key supplier, hooks, log and `fetch`, even after waits.
   */
  run?: ((begin: () => void) => void) | undefined;
  /** Must run `send`, which calls `fetch`, once and before it returns. `headers` are added to those of the request. */
  send?: ((request: SentRequest, send: (headers?: Record<string, string>) => void) => void) | undefined;
  /** An attempt is over: its response has been read (for a recording or a transcript, its headers), or it failed. */
  received?: ((response: ReceivedResponse) => void) | undefined;
  /** An attempt has failed, and another will follow. */
  retrying?: ((retry: PlannedRetry) => void) | undefined;
  /** The call has waited. */
  waited?: ((wait: CallWait) => void) | undefined;
  /** A call with an idempotency key has asked the API for the outcome of its request. */
  looked?: ((look: CallLook) => void) | undefined;
  /** The call is over. Called once, last. */
  ended?: ((end: CallEnd) => void) | undefined;
}

/** One request of a call. */
export interface CallRequest {
  /** The operation of the request: the call's own, or one that it needs, such as `calls.list` after a lost response. */
  operation: string;
  /** HTTP method. */
  method: string;
  /** Path template, e.g. `/v1/calls/{call_id}`; never the ids. */
  path: string;
  /** Which attempt, from 1. */
  attempt: number;
  /** True if it looks for the outcome of another request. */
  lookup: boolean;
}

/** A request that is sent now. */
export interface SentRequest extends CallRequest {
  /** Host that it is sent to. */
  address: string;
  /** 443 for https and 80 for http, unless the URL names a port. */
  port: number;
}

/** The end of an attempt. */
export interface ReceivedResponse extends CallRequest {
  /** HTTP status; undefined if there was no response. */
  status: number | undefined;
  /** True if the attempt failed. */
  failed: boolean;
  /** Why, unless the status says it: `CONNECTION_ERROR`, `TIMEOUT`, `ABORTED` or `INVALID_RESPONSE`. */
  code: string | undefined;
}

/** An attempt that will follow. */
export interface PlannedRetry extends CallRequest {
  /** Milliseconds until then, at the earliest. */
  delay: number;
  /** As of `ReceivedResponse`. */
  code: string | undefined;
}

/** A wait that is over. */
export interface CallWait {
  /** `rate_limit`, `backoff` (before a retry), `key` (the supplier's), `ledger`, or `settle` (before the API is asked again). */
  reason: Open<"rate_limit" | "backoff" | "key" | "ledger" | "settle">;
  /** Milliseconds. */
  duration: number;
}

/** A lookup of a request's outcome. */
export interface CallLook {
  /** How many objects the request may have created. */
  found: number;
}

/** The end of a call. */
export interface CallEnd {
  /** True if its promise rejects. */
  failed: boolean;
  /** The error's code if it is documented, otherwise that of its status. */
  code: string | undefined;
  /** True if the operation may have happened although it failed. */
  outcomeUnknown: boolean;
  /** True if an earlier use of the idempotency key did it. */
  replayed: boolean;
  /** What the ledger knows, if the outcome was found by a lookup and not in a response. */
  settled: { state: string; how: string | undefined } | undefined;
  /** What it resolves to; contains private data. */
  data: unknown;
  /** What it rejects with; its fields contain private data. It may also be anything that one of your conditions has thrown. */
  error: AnyAgentPhoneError | undefined;
}
