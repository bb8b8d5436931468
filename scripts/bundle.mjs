// Makes the entries of pkg/package.json from the client's glue and module: one .wasm file and one glue, and for
// each kind of runtime a few lines that locate the module, so that there is no `init()` to await.
//
// Where code can neither read a file nor rely on a bundler, the module is embedded as text (`inline.mjs`). Node
// reads the file next to the code, which saves a second copy; Cloudflare and Vercel compile nothing at run time
// and need an import. In Node `import` and `require` share the CommonJS build: one instance, one set of classes.

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { asCommonJs, inlined, withOwnNames } from "./inline.mjs";
import { SHIPPED } from "./shipped.mjs";
import { root } from "./tools.mjs";

const source = (/** @type {string} */ name) => JSON.stringify(join(root, "src", "js", name));

/**
 * The parts of the glue that `webhooks` uses: if it got all of it, a bundler could not remove anything. The buffer
 * comes first.
 */
const steps = ["memory", "webhookBufferSize", "webhookBegin", "webhookUpdate", "webhookFinish", "webhookJudge"];
const webhooksOf = (/** @type {string} */ buffer) =>
  `webhooksOf({ webhookBuffer: ${buffer}, ${steps.map((name) => `${name}: glue.${name}`).join(", ")} })`;

/**
 * zone.js tracks promises but not native `await`: its users would lose their zone after the first one. (The webhooks
 * entry calls no user code.)
 */
const ZONES = { "async-await": false, "async-generator": false, "for-await": false };

/** The native Promise: the global one may have been replaced by a library whose class cannot be extended (bluebird). */
const ENGINE = "const Promise=(async()=>{})().constructor;";

/** The errors of the webhooks entry. */
export const webhookErrors = ["AgentPhoneError", "InvalidArgumentError", "WebhookVerificationError"];

/** A module's glue: its exports by name. @typedef {Record<string, unknown>} Glue */
/** @typedef {{ folder: string, module: string, names: string[], code: string }} Entry */

/**
 * The entries with a module. `folder`: their folder in `dist`; `module`: the name of the .wasm file there; `names`:
 * what users import; `code`: creates it without the module; `soon` gets a function that loads it.
 * @type {{ client: (glue: Glue) => Entry, webhooks: (glue: Glue) => Entry }}
 */
const entries = {
  client: (glue) => {
    // `arm` exists only in the module that tests break.
    const given = Object.keys(glue).filter((name) => name.endsWith("Error") || name === "arm");
    return {
      folder: "",
      module: "agentphone.wasm",
      names: [...given, "AgentPhone", "voice", "webhooks"].sort(),
      code: `
        import * as glue from "./core.js";
        import { clientClass } from ${source("client/client.js")};
        import { compiled, lacking } from ${source("lib/compiled.js")};
        import { begun, postpone, ready } from ${source("runtime/instance.js")};
        import { ofTable, readTable } from ${source("state/table.js")};
        import { webhooksOf } from ${source("webhooks/webhooks.js")};
        export const AgentPhone = clientClass(glue.Client);
        export const { voice, webhooks } = ${webhooksOf("() => (ready(), glue.webhookBuffer())")};
        export const begin = (module) => {
          if (ofTable().length > 0) return;
          glue.start(compiled(module));
          readTable(glue.table());
          begun(glue.__wbg_reset_state);
        };
        export const soon = (source) => (lacking() ? postpone(() => begin(source)) : begin(source));
        export { ${given.join(", ")} } from "./core.js";
      `,
    };
  },
  webhooks: () => ({
    folder: "webhooks",
    module: "webhooks.wasm",
    names: [...webhookErrors, "voice", "webhooks"],
    code: `
      import * as glue from "./core.js";
      import { compiled, lacking } from ${source("lib/compiled.js")};
      import { unready } from ${source("webhooks/refuse.js")};
      import { webhooksOf } from ${source("webhooks/webhooks.js")};
      let begin;
      const use = () => { begin?.(); begin = undefined; };
      const ready = () => {
        try { use(); } catch (cause) { throw unready(cause); }
        return glue.webhookBuffer();
      };
      export const { voice, webhooks } = ${webhooksOf("ready")};
      export const soon = (source) => {
        begin = () => glue.start(compiled(source));
        if (!lacking()) use();
      };
      export { ${webhookErrors.join(", ")} } from ${source("errors/error.js")};
    `,
  }),
};

/**
 * Reads the module next to the code. If a bundler has separated the two, a copy embedded in JavaScript is loaded
 * instead, and only then. It is a separate file, because Node scans an imported CommonJS file in search of its exports.
 * Without `__esModule`, so that `import agentphone from` gives CommonJS what its types say.
 * @param {string} module @param {string} names
 */
const commonJs = (module, names) => `const { readFileSync } = require("node:fs");
const core = require("./core.cjs");
core.soon(() => {
  try {
    return readFileSync(__dirname + "/${module}");
  } catch {
    return require("./inline.cjs")();
  }
});
const { ${names} } = core;
module.exports = { ${names} };
`;

