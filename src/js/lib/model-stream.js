// @ts-check
// The words in the streams of language models, as their packages return them: OpenAI (chat completions and
// responses), Anthropic, Google, the AI SDK, LangChain. Recognized by their form, so that no package is needed.

import { owns } from "./fields.js";

/** Events of OpenAI's responses, of Anthropic and of the AI SDK: most of them contain nothing to be spoken. */
const EVENT = /^(response\.|content_block_|message_|ping$|text-|reasoning|tool-|source|file$|raw$|abort$|start|finish)/;

/** The text of a content, which is a text or a list of parts. @param {any} content */
const textIn = (content) => {
  if (typeof content === "string") return content;
  return Array.isArray(content)
    ? content.map((part) => (typeof part?.text === "string" ? part.text : "")).join("")
    : undefined;
};

/** @param {any} event */
const inEvent = ({ type, delta, text, textDelta }) => {
  if (type === "response.output_text.delta") return textIn(delta);
  if (type === "content_block_delta") return textIn(delta?.text);
  return type === "text-delta" ? textIn(text ?? textDelta ?? delta) : "";
};

/**
 * The words of a piece of a model's stream, "" if it has none; undefined for anything else. Throws the
 * error if the piece reports one.
 * @param {any} value @returns {string | undefined}
 */
export const wordsIn = (value) => {
  if (typeof value !== "object" || value === null) return undefined;
  const { type, choices, candidates, content } = value;
  if (Array.isArray(choices))
    return textIn(choices[0]?.delta?.content ?? choices[0]?.message?.content ?? choices[0]?.text) ?? "";
  if (Array.isArray(candidates)) return textIn(candidates[0]?.content?.parts) ?? "";
  if (type === "error" || value instanceof Error) throw value.error ?? value;
  if (typeof type === "string" && EVENT.test(type)) return inEvent(value) ?? "";
  // LangChain's pieces have a `text` too, but as a getter of their class, which JSON leaves out.
  return owns(value, "text") ? undefined : textIn(content);
};
