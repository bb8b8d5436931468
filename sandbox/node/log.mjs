// @ts-check
// One log line per request, without secrets: queries are left out, keys and phone numbers in paths are masked, and
// nothing a client sends can move the terminal's cursor.

/**
 * @param {string} target
 * @returns {string}
 */
export function loggedPath(target) {
  const [path = "/"] = target.split(/[?#]/, 1);
  return path
    .slice(0, 200)
    .replaceAll(/[^\x21-\x7e]/g, "?")
    .replaceAll(/(?:%2b|\+)?\d{7,}/gi, "***")
    .replaceAll(/sk_[\w-]+/gi, "sk_***");
}
