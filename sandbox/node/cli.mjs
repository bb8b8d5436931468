#!/usr/bin/env node
// @ts-check
// `agentphone-sandbox`: the sandbox from a terminal.

import { statSync } from "node:fs";
import { parseArgs } from "node:util";
import { serveSandbox } from "./server.mjs";

const HELP = `A local AgentPhone: no key, no phone, no cost.

  node cli.mjs [options]

  --port <n>      port to listen on, 0 for any free one (default 4010)
  --host <name>   address to listen on (default 127.0.0.1)
  --seed <n>      decides ids and the dice of fault rules (default 1)
  --static <dir>  serve the files of a folder beside the API
  --quiet         no line for each request
  --help          this text
`;

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(`agentphone-sandbox: ${message}`);
  process.exit(1);
}

/**
 * @param {string} name
 * @param {string | undefined} text
 * @param {number} max
 */
function whole(name, text, max) {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text) || Number(text) > max) {
    fail(`--${name} must be a whole number from 0 to ${max}, not "${text}"`);
  }
  return Number(text);
}

function options() {
  try {
    return parseArgs({
      options: {
        port: { type: "string" },
        host: { type: "string" },
        seed: { type: "string" },
        static: { type: "string" },
        quiet: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    fail(`${/** @type {Error} */ (error).message.split("\n", 1)[0]} (see --help)`);
  }
}

const values = options();
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const port = whole("port", values.port, 65_535) ?? 4010;
const seed = whole("seed", values.seed, Number.MAX_SAFE_INTEGER);
const { host = "127.0.0.1", static: staticDir, quiet = false } = values;
if (staticDir !== undefined && !statSync(staticDir, { throwIfNoEntry: false })?.isDirectory()) {
  fail(`--static: there is no folder ${staticDir}`);
}

/** @param {NodeJS.ErrnoException} error */
function explain(error) {
  if (error.code === "EADDRINUSE") return `port ${port} is in use; choose another with --port`;
  if (error.code === "EACCES") return `no right to listen on port ${port}; choose one above 1023`;
  if (error.code === "ENOTFOUND" || error.code === "EADDRNOTAVAIL") return `cannot listen on ${host}`;
  return error.message;
}

const server = await serveSandbox({
  port,
  host,
  quiet,
  ...(seed === undefined ? {} : { seed }),
  ...(staticDir === undefined ? {} : { staticDir }),
}).catch((error) => fail(explain(error)));

console.log(`AgentPhone sandbox on ${server.url}
  API      ${server.url}/v1 (any key that begins with sk_)
  control  ${server.url}/__sandbox/health, /ledger, /requests, /faults, /reset`);

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  process.once(signal, () => void server.close().then(() => process.exit(0)));
}
