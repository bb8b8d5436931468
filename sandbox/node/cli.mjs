#!/usr/bin/env node
// @ts-check
// `agentphone-sandbox`: the sandbox from a terminal.

import { existsSync, readFileSync, realpathSync, statSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { LAST } from "../js/clock.mjs";
import { consoleFolder, openPage } from "./console.mjs";
import { hostOf, originOf } from "./origins.mjs";
import { serveSandbox } from "./server.mjs";

const HELP = `A local AgentPhone: no key, no phone, no cost.

  agentphone-sandbox [options]

  --port <n>      port to listen on, 0 for any free one (default 4010)
  --host <name>   address to listen on (default 127.0.0.1: only this machine)
  --seed <n>      seed of ids and of chance in fault rules (default 1)
  --state <file>  keep the state in this file between runs
  --speed <n>     run the clock this many times as fast (default 1)
  --manual        stop the clock; POST /__sandbox/clock moves it
  --start <date>  the clock's first instant, such as 2026-12-24T18:00:00Z
                  (default: now)
  --demo          start with two weeks of calls and texts; more keep coming in
  --no-limits     turn the documented rate limits off
  --strict        apply the API's rules for new accounts: one active call per
                  number, and no SMS before a 10DLC registration is approved
  --errors <form> error bodies as documented (envelope, the default) or as
                  recorded from the real API (detail)
  --idempotency-keys
                  honour the header Idempotency-Key, as the real API does not
  --allow-origin <origin>
                  let pages of this origin use the control paths and those of
                  webhooks, as pages of this machine may; can be repeated
  --allow-host <name>
                  answer there under this name too; can be repeated
  --local-webhooks
                  send webhooks to this machine even when --host lets others in
  --max-state <n> keep at most this many MiB, up to 256 (default 128)
  --static <dir>  also serve the files of this folder
  --open          serve the console and open it in a browser; it is in the
                  package agentphone-wasm-cli
  --quiet         do not log requests
  --limits        turn the documented rate limits on, also with --manual,
                  where they are off by default
  --version       print the version of agentphone-wasm
  --help          print this text
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

/** @param {string | undefined} text */
function speedOf(text) {
  if (text === undefined) return undefined;
  const speed = Number(text);
  if (!/^(?:\d+(?:\.\d+)?|\.\d+)$/.test(text) || speed <= 0 || speed > 1_000_000) {
    fail(`--speed must be a number above 0 and at most 1000000, not "${text}"`);
  }
  return speed;
}

/** @param {string | undefined} text */
function startOf(text) {
  if (text === undefined) return undefined;
  const at = Date.parse(text);
  // Date.parse takes "1" for a day of 2001.
  if (!/^\d{4}-\d\d/.test(text) || !(at >= 0 && at <= LAST)) {
    fail(`--start must be a date of 1970 to 2100 such as 2026-12-24T18:00:00Z, not "${text}"`);
  }
  return at;
}

/** @param {string | undefined} text */
function errorsOf(text) {
  if (text === undefined || text === "envelope" || text === "detail") return text;
  return fail(`--errors must be envelope or detail, not "${text}"`);
}

/**
 * The arguments, with each negative number joined to its option: on its own it would be parsed as an option, and the
 * error message would be about that.
 */
const args = () => {
  /** @type {string[]} */
  const done = [];
  for (const next of process.argv.slice(2)) {
    const last = done.at(-1);
    if (last !== undefined && /^--[a-z-]+$/.test(last) && /^-[\d.]/.test(next))
      done[done.length - 1] = `${last}=${next}`;
    else done.push(next);
  }
  return done;
};

function options() {
  try {
    return parseArgs({
      args: args(),
      options: {
        port: { type: "string" },
        host: { type: "string" },
        seed: { type: "string" },
        state: { type: "string" },
        speed: { type: "string" },
        manual: { type: "boolean" },
        start: { type: "string" },
        demo: { type: "boolean" },
        limits: { type: "boolean" },
        strict: { type: "boolean" },
        errors: { type: "string" },
        "idempotency-keys": { type: "boolean" },
        "no-limits": { type: "boolean" },
        version: { type: "boolean" },
        "allow-origin": { type: "string", multiple: true },
        "allow-host": { type: "string", multiple: true },
        "local-webhooks": { type: "boolean" },
        "max-state": { type: "string" },
        static: { type: "string" },
        open: { type: "boolean" },
        quiet: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    fail(`${/** @type {Error} */ (error).message.split("\n", 1)[0]} (see --help)`);
  }
}

/** The version of the package that the command belongs to. In the repository its manifest is next to the sources. */
function version() {
  const here = dirname(realpathSync(process.argv[1] ?? ""));
  const files = ["../../package.json", "../../pkg/package.json"]
    .map((file) => join(here, file))
    .filter((file) => existsSync(file));
  return files.map((file) => JSON.parse(readFileSync(file, "utf8")).version).find((found) => found !== undefined);
}

const values = options();
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
if (values.version) {
  console.log(version());
  process.exit(0);
}
if (values.limits && values["no-limits"]) fail("--limits and --no-limits cannot be combined");
if (values.strict && values.demo)
  fail("--strict and --demo cannot be combined: the past of the demo breaks the rules of strict");
const errors = errorsOf(values.errors);
const port = whole("port", values.port, 65_535) ?? 4010;
const seed = whole("seed", values.seed, Number.MAX_SAFE_INTEGER);
const speed = speedOf(values.speed);
const start = startOf(values.start);
if (values.manual && speed !== undefined) fail("--manual and --speed cannot be combined: a stopped clock has no speed");
if (values.open && values.static !== undefined)
  fail("--open and --static exclude each other: --open serves the console");
const consoleDir = values.open ? consoleFolder(dirname(realpathSync(process.argv[1] ?? ""))) : undefined;
if (values.open && consoleDir === undefined)
  fail("--open needs the console, which is in agentphone-wasm-cli: npx agentphone-wasm-cli sandbox --demo --open");
const { host = "127.0.0.1", static: staticDir = consoleDir, state, quiet = false, demo = false } = values;
const allowOrigins = values["allow-origin"] ?? [];
for (const text of allowOrigins) {
  if (originOf(text) === undefined)
    fail(`--allow-origin must be an origin such as https://app.example.com, not "${text}"`);
}
const allowHosts = values["allow-host"] ?? [];
for (const text of allowHosts) {
  if (hostOf(text) === undefined)
    fail(`--allow-host must be a host name such as sandbox.test, without a port, not "${text}"`);
}
const maxState = whole("max-state", values["max-state"], 256);
if (maxState === 0) fail("--max-state must be at least 1");
if (host === "")
  fail("--host must not be empty; leave it out for this machine alone, or say 0.0.0.0 for every network");
