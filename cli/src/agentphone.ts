#!/usr/bin/env node
// `agentphone`: parses the arguments, runs one command, and exits with its exit code.

import { type Command, CommanderError } from "commander";
import { programFor } from "./commands/program.js";
import type { Run } from "./commands/types.js";
import { EXIT, type Failure, failureOf, usage } from "./failure.js";
import { type Format, Printer } from "./output/printer.js";
import type { Context, Settings } from "./settings.js";
import { version } from "./version.js";

const typed = process.argv.slice(2);
/** `agentphone help calls create` is `agentphone calls create --help`. */
const args = typed[0] === "help" ? [...typed.slice(1), "--help"] : typed;
const interrupt = new AbortController();

/** The value of `--output`, for usage errors. */
const typedFormat = (): Format | undefined => {
  const at = args.findIndex((arg) => /^(-o|--output)(=|$)/.test(arg));
  const word = at < 0 ? undefined : (args[at]?.split("=")[1] ?? args[at + 1]);
  return word === "table" || word === "json" || word === "jsonl" ? word : undefined;
};

const printer = new Printer(typedFormat());

// Not `process.exit`: a command may have to restore something first, such as the webhook of an agent.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  printer.outputFailed(error);
  interrupt.abort(new Error("standard output cannot be written"));
});
process.stderr.on("error", () => {});

let interrupted = false;
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(name, () => {
    // The second signal exits immediately.
    if (interrupted) process.exit(EXIT.interrupted);
    interrupted = true;
    interrupt.abort(new Error("interrupted"));
  });

/** Whether there is nothing to report, because the reader of the result has what it needs. */
const isEnough = ({ code, outcomeUnknown }: Failure): boolean =>
  printer.isReaderGone && !outcomeUnknown && (code === "OUTPUT_FAILED" || code === "ABORTED");

const fail = (error: unknown, key?: string): void => {
  const found = failureOf(error, interrupted);
  if (isEnough(found)) {
    process.exitCode = EXIT.done;
    return;
  }
  // It happened, but the result is lost, and a script must not take that for a refusal. The next run with the key prints it.
  const failure =
    found.code === "OUTPUT_FAILED" && key !== undefined && !interrupted
      ? { ...found, outcomeUnknown: true, exit: EXIT.unknown }
      : found;
  printer.failure(failure, key);
  process.exitCode = failure.exit;
};

/** The given options of a command, which override those of the program. */
const settingsOf = (command: Command): Settings & Record<string, unknown> => {
  const own = (one: Command | null): Record<string, unknown> =>
    one === null
      ? {}
      : {
          ...own(one.parent),
          ...Object.fromEntries(Object.entries(one.opts()).filter(([, value]) => value !== undefined)),
        };
  return own(command);
};

const run: Run = async (command, work) => {
  const settings = settingsOf(command);
  const context: Context = { settings, printer, signal: interrupt.signal };
  try {
    process.exitCode = await work(context, settings);
    if (interrupted) process.exitCode = EXIT.interrupted;
    else if (printer.outputError !== undefined) fail(printer.outputError, context.key);
  } catch (error) {
    fail(error, context.key);
  }
};

/** Makes a command throw where commander would print an error and exit. */
const quiet = (command: Command): void => {
  command.exitOverride().configureOutput({
    // A group of commands without a command: its help.
    writeErr: (text) => void (printer.forPrograms || process.stderr.write(text)),
    outputError: () => {},
  });
  for (const child of command.commands) quiet(child);
};

const main = async (): Promise<void> => {
  if (args[0] === "--version" || args[0] === "-V") {
    process.stdout.write(`${version()}\n`);
    return;
  }
  if (args[0] === "__complete") {
    const { complete } = await import("./completion/candidates.js");
    process.stdout.write(complete(args[1] ?? "", args.slice(3)));
    return;
  }
  const program = programFor(args, run);
  quiet(program);
  if (args.length === 0) {
    program.outputHelp();
    return;
  }
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) return fail(error);
    if (error.code === "commander.helpDisplayed" || error.code === "commander.version") return;
    if (error.code === "commander.help") {
      // The command `help` of a group.
      if (error.exitCode === 0) return;
      if (printer.forPrograms)
        return fail(usage("a command is missing", "--help lists the commands and their options"));
      process.exitCode = EXIT.usage;
      return;
    }
    const [message = "", similar] = error.message.replace(/^error: /, "").split("\n");
    fail(usage(message, similar?.replace(/^\((.*)\)$/, "$1") ?? "--help lists the commands and their options"));
  }
};

await main();