/** The module embedded in CommonJS, for bundles that run in Node: compressed, since Node can decompress it. @param {Buffer} bytes */
const packed = (bytes) => `const { brotliDecompressSync } = require("node:zlib");
module.exports = () => brotliDecompressSync(Buffer.from("${brotliCompressSync(bytes).toString("base64")}", "base64"));
`;

/** Hermes, React Native's engine, has no WebAssembly. */
const refusal = `throw new Error("agentphone-wasm needs WebAssembly, which React Native does not have. Call AgentPhone from your server, which also keeps the API key off the phone.");\n`;

/** wasm-bindgen copies the JavaScript that Rust imports; the client must import the same copy. @type {import("esbuild").Plugin} */
const oneCopy = {
  name: "one copy of src/js",
  setup({ onResolve }) {
    onResolve({ filter: /\/snippets\/.*\/src\/js\// }, ({ path }) => ({
      path: join(root, "src", "js", path.replace(/^.*\/src\/js\//, "")),
    }));
  },
};

/**
 * Writes the entries of a module into `dist`.
 * @param {"client" | "webhooks"} which @param {string} work Contains the glue, `core.js`, and the module. @param
 * {string} dist
 */
export const bundleEntries = async (which, work, dist) => {
  const { build } = await import("esbuild");
  const { folder, module, names, code } = entries[which](await import(pathToFileURL(join(work, "core.js")).href));
  const out = join(dist, folder);
  mkdirSync(out, { recursive: true });
  /** @type {import("esbuild").BuildOptions} */
  const options = { ...SHIPPED, supported: which === "client" ? ZONES : {}, write: true };
  /** @returns {import("esbuild").BuildOptions} */
  const from = (/** @type {string} */ contents) => ({ stdin: { contents, resolveDir: work, loader: "js" } });
  const all = `{ ${names.join(", ")} }`;
  await build({
    ...options,
    ...from(code),
    plugins: [oneCopy],
    format: "esm",
    banner: { js: ENGINE },
    outfile: join(out, "core.js"),
  });
  writeFileSync(join(out, "core.cjs"), asCommonJs(readFileSync(join(out, "core.js"), "utf8")));
  const begun = (/** @type {string} */ path, /** @type {string} */ how) =>
    `import { soon } from "./core.js";\nimport module from "${path}";\nsoon(${how});\nexport ${all} from "./core.js";\n`;
  await build({
    ...options,
    ...from(begun(`./${module}`, "module")),
    plugins: [inlined, external("./core.js")],
    format: "esm",
    outfile: join(out, "index.js"),
  });
  /** @type {Record<string, string>} */
  const files = {
    "inline.cjs": packed(readFileSync(join(work, module))),
    "index.cjs": commonJs(module, names.join(", ")),
    "node.js": `import all from "./index.cjs";\nexport const ${all} = all;\n`,
    "workerd.js": begun(`./${module}`, "() => module"),
    "edge-light.js": begun(`./${module}?module`, "() => module"),
  };
  if (which === "client") {
    const slim = (/** @type {string} */ core) =>
      `import { begin } from "${core}";\nimport { initWith } from ${source("client/slim.js")};\nexport const init = initWith(begin);\nexport ${all} from "${core}";\n`;
    for (const [core, format, name] of /** @type {const} */ ([
      ["./core.js", "esm", "slim.js"],
      ["./core.cjs", "cjs", "slim.cjs"],
    ])) {
      await build({
        ...options,
        ...from(slim(core)),
        plugins: [external(core)],
        format,
        ...(format === "cjs" && { platform: "node", plugins: [external(core), withOwnNames] }),
        outfile: join(out, name),
      });
    }
    // With the names, because tools that link modules strictly would otherwise report those instead.
    files["react-native.js"] = `${refusal}export let ${names.join(", ")};\n`;
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(out, name), text);
  copyFileSync(join(work, module), join(out, module));
};

/** What users bring along themselves, where they use an entry that needs it. */
const PEERS = Object.keys(JSON.parse(readFileSync(join(root, "pkg", "package.json"), "utf8")).peerDependencies);

/** Writes an entry without a module: `folder` of `src/js`, as ES module and as CommonJS. @param {string} folder @param {string} dist */
export const bundlePlain = async (folder, dist) => {
  const { build } = await import("esbuild");
  for (const [format, name] of /** @type {const} */ ([
    ["esm", "index.js"],
    ["cjs", "index.cjs"],
  ])) {
    await build({
      entryPoints: [join(root, "src", "js", folder, "index.js")],
      ...SHIPPED,
      external: PEERS,
      format,
      ...(format === "cjs" && { platform: "node", plugins: [withOwnNames] }),
      outfile: join(dist, folder, name),
    });
  }
};

/** Keeps exactly this neighbour of an entry in a separate file. @returns {import("esbuild").Plugin} */
const external = (/** @type {string} */ file) => ({
  name: `${file} stays beside`,
  setup({ onResolve }) {
    onResolve({ filter: /.*/ }, ({ path }) => (path === file ? { path, external: true } : undefined));
  },
});
