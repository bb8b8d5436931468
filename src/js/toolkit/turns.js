// @ts-check
// Reads what was said, in whichever form the API has it, as one list of turns: histories of events (two forms), transcripts
// (turns, pairs, one text), messages of conversations, events of a live transcript.

import { isArray, isObject } from "../lib/fields.js";
import { turnsIn } from "../lib/spoken.js";

/** @typedef {{ role: "agent" | "user" | "unknown", content: string, at: number, id?: unknown, sender?: unknown }} Turn `at` is NaN if no time is given */

/** The words for the agent's side; those of the other side; anything else is unknown. */
const AGENT = /^(agent|assistant|outbound|ai|bot)$/i;
const USER = /^(user|inbound|caller|customer|human)$/i;

/** The text that comes first. @param {unknown[]} values @returns {string | undefined} */
export const firstText = (...values) => /** @type {any} */ (values.find((value) => typeof value === "string"));

/** @param {any} item @returns {Turn["role"]} */
const roleOf = ({ role, direction }) => {
  const words = [role, direction].filter((one) => typeof one === "string");
  if (words.some((one) => AGENT.test(one))) return "agent";
  return words.some((one) => USER.test(one)) ? "user" : "unknown";
};

/** @param {any} item @returns {Turn[]} */
const turnsOfItem = (item) => {
  if (!isObject(item)) return [];
  const given = /** @type {any} */ (item);
  if (given.event === "turn") return turnsOfItem(given.data);
  const { transcript, response } = given;
  // The older form: what the other side said, and what the agent answered.
  if (given.role === undefined && (typeof transcript === "string" || typeof response === "string"))
    return [
      ...turnsOfItem({ role: "user", content: transcript }),
      ...turnsOfItem({ role: "agent", content: response }),
    ].filter(({ content }) => content !== "");
  const content = firstText(given.content, given.body, given.message);
  if (content === undefined) return [];
  const { messageId, id, at, receivedAt, senderIdentifier } = given;
  // Not by `createdAt`: turns come in their order already, and the clock of a call is none to sort by.
  return [
    {
      role: roleOf(given),
      content,
      at: Date.parse(firstText(at, receivedAt) ?? ""),
      id: messageId ?? id,
      sender: senderIdentifier,
    },
  ];
};

/** In the order of their times, where each has one: lists of messages begin with the newest, and histories promise no order. @param {Turn[]} turns */
const inOrder = (turns) =>
  turns.some(({ at }) => Number.isNaN(at)) ? turns : turns.sort((one, other) => one.at - other.at);

/**
 * The turns of whatever holds some; undefined for what holds none.
 * @param {any} source @returns {Turn[] | undefined}
 */
export const turnsOf = (source) => {
  if (typeof source === "string") return turnsOf(turnsIn(source));
  if (isArray(source)) return inOrder(source.flatMap(turnsOfItem));
  if (!isObject(source)) return undefined;
  const { recentHistory, transcript, transcripts, messages, data } = /** @type {any} */ (source);
  for (const list of [recentHistory, transcript, transcripts, messages, data])
    if (isArray(list) || (typeof list === "string" && list === transcript)) return turnsOf(list);
  return undefined;
};
