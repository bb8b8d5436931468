// @ts-check
// What a model has written, in the one form in which it is sent, compared and shown to a person.

import { attempt, isArray } from "../lib/fields.js";
import { phone } from "../toolkit/phone.js";

/** @typedef {import("./define.js").Definition} Definition */
/** @typedef {import("./tools.js").Settings} Settings */

/**
 * A text without what models add and people do not see: a line break at the end, a space more, another Unicode form. With it, the
 * repetition of a text would be another text.
 * @param {any} value @returns {any}
 */
const tidy = (value) => {
  if (isArray(value)) return value.length > 0 ? value.map(tidy) : undefined;
  if (typeof value !== "string") return value;
  // In time that grows with the text only. Spaces at the beginning of a line may mean something to a model.
  return value
    .normalize("NFC")
    .replace(/[\u200b\ufeff]/g, "")
    .replace(/(\S)[ \t]+/g, "$1 ")
    .replace(/ ?\r?\n/g, "\n")
    .trim();
};

/** The input with numbers in the API's form, or which field is not a number. @param {Definition} definition @param {Settings} settings @param {any} input */
export const normalized = ({ people: fields = {} }, { country, library }, input) => {
  /** @type {Record<string, any>} */
  const copy = {};
  for (const [name, value] of Object.entries(input)) {
    const written = tidy(value);
    if (written === "") return { issues: [{ message: `${name} must not be empty` }] };
    if (written !== undefined) copy[name] = written;
  }
  for (const [name, kind] of Object.entries(fields)) {
    if (copy[name] === undefined) continue;
    const number = attempt(() => phone.e164(copy[name], { country, ...(library && { library }) }));
    if (number === undefined || (kind === "phone" && !number.startsWith("+")))
      return { issues: [{ message: `${name} must be a phone number with country code, such as +14155550100` }] };
    // Capital letters make no other mailbox.
    copy[name] = number.includes("@") ? number.toLowerCase() : number;
  }
  return { value: copy };
};
