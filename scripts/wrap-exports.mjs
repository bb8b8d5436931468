// Puts the wrapper of `src/js/runtime/instance.js` into wasm-bindgen's glue: every export of the module is called
// through it, and nothing that belongs to a broken instance touches the memory of the next one. wasm-bindgen can
// make the glue count its instances (`--experimental-reset-state-function`), but leaves the rest to its users.
// This script edits the generated glue, and fails the build if a release generates something else.

/** Exports without a waiting caller: the calls that such an export interrupts get the error instead. */
const ALONE = [
  /^client_(start|wait)$/,
  /^transcriptsource_next$/,
  /^__wbg_\w+_free$/,
  /^__wbindgen_(free|destroy_closure)$/,
  /^__externref_table_dealloc$/,
  // Callbacks; their names come from Rust, with or without a hash.
  /^wasm_bindgen\w*__convert__closures\w+$/,
];

/** Pattern, replacement, and how often it must match (0: at least once). @returns {[string | RegExp, string, number][]} */
const EDITS = (/** @type {string} */ alone) => [
  ["wasm = instance.exports;", `wasm = wrapExports(instance.exports, "${alone}");`, 1],
  ["wasm = wasmInstance.exports;", `wasm = wrapExports(wasmInstance.exports, "${alone}");`, 1],
  // The wrapper replaces the instance itself.
  [/^ *__wbg_call_guard\(\);\n/gm, "", 0],
  [/^function __wbg_call_guard\(\) \{\n(?: .*\n)*\}\n/gm, "", 1],
  [/^(?:let | +)__wbg_reinit_scheduled = false;\n/gm, "", 2],
  // A late timer of a broken instance must not end the process.
  [/throw new Error\('Cannot invoke closure from previous WASM instance'\);/g, "return;", 2],
  ["if (--state.cnt === 0) {", "if (--state.cnt === 0 && state.instance === __wbg_instance_id) {", 2],
  // `free` does not check the instance.
  [/^( +)(wasm\.\w+\(ptr, 0\);)$/gm, "$1if (this.__wbg_inst === __wbg_instance_id) $2", 2],
  [
    /^ +if \(this\.__wbg_inst !== undefined && this\.__wbg_inst !== __wbg_instance_id\) \{\n.*\n +\}\n/gm,
    'if (this.__wbg_inst !== __wbg_instance_id) throw Error("stale");\n',
    0,
  ],
  // Both are set before they are next read.
  [/^ +if \(typeof (?:numBytesDecoded|WASM_VECTOR_LEN) !== 'undefined'\) .*\n/gm, "", 2],
  // Created on first use: importing must not fail in test environments (jsdom) that add these later.
  [
    "let cachedTextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });\ncachedTextDecoder.decode();\n",
    "let cachedTextDecoder, cachedTextEncoder;\n",
    1,
  ],
  [
    "return cachedTextDecoder.decode(",
    "return (cachedTextDecoder ??= new TextDecoder('utf-8', { ignoreBOM: true })).decode(",
    1,
  ],
  [
    /^const cachedTextEncoder = new TextEncoder\(\);\n\nif \(!\('encodeInto' in cachedTextEncoder\)\) \{\n(?: .*\n)*\}\n/gm,
    "",
    1,
  ],
  [/\bcachedTextEncoder\.(?=encode)/g, "(cachedTextEncoder ??= new TextEncoder()).", 2],
  // A plain property is cheaper.
  [
    /Object\.defineProperty\((\w+), '__wbg_inst', \{ value: __wbg_instance_id, writable: true \}\);/g,
    "$1.__wbg_inst = __wbg_instance_id;",
    0,
  ],
];

/**
 * @param {string} glue @param {Map<string, string>} members The exports of the module with the names that they have got
 */
export const wrapExports = (glue, members) => {
  const unknown = ALONE.filter((pattern) => ![...members.keys()].some((name) => pattern.test(name)));
  if (unknown.length > 0) throw new Error(`the module has no export of this name: ${unknown.join(", ")}`);
  const alone = [...members].filter(([name]) => ALONE.some((pattern) => pattern.test(name))).map(([, name]) => name);
  let edited = glue;
  for (const [pattern, replacement, times] of EDITS(alone.join(" "))) {
    const found = typeof pattern === "string" ? edited.split(pattern).length - 1 : [...edited.matchAll(pattern)].length;
    if (found === 0 || (times > 0 && found !== times))
      throw new Error(`the glue has ${found} times what must be there ${times || "some"} times: ${pattern}`);
    edited = edited.replaceAll(pattern, replacement);
  }
  const [, folder] = /from '(\.\/snippets\/[^']*\/src\/js\/)state\/promise\.js'/.exec(glue) ?? [];
  if (!folder) throw new Error("the glue imports no promise.js");
  // Ours shadow the host's timers.
  return `import { clearTimeout, wrapExports, setTimeout } from '${folder}runtime/instance.js';\n${edited}`;
};
