// @ts-check
// What an unknown name was probably meant to be: a field of an input, or a method by its name in the official SDK.

import { FIELD_NAMES } from "../lib/field-names.js";
import { isArray, isObject, isPlainName, owns, put } from "../lib/fields.js";
import { ofTable } from "../state/table.js";

/** Names of one input's fields. Those of the objects in a list are in `items`, by the list's name. @typedef {{ names: string[], items: Record<string, string[]> }} Known */

/** @type {Map<string, Known> | undefined} */
let all;

/** @param {string} line @returns {[string, Known]} */
const known = (line) => {
  const items = /** @type {Record<string, string[]>} */ ({});
  const [id = "", ...names] = line
    .replace(/(\w+)\(([^)]*)\)/g, (_, name, inner) => {
      items[name] = inner.split(" ");
      return name;
    })
    .split(" ");
  return [id, { names, items }];
};

/** A name without the differences between `agent_id`, `agentId` and `agentID`. @param {string} name */
const bare = (name) => name.replace(/[_-]/g, "").toLowerCase();

/** @param {string} name */
const wordsOf = (name) =>
  name
    .replace(/([a-z])(?=[A-Z])/g, "$1_")
    .toLowerCase()
    .split("_");

/** How many insertions, deletions and replacements turn one text into another. @param {string} one @param {string} other */
const distance = (one, other) => {
  let row = [...one, ""].map((_, at) => at);
  for (const letter of other) {
    const above = row;
    row = [/** @type {number} */ (above[0]) + 1];
    for (let at = 1; at < above.length; at += 1) {
      const [left, up, both] = [row[at - 1], above[at], above[at - 1]].map(Number);
      row.push(Math.min(Number(left) + 1, Number(up) + 1, Number(both) + (one[at - 1] === letter ? 0 : 1)));
    }
  }
  return Number(row.at(-1));
};

/** Which of these names was probably meant. @param {string} name @param {string[]} names */
const meant = (name, names) => {
  const own = bare(name);
  const far = names.map((one) => distance(own, bare(one)));
  const nearest = Math.min(...far);
  if (nearest <= own.length / 3) return names[far.indexOf(nearest)];
  const words = wordsOf(name);
  const among = names.find((one) => words.every((word) => wordsOf(one).includes(word)));
  return among ?? names.find((one) => one === "body" && /^(text|message|content)$/.test(name));
};

/** @param {string} id Of an operation */
const knownOf = (id) => (all ??= new Map(FIELD_NAMES.split("\n").map(known))).get(id);

/** More of them in one input are not typing mistakes. */
const MOST = 20;

/** A field that the contract does not have, by its place, and those that it has. @typedef {{ place: string, name: string, names: string[] }} Stranger */

/**
 * The fields of an input that the contract does not have.
 * @param {string} id Of the operation @param {Record<string, any>} input
 */
export const strangersIn = (id, input) => {
  /** @type {Map<string, Stranger>} */
  const found = new Map();
  /** @param {Record<string, any>} object @param {string[]} names @param {string} within */
  const look = (object, names, within) => {
    for (const name of Object.keys(object)) {
      if (found.size >= MOST) return;
      if (names.includes(name) || object[name] === undefined) continue;
      const place = within + (isPlainName(name) ? name : "with a name that is not shown");
      found.set(place, { place, name, names });
    }
  };
  const fields = knownOf(id);
  if (!fields) return [];
  look(input, fields.names, "");
  for (const [name, names] of Object.entries(fields.items)) {
    const list = owns(input, name) && isArray(input[name]) ? input[name].slice(0, MOST) : [];
    for (const item of list) if (isObject(item) && !isArray(item)) look(item, names, `${name}[].`);
  }
  return [...found.values()];
};

/** The text about one. @param {Stranger} stranger */
export const strange = ({ place, name, names }) => {
  const better = isPlainName(name) && meant(name, names);
  return `unknown field ${place}${better ? `: did you mean ${better}?` : ""}`;
};

/** Frequently used operations whose fields have underscores: their fields may be written like all others. */
const EITHER = ["messages.send"];

/**
 * An input with its fields as the API has them; throws if one is given both ways.
 * @param {string} id @param {Record<string, any>} input
 */
export const spelled = (id, input) => {
  if (!EITHER.includes(id)) return input;
  const names = knownOf(id)?.names ?? [];
  const taken = /** @type {Record<string, any>} */ ({});
  for (const [given, value] of Object.entries(input)) {
    const name = names.includes(given)
      ? given
      : (names.find((one) => one.replace(/_./g, (part) => part.slice(1).toUpperCase()) === given) ?? given);
    if (name !== given && owns(input, name)) throw `${name} and ${given} must not both be given`;
    put(taken, name, value);
  }
  return taken;
};

/** Verbs of the official SDK, and ours for the same. */
const SAME = new Map([
  ["buy", "create"],
  ["set", "create"],
  ["put", "create"],
  ["register", "create"],
  ["release", "delete"],
  ["remove", "delete"],
  ["reaction", "react"],
]);
/** Verbs that it puts before other names. */
const COMMON = /^(get|list|send)$/;

/** @param {string} name */
const partsOf = (name) =>
  new Set(
    wordsOf(name.replaceAll(".", "_")).map((word) => (SAME.get(word) ?? word).replace(/ies$/, "y").replace(/s$/, "")),
  );

/**
 * The operation that the official SDK calls by another name; undefined for a name that it does not have.
 * @param {string} resource Such as `agents` @param {string} name Such as `createAgent`
 */
export const operationCalled = (resource, name) => {
  const [own, theirs] = [partsOf(name), partsOf(`${resource}.${name}`)];
  let [found, most] = ["", 0];
  for (const { id } of ofTable()) {
    const ours = partsOf(id);
    let [score, known] = [0, false];
    for (const word of ours) score += theirs.has(word) ? (COMMON.test(word) ? 1 : 3) : -1;
    for (const word of theirs) if (!ours.has(word) && !COMMON.test(word)) score -= 2;
    for (const word of own) known ||= ours.has(word) && !COMMON.test(word);
    if (known && score > most) [found, most] = [id, score];
  }
  return found || undefined;
};
