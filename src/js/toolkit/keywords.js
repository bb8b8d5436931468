// @ts-check
// `keywordOf`: the words by which people stop texts, take them up again and ask for help. STOP and its kin must be obeyed;
// the CTIA's list, the FCC's (47 CFR 64.1200) and those that Canada's carriers have in French.

import { guard, refuse } from "../errors/refuse.js";

/** Not `yes`, though some carriers count it as START: it answers most other questions too. */
const KEYWORDS = /** @type {const} */ ([
  ["stop", /^(stop|stopall|unsubscribe|cancel|end|quit|revoke|optout|arret)$/],
  ["start", /^(start|unstop|optin|subscribe|resume)$/],
  ["help", /^(help|info|aide)$/],
]);

/** Longer than any keyword with all that people put around one. */
const LONGEST = 100;

/** @param {any} text */
const keyword = (text) => {
  if (typeof text !== "string") return refuse("keywordOf", "the first argument must be a string", text);
  if (text.length > LONGEST) return undefined;
  // Without accents, then without all that is neither letter nor digit: "Arrêt!", "S.T.O.P.", "opt-out", "“STOP” 🛑".
  const words = text
    .normalize("NFKD")
    .toLowerCase()
    .split(/\s+/)
    .map((word) => word.replaceAll(/[^\p{L}\p{N}]/gu, ""))
    .filter(Boolean);
  // "Stop stop stop" is meant; "opt out" and "stop all" are one word for carriers.
  const word = words.every((one) => one === words[0]) ? words[0] : words.join("");
  return KEYWORDS.find(([, kin]) => kin.test(word ?? ""))?.[0];
};

export const keywordOf = (/** @type {any} */ text) => guard("keywordOf", () => keyword(text));
