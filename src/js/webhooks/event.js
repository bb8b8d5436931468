// @ts-check
// What events consist of, and how their documented quirks are repaired: the text `None` for an empty
// value, numbers and times in other forms, absent lists, history with either directions or roles.
// JavaScript, because the engine has parsed the event: from Rust each read of a field would cross the
// boundary, at ten times the cost of parsing it.
//
// Only what is in these tables is changed. Other fields and other events stay as they are, and so
// does a text that a person may have written: `None` can be a whole message.

import { turnsIn } from "../lib/spoken.js";

const NONE = "None";
/** The latest time that JavaScript can represent, in milliseconds since 1970. */
const LAST = 8.64e15;

/** The value of a number or of a text; none for an empty text, which JavaScript would read as 0. @param {any} value */
const numberIn = (value) =>
  typeof value === "string" && value.trim() === ""
    ? Number.NaN
    : typeof value === "object"
      ? Number.NaN
      : Number(value);

/** A text written by a machine. @param {any} value */
const name = (value) => (value === NONE ? null : typeof value === "number" ? `${value}` : value);

/** An id that is never empty. @param {any} value */
const id = (value) => (typeof value === "number" ? `${value}` : value);

/** @param {any} value */
const number = (value) => {
  if (value === NONE) return null;
  return typeof value === "string" && Number.isFinite(numberIn(value)) ? numberIn(value) : value;
};

/** @param {any} value */
const flag = (value) => {
  if (value === NONE) return null;
  if (value === "True" || value === "true") return true;
  return value === "False" || value === "false" ? false : value;
};

/** @param {any} value */
const time = (value) => {
  if (value === NONE) return null;
  const millis = typeof value === "boolean" ? Number.NaN : numberIn(value) * 1000;
  return Math.abs(millis) <= LAST ? new Date(millis).toISOString() : value;
};

/** The two sides of a history, each as the direction of a text and as the role of the speaker. */
const SIDES = [
  ["inbound", "user"],
  ["outbound", "agent", "assistant"],
];

/** A field, or the other one if it is absent; a word of neither side is kept. @param {number} at In `SIDES` @param {any} own @param {any} other */
const either = (at, own, other) => {
  const mine = name(own) ?? null;
  return SIDES.find((side) => side.includes(mine ?? other))?.[at] ?? mine;
};

/** @type {Shape} */
const HISTORY_ITEM = {
  messageId: name,
  role: (value, item) => either(1, value, item.direction),
  direction: (value, item) => either(0, value, item.role),
  at: (value) => time(value) ?? null,
  senderIdentifier: name,
};

/** The items of a history, with the channel of the event if they name none. @param {any} value @param {any} event */
const history = (value, event) =>
  list({ ...HISTORY_ITEM, channel: (channel) => name(channel) ?? name(event.channel) ?? null })(value);

/** @typedef {Record<string, (value: any, object: any) => any>} Shape */

/** @param {any} object @param {Shape} shape */
const mend = (object, shape) => {
  if (typeof object !== "object" || object === null || Array.isArray(object)) return object;
  for (const field of Object.keys(shape)) {
    const value = object[field];
    const better = shape[field]?.(value, object);
    if (better !== value) object[field] = better;
  }
  return object;
};

/** @param {Shape} shape */
const object = (shape) => (/** @type {any} */ value) => (value === NONE ? null : mend(value, shape));

/** @param {Shape} shape */
const list = (shape) => (/** @type {any} */ value) => {
  if (value === undefined || value === null || value === NONE) return [];
  if (Array.isArray(value)) for (const item of value) mend(item, shape);
  return value;
};

/** What was said in a call. If it is a text, it is kept beside its turns. @param {any} value @param {any} call */
const transcript = (value, call) => {
  if (typeof value !== "string" || value === NONE) return list({})(value);
  call.transcriptText = value;
  return turnsIn(value);
};

/** Addresses, without empty ones. @param {any} value */
const urls = (value) => {
  const all = list({})(value);
  return Array.isArray(all) && all.includes(NONE) ? all.filter((one) => one !== NONE) : all;
};

const contact = object({ id, name, email: name, phoneNumber: name });
const participants = list({ identifier: name, name });

/** What the data of texts and of calls have in common. @type {Shape} */
const PARTIES = { from: (value, { from_ }) => name(value === undefined ? from_ : value), to: name, numberId: name };

/** @type {Shape} */
const ENVELOPE = {
  agentId: name,
  timestamp: time,
  conversationState: object({}),
  recentHistory: history,
  test: flag,
};

/** @type {Shape} */
const TEXT = {
  ...PARTIES,
  contact,
  messageId: name,
  externalMessageId: name,
  id: name,
  conversationId: name,
  mediaUrl: name,
  mediaUrls: urls,
  receivedAt: time,
  senderIdentifier: name,
  externalId: name,
  direction: name,
  group: object({ isGroup: flag, groupId: name, groupName: name, groupIconUrl: name, participants }),
  replyTo: object({ messageId: id, mediaUrls: urls }),
};

/** @type {Shape} */
const VOICE = { ...PARTIES, contact, callId: id, status: name, direction: name, confidence: number };

/** @type {Shape} */
const REACTION = {
  numberId: name,
  conversationId: name,
  fromNumber: name,
  direction: name,
  messageId: id,
  messageMediaUrl: name,
  messageMediaUrls: urls,
  createdAt: time,
};

/** @type {Shape} */
const CALL_ENDED = {
  ...PARTIES,
  contact,
  callId: id,
  status: name,
  direction: name,
  startedAt: time,
  endedAt: time,
  durationSeconds: number,
  disconnectionReason: name,
  transcript,
  summary: name,
  userSentiment: name,
  callSuccessful: flag,
};

/** The shape of an event's data; undefined for an unknown event. @param {any} event */
const shapeOf = ({ event, channel }) => {
  if (event === "agent.message") return channel === "voice" ? VOICE : TEXT;
  if (event === "agent.reaction") return REACTION;
  return event === "agent.call_ended" ? CALL_ENDED : undefined;
};

/** Repairs an event in place. @param {any} event */
export const mendEvent = (event) => {
  mend(event, ENVELOPE);
  const shape = shapeOf(event);
  if (shape) mend(event.data, shape);
  return event;
};
