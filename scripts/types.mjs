// Writes the package's declarations from the `.d.ts` files in `src`, which are next to the code that they describe
// and import one another. `tsc -p src` checks them. They are published as a single file, which is easier to read
// for people and programs. The file exists once, as CommonJS (`.d.cts`), and the ES module's declaration is one
// line that re-exports its names, since an ES module can import CommonJS but not vice versa. So `import` and
// `require` share one set of types, as they share one set of classes in Node.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { webhookErrors } from "./bundle.mjs";
import { root } from "./tools.mjs";

/** The declaration files in a folder of `src`, each with its name. */
const declarations = (/** @type {string} */ folder) => {
  const path = join(root, "src", folder);
  const names = readdirSync(path)
    .filter((name) => name.endsWith(".d.ts"))
    .sort();
  return names.map((name) => ({ file: `${folder}/${name}`, text: readFileSync(join(path, name), "utf8") }));
};

/** A declaration file. @typedef {{ file: string, text: string }} File */

/** What a file declares: `{ exported, kind, name }`. @param {File} file */
const declared = ({ text }) => {
  const found = text.matchAll(/^(export )?(?:declare )?(interface|class|type|const|enum|function) (\w+)/gm);
  return [...found].map(([, exported, kind, name]) => ({ exported: Boolean(exported), kind, name }));
};

/** Joins modules that import only one another, without their leading comments and imports. @param {File[]} files */
export const joined = (files) => {
  const owners = new Map();
  for (const file of files) {
    for (const { name } of declared(file)) {
      const owner = owners.get(name) ?? file;
      // Two interfaces of the same name would merge silently.
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

/** Writes one entry's declarations for both module systems. `text` imports its neighbours as `./name.js`. */
export const writeDeclarations = (
  /** @type {string} */ dist,
  /** @type {string} */ name,
  /** @type {string} */ text,
) => {
  writeFileSync(join(dist, `${name}.d.cts`), text.replaceAll(/(?<=from "\.\/[\w-]+)\.js"/g, '.cjs"'));
  writeFileSync(join(dist, `${name}.d.ts`), `export * from "./${name}.cjs";\n`);
};

/**
 * The declarations of `agentphone-wasm/webhooks`: the exports of `src/webhooks` and the types of its errors,
 * re-exported from the client's, so that both entries have the same types.
 * @param {File[]} files
 */
const webhooksAlone = (files) => {
  const shown = files.flatMap(declared).filter(({ exported }) => exported);
  const names = shown.map(({ kind, name }) => (kind === "const" ? name : `type ${name}`));
  const all = [...webhookErrors, "type AnyAgentPhoneError", "type CloneableError", "type PlainError", ...names];
  return `// The types of \`agentphone-wasm/webhooks\`: webhooks without the client.\n\nexport {\n  ${all.join(",\n  ")},\n} from "../index.cjs";\n`;
};

/**
 * The declarations of an entry without a module, from the files in `folder` of `src`. What they import from the client
 * is imported from its entry, so that both have the same types.
 * @param {string} folder @param {string[]} errors Error classes of the client that it exports
 */
const plainEntry = (folder, errors) => {
  /** @type {Set<string>} */
  const names = new Set();
  /** @type {Set<string>} What is imported from packages */
  const foreign = new Set();
  const files = declarations(folder).map(({ file, text: whole }) => ({
    file,
    text: whole
      .replaceAll(/^import type \{[^}]*\} from "[@a-z][^"]*";\n/gm, (line) => (foreign.add(line), ""))
      .replaceAll(/^import type \{([^}]*)\} from "\.\.\/[\w/]+\.js";\n/gm, (_, found) => {
        for (const name of found.split(",")) if (name.trim()) names.add(name.trim());
        return "";
      }),
  }));
  const imports = `import type {\n  ${[...names].sort().join(",\n  ")},\n} from "../index.cjs";`;
  const exported = `export { ${errors.join(", ")} } from "../index.cjs";`;
  return `// The types of \`agentphone-wasm/${folder}\`.\n\n${[...foreign].join("")}${imports}\n${exported}\n\n${joined(files)}`;
};

/** Writes the declarations of the client's and the webhooks' entries. */
export const writeTypes = (/** @type {string} */ dist) => {
  const webhooks = declarations("webhooks");
  // The ledger's interface, without the stores of `agentphone-wasm/ledger` (`build-ledger.mjs`).
  const ledger = declarations("js/ledger").filter(({ file }) => file === "js/ledger/ledger.d.ts");
  const all = [...declarations("client"), ...declarations("resources"), ...webhooks, ...ledger];
  writeDeclarations(dist, "index", joined(all));
  writeDeclarations(dist, "slim", readFileSync(join(root, "src", "js", "client", "slim.d.ts"), "utf8"));
  writeDeclarations(join(dist, "webhooks"), "index", webhooksAlone(webhooks));
  for (const entry of ["toolkit", "otel", "tools"])
    writeDeclarations(join(dist, entry), "index", plainEntry(entry, ["AgentPhoneError", "InvalidArgumentError"]));
  writeFileSync(join(dist, "wasm.d.cts"), readFileSync(join(root, "src", "js", "client", "wasm.d.cts"), "utf8"));
};
