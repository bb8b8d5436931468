// @ts-check
// `phone.e164`: phone numbers as people write them, in the one form that the API has.

import { guard, optionsOf, refuse } from "../errors/refuse.js";
import { attempt } from "../lib/fields.js";

/** The countries and territories of the North American plan, whose numbers need no library. */
const NORTH_AMERICA = /^(US|CA|AG|AI|AS|BB|BM|BS|DM|DO|GD|GU|JM|KN|KY|LC|MP|MS|PR|SX|TC|TT|VC|VG|VI)$/;
/** Area code and exchange begin with 2 to 9; N11 are services, and area codes N9N are set aside. */
const NATIONAL = /^1?([2-9](?!11|9)\d{2}[2-9](?!11)\d{6})$/;
/** No email has these: what stands around one in letters (`<ada@…>`, `mailto:`), and what is not seen. */
const AROUND = /[<>,:;*\p{C}]/u;
const SUBJECT = "phone.e164";
/** More than any way of writing a number needs. */
const LONGEST = 100;

/** @returns {never} */
const invalid = () =>
  refuse(SUBJECT, "the text is not a phone number of the country; pass what people wrote, or E.164");

/** What libphonenumber-js finds. @param {any} library @param {string} text @param {string} country */
const byLibrary = (library, text, country) => {
  const parse =
    [library, library.parsePhoneNumberFromString, library.default].find((one) => typeof one === "function") ??
    refuse(SUBJECT, "library must be libphonenumber-js, or its parsePhoneNumberFromString");
  // `extract: false`: a number within a sentence is not what was asked for. What it throws says no more than undefined.
  const found = attempt(() => parse(text, { defaultCountry: country, extract: false }));
  const number = attempt(() => (found.isValid() && !found.ext ? found.number : undefined));
  // The library accepts exchanges of services, such as 911, in numbers of the North American plan.
  if (typeof number !== "string") return invalid();
  return /^\+[2-9]\d{6,14}$/.test(number) || NATIONAL.test(number.slice(1)) ? number : invalid();
};

/** @param {any} given @param {any} [options] */
const e164 = (given, options = {}) => {
  const { country = "US", library } = optionsOf(SUBJECT, options, ["country", "library"]);
  if (typeof given !== "string") return refuse(SUBJECT, "the first argument must be a string", given);
  if (typeof country !== "string" || !/^[A-Z]{2}$/.test(country))
    refuse(SUBJECT, 'country must be two capital letters, such as "US"');
  // Most are in this form already, and normalizing takes longer than everything else.
  if (given.length === 12 && given.startsWith("+1") && NATIONAL.test(given.slice(2))) return given;
  const text = given.trim();
  // The other recipients that the API has.
  if (
    /^grp_[\w-]+$/.test(text) ||
    (text.length <= 254 && /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(text) && !AROUND.test(text))
  )
    return text;
  if (given.length > LONGEST) return invalid();
  // Digits of other widths, and what address books and web pages put around and between them.
  const plain = text
    .normalize("NFKC")
    .replaceAll(/[\p{Cf}\s.()/\p{Pd}\u2212]/gu, "")
    .replace(/^tel:/i, "");
  if (/^\+?\d+$/.test(plain)) {
    const north = NORTH_AMERICA.test(country);
    if (plain.startsWith("+1") || (north && !/^(\+|011|00)/.test(plain))) {
      if (north && country !== "CA" && /^[2-9]\d{4,5}$/.test(plain)) return plain;
      const [, national] = NATIONAL.exec(plain.replace("+", "")) ?? invalid();
      return `+1${national}`;
    }
    // Complete as it is. A zero in brackets would have to be dropped, by rules that each country has its own of.
    if (!library && /^\+[2-9]\d{6,14}$/.test(plain) && !/\(\s*0/.test(text)) return plain;
  }
  if (!library) {
    if (/^(\+|011|00)/.test(plain) || NORTH_AMERICA.test(country)) return invalid();
    return refuse(SUBJECT, "numbers of this country need libphonenumber-js: pass it as library");
  }
  return byLibrary(library, text, country);
};

export const phone = {
  e164: (/** @type {any} */ text, /** @type {any} */ options) => guard(SUBJECT, () => e164(text, options)),
};
