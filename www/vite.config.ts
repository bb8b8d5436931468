// How the page is built: static files that any server can give out under a strict
// Content-Security-Policy, from any path.

import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  build: {
    outDir: "dist",
    emptyOutDir: true,
    // Both would put code or data into the page itself, which the policy forbids.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
});
