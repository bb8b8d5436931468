// `keywordOf`: the words by which people stop texts. The code is `src/js/toolkit/keywords.js`.

/**
 * What a text asks for by keyword; undefined if it is not a keyword. `stop`: STOP, STOPALL, UNSUBSCRIBE, CANCEL, END, QUIT, REVOKE,
 * OPTOUT, ARRET. `start`: START, UNSTOP, OPTIN, SUBSCRIBE, RESUME. `help`: HELP, INFO, AIDE. Case, punctuation, accents, spaces and
 * emoji are ignored; a sentence that contains such a word is not a keyword. Neither is YES, because it answers questions.
 *
 * In the US, the law forbids further texts to a person who has sent `stop`. Errors: `InvalidArgumentError`.
 *
 * ```ts
 * console.log(keywordOf("Stop!"), keywordOf("Don't stop now")); // stop undefined
 * ```
 */
export function keywordOf(text: string): "stop" | "start" | "help" | undefined;
