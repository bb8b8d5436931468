// @ts-check
// A file name that a server proposes, made safe to save a file under, on any system: it names a file, in the folder of
// the caller's choice, that is neither hidden, nor taken for an option of a command, nor a device.

/** Bytes of the longest name that file systems take. */
const LONGEST = 255;
/** Characters of a proposed name that are looked at. */
const READ = 2_000;
/** Slashes in both directions, and what is drawn like them. */
const SEPARATORS = /[/\\\u2044\u2215\u2216\u2571\u2572\u27cb\u27cd\u29f5\u29f8\u29f9\ufe68\uff0f\uff3c]/;
/** Devices of Windows, in any folder and with any extension. */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|clock\$|(com|lpt)[0-9¹²³]) *(\.|$)/i;

/** @param {string} text */
const bytesIn = (text) => new TextEncoder().encode(text).length;

/** Without what `drop` matches at its beginning and end: by character, because a pattern for the end is quadratic. @param {string} text @param {RegExp} before @param {RegExp} after */
const trimmed = (text, before, after) => {
  let [start, end] = [0, text.length];
  while (start < end && before.test(text.charAt(start))) start += 1;
  while (end > start && after.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
};

/** At most `LONGEST` bytes of a name, its extension included. @param {string} name */
const shortened = (name) => {
  if (bytesIn(name) <= LONGEST) return name;
  const [extension = ""] = /\.[^.]{1,16}$/.exec(name) ?? [];
  let stem = "";
  let left = LONGEST - bytesIn(extension);
  for (const character of name.slice(0, name.length - extension.length)) {
    left -= bytesIn(character);
    if (left < 0) break;
    stem += character;
  }
  return trimmed(stem, /(?!)/, /[\s.]/) + extension;
};

/** What of a proposed name can be used; undefined where nothing can. @param {string} proposed */
const safe = (proposed) => {
  const last = proposed.slice(-READ).split(SEPARATORS).pop() ?? "";
  if (/\p{Cc}/u.test(last)) return undefined;
  // What is not seen: marks of direction, joiners, fillers, halves of characters.
  const visible = last.replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Surrogate}\p{Zl}\p{Zp}]/gu, "");
  // A colon names a drive or another stream of a file; the others are patterns and redirections.
  const plain = trimmed(visible.replace(/[:<>|?*]/g, "_"), /[\s.~-]/, /[\s.]/);
  if (plain === "") return undefined;
  return shortened(DEVICE.test(plain) ? `_${plain}` : plain);
};

/** The file name in a Content-Disposition (RFC 6266), as far as it is safe. @param {string | null} header */
export const fileNameIn = (header) => {
  const [, encoded] = /filename\*=utf-8'[^']*'([^;\s]+)/i.exec(header ?? "") ?? [];
  try {
    if (encoded) return safe(decodeURIComponent(encoded));
  } catch {
    // Not well encoded: the plain form may be.
  }
  const [, quoted, plain] = /filename=(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header ?? "") ?? [];
  return safe(quoted?.replace(/\\(["\\])/g, "$1") ?? plain ?? "");
};
