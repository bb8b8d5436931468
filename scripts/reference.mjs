// Writes the reference, pkg/docs/reference.md, from the types: every resource with its methods, their cost and the
// errors to expect, then every type. A test fails if the page is older than the types (`npm run reference`
// rewrites it).

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { declarations } from "./declarations.mjs";
import { writeMigration } from "./migration.mjs";
import { root } from "./tools.mjs";

const page = join(root, "pkg", "docs", "reference.md");

/** @import { Declaration, Member } from "./declarations.mjs" */
/** @typedef {{ path: string, doc: string, methods: Member[] }} Resource */

/**
 * The resources under one interface, depth first.
 * @param {Declaration[]} all @param {string} name @param {string} path @param {string} doc @returns {Resource[]}
 */
export const resources = (all, name, path, doc) => {
  const found = all.filter((one) => one.name === name).flatMap(({ members }) => members);
  const nested = found
    .filter(({ type }) => type.endsWith("Resource"))
    .flatMap((one) => resources(all, one.type, `${path}.${one.name}`, one.doc));
  return [{ path, doc, methods: found.filter(({ method }) => method) }, ...nested];
};

/** A declaration without redundant `undefined`: an optional member may be undefined anyway. */
const withoutUndefined = (/** @type {string} */ text) =>
  text.replaceAll(/^(\s*(?:readonly )?[^\s?:]+\?: .*?) \| undefined;$/gm, "$1;").replaceAll(/\n\s*\| undefined;/g, ";");

/** @param {Resource} resource @param {Member} member */
const method = ({ path }, { name, doc, text }) =>
  [`### \`${path}.${name}\``, `\`\`\`ts\n${path}.${text.replaceAll(/\s+/g, " ")}\n\`\`\``, doc].join("\n\n");

/** Belongs to a separate entry, not to the client. @param {Declaration} declaration */
const isToolkit = ({ file }) => file.replaceAll("\\", "/").includes("/src/toolkit/");

/** @param {Declaration} declaration */
const isOtel = ({ file }) => file.replaceAll("\\", "/").includes("/src/otel/");

/** @param {Declaration} declaration */
const isTools = ({ file }) => file.replaceAll("\\", "/").includes("/src/tools/");

/** @param {Declaration} declaration */
const type = ({ name, doc, text }) =>
  [`### \`${name}\``, doc, `\`\`\`ts\n${withoutUndefined(text)}\n\`\`\``].filter(Boolean).join("\n\n");

const byName = (/** @type {Declaration} */ a, /** @type {Declaration} */ b) => (a.name < b.name ? -1 : 1);

/** The content of the page. */
export const reference = () => {
  const declared = declarations();
  const all = declared.filter((one) => !isToolkit(one) && !isOtel(one) && !isTools(one));
  const tree = resources(all, "AgentPhone", "client", "The client itself.").sort((a, b) => (a.path < b.path ? -1 : 1));
  const count = tree.reduce((sum, { methods }) => sum + methods.length, 0);
  const anchor = (/** @type {string} */ text) => text.toLowerCase().replaceAll(/[^\w-]/g, "");
  // Members that an interface adds to a class are listed with the class.
  const classes = new Set(all.filter(({ isClass }) => isClass).map(({ name }) => name));
  const shown = all.filter(({ name, isClass }) => !name.endsWith("Resource") && (isClass || !classes.has(name)));
  const named = shown.sort(byName);
  const toolkit = declared.filter(isToolkit).sort(byName);
  const otel = declared.filter(isOtel).sort(byName);
  const tools = declared.filter(isTools).sort(byName);
  return [
    "# Reference",
    `Generated from the published types by \`npm run reference\`: ${count} methods, ${named.length} types. Every example is type-checked and run by the tests. What may be left out (\`?\`) may also be undefined, except \`subAccount\`.`,
    "## Contents",
    tree
      .filter(({ methods }) => methods.length > 0)
      .map(({ path, doc }) => `- [\`${path}\`](#${anchor(path)}) ${doc.split("\n")[0]}`)
      .join("\n"),
    "- [Types](#types)\n- [`agentphone-wasm/toolkit`](#agentphone-wasmtoolkit) What nearly everyone writes again around this API; [a page with programs](../../docs/toolkit.md).\n- [`agentphone-wasm/otel`](#agentphone-wasmotel) Spans and metrics of OpenTelemetry; [its page](../../docs/otel.md).\n- [`agentphone-wasm/tools`](#agentphone-wasmtools) Tasks for language models; [its page](../../docs/tools.md).",
    ...tree
      .filter(({ methods }) => methods.length > 0)
      .flatMap((one) => [`## \`${one.path}\``, one.doc, ...one.methods.map((each) => method(one, each))]),
    "## Types",
    ...named.map(type),
    "## `agentphone-wasm/toolkit`",
    ...toolkit.map(type),
    "## `agentphone-wasm/otel`",
    ...otel.map(type),
    "## `agentphone-wasm/tools`",
    ...tools.map(type),
    "",
  ].join("\n\n");
};

/** Path of the page, for the test that compares it. */
export const referencePage = page;

if (process.argv[1] === join(root, "scripts", "reference.mjs")) {
  mkdirSync(dirname(page), { recursive: true });
  writeFileSync(page, reference());
  writeMigration();
  process.stdout.write(`${page}\n`);
}
