// How the console is built: static files that any server can give out under a strict
// Content-Security-Policy, from any path.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { defineConfig, type Plugin } from "vite";

const FONT = "@fontsource-variable/geist";
/** The file that every view needs. */
const FIRST_LETTERS = /geist-latin-wght-normal-[^/]*\.woff2$/;
const LICENCES = "licences.md";

/** Has the typeface loaded with the page, and its licence in the list: vite lists only packages of code. */
function typeface(): Plugin {
  return {
    name: "typeface",
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle = {} }) {
        const file = Object.keys(bundle).find((name) => FIRST_LETTERS.test(name));
        if (file === undefined) return [];
        const attrs = { rel: "preload", as: "font", type: "font/woff2", crossorigin: true, href: `./${file}` };
        return [{ tag: "link", attrs, injectTo: "head-prepend" }];
      },
    },
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const list = bundle[LICENCES];
        if (list?.type !== "asset") throw new Error(`there is no ${LICENCES} to which the typeface's licence belongs`);
        const manifest = createRequire(import.meta.url).resolve(`${FONT}/package.json`);
        const { version, license } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string; license: string };
        const text = readFileSync(join(dirname(manifest), "LICENSE"), "utf8");
        list.source = `${list.source}\n## ${FONT} - ${version} (${license})\n\n${text}`;
      },
    },
  };
}

export default defineConfig({
  base: "./",
  plugins: [typeface()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    // Both would put code or data into the page itself, which the policy forbids.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // The console is published with the command line, and with it the code of others that it contains.
    license: { fileName: LICENCES },
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What every view needs comes in two files: the client, and the frame with what it is made of.
          groups: [
            { name: "client", test: /pkg[\\/]dist/, tags: ["$initial"] },
            { name: "frame", tags: ["$initial"] },
          ],
        },
      },
    },
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
});
