// @ts-check
// Makes the WebAssembly module from what an entry of the package contains: a module, or bytes to compile. If a runtime or a
// page's policy forbids compilation, the engine's own message would puzzle a developer who only imported a package.

/** How engines report it: Chromium, Firefox, Safari, and V8 outside a page. */
const FORBIDDEN = /content.security.policy|\bCSP\b|unsafe-eval|disallowed by embedder/i;

/** What the glue and `webhooks` use of the host, which test environments may not have. */
const NEEDED = ["WebAssembly", "TextDecoder", "TextEncoder"];

/** What the host lacks, perhaps only until a test environment is set up. */
export const lacking = () => NEEDED.find((name) => /** @type {any} */ (globalThis)[name] === undefined);

/**
 * @param {any} given A `WebAssembly.Module` or bytes, or a function that gives them.
 * @returns {WebAssembly.Module}
 */
export const compiled = (given) => {
  const missing = lacking();
  if (missing) throw new Error(`agentphone-wasm needs ${missing}, which this runtime does not have`);
  const source = typeof given === "function" ? given() : given;
  // By its tag, because a module may come from another realm: Next's edge runtime loads it outside of its sandbox.
  if (Object.prototype.toString.call(source) === "[object WebAssembly.Module]") return source;
  try {
    return new WebAssembly.Module(source);
  } catch (cause) {
    if (!FORBIDDEN.test(String(cause))) throw cause;
    throw new Error(
      'agentphone-wasm may not compile its WebAssembly here. In a page: add \'wasm-unsafe-eval\' to script-src of the Content-Security-Policy. In an edge runtime: resolve the export condition "workerd" or "edge-light", which bring it compiled.',
      { cause },
    );
  }
};
