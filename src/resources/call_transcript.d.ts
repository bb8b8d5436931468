// What was said in a call, afterwards and live.

import type { AsyncDisposeKey } from "../client/disposal.js";
import type { ApiPromise, Open, RequestOptions } from "../client/options.js";
import type { CallTranscriptPair } from "./calls.js";

/** What was said in a call. */
export interface CallTranscript {
  /** The call that was transcribed. */
  callId?: string | undefined;
  /** Where the call is: the last four states are final. */
  status?: Open<"queued" | "ringing" | "in-progress" | "completed" | "failed" | "busy" | "no-answer"> | undefined;
  /** Which way the call goes. */
  direction?: string | undefined;
  /** Length in seconds; null while the call is in progress. */
  durationSeconds?: number | null | undefined;
  /** What was said, turn by turn. Of a text, its lines; their role is `unknown` if it names no speaker. */
  transcript?: TranscriptTurn[] | undefined;
  /** What was said, as received, if that was one text. */
  transcriptText?: string | undefined;
}

/** What one side said at a time. */
export interface TranscriptTurn {
  /** Whose words they are: `user` is the other side. */
  role: Open<"agent" | "user">;
  /** What is said. */
  content: string;
  /** When it was said, ISO 8601. */
  createdAt?: string | null | undefined;
}

/** An older form of the transcript, which the API may still return. */
export interface CallTranscriptLegacy {
  /** What was said, in pairs of question and answer. */
  data: CallTranscriptPair[];
  /** The same, turn by turn. */
  transcript?: TranscriptTurn[] | undefined;
}

/** The call that a live transcript is about. */
export interface TranscriptConnectedData {
  /** The call that is followed. */
  callId: string;
  /** Where the call was when the stream opened. */
  status: Open<"queued" | "ringing" | "in-progress" | "completed" | "failed" | "busy" | "no-answer">;
  /** The agent that speaks; null if there is none. */
  agentId?: string | null | undefined;
  agentName?: string | null | undefined;
  /** Who placed the call: `inbound` is the other side. */
  direction?: string | undefined;
  /** Who calls, E.164. */
  fromNumber?: string | null | undefined;
  /** Who is called, E.164. */
  toNumber?: string | null | undefined;
  /** When it began, ISO 8601. */
  startedAt?: string | null | undefined;
}

/** How the call of a live transcript ended. */
export interface TranscriptEndedData {
  /** The call that has ended. */
  callId: string;
  /** How the call ended. */
  status: Open<"queued" | "ringing" | "in-progress" | "completed" | "failed" | "busy" | "no-answer">;
  /** When it ended, ISO 8601. */
  endedAt?: string | null | undefined;
  /** Length in seconds; null while the call is in progress. */
  durationSeconds?: number | null | undefined;
}

/** The events of a live transcript, by `event`. */
export type TranscriptStreamEvent =
  | {
      /** The stream is open. */
      event: "connected";
      /** The call that it is about. */
      data: TranscriptConnectedData;
    }
  | {
      /** Somebody said something. */
      event: "turn";
      /** What was said. */
      data: TranscriptTurn;
    }
  | {
      /** The call has ended, and so does the stream. */
      event: "ended";
      /** How it ended. */
      data: TranscriptEndedData;
    };

/** How to follow a transcript, beside the options of its requests. */
export interface TranscriptStreamOptions extends RequestOptions {
  /**
   * Milliseconds without a sign of life (the API sends one every 15 s) after which the connection is
   * replaced by another; null for no limit. Default: 45 000.
   */
  idleTimeout?: number | null | undefined;
}

/**
 * What is said in a call, live: `connected`, then each `turn`, then `ended`, each exactly once.
 *
 * The first read connects. A connection that is cut or silent is followed by another, after a pause that
 * grows; turns that the API repeats are skipped. While you process an event nothing is read.
 * `break`, `return()`, the end of an `await using` block and an abort close the connection at once. `timeout` is for the head of each response,
 * `totalTimeout` for all of it.
 *
 * Errors: those of the operation; `ConnectionError` when five more connections have brought nothing
 * new (with `maxRetries: 0` none more is tried); `InvalidResponseError` for an event that is not JSON or
 * longer than 1 MiB, and for a transcript that is another one after a reconnection.
 */
export interface TranscriptStream
  extends AsyncIterableIterator<TranscriptStreamEvent>,
    Record<AsyncDisposeKey, () => Promise<void>> {
  /** The next event. */
  next(): Promise<IteratorResult<TranscriptStreamEvent, undefined>>;
  /** Closes the connection. */
  return(): Promise<IteratorResult<TranscriptStreamEvent, undefined>>;
  /** Closes the connection, and rejects with the error: what `yield*` does with an error that is thrown into it. */
  throw(error?: unknown): Promise<IteratorResult<TranscriptStreamEvent, undefined>>;
  /** Itself. */
  [Symbol.asyncIterator](): TranscriptStream;
}

/** Transcripts of calls. */
export interface CallTranscriptResource {
  /**
   * Reads what was said in a call, all of it. The API has an older form, which it may still return: tell
   * them apart by `"data" in transcript`.
   *
   * Effect class: read. Free. Errors: `NotFoundError`, and those of every request.
   *
   * ```ts
   * const call = await client.calls.create({ agentId: agent.id, toNumber: "+14155550100" });
   * const transcript = await client.calls.transcript.get(call.id);
   * if (!("data" in transcript)) console.log(transcript.transcript?.length);
   * ```
   */
  get(callId: string, options?: RequestOptions): ApiPromise<CallTranscript | CallTranscriptLegacy>;

  /**
   * Follows what is said in a call while it is said. A call that has ended is replayed from the beginning,
   * and the stream closes.
   *
   * Effect class: read. Free. Errors: see `TranscriptStream`.
   *
   * ```ts
   * const live = await client.calls.create({ agentId: agent.id, toNumber: "+14155550100" });
   * for await (const { event, data } of client.calls.transcript.stream(live.id)) {
   *   if (event === "turn") console.log(data.role, data.content);
   * }
   * ```
   */
  stream(callId: string, options?: TranscriptStreamOptions): TranscriptStream;
}
