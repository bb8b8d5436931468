// @ts-check
// The `{{placeholders}}` of an agent: those of its prompt and its first words are filled in for each call, others are
// spoken as they are.

/** The settings that the API fills in. */
export const FILLED = ["systemPrompt", "beginMessage"];
/** Settings that are spoken or shown, but not filled in. */
const PLAIN = ["voicemailMessage", "callScreeningIdentity", "callScreeningPurpose"];

/** `problem`: why it is not filled in, if it is not. @typedef {{ name: string, places: string[], problem?: string }} Variable */

const NAME = /^[A-Za-z_][\w.-]*$/;

/**
 * @param {Readonly<Record<string, string>>} texts The settings by name.
 * @param {boolean} hosted Only a hosted agent has variables.
 * @returns {Variable[]} In the order in which they appear.
 */
export function variablesIn(texts, hosted) {
  /** @type {Map<string, Variable>} */
  const found = new Map();
  for (const place of [...FILLED, ...PLAIN])
    for (const [, inner = ""] of (texts[place] ?? "").matchAll(/\{\{([^{}]*)\}\}/g)) {
      const problem = problemOf(inner, place, hosted);
      const name = inner.trim();
      const known = found.get(name) ?? { name, places: [] };
      if (!known.places.includes(place)) known.places.push(place);
      if (problem !== undefined) known.problem ??= problem;
      found.set(name, known);
    }
  return [...found.values()];
}

/** @param {string} inner @param {string} place @param {boolean} hosted */
function problemOf(inner, place, hosted) {
  if (!hosted) return "Only the calls of a hosted agent have variables.";
  if (PLAIN.includes(place)) return "It is not filled in here: only the system prompt and the first words are.";
  if (inner.trim() === "") return "It has no name.";
  if (inner !== inner.trim()) return `Write it without spaces: {{${inner.trim()}}}.`;
  if (!NAME.test(inner)) return "A name has letters, digits, _, - and dots.";
  return undefined;
}

/** Braces that were not closed, or of which one is missing. @param {string} text */
export function brokenIn(text) {
  const rest = text.replaceAll(/\{\{[^{}]*\}\}/g, "");
  return [...rest.matchAll(/\{\{[^}\n]{0,30}|\{[A-Za-z_]\w*\}\}?|\b\w{1,30}\}\}/g)].map(([one]) => one);
}

/** A call that fills them in. @param {string} agentId @param {readonly Variable[]} variables */
export function exampleOf(agentId, variables) {
  const names = variables.flatMap(({ name, problem }) => (problem === undefined ? [name] : []));
  const fields = names.map((name) => `${/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name)}: "…"`);
  return [
    "await client.calls.create({",
    `  agentId: ${JSON.stringify(agentId)},`,
    '  toNumber: "+14155550100",',
    `  variables: { ${fields.join(", ")} },`,
    "});",
  ].join("\n");
}
