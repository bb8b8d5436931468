// Writes the declarations of the package. Each text is there once, as CommonJS (`.d.cts`), and the ES module's
// declaration is one line that gives the same names: an ES module may import CommonJS, and not the other way round.
// So `import` and `require` have one set of types, as they have one set of classes in Node, and a type checker reads
// the text once.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { webhookErrors } from "./bundle.mjs";
import { root } from "./tools.mjs";

/** Half the indentation that wasm-bindgen chooses: 6 kB. */
const outdented = (types) => types.replaceAll(/^(?: {4})+/gm, (spaces) => " ".repeat(spaces.length / 2));

/**
 * Declarations of one name as one: each file in Rust adds its resource to the client's interface, and readers (and
 * the API report) should not have to collect them.
 */
const merged = (types) => {
  const pattern = /^((?:\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?)export (interface|class) (\w+) \{\n([\s\S]*?)^\}\n/gm;
  const pieces = new Map();
  for (const [, doc, kind, name, body] of types.matchAll(pattern)) pieces.set(name, [...(pieces.get(name) ?? []), { doc, kind, body }]);
  return types.replaceAll(pattern, (all, doc, kind, name) => {
    const parts = pieces.get(name) ?? [];
    if (parts.length === 1) return all;
    pieces.delete(name);
    // The class first: its constructor begins it, and its comment is the one that is read.
    parts.sort((one, other) => one.kind.localeCompare(other.kind));
    const [first] = parts;
    return first ? `${parts.find((part) => part.doc)?.doc ?? ""}export ${first.kind} ${name} {\n${parts.map(({ body }) => body).join("\n")}}\n` : "";
  });
};

/** What the glue's declarations say to those who use the package, and nothing of the glue. */
export const published = (glue) => {
  const types = glue
    .slice(0, glue.indexOf("export type InitInput"))
    // The class that the module exports is not the one that users get: `src/js/client.js` wraps it.
    .replaceAll(/^export class Client \{[^}]*\}\n/gm, "")
    // wasm-bindgen re-exports the error classes as values of no type; error_types.rs declares them.
    .replaceAll(/^export let \w+: unknown;\n/gm, "")
    .replace("export function __wbg_reset_state(): void;\n", "")
    .replaceAll(/^\/\* (tslint|eslint).*\n/gm, "");
  const tidy = outdented(merged(types)).replaceAll(/\n{3,}/g, "\n\n").trim();
  return `${tidy}\n\n// Only what is marked is exported.\nexport {};\n`;
};

/** Writes one entry's declarations for both module systems; `text` names its neighbours as `./name.js`. */
export const writeDeclarations = (dist, name, text) => {
  writeFileSync(join(dist, `${name}.d.cts`), text.replaceAll(/(?<=from "\.\/[\w-]+)\.js"/g, '.cjs"'));
  writeFileSync(join(dist, `${name}.d.ts`), `export * from "./${name}.cjs";\n`);
};

/**
 * What the module of webhooks alone declares, and what its errors need, told of the client's declarations: so the types
 * of both entries are the same, and in the package once.
 * @param {string} glue
 */
const webhooksAlone = (glue) => {
  const declared = [...glue.slice(0, glue.indexOf("export type InitInput")).matchAll(/^export (interface|type|const) (\w+)/gm)];
  const names = declared.map(([, kind, name]) => (kind === "const" ? name : `type ${name}`));
  const all = [...webhookErrors, "type AnyAgentPhoneError", "type CloneableError", "type PlainError", ...names];
  return `// The types of \`agentphone-wasm/webhooks\`: webhooks without the client.\n\nexport {\n  ${all.join(",\n  ")},\n} from "../index.cjs";\n`;
};

/** Writes the declarations of the client's entries and of those of webhooks. `client` and `webhooks` hold the glue's. */
export const writeTypes = (client, webhooks, dist) => {
  writeDeclarations(dist, "index", published(readFileSync(join(client, "core.d.ts"), "utf8")));
  writeDeclarations(dist, "slim", readFileSync(join(root, "src", "js", "slim.d.ts"), "utf8"));
  writeDeclarations(join(dist, "webhooks"), "index", webhooksAlone(readFileSync(join(webhooks, "core.d.ts"), "utf8")));
  writeFileSync(join(dist, "wasm.d.cts"), readFileSync(join(root, "src", "js", "wasm.d.cts"), "utf8"));
};
