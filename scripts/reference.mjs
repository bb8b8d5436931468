// Writes the reference, pkg/docs/reference.md, out of the published types: every resource with its
// methods, what they cost and which errors to expect, then every type. A test fails when the page is
// older than the types (`npm run reference` writes it anew).

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./tools.mjs";

const page = join(root, "pkg", "docs", "reference.md");

/** The text of a doc comment, without its stars. */
const prose = (comment) =>
  (comment ?? "")
    .trim()
    .replace(/^\/\*\*|\*\/$/g, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").trimEnd())
    .join("\n")
    .trim();

/** Top-level declarations: `{ doc, kind, name, text }`. */
const declarations = (types) => {
  const pattern = /(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?export (?:declare )?(interface|class|type|const|function) (\w+)[\s\S]*?(?=\n\n(?:\/\*\*|export|\/\/|declare)|$)/g;
  return [...types.matchAll(pattern)].map(([all, doc, kind, name]) => ({ doc, kind, name, text: all.slice(doc?.length ?? 0).trimEnd() }));
};

/** Members of an interface: `{ doc, text }`. */
const members = ({ text }) => {
  const body = text.slice(text.indexOf("{") + 1, text.lastIndexOf("}"));
  const pattern = /(\/\*\*(?:(?!\*\/)[\s\S])*\*\/)\s*((?:readonly )?\w+\??[(:][\s\S]*?;)(?=\s*(?:\/\*\*|$))/g;
  return [...body.matchAll(pattern)].map(([, doc, member]) => ({ doc: prose(doc), text: member.replaceAll(/\s+/g, " ") }));
};

/** All members of the interfaces of one name, which several files may have added to. */
const merged = (all, name) => all.filter((one) => one.name === name && one.kind !== "type").flatMap(members);

/** The resources under one interface, in depth: `{ path, doc, methods }`. */
const resources = (all, name, path, doc) => {
  const found = merged(all, name);
  const nested = found.flatMap((member) => {
    const [, part, type] = /^readonly (\w+): (\w+Resource);/.exec(member.text) ?? [];
    return part ? resources(all, type, `${path}.${part}`, member.doc) : [];
  });
  const methods = found.filter(({ text }) => /^\w+\(/.test(text) && !text.startsWith("constructor"));
  return [{ path, doc, methods }, ...nested];
};

const method = ({ path }, { doc, text }) => {
  const name = text.slice(0, text.indexOf("("));
  return [`### \`${path}.${name}\``, "```ts", `${path}.${text}`, "```", doc].join("\n\n").replaceAll("```ts\n\n", "```ts\n").replaceAll("\n\n```\n", "\n```\n");
};

/** The page for these types. */
export const reference = (types) => {
  const all = declarations(types);
  const tree = resources(all, "AgentPhone", "client", "The client itself.").sort((a, b) => (a.path < b.path ? -1 : 1));
  const count = tree.reduce((sum, { methods }) => sum + methods.length, 0);
  const anchor = (text) => text.toLowerCase().replaceAll(/[^\w-]/g, "");
  // What an interface adds to a class is told where the class is.
  const classes = new Set(all.filter(({ kind }) => kind === "class").map(({ name }) => name));
  const shown = all.filter(({ kind, name }) => !name.endsWith("Resource") && !(kind === "interface" && classes.has(name)));
  const named = [...new Map(shown.map((one) => [one.name, one])).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return [
    "# Reference",
    `Generated from the published types by \`npm run reference\`: ${count} methods, ${named.length} types. Every example is type-checked and run by the tests.`,
    "## Contents",
    tree.filter(({ methods }) => methods.length > 0).map(({ path, doc }) => `- [\`${path}\`](#${anchor(path)}) ${doc.split("\n")[0]}`).join("\n"),
    "- [Types](#types)",
    ...tree.filter(({ methods }) => methods.length > 0).flatMap((one) => [`## \`${one.path}\``, one.doc, ...one.methods.map((each) => method(one, each))]),
    "## Types",
    ...named.map(({ name, doc, text }) => [`### \`${name}\``, prose(doc), "```ts", text, "```"].filter(Boolean).join("\n\n").replace("```ts\n\n", "```ts\n").replace(/\n\n```$/, "\n```")),
    "",
  ].join("\n\n");
};

/** Where the page is, for the test that compares. */
export const referencePage = page;

if (process.argv[1] === join(root, "scripts", "reference.mjs")) {
  mkdirSync(dirname(page), { recursive: true });
  writeFileSync(page, reference(readFileSync(join(root, "pkg", "dist", "index.d.cts"), "utf8")));
  process.stdout.write(`${page}\n`);
}
