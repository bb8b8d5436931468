// @ts-check
// Adds one normal form where the API has several for the same thing: the parties of a message, and what was said in
// a call. The original fields stay as they are.

import { isArray, isObject } from "../lib/fields.js";
import { turnsIn } from "../lib/spoken.js";

/** The spellings of sender and recipient: the first is filled in, and the second if the API is known to use several. */
const PARTIES = [
  ["fromNumber", "from", "from_"],
  ["toNumber", "to"],
];

/** @param {any} message @param {number} filled How many of the spellings */
const mendMessage = (message, filled) => {
  if (!isObject(message)) return;
  const fields = /** @type {Record<string, unknown>} */ (message);
  for (const names of PARTIES) {
    const party = names.map((name) => fields[name]).find((one) => typeof one === "string");
    if (party !== undefined) for (const name of names.slice(0, filled)) fields[name] ??= party;
  }
};

/** @param {any} list @param {number} filled */
const mendMessages = (list, filled) => {
  if (isArray(list)) for (const message of list) mendMessage(message, filled);
};

/** The pairs of the older form, as turns. @param {any} pair */
const turnsOf = ({ transcript, response, createdAt }) =>
  [
    ["user", transcript],
    ["agent", response],
  ].flatMap(([role, content]) => (typeof content === "string" && content ? [{ role, content, createdAt }] : []));

/** @param {any} call */
const mendTranscript = (call) => {
  if (typeof call.transcript === "string") {
    call.transcriptText = call.transcript;
    call.transcript = turnsIn(call.transcript);
  } else if (isArray(call.data)) call.transcript ??= call.data.filter(isObject).flatMap(turnsOf);
};

/** Normalizes the data of a successful response in place. @param {string} id Of the operation @param {any} data Of a list, its items */
export const mend = (id, data) => {
  if (typeof data !== "object" || data === null) return;
  if (id === "numbers.messages.list") mendMessages(data.data, 2);
  if (id === "conversations.messages.list") mendMessages(data.data, 1);
  if (id === "conversations.get") mendMessages(data.messages, 1);
  if (id === "calls.transcript.get") mendTranscript(data);
};
