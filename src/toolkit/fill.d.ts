// `voice.fill`: words for the silence while an answer is made. The code is `src/js/toolkit/fill.js`.

import type { VoiceAnswer, VoicePiece, VoiceSource } from "../webhooks/voice.js";

/** What is said while the answer is not ready. */
export interface FillOptions {
  /** Milliseconds of silence, at the beginning or between two pieces, before a line of `say` is spoken. Default: 1500. */
  after?: number | undefined;
  /** What is said. If there are several lines, each silence gets the next one; none is said twice. */
  say: string | readonly string[];
  /**
   * Milliseconds from the first read until the turn is ended, even if the source has not finished: nothing is heard after the
   * webhook's time limit. Default: 25 000; the API's limit is 30 s, unless the webhook has another `timeout`.
   */
  deadline?: number | undefined;
  /** What is said when the deadline ends the turn. Default: nothing. */
  late?: string | VoiceAnswer | undefined;
}

/** Helpers for calls. Not the same object as the `voice` of `agentphone-wasm`, which accepts what this one returns. */
export interface Fillers {
  /**
   * A source for `voice.response`, `voice.stream` and `voice.lines`: the given one, with a line spoken while it is silent,
   * and ended before the webhook times out. Callers hang up on silence. Pieces of a model's stream without words
   * count as silence. When the reader stops, or at the deadline, the source is stopped; a function receives a
   * signal for that. Errors of the source are passed on to the reader. Errors: `InvalidArgumentError`.
   *
   * ```ts
   * async function* slow() {
   *   await new Promise((resolve) => setTimeout(resolve, 50));
   *   yield "We are open until five.";
   * }
   * const response = answers.response(voice.fill(slow(), { after: 20, say: "One moment, please." }));
   * console.log(await response.text()); // both, in two lines
   * ```
   */
  fill(source: VoiceSource, options: FillOptions): AsyncIterableIterator<VoicePiece>;
}

/** Helpers for calls. */
export const voice: Fillers;
