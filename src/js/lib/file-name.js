// @ts-check
// Makes a file name from a server safe to use on any system: it stays in the folder that the caller
// chooses, and is neither hidden, nor mistaken for an option of a command, nor a device.

/** Bytes of the longest name that file systems allow. */
const LONGEST = 255;
/** Characters of a proposed name that are read, and a quarter of those of its header: some patterns are quadratic. */
const READ = 1_000;
/** Slashes, backslashes, and characters that look like them. */
const SEPARATORS = /[/\\\u2044\u2215\u2216\u2571\u2572\u27cb\u27cd\u29f5\u29f8\u29f9\ufe68\uff0f\uff3c]/;
/** Invisible characters: direction marks, joiners, fillers, lone surrogates. */
const UNSEEN = /[\p{Cf}\p{DI}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** Devices of Windows, in any folder and with any extension. */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|clock\$|(com|lpt)[\d¹²³]) *(\.|$)/i;

/** At most `LONGEST` bytes of a name, its extension included. @param {string} name */
const shortened = (name) => {
  const [extension = ""] = /\.[^.]{1,16}$/.exec(name) ?? [];
  const stem = [...name.slice(0, name.length - extension.length)];
  const bytes = () => new TextEncoder().encode(stem.join("") + extension).length;
  while (bytes() > LONGEST) stem.pop();
  return stem.join("") + extension;
};

/** The usable part of a proposed name; undefined if there is none. @param {string} proposed */
const safe = (proposed) => {
  const last = proposed.slice(-READ).split(SEPARATORS).pop() ?? "";
  if (/\p{Cc}/u.test(last)) return undefined;
  // A colon marks a drive or an alternate stream of a file; the others are patterns and redirections.
  const name = last
    .replace(UNSEEN, "")
    .replace(/[:<>|?*]/g, "_")
    .replace(/^[\s.~-]+|[\s.]+$/g, "");
  return shortened(DEVICE.test(name) ? `_${name}` : name) || undefined;
};

/** The file name in a Content-Disposition (RFC 6266), as far as it is safe. @param {string | null} header */
export const fileNameIn = (header) => {
  const text = `${header ?? ""}`.slice(0, 4 * READ);
  const [, encoded] = /filename\*=utf-8'[^']*'([^;\s]+)/i.exec(text) ?? [];
  try {
    if (encoded) return safe(decodeURIComponent(encoded));
  } catch {
    // Badly encoded; the plain form may be fine.
  }
  const [, quoted, plain] = /filename=(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(text) ?? [];
  return safe(quoted?.replace(/\\(["\\])/g, "$1") ?? plain ?? "");
};
