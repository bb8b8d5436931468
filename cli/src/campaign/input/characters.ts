// Characters that no person typed: a NUL or an escape sequence in a cell means that the file is damaged, or an attack on the
// terminal on which they are shown. Databases refuse some of them too late, when half of the people are stored.

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for.
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/;
/** JSON can escape half of a character, which UTF-8 cannot express. */
const HALF = /\p{Surrogate}/u;

/** The first control character of a text, apart from tabs and line breaks, or half of a surrogate pair; as words. */
export const wrongCharacter = (text: string): string | undefined => {
  const [found] = CONTROL.exec(text) ?? [];
  if (found !== undefined)
    return `the control character U+${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
  return HALF.test(text) ? "half of a surrogate pair" : undefined;
};
