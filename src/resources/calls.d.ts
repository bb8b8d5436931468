// Phone calls: placed, read, listed, ended; and their audio.

import type { DisposeKey } from "../client/disposal.js";
import type { ApiPromise, Open, RequestOptions } from "../client/options.js";
import type { PagePromise, PageQuery } from "../client/pages.js";
import type { CallTranscriptResource } from "./call_transcript.js";

/** What to call. The API has no idempotency key: a repeated request places another call. */
export interface CreateCallRequest {
  /** The agent that speaks. */
  agentId: string;
  /** E.164; US and CA destinations only, emergency and crisis numbers refused. */
  toNumber: string;
  /** Caller id; must belong to the agent. Default: its first number. */
  fromNumberId?: string | null | undefined;
  /** First words of the call. */
  initialGreeting?: string | null | undefined;
  /** Voice for this call only. */
  voice?: string | null | undefined;
  /** Makes the built-in model run this call even on a webhook agent. */
  systemPrompt?: string | null | undefined;
  /** Only with systemPrompt; defaults to the tier of the agent. */
  modelTier?: "turbo" | "balanced" | "max" | undefined;
  /** Values for {{name}} placeholders; needs systemPrompt or a hosted agent. */
  variables?: Record<string, string | null> | null | undefined;
  /** Answer to "who is calling" of automated screeners. */
  callScreeningIdentity?: string | null | undefined;
  /** Answer to "why are you calling". */
  callScreeningPurpose?: string | null | undefined;
  /** Keep no audio; the transcript is still kept. Default: `false`. */
  disableRecording?: boolean | undefined;
  /**
   * Makes the API respond only when the call has ended or `maxWaitSeconds` are over. The client's `timeout` and
   * `totalTimeout` are raised to that time and 10 seconds more; those of the request itself are kept. Node's own
   * `fetch` gives up after 300 seconds without a response, and then nothing says whether the phone rang: for longer
   * waits use `calls.wait`. Default: `false`.
   */
  waitForCompletion?: boolean | undefined;
  /** Seconds that `waitForCompletion` may take, 10 to 600. Default: 600. */
  maxWaitSeconds?: number | undefined;
}

/** A call. The response of `calls.create` has a subset. */
export interface Call extends CallSummary {
  /** The voice provider's id. */
  retellCallId?: string | null | undefined;
}

/** A call, as lists show it. */
export interface CallSummary {
  /** Id; opaque. */
  id: string;
  /** The agent that took part; null if there was none. */
  agentId?: string | null | undefined;
  agentName?: string | null | undefined;
  /** Id of our number. */
  phoneNumberId?: string | null | undefined;
  /** Our number, E.164. */
  phoneNumber?: string | null | undefined;
  /** Who calls, E.164. */
  fromNumber: string;
  /** Who is called, E.164. */
  toNumber: string;
  /** Who placed the call: `inbound` is the other side, `web` a browser. */
  direction?: Open<"inbound" | "outbound" | "web"> | undefined;
  /** Where the call is: the last four states are final. */
  status: Open<"queued" | "ringing" | "in-progress" | "completed" | "failed" | "busy" | "no-answer">;
  /** When it began, ISO 8601. */
  startedAt: string;
  /** When it ended, ISO 8601; null while it is in progress. */
  endedAt?: string | null | undefined;
  /** Length in seconds, also fractions of one; null while it is in progress. */
  durationSeconds?: number | null | undefined;
  /** The last words, for lists. */
  lastTranscriptSnippet?: string | null | undefined;
  /** Where the audio is; null unless the recording add-on is on. Needs no key. */
  recordingUrl?: string | null | undefined;
  /** True when there is audio. Default: `false`. */
  recordingAvailable?: boolean | undefined;
  /** What was said, turn by turn. */
  transcripts?: CallTranscriptPair[] | undefined;
}

/** Paired form used inside a call object. */
export interface CallTranscriptPair {
  /** Id; opaque. */
  id: string;
  /** What the other side said. */
  transcript: string;
  /** Confidence of recognition, 0 to 1. */
  confidence?: number | null | undefined;
  /** What the agent answered. */
  response?: string | null | undefined;
  /** When it was made, ISO 8601. */
  createdAt: string;
}

/** Whether to wait for the end of a call. */
export interface CallQuery {
  /** True makes the API respond only when the call has ended or `timeout` is over. Default: `false`. */
  wait?: boolean | undefined;
  /**
   * **Seconds** that `wait` may take, 1 to 300; then the call is returned in its current state. The client's own `timeout` and
   * `totalTimeout`, which are milliseconds, are raised to this time and 10 seconds more. Default: what the API has;
   * the client allows for 300.
   */
  timeout?: number | undefined;
}

