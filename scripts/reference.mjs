// Writes the reference, pkg/docs/reference.md, out of the types: every resource with its methods, what they cost and
// which errors to expect, then every type. A test fails when the page is older than the types (`npm run reference`
// writes it anew).

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { declarations } from "./declarations.mjs";
import { root } from "./tools.mjs";

const page = join(root, "pkg", "docs", "reference.md");

/** @import { Declaration, Member } from "./declarations.mjs" */
/** @typedef {{ path: string, doc: string, methods: Member[] }} Resource */

/**
 * The resources under one interface, in depth.
 * @param {Declaration[]} all @param {string} name @param {string} path @param {string} doc @returns {Resource[]}
 */
const resources = (all, name, path, doc) => {
  const found = all.filter((one) => one.name === name).flatMap(({ members }) => members);
  const nested = found
    .filter(({ type }) => type.endsWith("Resource"))
    .flatMap((one) => resources(all, one.type, `${path}.${one.name}`, one.doc));
  return [{ path, doc, methods: found.filter(({ method }) => method) }, ...nested];
};

/** A declaration without what goes without saying: a member that may be left out may be undefined. */
const withoutUndefined = (/** @type {string} */ text) =>
  text.replaceAll(/^(\s*(?:readonly )?[^\s?:]+\?: .*?) \| undefined;$/gm, "$1;").replaceAll(/\n\s*\| undefined;/g, ";");

/** @param {Resource} resource @param {Member} member */
const method = ({ path }, { name, doc, text }) =>
  [`### \`${path}.${name}\``, `\`\`\`ts\n${path}.${text.replaceAll(/\s+/g, " ")}\n\`\`\``, doc].join("\n\n");

/** What is an entry of its own, and no part of the client. @param {Declaration} declaration */
const isToolkit = ({ file }) => file.replaceAll("\\", "/").includes("/src/toolkit/");

/** @param {Declaration} declaration */
const type = ({ name, doc, text }) =>
  [`### \`${name}\``, doc, `\`\`\`ts\n${withoutUndefined(text)}\n\`\`\``].filter(Boolean).join("\n\n");

const byName = (/** @type {Declaration} */ a, /** @type {Declaration} */ b) => (a.name < b.name ? -1 : 1);

/** The page. */
export const reference = () => {
  const declared = declarations();
  const all = declared.filter((one) => !isToolkit(one));
  const tree = resources(all, "AgentPhone", "client", "The client itself.").sort((a, b) => (a.path < b.path ? -1 : 1));
  const count = tree.reduce((sum, { methods }) => sum + methods.length, 0);
  const anchor = (/** @type {string} */ text) => text.toLowerCase().replaceAll(/[^\w-]/g, "");
  // What an interface adds to a class is told where the class is.
  const classes = new Set(all.filter(({ isClass }) => isClass).map(({ name }) => name));
  const shown = all.filter(({ name, isClass }) => !name.endsWith("Resource") && (isClass || !classes.has(name)));
  const named = shown.sort(byName);
  const toolkit = declared.filter(isToolkit).sort(byName);
  return [
    "# Reference",
    `Generated from the published types by \`npm run reference\`: ${count} methods, ${named.length} types. Every example is type-checked and run by the tests. What may be left out (\`?\`) may also be undefined, except \`subAccount\`.`,
    "## Contents",
    tree
      .filter(({ methods }) => methods.length > 0)
      .map(({ path, doc }) => `- [\`${path}\`](#${anchor(path)}) ${doc.split("\n")[0]}`)
      .join("\n"),
    "- [Types](#types)\n- [`agentphone-wasm/toolkit`](#agentphone-wasmtoolkit) What nearly everyone writes again around this API; [a page with programs](../../docs/toolkit.md).",
    ...tree
      .filter(({ methods }) => methods.length > 0)
      .flatMap((one) => [`## \`${one.path}\``, one.doc, ...one.methods.map((each) => method(one, each))]),
    "## Types",
    ...named.map(type),
    "## `agentphone-wasm/toolkit`",
    ...toolkit.map(type),
    "",
  ].join("\n\n");
};

/** Where the page is, for the test that compares. */
export const referencePage = page;

if (process.argv[1] === join(root, "scripts", "reference.mjs")) {
  mkdirSync(dirname(page), { recursive: true });
  writeFileSync(page, reference());
  process.stdout.write(`${page}\n`);
}
