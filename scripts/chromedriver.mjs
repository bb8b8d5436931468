#!/usr/bin/env node
// Passed to `wasm-pack test --headless --chrome` as chromedriver (.cargo/config.toml): runs the real one, whose
// browsers reach the test runner through a proxy (see serializing-proxy.mjs). It listens where the runner expects
// the driver, forwards everything, and only adds the proxy to the options of new browsers.

import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { createServer, request } from "node:http";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { freePort } from "./free-port.mjs";
import { serializingProxy } from "./serializing-proxy.mjs";

const HOST = "127.0.0.1";

/** The real chromedriver: from PATH, or downloaded by wasm-pack. */
const driver = () => {
  const cache = [
    join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), ".wasm-pack"),
    join(homedir(), "Library", "Caches", ".wasm-pack"),
  ];
  const fetched = cache.filter(existsSync).flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.startsWith("chromedriver"))
      .map((name) => join(folder, name)),
  );
  const found = [...(process.env.PATH ?? "").split(delimiter), ...fetched]
    .map((folder) => join(folder, "chromedriver"))
    .find(existsSync);
  if (!found) throw new Error("there is no chromedriver in the PATH: scripts/setup.sh installs one on Debian");
  return found;
};

const flags = process.argv.slice(2);
const port = Number(flags.find((flag) => flag.startsWith("--port="))?.slice("--port=".length));
if (!port) throw new Error("chromedriver.mjs is started by wasm-bindgen-test-runner, with --port=…");
const real = await freePort();
const proxy = await serializingProxy();
// The runner kills this process without warning; the shell reads from it and ends the driver when the pipe closes.
const child = spawn(
  "sh",
  [
    "-c",
    '"$@" & read -r _; kill $!',
    "sh",
    driver(),
    ...flags.filter((flag) => !flag.startsWith("--port=")),
    `--port=${real}`,
  ],
  { stdio: ["pipe", "inherit", "inherit"] },
);
child.on("exit", (status) => process.exit(status ?? 1));

/**
 * A new browser's options with the proxy added. Servers that tests contact directly (tests/support/mod.rs) bypass it.
 */
const withProxy = (/** @type {string} */ body) => {
  const asked = JSON.parse(body);
  const direct = process.env.AGENTPHONE_TEST_SERVER;
  const args = [
    `--proxy-server=http://${proxy}`,
    `--proxy-bypass-list=<-loopback>${direct ? `;${new URL(direct).host}` : ""}`,
  ];
  for (const capabilities of [asked.desiredCapabilities, asked.capabilities?.alwaysMatch ?? asked.capabilities]) {
    if (!capabilities) continue;
    const options = (capabilities["goog:chromeOptions"] ??= {});
    options.args = [...(options.args ?? []), ...args];
  }
  return JSON.stringify(asked);
};

const server = createServer(async (asked, answer) => {
  const body = await text(asked);
  const sent = asked.method === "POST" && asked.url === "/session" ? withProxy(body) : body;
  const headers = { ...asked.headers, host: `${HOST}:${real}`, "content-length": Buffer.byteLength(sent) };
  const onward = request({ host: HOST, port: real, path: asked.url, method: asked.method, headers }, (came) => {
    answer.writeHead(came.statusCode ?? 502, came.headers);
    came.pipe(answer);
  });
  onward.on("error", () => answer.destroy());
  onward.end(sent);
});

/** To the runner, a port that accepts connections is a driver that is ready. @returns {Promise<void>} */
const ready = () =>
  new Promise((resolve) => {
    const again = () => setTimeout(() => resolve(ready()), 50);
    request({ host: HOST, port: real, path: "/status" }, (came) => (came.resume(), resolve()))
      .on("error", again)
      .end();
  });
await ready();
server.listen(port, HOST);