/** Who answers in the browser. */
export interface CreateWebCallRequest {
  /** The agent that speaks. */
  agentId: string;
  /** Your own data, kept with the call. */
  metadata?: Record<string, unknown> | null | undefined;
  /** Values for {{name}} placeholders; needs a hosted agent. */
  variables?: Record<string, string | null> | null | undefined;
}

/** A browser call. More fields may be present. */
export interface WebCall {
  /** For the browser package agentphone-web-sdk. Expires 30 s after creation. */
  accessToken: string;
  /** For `calls.get` and the transcript. */
  callId?: string | undefined;
}

/** Which calls, and which page of them. */
export interface CallsQuery extends PageQuery {
  /** Only calls in this state. */
  status?:
    | Open<"queued" | "ringing" | "in-progress" | "completed" | "failed" | "busy" | "no-answer">
    | null
    | undefined;
  /** Only calls of this direction. */
  direction?: Open<"inbound" | "outbound" | "web"> | null | undefined;
  /** Only calls of this kind. */
  type?: Open<"pstn" | "web"> | null | undefined;
  /** Part of either number. */
  search?: string | null | undefined;
}

/** Phone calls. */
export interface CallsResource {
  /** The audio of a call. */
  readonly recording: CallRecordingResource;
  /** What was said in a call, afterwards and live. */
  readonly transcript: CallTranscriptResource;

  /**
   * Places a call. It returns as soon as the call is queued, or with `waitForCompletion` when it has ended; its course
   * shows in `calls.get`.
   *
   * Effect class: effect. **Rings a phone and is billed by the second**, $0.13 a minute in webhook mode
   * and $0.22 hosted; a repeat rings again. When its outcome is unknown, the error says so in
   * `outcomeUnknown`: look at `calls.list` before you repeat it. Errors: `ValidationError`,
   * `NotFoundError`, `ConflictError` (the number has too many calls at once),
   * `InsufficientBalanceError`, `PermissionDeniedError`, `CarrierError`, and those of every request.
   *
   * ```ts
   * const call = await client.calls.create(
   *   { agentId: agent.id, toNumber: "+14155550100" },
   *   { timeout: 10_000 },
   * );
   * ```
   */
  create(body: CreateCallRequest, options?: RequestOptions): ApiPromise<Call>;

  /**
   * Makes a call that is answered in a browser, by the package agentphone-web-sdk and this token.
   *
   * Effect class: effect (a repeat makes a second call). Nothing is billed until a browser joins; a
   * token that is not used lapses after 30 s. Errors: `ValidationError`, `NotFoundError`,
   * `InsufficientBalanceError`, and those of every request.
   *
   * ```ts
   * const { accessToken } = await client.calls.createWeb({ agentId: agent.id });
   * ```
   */
  createWeb(body: CreateWebCallRequest, options?: RequestOptions): ApiPromise<WebCall>;

  /**
   * Reads a call with what was said.
   *
   * Effect class: read. Free. Errors: `NotFoundError`, and those of every request.
   *
   * ```ts
   * const placed = await client.calls.create({ agentId: agent.id, toNumber: "+14155550100" });
   * const { status, transcripts } = await client.calls.get(placed.id);
   * console.log(status, transcripts?.length);
   * ```
   */
  get(callId: string, options?: RequestOptions): ApiPromise<Call>;

  /**
   * Reads a call, and with `wait` only when it has ended: a long poll, one request for up to five minutes.
   * `calls.wait` waits longer, and follows the transcript. A second and last argument without `wait` is read as options.
   *
   * Effect class: read. Free. Errors: `NotFoundError`, and those of every request.
   *
   * ```ts
   * const ringing = await client.calls.create({ agentId: agent.id, toNumber: "+14155550100" });
   * const over = await client.calls.get(ringing.id, { wait: true, timeout: 120 });
   * console.log(over.status, over.durationSeconds);
   * ```
   */
  get(callId: string, query?: CallQuery, options?: RequestOptions): ApiPromise<Call>;

  /**
   * Lists calls, the newest first, a page at a time.
   *
   * Effect class: read. Free. Errors: those of every request.
   *
   * ```ts
   * const { data } = await client.calls.list({ status: "completed", limit: 10 });
   * ```
   */
  list(query?: CallsQuery, options?: RequestOptions): PagePromise<CallSummary>;

  /**
   * Hangs up. It returns as soon as the stop is accepted; `status` and `endedAt` follow later.
   *
   * Effect class: idempotent. Free. Errors: `NotFoundError`, and those of every request.
   */
  end(callId: string, options?: RequestOptions): ApiPromise<Call>;

