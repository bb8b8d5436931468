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

/** What was said, in any form that the API has: of a call, of a conversation, or as one text. */
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

/** A message as language models take it. It fits the AI SDK's `ModelMessage`, and those of OpenAI and Anthropic. */
export interface ModelMessage {
  /** `assistant` is the agent, `user` everybody else. */
  role: "user" | "assistant";
  /** The words; never empty. */
  content: string;
}

/** For which model the messages are. */
export interface MessagesOptions {
  /**
   * Whose models read them. For `anthropic` the messages alternate and begin with the user's, as some of its hosts demand:
   * neighbours of one side are joined by a line break, and where the agent spoke first, a line in brackets goes before it.
   */
  provider: "ai-sdk" | "openai" | "anthropic";
  /**
   * Who wrote in a group, by phone number or e-mail address: what it returns is put before the words, as `Ada: Hello`.
   * Default: nothing is put there.
   */
  nameOf?: ((senderIdentifier: string) => string | null | undefined) | undefined;
}

/**
 * What was said, as messages for a language model, the oldest first. Of an event it is the history and the current turn,
 * which comes exactly once and last, whether the history has it (calls) or not (texts). Both forms of `recentHistory` are
 * read, from `webhooks.verify` or straight from JSON. Of a reaction it is the history alone. The
 * instructions of the model are not among them.
 *
 * Turns without words are left out, except the current one: `[silence]` stands for it in a call, `[2 attachments]` in a
 * text. Whoever is not known to be the agent is the user. Errors: `InvalidArgumentError`.
 *
 * ```ts
 * const messages = messagesOf(event, { provider: "openai" });
 * console.log(messages.at(-1)); // { role: "user", content: "hi" }
 * ```
 */
export function messagesOf(source: WebhookEvent | AnyTranscript, options: MessagesOptions): ModelMessage[];

/** How a text names those who speak. */
export interface TextOptions {
  /** Default: `"Agent"`. */
  agent?: string | undefined;
  /** The other side. Default: `"User"`. */
  user?: string | undefined;
}

/**
 * What was said as a text of a line per turn, for people and for prompts. Errors: `InvalidArgumentError`.
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
