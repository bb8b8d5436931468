// `voice`: responses to a caller's turn. The code is `src/js/webhooks/voice.js`.

/** The response of your endpoint to a caller's turn. */
export interface VoiceAnswer {
  /** Spoken to the caller. */
  text?: string | undefined;
  /** Ends the call after speaking. */
  hangup?: boolean | undefined;
  /** `transfer` passes the call to the agent's `transferNumber`. */
  action?: "transfer" | "hangup" | undefined;
  /** Keys to press in a phone menu. */
  digits?: string | undefined;
  /** More lines follow for this turn. Only in a streamed response. */
  interim?: boolean | undefined;
}

/**
 * A piece of a language model's stream, as its package returns it: OpenAI (chat completions and responses),
 * Anthropic, Google, the AI SDK, LangChain. Its words are spoken; a piece without any says nothing.
 */
export type ModelPiece =
  | {
      /** As OpenAI's chat completions and their kin stream them. */
      readonly choices: readonly unknown[];
    }
  | {
      /** As Google's models stream them. */
      readonly candidates?: readonly unknown[] | undefined;
    }
  | { readonly type: string }
  | {
      /** The text of LangChain's message chunks. */
      readonly content: string | readonly unknown[];
    };

/** What is spoken: a text, a response, or a piece of a language model's stream. */
export type VoicePiece = string | VoiceAnswer | ModelPiece;

/** The source of a streamed response: texts, responses and what a language model streams, now or later. */
export type VoiceSource =
  | VoicePiece
  | Iterable<VoicePiece>
  | AsyncIterable<VoicePiece>
  | {
      /** The words of a result of the AI SDK's `streamText`. */
      readonly textStream: AsyncIterable<string>;
    }
  | Promise<
      | VoicePiece
      | Iterable<VoicePiece>
      | AsyncIterable<VoicePiece>
      | {
          /** The words of a result of the AI SDK's `streamText`. */
          readonly textStream: AsyncIterable<string>;
        }
    >
  | ((signal: AbortSignal) => VoiceSource);

/** Options of a streamed response. */
export interface VoiceStreamOptions {
  /** Called with the error if the source fails. The turn ends anyway. Default: `console.error`. */
  onError?: ((error: unknown) => void) | undefined;
  /** What the caller hears when the source fails. Default: nothing. */
  fallback?: string | VoiceAnswer | undefined;
}

/** The lines of a streamed response. */
export interface VoiceLines extends AsyncIterableIterator<string> {
  /** Stops the source at once, also while it is awaited. */
  return(): Promise<IteratorResult<string>>;
}

/**
 * Responses to a caller's turn (`agent.message` on the channel `voice`). The caller hears silence until
 * you respond, so it is best to stream a model's words as they arrive: `voice.response(source)`.
 */
export interface VoiceAnswers {
  /** Speaks a text. */
  say(text: string): VoiceAnswer;
  /** Speaks, and says that more follows. Only in a streamed response. */
  interim(text: string): VoiceAnswer;
  /** Speaks, if there is a text, and ends the call. */
  hangup(text?: string): VoiceAnswer;
  /** Speaks, if there is a text, and passes the call to the agent's `transferNumber`. */
  transfer(text?: string): VoiceAnswer;
  /** Presses keys in a phone menu, e.g. `"123#"`. */
  digits(digits: string): VoiceAnswer;
  /**
   * The lines of a streamed response (NDJSON), for hosts that write strings: Node's `http`, Express. Texts
   * are spoken as they arrive; a response that may be the last waits for the next one; the last line, without
   * `interim`, is always written, even if the source fails. What the caller would hear as silence, such as an object without
   * a known field, counts as a failure.
   *
   * A source that is a function gets a signal that is aborted when the stream is no longer read. The source runs in the
   * async context (`AsyncLocalStorage`) in which this was called, no matter where the lines are read.
   */
  lines(source: VoiceSource, options?: VoiceStreamOptions): VoiceLines;
  /** The same as bytes. Nothing is asked of the source faster than it is read; `cancel` stops it. */
  stream(source: VoiceSource, options?: VoiceStreamOptions): ReadableStream<Uint8Array>;
  /**
   * The response as a `Response`: JSON for a text or a single response, NDJSON for everything else.
   *
   * ```ts
   * async function* model() {
   *   yield "One moment. ";
   *   yield "It is noon.";
   * }
   * const response = voice.response(model(), { fallback: voice.hangup("Please call again.") });
   * ```
   */
  response(source: VoiceSource, options?: VoiceStreamOptions): Response;
  /** Content type of a streamed response: `application/x-ndjson`. */
  readonly contentType: string;
}

/** Responses to a caller's turn. */
export const voice: VoiceAnswers;