if (staticDir !== undefined && !statSync(staticDir, { throwIfNoEntry: false })?.isDirectory()) {
  fail(`--static: there is no folder ${staticDir}`);
}

/** @param {NodeJS.ErrnoException} error */
function explain(error) {
  if (error.code === "EADDRINUSE") return `port ${port} is in use; choose another with --port`;
  if (error.code === "EACCES" && error.syscall === "listen")
    return `no right to listen on port ${port}; choose one above 1023`;
  if (error.code === "ENOTFOUND" || error.code === "EADDRNOTAVAIL") return `cannot listen on ${host}`;
  if (error.name === "StateFileError") return `--state: ${error.message}`;
  if (state !== undefined && error.path !== undefined)
    return `--state: ${state} cannot be read or written (${error.code})`;
  return error.message;
}

/**
 * Prints a startup message. Not with console.log, whose stream setup would noticeably delay the start.
 * @param {string} text
 */
function print(text) {
  try {
    writeSync(1, `${text}\n`);
  } catch {
    ignoreClosedOutput();
    console.log(text);
  }
}

/** A reader of the output that closes it, such as `head`, must not end the sandbox. */
function ignoreClosedOutput() {
  process.stdout.on("error", () => {});
}

async function main() {
  const server = await serveSandbox({
    port,
    host,
    quiet,
    demo,
    allowOrigins,
    allowHosts,
    ...(maxState === undefined ? {} : { maxStateBytes: maxState * 1024 * 1024 }),
    ...(values["local-webhooks"] ? { localWebhooks: true } : {}),
    ...(seed === undefined ? {} : { seed }),
    ...(speed === undefined ? {} : { speed }),
    ...(start === undefined ? {} : { start }),
    ...(values.manual ? { clock: /** @type {const} */ ("manual") } : {}),
    ...(values["no-limits"] ? { limits: false } : values.limits ? { limits: true } : {}),
    ...(values.strict ? { strict: true } : {}),
    ...(errors === undefined ? {} : { errors }),
    ...(values["idempotency-keys"] ? { idempotencyKeys: true } : {}),
    ...(state === undefined ? {} : { stateFile: state }),
    ...(staticDir === undefined ? {} : { staticDir }),
  }).catch((error) => fail(explain(error)));

  if (server.damagedState !== undefined) {
    console.error(
      `agentphone-sandbox: ${state} could not be understood (${server.damagedReason}). It is kept as ${server.damagedState}; this run begins empty.`,
    );
  }
  const rows = [
    ["API", `${server.url}/v1 (any key that begins with sk_)`],
    ["control", `${server.url}/__sandbox/health, /ledger, /effects, /requests, /faults, /magic, /reset`],
    ...(values.open ? [["console", `${server.url}/`]] : []),
    ...(state === undefined ? [] : [["state", state]]),
    ...(values.manual ? [["time", "stands still until POST /__sandbox/clock moves it"]] : []),
    ...(speed === undefined ? [] : [["time", `passes ${speed} times as fast`]]),
  ];
  print(`AgentPhone sandbox on ${server.url}
${rows.map(([name = "", text]) => `  ${name.padEnd(9)}${text}`).join("\n")}
Nothing here rings a phone or costs money. Ctrl-C stops it.`);
  if (!quiet) ignoreClosedOutput();
  if (values.open)
    openPage(`${server.url}/`, () =>
      console.error("agentphone-sandbox: no browser could be opened; open the address yourself"),
    );

  /** @type {Promise<void> | undefined} */
  let stopping;
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
    process.on(signal, () => {
      // On the second signal, exit without waiting for the state to be saved.
      if (stopping) process.exit(1);
      stopping = server.close().then(
        () => process.exit(0),
        (error) => fail(explain(error)),
      );
    });
  }
}

void main();
