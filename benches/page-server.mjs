// Serves pages and their files from memory on the loopback interface, with headers that let a browser cache them,
// and starts a browser with a disk cache, as users have: only there is compiled code kept.

import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { FLAGS, findBrowser } from "../tests/support/browsers.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

/** @type {Record<string, string>} */
const TYPES = { html: "text/html; charset=utf-8", js: "text/javascript; charset=utf-8", wasm: "application/wasm" };
const program = (/** @type {string} */ name) => fileURLToPath(new URL(`programs/${name}.mjs`, import.meta.url));

/** The programs bundled for a browser: `{ "/name.js": bytes }`, with dynamic imports in separate files. */
const bundled = async (/** @type {string[]} */ names) => {
  const { outputFiles } = await build({
    entryPoints: names.map(program),
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    outdir: "/",
    write: false,
    logLevel: "error",
  });
  return Object.fromEntries(outputFiles.map(({ path, contents }) => [`/${basename(path)}`, Buffer.from(contents)]));
};

/**
 * @param {string[]} programs Names in `benches/programs`, without extension
 * @param {Record<string, string>} pages HTML by path
 */
export const startPages = async (programs, pages) => {
  const module = createRequire(import.meta.url).resolve("agentphone-wasm/agentphone.wasm");
  /** @type {Record<string, Foreign>} */
  const files = { ...(await bundled(programs)), "/agentphone.wasm": await readFile(module), ...pages };
  const server = createServer((request, response) => {
    const path = (request.url ?? "").replace(/\?.*/, "");
    const body = files[path];
    if (body === undefined) return response.writeHead(404).end();
    const cache = path.endsWith(".html") ? "no-cache" : "public, max-age=31536000, immutable";
    return response
      .writeHead(200, { "content-type": TYPES[path.split(".").at(-1) ?? ""], "cache-control": cache })
      .end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const profile = await mkdtemp(join(tmpdir(), "agentphone-bench-"));
  const browser = await chromium.launchPersistentContext(profile, { executablePath: findBrowser(), args: FLAGS });
  return {
    url: `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`,
    /**
     * Opens a new page. An error in it rejects every `within`; `cpu` returns the milliseconds of CPU time that its main
     * thread has used.
     */
    open: async (/** @type {string} */ path) => {
      const page = await browser.newPage();
      const failed = /** @type {Promise<never>} */ (new Promise((_, reject) => page.once("pageerror", reject)));
      failed.catch(() => {});
      await page.goto(
        `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}${path}`,
      );
      const devtools = await browser.newCDPSession(page);
      await devtools.send("Performance.enable");
      const metric = async (/** @type {string} */ name) =>
        (await devtools.send("Performance.getMetrics")).metrics.find((one) => one.name === name)?.value ?? Number.NaN;
      const heap = async () => {
        for (let time = 0; time < 3; time++) await devtools.send("HeapProfiler.collectGarbage");
        return metric("JSHeapUsedSize");
      };
      return {
        page,
        heap,
        cpu: async () => (await metric("ThreadTime")) * 1000,
        within: /** @type {<T>(work: Promise<T>) => Promise<T>} */ ((work) => Promise.race([work, failed])),
      };
    },
    close: async () => {
      await browser.close();
      server.closeAllConnections();
      server.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
};
