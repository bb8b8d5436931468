// Untrusted text on a terminal. A message may contain escape sequences that clear the screen, rename the window
// or hide what was printed before; here they are displayed as visible characters.

/** Control characters, and those that change the text direction. */
const UNSAFE = /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu;

const shown = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** Text without control characters; line breaks and tabs stay. */
export const safe = (text: string): string => text.replaceAll("\r\n", "\n").replace(UNSAFE, shown);

/** The same on one line. */
export const line = (text: string): string =>
  safe(text)
    .replaceAll(/\s*\n\s*/g, " ⏎ ")
    .replaceAll("\t", " ");

/** JSON in which control characters that `JSON.stringify` does not escape are escaped too. */
export const json = (value: unknown, indent = 0): string =>
  (JSON.stringify(value, null, indent) ?? "null").replace(/(?!\n)[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, shown);

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/;
const two = (number: number): string => String(number).padStart(2, "0");

/** A time of the API in the local time zone; undefined if the text is not a time. */
export const localTime = (text: string): string | undefined => {
  const at = INSTANT.test(text) ? new Date(text) : undefined;
  if (at === undefined || Number.isNaN(at.getTime())) return undefined;
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
};
