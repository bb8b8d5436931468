// @ts-check
// The turns of a call whose transcript is one text. Callers iterate over turns; over a text they would get characters.

/** The speaker at the start of a line. */
const SPEAKER = /^\s*(?:(agent|assistant|ai|bot)|(user|caller|customer|human))\s*:\s*/i;

/** @typedef {{ role: string, content: string }} Turn `role` is `unknown` if no speaker is named */

/** @param {string} text @returns {Turn[]} */
export const turnsIn = (text) => {
  try {
    const value = JSON.parse(text);
    if (Array.isArray(value)) return value;
  } catch {
    // The text is written for people.
  }
  const turns = /** @type {Turn[]} */ ([]);
  for (const line of text.split(/\r?\n/)) {
    const [head = "", agent, user] = SPEAKER.exec(line) ?? [];
    const content = line.slice(head.length).trim();
    const last = turns.at(-1);
    if (agent || user || (!last && content)) turns.push({ role: agent ? "agent" : user ? "user" : "unknown", content });
    else if (last && content) last.content += `${last.content && "\n"}${content}`;
  }
  return turns;
};
