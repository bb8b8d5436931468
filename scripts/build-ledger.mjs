// Builds `agentphone-wasm/ledger`, the stores for the outcomes of idempotency keys. Each store is a separate file
// without side effects, so that a bundle contains only what it imports. In Node `import` and `require` share the
// CommonJS build, and so the error class.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asCommonJs } from "./inline.mjs";
import { SHIPPED } from "./shipped.mjs";
import { root } from "./tools.mjs";
import { writeDeclarations } from "./types.mjs";

const source = join(root, "src", "js", "ledger");

const stores = ["memory", "indexed-db", "sqlite", "postgres", "redis"];
/** Files that several stores import. */
const common = ["errors.js", "check.js", "store.js", "../lib/fields.js"];

/** Keeps the shared code in one separate file: two copies would mean two error classes. @type {import("esbuild").Plugin} */
const sharing = {
  name: "shared.js",
  setup({ onResolve }) {
    onResolve({ filter: /^\.{1,2}\// }, ({ path }) =>
      common.some((name) => path === name || path === `./${name}`)
        ? { path: "./shared.js", external: true }
        : undefined,
    );
  },
};

/** Names that are only types. */
const shared = ["Ledger", "LedgerChange", "LedgerEntry", "LedgerPage"];

/** The declarations. The ledger's types come from the client's, so that both entries have the same ones. */
const types = () => {
  const text = readFileSync(join(source, "adapters.d.ts"), "utf8");
  const imported = /^import type \{[^}]*\} from "\.\/ledger\.js";$/m;
  if (!imported.test(text)) throw new Error("adapters.d.ts does not import the types of ledger.d.ts");
  const all = shared.join(", ");
  return text.replace(
    imported,
    `import type { Ledger } from "../index.cjs";\n\nexport type { ${all} } from "../index.cjs";`,
  );
};

/** Writes `ledger/` into the package folder. */
export const bundleLedger = async (/** @type {string} */ dist) => {
  const { build } = await import("esbuild");
  const out = join(dist, "ledger");
  mkdirSync(out, { recursive: true });
  /** @type {import("esbuild").BuildOptions} */
  const options = { ...SHIPPED, format: "esm" };
  await build({
    ...options,
    entryPoints: stores.map((name) => join(source, `${name}.js`)),
    plugins: [sharing],
    outdir: out,
  });
  const contents = common.map((name) => `export * from "./${name}";`).join("\n");
  await build({ ...options, stdin: { contents, resolveDir: source }, outfile: join(out, "shared.js") });
  const index = readFileSync(join(source, "index.js"), "utf8").replace("./errors.js", "./shared.js");
  writeFileSync(join(out, "index.js"), index.replaceAll(/^\/\/.*\n/gm, "").trimStart());
  const { outputFiles } = await build({ ...options, entryPoints: [join(source, "index.js")], write: false });
  const commonJs = asCommonJs(outputFiles[0].text);
  writeFileSync(join(out, "index.cjs"), commonJs);
  const names = /module\.exports=\{(.*)\};\n$/s.exec(commonJs)?.[1].replaceAll(/:\w+/g, "");
  writeFileSync(
    join(out, "node.js"),
    `import all from "./index.cjs";\nexport const { ${names?.split(/,\s*/).join(", ")} } = all;\n`,
  );
  writeDeclarations(out, "index", types());
};
