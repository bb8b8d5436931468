// @ts-check
// `messagesOf` and `textOf`: what was said, for a language model and for people.

import { guard, optionsOf, refuse } from "../errors/refuse.js";
import { isArray, isObject } from "../lib/fields.js";
import { firstText, turnsOf } from "./turns.js";

/** @import { Turn } from "./turns.js" */
/** @typedef {{ role: "user" | "assistant", content: string }} Message */

const PROVIDERS = ["ai-sdk", "openai", "anthropic"];
/** Milliseconds by which two times of one message may differ: the event and the history have each their own. */
const SAME = 1000;
/** The first message for a model if the agent spoke first: some models accept no conversation that they began. */
const OPENING = "[The conversation begins.]";

/** The content of a turn without words: models refuse an empty message. @param {any} data */
const wordless = ({ mediaUrls, transcript }) => {
  if (typeof transcript === "string") return "[silence]";
  const files = isArray(mediaUrls) ? mediaUrls.length : 0;
  return files > 0 ? `[${files} attachment${files > 1 ? "s" : ""}]` : "[empty message]";
};

/** The turn that an event is about; undefined where it is about none. @param {any} event @returns {Turn | undefined} */
const currentOf = ({ event, channel, timestamp, data }) => {
  if (event !== "agent.message" || !isObject(data)) return undefined;
  const { transcript, message, messageId, receivedAt, senderIdentifier } = /** @type {any} */ (data);
  const content = channel === "voice" ? transcript : message;
  if (typeof content !== "string") return undefined;
  const at = channel === "voice" ? Number.NaN : Date.parse(firstText(receivedAt, timestamp) ?? "");
  return { role: "user", content, at, id: messageId, sender: senderIdentifier };
};

/**
 * Whether a turn of a history is the current one: by the id where both have one, otherwise by words and time. Without a
 * time only the last one can be it, because people say the same thing twice.
 * @param {Turn} turn @param {Turn} current @param {boolean} last
 */
const isCurrent = (turn, current, last) => {
  if (turn.id && current.id) return turn.id === current.id;
  if (turn.role === "agent" || turn.content.trim() !== current.content.trim()) return false;
  const apart = Math.abs(turn.at - current.at);
  return Number.isNaN(apart) ? last : apart < SAME;
};

/** As providers want it that accept turns only in alternation, beginning with the user's. @param {Message[]} messages */
const alternating = (messages) => {
  const made = /** @type {Message[]} */ (messages[0]?.role === "assistant" ? [{ role: "user", content: OPENING }] : []);
  for (const message of messages) {
    const last = made.at(-1);
    if (last?.role === message.role) last.content += `\n${message.content}`;
    else made.push(message);
  }
  return made;
};

/** @param {any} source @param {any} [options] */
const messages = (source, options = {}) => {
  const { provider, nameOf } = optionsOf("messagesOf", options, ["provider", "nameOf"]);
  if (!PROVIDERS.includes(provider)) refuse("messagesOf", `provider must be one of ${PROVIDERS.join(", ")}`);
  if (nameOf !== undefined && typeof nameOf !== "function") refuse("messagesOf", "nameOf must be a function", nameOf);
  const isEvent = isObject(source) && typeof (/** @type {any} */ (source).event) === "string";
  const { event, data } = isEvent ? /** @type {any} */ (source) : {};
  const turns = turnsOf(event === "agent.call_ended" ? data : source) ?? (isEvent ? [] : undefined);
  if (!turns) return refuse("messagesOf", "the first argument must be an event or a transcript", source);
  const current = isEvent ? currentOf(source) : undefined;
  const earlier = current ? turns.filter((turn, at) => !isCurrent(turn, current, at === turns.length - 1)) : turns;
  const said = earlier.filter(({ content }) => content.trim() !== "");
  if (current) said.push({ ...current, content: current.content.trim() === "" ? wordless(data) : current.content });
  const made = said.map(({ role, content, sender }) => {
    const name = role !== "agent" && typeof sender === "string" ? nameOf?.(sender) : undefined;
    return /** @type {Message} */ ({
      role: role === "agent" ? "assistant" : "user",
      content: name ? `${name}: ${content}` : content,
    });
  });
  return provider === "anthropic" ? alternating(made) : made;
};

export const messagesOf = (/** @type {any} */ source, /** @type {any} */ options) =>
  guard("messagesOf", () => messages(source, options));

/** @param {any} transcript @param {any} [options] */
const text = (transcript, options = {}) => {
  const { agent = "Agent", user = "User" } = optionsOf("textOf", options, ["agent", "user"]);
  if (typeof agent !== "string" || typeof user !== "string") refuse("textOf", "agent and user must be strings");
  const given = isObject(transcript) ? /** @type {any} */ (transcript) : {};
  const turns = turnsOf(given.event === "agent.call_ended" ? given.data : transcript);
  if (!turns) return refuse("textOf", "the first argument must be a transcript", transcript);
  // A turn is a line: one with line breaks could pass for several turns, of several people.
  return turns
    .map(({ role, content }) => {
      const lines = content.split(/[\r\n\u2028\u2029]/).map((line) => line.trim());
      const words = lines.filter(Boolean).join(" ");
      return role === "unknown" ? words : `${role === "agent" ? agent : user}: ${words}`;
    })
    .join("\n");
};

export const textOf = (/** @type {any} */ transcript, /** @type {any} */ options) =>
  guard("textOf", () => text(transcript, options));
