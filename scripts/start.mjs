// `npm start`: installs and builds what is missing, then serves the sandbox and the page on one
// address, prints it, and stops at Ctrl-C.

import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildPackage } from "./build.mjs";
import { buildRest } from "./test.mjs";
import { prepare, root } from "./tools.mjs";

const USAGE = "npm start [-- --port 4010 --quiet]";
const options = { port: { type: "string", default: "4010" }, quiet: { type: "boolean", default: false }, help: { type: "boolean" } };
let values;
try {
  ({ values } = parseArgs({ options }));
} catch (error) {
  process.stderr.write(`${error.message}\n${USAGE}\n`);
  process.exit(2);
}
if (values.help) {
  process.stdout.write(`${USAGE}\nServes the local AgentPhone and its page.\n`);
  process.exit(0);
}
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  process.stderr.write(`--port must be a number from 0 to 65535, not ${values.port}\n`);
  process.exit(2);
}

prepare();
await buildPackage();
buildRest();

const { serveSandbox } = await import("../sandbox/node/server.mjs");
try {
  const server = await serveSandbox({ port, staticDir: join(root, "www", "dist"), quiet: values.quiet, limits: false });
  process.stdout.write(`\nA local AgentPhone is running: nothing here rings a phone or costs money.\n\n`);
  process.stdout.write(`  open      ${server.url}/\n  API       ${server.url}/v1 (any key that begins with sk_)\n\nCtrl-C stops it.\n`);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => server.close());
} catch (error) {
  if (error?.code !== "EADDRINUSE") throw error;
  process.stderr.write(`Port ${port} is in use: choose another with \`npm start -- --port 4020\`.\n`);
  process.exit(1);
}
