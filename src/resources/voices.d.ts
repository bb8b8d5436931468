// Voices that agents can speak with.

import type { Open, RequestOptions } from "../client/options.js";
import type { PagePromise } from "../client/pages.js";

/** A voice. Snake case on the wire. */
export interface Voice {
  /** Id to pass as `voice`. */
  voice_id: string;
  /** Name for people. */
  voice_name: string;
  /** Who makes the voice. */
  provider: Open<"elevenlabs" | "cartesia" | "openai" | "minimax" | "fish_audio" | "inworld" | "qwen3" | "platform">;
  gender?: string | null | undefined;
  accent?: string | null | undefined;
  /** A sample to listen to. */
  preview_audio_url?: string | null | undefined;
}

/** Voices. */
export interface VoicesResource {
  /**
   * Lists all voices.
   *
   * Effect class: read. Free. Errors: those of every request.
   *
   * ```ts
   * const { data } = await client.voices.list();
   * console.log(data.map((voice) => voice.voice_name));
   * ```
   */
  list(options?: RequestOptions): PagePromise<Voice>;
}
