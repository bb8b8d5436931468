// The sandbox in a page and in a worker of a real browser: the entry for pages, the client beside it, and
// no server that answers for the API.

import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { serveSandbox } from "../../sandbox/node/server.mjs";
import { launch } from "../support/browsers.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const folder = mkdtempSync(join(tmpdir(), "sandbox-page-"));
/** @type {import("../../sandbox/js/types.js").SandboxServer} */
let files;
/** @type {import("playwright-core").Browser} */
let browser;

const from = (/** @type {string} */ name) => JSON.stringify(join(root, "pkg/dist/sandbox", name));
const inside = `import { createSandbox } from ${from("index.js")};`;
const apart = `
  import { createSandbox as create, loadModule } from ${from("slim.js")};
  const module = await loadModule("sandbox.wasm");
  const createSandbox = (options) => create({ ...options, module });`;

const story = `
  import { AgentPhone } from ${JSON.stringify(join(root, "pkg/dist/index.js"))};

  const tell = async () => {
    const heard = [];
    const sandbox = createSandbox({ clock: "manual", onWebhook: async (request) => void heard.push((await request.json()).event) });
    const client = new AgentPhone({ apiKey: "sk_test", fetch: sandbox.fetch, dangerouslyAllowBrowser: true });
    const agent = await client.agents.create({ name: "Ada", voiceMode: "hosted", systemPrompt: "Be brief." });
    const number = await client.numbers.buy({ agentId: agent.id });
    const headers = { authorization: "Bearer sk_test", "content-type": "application/json" };
    await sandbox.fetch("/v1/webhooks", { method: "POST", headers, body: JSON.stringify({ url: "https://example.com/hook" }) });
    const call = await client.calls.create({ agentId: agent.id, toNumber: "+14155550100" });
    const stream = await sandbox.fetch("/v1/calls/" + call.id + "/transcript/stream", { headers });
    const text = stream.text();
    sandbox.inbound.message({ to: number.phoneNumber, body: "Hello" });
    await sandbox.clock.advance(60_000);
    const ended = (await text).includes("event: ended");
    sandbox.faults.add({ cut: "mid-body" });
    const broken = await (await sandbox.fetch("/v1/agents", { headers })).text().then(() => "whole", (error) => error.constructor.name);
    sandbox.close();
    return { heard: [...new Set(heard)].sort(), ended, broken };
  };`;

before(async () => {
  const bundle = (/** @type {string} */ name, /** @type {string} */ tail, entry = inside) =>
    build({
      stdin: { contents: entry + story + tail, resolveDir: root },
      bundle: true,
      format: "esm",
      outfile: join(folder, name),
      logLevel: "error",
    });
  const show = "tell().then((told) => (globalThis.told = told), (error) => (globalThis.told = String(error)));";
  await bundle("page.js", show);
  await bundle("slim.js", show, apart);
  copyFileSync(join(root, "pkg/dist/sandbox/sandbox.wasm"), join(folder, "sandbox.wasm"));
  await bundle("worker.js", "tell().then(postMessage, (error) => postMessage(String(error)));");
  for (const name of ["page", "slim"])
    writeFileSync(
      join(folder, `${name}.html`),
      `<!doctype html><title>page</title><script type="module" src="${name}.js"></script>`,
    );
  writeFileSync(
    join(folder, "in-worker.js"),
    'new Worker("worker.js", { type: "module" }).onmessage = ({ data }) => (globalThis.told = data);',
  );
  writeFileSync(
    join(folder, "worker.html"),
    '<!doctype html><title>worker</title><script type="module" src="in-worker.js"></script>',
  );
  files = await serveSandbox({ staticDir: folder });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await files?.close();
  rmSync(folder, { recursive: true, force: true });
});

for (const [place, words] of Object.entries({
  page: "a page",
  worker: "a worker",
  slim: "a page that fetches the module",
})) {
  test(`in ${words}: calls, streams, webhooks and faults, without a server`, async () => {
    const page = await browser.newPage();
    await page.goto(`${files.url}/${place}.html`);
    await page.waitForFunction(() => /** @type {Foreign} */ (globalThis).told !== undefined);
    const told = await page.evaluate(() => /** @type {Foreign} */ (globalThis).told);
    await page.close();
    assert.deepEqual(told, { heard: ["agent.call_ended", "agent.message"], ended: true, broken: "TypeError" });
    assert.deepEqual(
      files.requests().filter(({ path }) => path.startsWith("/v1")),
      [],
    );
  });
}
