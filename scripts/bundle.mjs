// Makes the entries of pkg/package.json out of the client's glue and its module: one .wasm and one glue, and for
// each kind of runtime a few lines that say where the module comes from, so that nobody awaits an `init()`.
//
// Where code may read no file and no bundler may be asked for anything, the module travels inside as text
// (`inline.mjs`). Node reads it beside the code, which saves a second copy of it; Cloudflare and Vercel compile
// nothing at run time and want an import. In Node `import` and `require` share the CommonJS build: one
// instance, one set of classes.

import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { inlined } from "./inline.mjs";
import { root } from "./tools.mjs";

/** What users get that `src/js` makes of the glue's exports. */
const made = ["AgentPhone", "voice", "webhooks"];

/** What users get: the error classes of the glue, and what is made of the rest of it. `arm` is only in what tests break. */
const exported = (glue) => [...Object.keys(glue).filter((name) => name.endsWith("Error") || name === "arm"), ...made].sort();

const source = (name) => JSON.stringify(join(root, "src", "js", name));

/** The client without its module: `begin` gives it one. */
const client = (errors) => `
  import * as glue from "./core.js";
  import { clientClass } from ${source("client.js")};
  import { compiled } from ${source("compiled.js")};
  import { begun, ready } from ${source("instance.js")};
  import { operations, readTable } from ${source("table.js")};
  import { webhooksOf } from ${source("webhooks.js")};
  const prepared = (step) => (...given) => (ready(), step(...given));
  export const AgentPhone = clientClass(glue.Client);
  export const { voice, webhooks } = webhooksOf({ webhookSign: prepared(glue.webhookSign), webhookVerify: prepared(glue.webhookVerify) });
  export const begin = (given) => {
    if (operations.length > 0) return;
    glue.initSync({ module: compiled(given) });
    begun(glue.__wbg_reset_state);
    readTable(glue.table());
  };
  export { ${errors.join(", ")} } from "./core.js";
`;

/**
 * Reads the module beside it. Apart from the client's code, because Node reads through a CommonJS file that is
 * imported, in search of its exports. Without `__esModule`, so that `import agentphone from` gives CommonJS what its
 * types say.
 */
const commonJs = `const { readFileSync } = require("node:fs");
const core = require("./core.cjs");
const read = () => {
  try {
    return readFileSync(__dirname + "/agentphone.wasm");
  } catch (cause) {
    throw new Error("agentphone.wasm is not beside the code of agentphone-wasm. A bundler has taken the code away from it: let it resolve the export condition \\"module\\", which carries the module inside.", { cause });
  }
};
core.begin(read());
const { begin, ...all } = core;
module.exports = all;
`;

/** Hermes, React Native's engine, has no WebAssembly. */
const refusal = `throw new Error("agentphone-wasm needs WebAssembly, which React Native does not have. Call AgentPhone from your server, which also keeps the API key off the phone.");\n`;

/** wasm-bindgen copies the JavaScript that Rust imports; the client's own must be the same copy. */
const oneCopy = {
  name: "one copy of src/js",
  setup({ onResolve }) {
    onResolve({ filter: /\/snippets\/.*\/src\/js\// }, ({ path }) => ({ path: join(root, "src", "js", basename(path)) }));
  },
};

/**
 * Writes the entries into `dist`. `work` holds the glue (`core.js`) and the module (`agentphone.wasm`).
 * @param {string} work @param {string} dist
 */
export const bundleClient = async (work, dist) => {
  const { build } = await import("esbuild");
  const names = exported(await import(pathToFileURL(join(work, "core.js")).href));
  const errors = names.filter((name) => !made.includes(name));
  // Short lines, because Node prints the whole line that an uncaught error came from; not shorter, because each
  // break hides what repeats.
  const options = { bundle: true, minify: true, lineLimit: 300, target: "es2022", legalComments: "none", write: true };
  const from = (contents) => ({ stdin: { contents, resolveDir: work, loader: "js" } });
  const all = `{ ${names.join(", ")} }`;
  await build({ ...options, ...from(client(errors)), plugins: [oneCopy], format: "esm", outfile: join(dist, "core.js") });
  const begun = (module) => `import { begin } from "./core.js";\nimport module from "${module}";\nbegin(module);\nexport ${all} from "./core.js";\n`;
  const text = { ...from(begun("./agentphone.wasm")), plugins: [inlined, external("./core.js")] };
  await build({ ...options, ...text, format: "esm", outfile: join(dist, "index.js") });
  await build({ ...options, ...from(client(errors)), plugins: [oneCopy], format: "cjs", platform: "node", outfile: join(dist, "core.cjs") });
  const slim = (core) => `import { begin } from "${core}";\nimport { initWith } from ${source("slim.js")};\nexport const init = initWith(begin);\nexport ${all} from "${core}";\n`;
  for (const [core, format, name] of [["./core.js", "esm", "slim.js"], ["./core.cjs", "cjs", "slim.cjs"]]) {
    await build({ ...options, ...from(slim(core)), plugins: [external(core)], format, outfile: join(dist, name) });
  }
  const files = {
    "index.cjs": commonJs,
    "node.js": `import all from "./index.cjs";\nexport const ${all} = all;\n`,
    "workerd.js": begun("./agentphone.wasm"),
    "edge-light.js": begun("./agentphone.wasm?module"),
    // With the names, or whatever links modules strictly would complain of them instead.
    "react-native.js": `${refusal}export let ${names.join(", ")};\n`,
  };
  for (const [name, code] of Object.entries(files)) writeFileSync(join(dist, name), code);
  copyFileSync(join(work, "agentphone.wasm"), join(dist, "agentphone.wasm"));
};

/** Keeps a file beside an entry a file of its own, and that file alone. */
const external = (file) => ({
  name: `${file} stays beside`,
  setup({ onResolve }) {
    onResolve({ filter: /.*/ }, ({ path }) => (path === file ? { path, external: true } : undefined));
  },
});
