// What an agent did: its conversations and its calls.

import type { RequestOptions } from "../client/options.js";
import type { PagePromise, PageQuery } from "../client/pages.js";
import type { CallSummary } from "./calls.js";

/** A conversation, as the list of an agent shows it: without group and metadata. */
export interface AgentConversationSummary {
  /** Id; opaque. */
  id: string;
  /** The agent in it; null if there is none. */
  agentId: string | null;
  /** Id of our number. */
  phoneNumberId: string;
  /** Our number, E.164. */
  phoneNumber: string;
  /** Phone, email, or group id of the other side. */
  participant: string;
  /** When the last message was received or sent, ISO 8601; null if there is none. */
  lastMessageAt?: string | null | undefined;
  /** How many messages it has. */
  messageCount: number;
  /** When it was made, ISO 8601. */
  createdAt: string;
  /** Beginning of the last message. */
  lastMessagePreview?: string | undefined;
}

/** Conversations of an agent. */
export interface AgentConversationsResource {
  /**
   * Lists the conversations of an agent, a page at a time.
   *
   * Effect class: read. Free. Errors: `NotFoundError`, and those of every request.
   *
   * ```ts
   * for await (const conversation of client.agents.conversations.list(agent.id)) {
   *   console.log(conversation.participant, conversation.messageCount);
   * }
   * ```
   */
  list(agentId: string, query?: PageQuery, options?: RequestOptions): PagePromise<AgentConversationSummary>;
}

/** Calls of an agent. */
export interface AgentCallsResource {
  /**
   * Lists the calls of an agent, a page at a time.
   *
   * Effect class: read. Free. Errors: `NotFoundError`, and those of every request.
   *
   * ```ts
   * const { data } = await client.agents.calls.list(agent.id, { limit: 10 });
   * console.log(data.map((call) => call.status));
   * ```
   */
  list(agentId: string, query?: PageQuery, options?: RequestOptions): PagePromise<CallSummary>;
}