  /**
   * Waits for a call to end (or for `until`), and returns it. It follows the live transcript, and where
   * that fails it asks again after 0.5 s, and then after ever longer up to 5 s. `totalTimeout` is for all
   * of it; default: none.
   *
   * Effect class: read. Free. Errors: `NotFoundError`, `TimeoutError`, `AbortError`, and those of every
   * request.
   *
   * ```ts
   * const placed = await client.calls.create({ agentId: agent.id, toNumber: "+14155550100" });
   * const ended = await client.calls.wait(placed.id, { totalTimeout: 600_000 });
   * console.log(ended.status, ended.durationSeconds);
   * ```
   */
  wait(callId: string, options?: WaitOptions): Promise<Call>;
}

/** What `calls.wait` waits for, beside the options of its requests. */
export interface WaitOptions extends RequestOptions {
  /**
   * A status, `"ended"`, or a function that says of a call whether it will do. Default: `"ended"`.
   * A call that ends before it gets there is returned too. If the function throws, the wait rejects with that error.
   */
  until?:
    | "ended"
    | "queued"
    | "ringing"
    | "in-progress"
    | "completed"
    | "failed"
    | "busy"
    | "no-answer"
    | ((call: Call) => boolean | Promise<boolean>)
    | undefined;
}

/**
 * The audio of a call, whose bytes are read when they are asked for; once. The connection of one that is not read is
 * closed by `cancel()`, or at the end of a `using` block.
 */
export interface Recording extends Record<DisposeKey, () => void> {
  /** Its media type, such as `audio/wav`. */
  readonly contentType: string;
  /**
   * The name that the API proposes, safe to save a file under on any system: without folders, control and invisible
   * characters, a leading dot or dash, and device names such as `CON`; at most 255 bytes.
   */
  readonly fileName?: string | undefined;
  /** Length in bytes, if the API says so. Of a file that is sent compressed it is not known. */
  readonly size?: number | undefined;
  /** `Content-Range` of the response, if a range was requested and returned. */
  readonly range?: string | undefined;
  /**
   * The bytes as they arrive; null if there are none. Cancel it to close the connection. Errors: `TimeoutError` after
   * `idleTimeout` without a byte, `AbortError`, `ConnectionError`, and `InvalidResponseError` beyond `maxBytes`.
   */
  readonly stream: ReadableStream<Uint8Array> | null;
  /**
   * All bytes, within `timeout`. Errors: `TimeoutError`, `AbortError`, `ConnectionError`; `InvalidResponseError` when
   * it is longer than `maxBytes`; and `InvalidArgumentError` when it was read before.
   */
  bytes(): Promise<Uint8Array>;
  /** All bytes, with their type. Errors: as those of `bytes`. */
  blob(): Promise<Blob>;
  /** Closes the connection; what is being read fails with `AbortError`. */
  cancel(): void;
}

/** Which part of a recording, beside the options of its request. */
export interface RecordingOptions extends RequestOptions {
  /** Only these bytes. Default: all. */
  range?:
    | {
        /** The first byte, counted from 0. Default: 0. */
        start?: number | undefined;
        /** The last byte, which is included. Default: the last there is. */
        end?: number | undefined;
      }
    | undefined;
  /**
   * The most bytes that are read of it, by `bytes`, `blob` and `stream`; `null` for no limit. A longer recording is an
   * `InvalidResponseError` when it is read, at once if the API says its length. Default: 268 435 456 (256 MiB,
   * over four hours of one voice, uncompressed).
   */
  maxBytes?: number | null | undefined;
  /**
   * Milliseconds that a read of `stream` waits for a byte before it fails with `TimeoutError` and the connection is
   * closed; `null` for no limit. The time only counts while the stream is being read. `bytes` and `blob` have `timeout` instead. Default: 45 000.
   */
  idleTimeout?: number | null | undefined;
}

/** Audio of calls. */
export interface CallRecordingResource {
  /**
   * Downloads the audio of a call, where the recording add-on is on (`credits.recording.enable`) and
   * `recordingAvailable` is true.
   *
   * Effect class: read. Free. Sent without the key: anyone who knows the id of a call can listen to it. Errors:
   * `NotFoundError` (there is no recording), and those of every request.
   *
   * ```ts
   * await client.credits.recording.enable(); // $5 a month
   * const recorded = await client.calls.create({ agentId: agent.id, toNumber: "+14155550100" });
   * await client.calls.wait(recorded.id);
   * const audio = await client.calls.recording.get(recorded.id, { maxBytes: 50 * 2 ** 20 });
   * console.log(audio.contentType, audio.fileName, (await audio.bytes()).length);
   * ```
   */
  get(callId: string, options?: RecordingOptions): ApiPromise<Recording>;
}
