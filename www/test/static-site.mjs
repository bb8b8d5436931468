// @ts-check
// The built console behind a web server that knows nothing of AgentPhone: then its sandbox runs in the page.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { findFile } from "../../sandbox/node/static.mjs";
import { launch } from "../../tests/support/browsers.mjs";
import { dist, openPage } from "./browser.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** Serves the files, and starts a browser. `close` ends both. */
export async function startStatic() {
  assert.ok(existsSync(join(dist, "index.html")), "the console is not built: run `npx vite build www` first");
  const server = createServer((request, response) => {
    void findFile(dist, request.url ?? "/").then((file) => {
      if (file === undefined) return response.writeHead(404, { "content-type": "text/plain" }).end("Not Found");
      return response.writeHead(200, file.headers).end(file.body);
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const url = `http://127.0.0.1:${address.port}`;
  const browser = await launch();
  return {
    url,
    browser,
    /**
     * Opens a view in a tab of its own, whose sandbox has nothing in it yet.
     * @param {string} hash What follows the `#`.
     * @param {{ prepare?: (page: Page) => Promise<unknown> } & import("playwright-core").BrowserContextOptions} [how]
     */
    async open(hash, { prepare, ...context } = {}) {
      const opened = await openPage(browser, `${url}/#${hash}`, context, prepare);
      await opened.page.waitForSelector("[data-mode=page]");
      return opened;
    },
    async close() {
      await browser.close();
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}
