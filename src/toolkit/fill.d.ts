// `voice.fill`: words for the silence while an answer is made. The code is `src/js/toolkit/fill.js`.

import type { VoiceAnswer, VoicePiece, VoiceSource } from "../webhooks/voice.js";

/** What is said while an answer is not there. */
export interface FillOptions {
  /** Milliseconds without a word, at the beginning or between two pieces, until a line of `say` is spoken. Default: 1500. */
  after?: number | undefined;
  /** What is said. Of several lines each silence gets the next; none is said twice. */
  say: string | readonly string[];
  /**
   * Milliseconds from the first read until the turn is ended, whatever the source still has to say: what comes after the
   * webhook's time limit is not heard. Default: 25 000; the API's limit is 30 s, unless the webhook has another `timeout`.
   */
  deadline?: number | undefined;
  /** What is said when the deadline ends the turn. Default: nothing. */
  late?: string | VoiceAnswer | undefined;
}

/** What the toolkit has for calls. It is another one than the `voice` of `agentphone-wasm`, which takes what this one gives. */
export interface Fillers {
  /**
   * A source for `voice.response`, `voice.stream` and `voice.lines`: the given one, with a line spoken while it is silent,
   * and with an end before the webhook's time is up. Callers hang up on silence. Pieces of a model's stream that say
   * nothing count as silence. When nobody listens any more, or at the deadline, the source is stopped: a function gets a
   * signal for it. What the source throws goes on to whoever reads. Errors: `InvalidArgumentError`.
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

/** What the toolkit has for calls. */
export const voice: Fillers;
