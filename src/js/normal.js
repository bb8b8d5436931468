// @ts-check
// One normal form beside what came, where the API has several for the same: the parties of a message, and what was said in
// a call. What came stays as it is.

import { isArray, isObject } from "./fields.js";
import { turnsIn } from "./spoken.js";

/** The spellings of sender and recipient: the first two are filled in. */
const PARTIES = [["from", "fromNumber", "from_"], ["to", "toNumber"]];

/** @param {any} message */
const mendMessage = (message) => {
  if (!isObject(message)) return;
  const fields = /** @type {Record<string, unknown>} */ (message);
  for (const names of PARTIES) {
    const party = names.map((name) => fields[name]).find((one) => typeof one === "string");
    if (party !== undefined) for (const name of names.slice(0, 2)) fields[name] ??= party;
  }
};

/** @param {any} list */
const mendMessages = (list) => {
  if (isArray(list)) list.forEach(mendMessage);
};

/** The pairs of the older form, as turns. @param {any} pair */
const turnsOf = ({ transcript, response, createdAt }) =>
  [["user", transcript], ["agent", response]].flatMap(([role, content]) => (typeof content === "string" && content ? [{ role, content, createdAt }] : []));

/** @param {any} call */
const mendTranscript = (call) => {
  if (typeof call.transcript === "string") {
    call.transcriptText = call.transcript;
    call.transcript = turnsIn(call.transcript);
  } else if (isArray(call.data)) call.transcript ??= call.data.filter(isObject).flatMap(turnsOf);
};

/** Mends the data of a good answer in place. @param {string} id Of the operation @param {any} data A list has its items there */
export const mend = (id, data) => {
  if (/messages\.list$/.test(id)) mendMessages(data.data);
  if (!isObject(data)) return;
  if (id === "conversations.get") mendMessages(/** @type {any} */ (data).messages);
  if (id === "calls.transcript.get") mendTranscript(data);
};
