// Start-up of the command: from process start until it listens, and until its first response, compared with a Node
// process that does nothing.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { interleaved, summary } from "./stats.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

const command = fileURLToPath(new URL("../pkg/dist/sandbox/cli.cjs", import.meta.url));
const REQUEST =
  "GET /v1/agents?limit=20 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer sk_bench\r\nconnection: close\r\n\r\n";

/** Milliseconds of a process that does nothing, from start to end. */
const empty = async () => {
  const began = performance.now();
  await once(spawn(process.execPath, ["-e", "0"], { stdio: "ignore" }), "exit");
  return { ended: performance.now() - began };
};

const sandbox = async () => {
  const began = performance.now();
  const child = spawn(process.execPath, [command, "--port", "0", "--quiet"], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  const port = await new Promise((resolve) => {
    child.stdout.on("data", (text) => {
      said += text;
      const found = /127\.0\.0\.1:(\d+)/.exec(said);
      if (found) resolve(Number(found[1]));
    });
  });
  const listens = performance.now() - began;
  const socket = connect(port, "127.0.0.1");
  socket.write(REQUEST);
  await once(socket, "data");
  const answered = performance.now() - began;
  socket.destroy();
  child.kill();
  await once(child, "exit");
  return { listens, answered };
};

/** Milliseconds of wall-clock time: `{ empty, listens, answered }`. */
export const measureStart = async (/** @type {Foreign} */ { quick }) => {
  /** @type {Record<string, Foreign>} */
  const programs = { empty, sandbox };
  for (const run of Object.values(programs)) await run(); // Loads the files into the system's cache.
  const samples = await interleaved(Object.keys(programs), quick ? 7 : 31, (/** @type {string} */ name) =>
    programs[name](),
  );
  const of = (/** @type {string} */ name, /** @type {string} */ field) =>
    summary(samples[name].map((/** @type {Foreign} */ sample) => sample[field]));
  return { empty: of("empty", "ended"), listens: of("sandbox", "listens"), answered: of("sandbox", "answered") };
};
