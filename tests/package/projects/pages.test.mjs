// Pages that load the package's own files, with no bundler between, in Chromium and Firefox under a strict
// Content-Security-Policy: the page itself, a dedicated and a service worker. And what a page is told whose policy
// forbids WebAssembly.

import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { ASKS, browsers, FAILED, giveOut, html, policy, tells, told } from "./browsers.mjs";
import { home } from "./install.mjs";
import { exercised, imports, project, startSandbox } from "./project.mjs";

const sandbox = await startSandbox();

const BESIDE = { alone: "/agentphone-wasm/dist/webhooks/index.js", stores: "/agentphone-wasm/dist/ledger/index.js" };
const from = (/** @type {string} */ entry) =>
  `${imports({ entry: `/agentphone-wasm/dist/${entry}.js`, ...BESIDE })}import { exercise } from "/exercise.mjs";\n`;
const SLIM = `${imports({ entry: "/agentphone-wasm/dist/slim.js", ...BESIDE, more: "init" })}import { exercise } from "/exercise.mjs";\n`;
const WORKER = `${from("index")}${ASKS}.catch(${FAILED}).then((said) => postMessage(said));\n`;
/** Asked for "/ask", it does the exercise and answers with what that said. */
const SERVICE_WORKER = `${from("index")}
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  if (new URL(event.request.url).pathname !== "/ask") return;
  event.respondWith(${ASKS}.catch(${FAILED}).then((said) => new Response(said)));
});
`;
const ASK_SERVICE_WORKER = `
const controlled = navigator.serviceWorker.controller
  ? Promise.resolve()
  : new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
const work = async () => {
  await navigator.serviceWorker.register("/service-worker.js" + location.search, { type: "module" });
  await controlled;
  return (await fetch("/ask")).text();
};
${tells("work()")}`;

const folder = project("pages", {
  "page.html": html("page.js"),
  "page.js": `${from("index")}${tells(ASKS)}`,
  "slim.html": html("slim.js"),
  "slim.js": `${SLIM}${tells(`init(fetch("/agentphone-wasm/dist/agentphone.wasm")).then(() => ${ASKS})`)}`,
  "worker.html": html("starts-worker.js"),
  "starts-worker.js": `const worker = new Worker("worker.js" + location.search, { type: "module" });\nworker.onmessage = ({ data }) => (globalThis.told = data);\nworker.onerror = (event) => (globalThis.told = "the worker failed: " + event.message);\n`,
  "worker.js": WORKER,
  "service.html": html("starts-service-worker.js"),
  "starts-service-worker.js": ASK_SERVICE_WORKER,
  "service-worker.js": SERVICE_WORKER,
  // An import that fails leaves nothing behind in its own page: a dynamic one can be looked at.
  "forbidden.html": html("forbidden.js"),
  "forbidden.js": tells('import("/agentphone-wasm/dist/index.js").then(() => "imported")'),
  "forbidden-slim.html": html("forbidden-slim.js"),
  "forbidden-slim.js": `import { init } from "/agentphone-wasm/dist/slim.js";\n${tells('init(fetch("/agentphone-wasm/dist/agentphone.wasm")).then(() => "begun")')}`,
});
cpSync(join(home, "node_modules", "agentphone-wasm"), join(folder, "agentphone-wasm"), { recursive: true });
cpSync(join(home, "exercise.mjs"), join(folder, "exercise.mjs"));
const site = await giveOut(folder, policy(sandbox.url));
const strict = await giveOut(folder, policy(sandbox.url, "'self'"));

for (const browser of browsers) {
  describe(`${browser}, under a strict policy`, () => {
    for (const [page, what] of Object.entries({
      page: "<script type=module>",
      slim: "the entry without its module, which is fetched",
      worker: "a dedicated worker",
      service: "a service worker",
    })) {
      test(what, () => exercised(sandbox, () => told(browser, `${site}/${page}.html?api=${sandbox.url}`)));
    }
    for (const page of ["forbidden", "forbidden-slim"]) {
      test(`a policy without 'wasm-unsafe-eval' is told so by name: ${page}`, async () => {
        assert.match(
          await told(browser, `${strict}/${page}.html`),
          /agentphone-wasm may not compile its WebAssembly here.*add 'wasm-unsafe-eval' to script-src/,
        );
      });
    }
  });
}
