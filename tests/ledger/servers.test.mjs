// A test run that is killed must leave no server behind.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { noPostgres, noRedis } from "./servers.mjs";

/** @param {number} port @returns {Promise<boolean>} */
const accepts = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => (socket.destroy(), resolve(true))).on("error", () =>
      resolve(false),
    );
  });

for (const [name, skip] of /** @type {const} */ ([
  ["startPostgres", noPostgres],
  ["startRedis", noRedis],
])) {
  test(`${name}: server and data are gone when the process that asked for them is killed`, { skip }, async () => {
    const module = new URL("servers.mjs", import.meta.url).href;
    const source = `import { ${name} } from "${module}"; const { port, folder } = await ${name}(); console.log(JSON.stringify({ port, folder })); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", source], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const said = await new Promise((resolve) => child.stdout.setEncoding("utf8").once("data", resolve));
    const { port, folder } = JSON.parse(said);
    assert.ok((await accepts(port)) && existsSync(folder), "it runs");
    child.kill("SIGKILL");
    while ((await accepts(port)) || existsSync(folder)) await pause(20);
  });
}
