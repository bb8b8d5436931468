// The request for a person. The same person and round always give the same request, because the ledger refuses a key with
// different content.

import type { CreateCallRequest, SendMessageRequest } from "agentphone-wasm";
import type { Person, Settings } from "../types.js";
import { filled } from "./template.js";

/** @param greet Puts a disclosure before the first words. */
export const callOf = (
  { message, hosted }: Settings,
  person: Person,
  greet?: (text?: string) => string,
): CreateCallRequest => {
  const { agentId, initialGreeting, systemPrompt, voice, modelTier } = message;
  const { recipient, variables, numberId } = person;
  // A hosted agent's own prompt may contain variables too, which only the API can fill.
  const values = hosted && Object.keys(variables).length > 0 ? { variables: { ...variables } } : {};
  const first = initialGreeting === undefined ? undefined : filled(initialGreeting, variables);
  const greeting = greet === undefined ? first : greet(first) || undefined;
  return {
    agentId,
    toNumber: recipient,
    ...(numberId !== null && numberId !== "" && { fromNumberId: numberId }),
    ...(greeting !== undefined && { initialGreeting: greeting }),
    ...(systemPrompt !== undefined && { systemPrompt: filled(systemPrompt, variables) }),
    ...(voice !== undefined && { voice }),
    ...(modelTier !== undefined && { modelTier }),
    ...values,
  };
};

export const textOf = ({ message }: Settings, { recipient, variables }: Person): SendMessageRequest => ({
  agent_id: message.agentId,
  to_number: recipient,
  ...(message.body !== undefined && { body: filled(message.body, variables) }),
  ...(message.mediaUrls !== undefined && { media_urls: [...message.mediaUrls] }),
});
