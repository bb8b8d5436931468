// `messagesOf` and `textOf`: what was said, for a language model and for people. The code is `src/js/toolkit/messages.js`.

import type {
  CallTranscript,
  CallTranscriptLegacy,
  TranscriptStreamEvent,
  TranscriptTurn,
} from "../resources/call_transcript.js";
import type { Call, CallTranscriptPair } from "../resources/calls.js";
import type { ConversationMessage } from "../resources/conversation_messages.js";
import type { Conversation } from "../resources/conversations.js";
import type { NumberMessage } from "../resources/number_history.js";
import type { CallEndedData, CallEndedTurn, HistoryItem, WebhookEvent } from "../webhooks/webhooks.js";

/** One thing that was said, in any form that the API has. */
export type Said =
  | TranscriptTurn
  | CallEndedTurn
  | HistoryItem
  | CallTranscriptPair
  | TranscriptStreamEvent
  | ConversationMessage
  | NumberMessage;

/** A history, in any form that the API has: of a call, of a conversation, or as one text. */
export type AnyTranscript =
  | string
  | readonly Said[]
  | CallTranscript
  | CallTranscriptLegacy
  | Call
  | CallEndedData
  | Conversation
  | {
      /** A page of messages, as lists return it. */
      readonly data: readonly Said[];
    };

/** A message for a language model. It is compatible with the AI SDK's `ModelMessage`, and with OpenAI's and Anthropic's messages. */
export interface ModelMessage {
  /** `assistant` for the agent, `user` for everybody else. */
  role: "user" | "assistant";
  /** The text; never empty. */
  content: string;
}

/** Which model the messages are for. */
export interface MessagesOptions {
  /**
   * The model's provider. For `anthropic` the messages alternate and begin with the user's, as some of its hosts require:
   * consecutive messages of one side are joined by a line break, and if the agent spoke first, a line in brackets is put before it.
   */
  provider: "ai-sdk" | "openai" | "anthropic";
  /**
   * Names the sender of a message in a group, by phone number or e-mail address: the result is put before the text, as in `Ada: Hello`.
   * Default: no name.
   */
  nameOf?: ((senderIdentifier: string) => string | null | undefined) | undefined;
}

/**
 * A history as messages for a language model, oldest first. For an event, that is the history and the current turn,
 * which comes last and exactly once, whether the history contains it (calls) or not (texts). Both forms of `recentHistory` are
 * accepted, from `webhooks.verify` or parsed from JSON. For a reaction, it is only the history. The
 * model's instructions are not included.
 *
 * Turns without text are left out, except the current one, which becomes `[silence]` in a call, or `[2 attachments]` in a
 * text. Anyone who is not known to be the agent is the user. Errors: `InvalidArgumentError`.
 *
 * ```ts
 * const messages = messagesOf(event, { provider: "openai" });
 * console.log(messages.at(-1)); // { role: "user", content: "hi" }
 * ```
 */
export function messagesOf(source: WebhookEvent | AnyTranscript, options: MessagesOptions): ModelMessage[];

/** The names of the speakers. */
export interface TextOptions {
  /** Default: `"Agent"`. */
  agent?: string | undefined;
  /** The other side. Default: `"User"`. */
  user?: string | undefined;
}

/**
 * A history as text with one line per turn, for people and for prompts. Errors: `InvalidArgumentError`.
 *
 * ```ts
 * const text = textOf([
 *   { role: "agent", content: "Hello, this is Ada." },
 *   { role: "user", content: "Hi!" },
 * ]);
 * console.log(text); // Agent: Hello, this is Ada.⏎User: Hi!
 * ```
 */
export function textOf(transcript: AnyTranscript | WebhookEvent, options?: TextOptions): string;
