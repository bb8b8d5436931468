// `segmentsOf`: what carriers make of a text, and how a long one is split. The code is `src/js/toolkit/segments.js`.

/** How carriers count a text. */
export interface TextMeasure {
  /** `gsm-7`: all characters are in the GSM alphabet. A single other character makes it `ucs-2`, which fits less than half as many. */
  encoding: "gsm-7" | "ucs-2";
  /** Its length in units of the encoding. In `gsm-7` a few characters, such as `€`, count twice; in `ucs-2` most emoji do. */
  units: number;
  /** Carriers' segments: 160 units in one, 153 each in several; in `ucs-2` 70 and 67. An empty text has none. */
  segments: number;
}

/** One of the texts to send. */
export interface TextPiece extends TextMeasure {
  /** Its text, without the spaces at the cut. */
  text: string;
}

/** What a text costs and how it is split. */
export interface TextSegments extends TextMeasure {
  /** The characters that are not in the GSM alphabet, each once. */
  unicode: string[];
  /** The texts to send, in order; only one if everything fits. */
  pieces: TextPiece[];
  /** US dollars for all `pieces`: $0.02 a message, regardless of segments (AgentPhone's prices of 2026). */
  price: number;
}

/** How long a piece may be. */
export interface SegmentOptions {
  /** UTF-16 units in a piece, 20 to 1600. Default: 1600, the longest text that the API accepts. */
  maxLength?: number | undefined;
  /** Segments in a piece, 1 to 1600. Default: as many as `maxLength` allows. */
  maxSegments?: number | undefined;
}

/**
 * How carriers count a text, and the texts to send if it is too long for one. It is split between words; a word longer
 * than a piece is split between characters, but never inside a character or an emoji. Errors: `InvalidArgumentError`, also for
 * more than 100 000 characters.
 *
 * ```ts
 * const { encoding, segments, pieces, price } = segmentsOf("Your table is ready. 🎉");
 * console.log(encoding, segments, price); // ucs-2 1 0.02
 * for (const { text } of pieces) await client.messages.send({ agentId: agent.id, toNumber: "+14155550100", body: text });
 * ```
 */
export function segmentsOf(text: string, options?: SegmentOptions): TextSegments;
