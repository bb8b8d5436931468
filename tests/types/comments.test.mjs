// The comments of the types, which editors show and the reference is made of: there where a name cannot say it all, and
// nowhere else. A rule that each member needs one breeds comments that repeat its name.

import assert from "node:assert/strict";
import { test } from "node:test";
import { declarations } from "../../scripts/declarations.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const types = declarations();

/** Every member, also those of objects within objects, with the name of its declaration. */
const members = (/** @type {string} */ owner, /** @type {Foreign} */ own) =>
  own.flatMap((/** @type {Foreign} */ member) => {
    const path = `${owner}.${member.name}`;
    return [{ ...member, owner, path }, ...members(path, member.members)];
  });
const all = types.flatMap(({ name, members: own }) => members(name, own));

/** What users write themselves: there is more to know of it than of what they read. */
const WRITTEN = /(Options|Request|Query|Settings|Write|Hooks|Logger|Store|Tool|Answer)$/;
/** The types of what narrows a union. */
const isLiteral = (/** @type {string} */ type) =>
  type
    .split("|")
    .map((/** @type {string} */ part) => part.trim())
    .every((/** @type {string} */ part) => /^("[^"]*"|`.*`|UnknownCode|EventOfTomorrow|undefined|)$/.test(part));

/** A text in an answer, or what narrows a union: its name and its type may say all that there is to say. */
const speaksForItself = (/** @type {Foreign} */ { owner, type }) =>
  type !== "" &&
  (isLiteral(type) ||
    (!WRITTEN.test(owner.split(".")[0]) && /^(string|Open<[^>]*>)( \| null)?( \| undefined)?$/.test(type)));

const words = (/** @type {string} */ text) =>
  (
    text
      .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
      .toLowerCase()
      .match(/[a-z]+/g) ?? []
  ).map((/** @type {string} */ word) => word.replace(/s$/, ""));
const SMALL = new Set(words("a s an the of it its your this that which what who where in for on to is"));

/** A comment that says nothing but the name of what it is on. */
const repeats = (/** @type {Foreign} */ { doc, path }) => {
  const names = new Set(words(path));
  return doc !== "" && !/[`\d]/.test(doc) && words(doc).every((word) => SMALL.has(word) || names.has(word));
};

test("a method, a unit, an option never goes without a comment", () => {
  assert.ok(all.length > 900, `${all.length} members`);
  assert.deepEqual(
    types.filter(({ doc, members }) => doc === "" && members.length > 0).map(({ name }) => name),
    [],
  );
  const silent = all.filter(
    (member) => member.doc === "" && (member.name || member.method) && !speaksForItself(member),
  );
  assert.deepEqual(
    silent.map(({ path, text }) => `${path}: ${text}`),
    [],
  );
});

test("no comment repeats the name that it is on", () => {
  assert.deepEqual(
    all.filter(repeats).map(({ path, doc }) => `${path}: ${doc}`),
    [],
  );
  for (const doc of ["Which.", "Name.", "The name of the agent.", "Agent's name"])
    assert.ok(repeats({ doc, path: "Agent.name" }), doc);
  for (const doc of ["A label for people.", "Default: `null`.", "1 to 64 characters."])
    assert.ok(!repeats({ doc, path: "Agent.name" }), doc);
});
