// Builds the page on which the benchmark of the console measures.

import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** The script and the styles of the page that measures; `npm test` checks that they can still be built. */
export async function bundleMeasures() {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("console-page.tsx", import.meta.url))],
    bundle: true,
    minify: true,
    format: "esm",
    jsx: "automatic",
    jsxImportSource: "preact",
    // The page's own sandbox is not measured here, so its module is not needed.
    loader: { ".wasm": "empty" },
    outdir: "out",
    write: false,
    logLevel: "error",
  });
  const built = (/** @type {string} */ end) => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? "";
  return { script: built(".js"), styles: built(".css") };
}
