// Writes the declarations of the package, out of the `.d.ts` files in `src`, which lie beside the code that they
// describe and import one another. `tsc -p src` checks them. They are published as one text, because that is what
// people and programs read who want to know what the package can do. The text is there once, as CommonJS (`.d.cts`),
// and the ES module's declaration is one line that exports the same names: an ES module may import CommonJS, and not
// the other way round. So `import` and `require` have one set of types, as they have one set of classes in Node.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { webhookErrors } from "./bundle.mjs";
import { root } from "./tools.mjs";

/** The files of declarations in a folder of `src`, each with its name. */
const declarations = (/** @type {string} */ folder) => {
  const path = join(root, "src", folder);
  const names = readdirSync(path)
    .filter((name) => name.endsWith(".d.ts"))
    .sort();
  return names.map((name) => ({ file: `${folder}/${name}`, text: readFileSync(join(path, name), "utf8") }));
};

/** A file of declarations. @typedef {{ file: string, text: string }} File */

/** What a file declares: `{ exported, kind, name }`. @param {File} file */
const declared = ({ text }) => {
  const found = text.matchAll(/^(export )?(?:declare )?(interface|class|type|const|enum|function) (\w+)/gm);
  return [...found].map(([, exported, kind, name]) => ({ exported: Boolean(exported), kind, name }));
};

/** Several modules that import nothing but one another as one: without their heads, which are comments and imports. @param {File[]} files */
export const joined = (files) => {
  const owners = new Map();
  for (const file of files) {
    for (const { name } of declared(file)) {
      const owner = owners.get(name) ?? file;
      // Two interfaces of one name would merge in silence.
      if (owner !== file) throw new Error(`${name} is declared in ${owner.file} and in ${file.file}`);
      owners.set(name, file);
    }
  }
  const bodies = files.map(({ file, text }) => {
    const body = text.replace(/^(?:\/\/.*\n|\n|import type \{[^}]*\} from "\.{1,2}\/[\w/]+\.js";\n)*/, "").trim();
    if (/^import /m.test(body))
      throw new Error(`${file} has an import that is not \`import type { … } from\` a file beside it, above all else`);
    return body;
  });
  return `${bodies.join("\n\n")}\n\n// Only what is marked is exported.\nexport {};\n`;
};

/** Writes one entry's declarations for both module systems; `text` names its neighbours as `./name.js`. */
export const writeDeclarations = (
  /** @type {string} */ dist,
  /** @type {string} */ name,
  /** @type {string} */ text,
) => {
  writeFileSync(join(dist, `${name}.d.cts`), text.replaceAll(/(?<=from "\.\/[\w-]+)\.js"/g, '.cjs"'));
  writeFileSync(join(dist, `${name}.d.ts`), `export * from "./${name}.cjs";\n`);
};

/**
 * The declarations of `agentphone-wasm/webhooks`: what the files of `src/webhooks` export and what its errors need,
 * re-exported from the client's, so that the types of both entries are the same.
 * @param {File[]} files
 */
const webhooksAlone = (files) => {
  const shown = files.flatMap(declared).filter(({ exported }) => exported);
  const names = shown.map(({ kind, name }) => (kind === "const" ? name : `type ${name}`));
  const all = [...webhookErrors, "type AnyAgentPhoneError", "type CloneableError", "type PlainError", ...names];
  return `// The types of \`agentphone-wasm/webhooks\`: webhooks without the client.\n\nexport {\n  ${all.join(",\n  ")},\n} from "../index.cjs";\n`;
};

/**
 * The declarations of an entry without a module, out of the files in `folder` of `src`. What they import from the client's
 * they get from its entry, so that the types of both are the same.
 * @param {string} folder @param {string[]} errors Classes of the client that it exports
 */
const plainEntry = (folder, errors) => {
  /** @type {Set<string>} */
  const names = new Set();
  const files = declarations(folder).map(({ file, text }) => ({
    file,
    text: text.replaceAll(/^import type \{([^}]*)\} from "\.\.\/[\w/]+\.js";\n/gm, (_, found) => {
      for (const name of found.split(",")) if (name.trim()) names.add(name.trim());
      return "";
    }),
  }));
  const imports = `import type {\n  ${[...names].sort().join(",\n  ")},\n} from "../index.cjs";`;
  const exported = `export { ${errors.join(", ")} } from "../index.cjs";`;
  return `// The types of \`agentphone-wasm/${folder}\`.\n\n${imports}\n${exported}\n\n${joined(files)}`;
};

/** Writes the declarations of the client's entries and of those of webhooks. */
export const writeTypes = (/** @type {string} */ dist) => {
  const webhooks = declarations("webhooks");
  // What a ledger is, without the stores of `agentphone-wasm/ledger` (`build-ledger.mjs`).
  const ledger = declarations("js/ledger").filter(({ file }) => file === "js/ledger/ledger.d.ts");
  const all = [...declarations("client"), ...declarations("resources"), ...webhooks, ...ledger];
  writeDeclarations(dist, "index", joined(all));
  writeDeclarations(dist, "slim", readFileSync(join(root, "src", "js", "client", "slim.d.ts"), "utf8"));
  writeDeclarations(join(dist, "webhooks"), "index", webhooksAlone(webhooks));
  writeDeclarations(join(dist, "toolkit"), "index", plainEntry("toolkit", ["AgentPhoneError", "InvalidArgumentError"]));
  writeFileSync(join(dist, "wasm.d.cts"), readFileSync(join(root, "src", "js", "client", "wasm.d.cts"), "utf8"));
};
