// @ts-check
// Numbers as people write them, for a search of the API.

/**
 * The part of a number as the API stores it, of any that is typed: `(415) 555` is `415555`. Empty for words.
 * @param {string} typed
 */
export const digitsOf = (typed) => (/\p{L}/u.test(typed) ? "" : typed.replaceAll(/[^\d+]/g, ""));
