// @ts-check
// `keywordOf`: the words by which people stop texts, take them up again and ask for help. STOP and its synonyms must be obeyed;
// the CTIA's list, the FCC's (47 CFR 64.1200) and those that Canada's carriers have in French.

import { guard, refuse } from "../errors/refuse.js";

/** Not `yes`, though some carriers count it as START: it answers most other questions too. */
const KEYWORDS = /** @type {const} */ ([
  ["stop", /^(stop|stopall|unsubscribe|cancel|end|quit|revoke|optout|arret)+$/],
  ["start", /^(start|unstop|optin|subscribe|resume)+$/],
  ["help", /^(help|info|aide)+$/],
]);

/** Longer than any keyword with all that people put around one. */
const LONGEST = 100;

/** @param {any} text */
const keyword = (text) => {
  if (typeof text !== "string") return refuse("keywordOf", "the first argument must be a string", text);
  if (text.trim().length > LONGEST) return undefined;
  // Without accents, then without all that is neither letter nor digit: "Arrêt!", "S.T.O.P.", "opt-out", "“STOP” 🛑".
  // One word after another: "opt out" is one for carriers, and "Stop! Unsubscribe!" is meant twice as much.
  const letters = text
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, "");
  return KEYWORDS.find(([, kin]) => kin.test(letters))?.[0];
};

export const keywordOf = (/** @type {any} */ text) => guard("keywordOf", () => keyword(text));
