// `keywordOf`: the words by which people stop texts. The code is `src/js/toolkit/keywords.js`.

/**
 * What a text asks for by a keyword; undefined if it is none. `stop`: STOP, STOPALL, UNSUBSCRIBE, CANCEL, END, QUIT, REVOKE,
 * OPTOUT, ARRET. `start`: START, UNSTOP, OPTIN, SUBSCRIBE, RESUME. `help`: HELP, INFO, AIDE. Case, punctuation, accents, spaces and
 * emoji do not matter; a sentence that contains such a word is none. YES is none either, because it answers questions.
 *
 * Whoever says `stop` must get no more texts, in the US by law. Errors: `InvalidArgumentError`.
 *
 * ```ts
 * console.log(keywordOf("Stop!"), keywordOf("Don't stop now")); // stop undefined
 * ```
 */
export function keywordOf(text: string): "stop" | "start" | "help" | undefined;
