// A proxy between a headless browser and the server of wasm-bindgen's test runner. That server has four
// threads and can leave a fifth connection waiting for ever, while a browser opens six at once; then no test
// begins. Through this proxy each request has a connection of its own, one after the other.

import { createServer, request } from "node:http";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./tools.mjs";

/** Forwards one request, and resolves when its answer has been passed on or has failed. */
const forward = (asked, answer) =>
  new Promise((resolve) => {
    const onward = request(asked.url, { method: asked.method, headers: { ...asked.headers, connection: "close" }, agent: false }, (came) => {
      answer.writeHead(came.statusCode ?? 502, came.headers);
      came.pipe(answer);
      came.on("close", resolve);
    });
    onward.on("error", () => {
      answer.destroy();
      resolve();
    });
    asked.pipe(onward);
  });

/**
 * Runs `work` while the proxy listens; `work` gets the environment in which the runner's browser uses it.
 * `direct`: the address of a server that the tests themselves ask, which stays as it is.
 */
export const throughProxy = async (direct, work) => {
  let last = Promise.resolve();
  const proxy = createServer((asked, answer) => (last = last.then(() => forward(asked, answer))));
  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const folder = mkdtempSync(join(tmpdir(), "agentphone-browser-"));
  const settings = JSON.parse(readFileSync(join(root, "webdriver.json"), "utf8"));
  settings["goog:chromeOptions"].args.push(
    `--proxy-server=http://127.0.0.1:${proxy.address().port}`,
    `--proxy-bypass-list=<-loopback>;${new URL(direct).host}`,
  );
  const file = join(folder, "webdriver.json");
  writeFileSync(file, JSON.stringify(settings));
  try {
    await work({ WASM_BINDGEN_TEST_WEBDRIVER_JSON: file });
  } finally {
    rmSync(folder, { recursive: true, force: true });
    proxy.closeAllConnections();
    proxy.close();
  }
};
