// Builds `agentphone-wasm/ledger`, the stores for what became of idempotency keys. One file for import, whose parts a
// bundler leaves out where they are not imported, because nothing of it runs before it is used. In Node `import` and `require` share the
// CommonJS build, and so the class of errors.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asCommonJs } from "./inline.mjs";
import { root } from "./tools.mjs";
import { writeDeclarations } from "./types.mjs";

const source = join(root, "src", "js", "ledger");

/** The names that are only types. */
const shared = ["Ledger", "LedgerChange", "LedgerEntry", "LedgerPage"];

/** The declarations: what a ledger is comes from the client's, so that the types of both entries are the same. */
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

/** Writes `ledger/` into the folder of the package. */
export const bundleLedger = async (/** @type {string} */ dist) => {
  const { build } = await import("esbuild");
  const out = join(dist, "ledger");
  mkdirSync(out, { recursive: true });
  await build({
    entryPoints: [join(source, "index.js")],
    bundle: true,
    minify: true,
    lineLimit: 300,
    target: "es2022",
    legalComments: "none",
    format: "esm",
    outfile: join(out, "index.js"),
  });
  const code = readFileSync(join(out, "index.js"), "utf8");
  const commonJs = asCommonJs(code);
  const names = /module\.exports=\{(.*)\};\n$/s.exec(commonJs)?.[1].replaceAll(/:\w+/g, "");
  writeFileSync(join(out, "index.cjs"), commonJs);
  writeFileSync(
    join(out, "node.js"),
    `import all from "./index.cjs";\nexport const { ${names?.split(/,\s*/).join(", ")} } = all;\n`,
  );
  writeDeclarations(out, "index", types());
};
