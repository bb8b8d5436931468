// An option whose value is missing must not take the next option as its value. After `--initial-greeting $GREETING --sandbox` with
// an empty variable, commander would make "--sandbox" the greeting, and the call would go to the real account.

import type { Command, Option } from "commander";
import { usage } from "../failure.js";

/** A single word in the form of a long option. Misspelled ones count too, because `--sandbx` must not become a text either. */
const LONG = /^--[a-z][a-z0-9-]*(=|$)/;

/** The option that takes the argument after this one as its value. */
const taking = ({ options }: Command, arg: string): Option | undefined => {
  const named = (name: string): Option | undefined =>
    options.find(({ long, short }) => long === name || short === name);
  const found = named(arg);
  if (found !== undefined || !/^-[^-]./.test(arg)) return found?.required ? found : undefined;
  // Several short options in one argument: the last one takes a value, unless an earlier one takes the rest of the argument.
  const letters = [...arg.slice(1)].map((letter) => named(`-${letter}`));
  return letters.findIndex((each) => each === undefined || each.required) === letters.length - 1
    ? letters.at(-1)
    : undefined;
};

/** Whether a value is more likely the next option. */
const isOption = ({ options }: Command, value: string): boolean =>
  value === "--" || value === "-h" || LONG.test(value) || options.some(({ short }) => short === value);

const check = (command: Command, args: readonly string[]): void => {
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? "";
    // The rest are operands, or arguments of a subcommand that checks them itself.
    if (arg === "--" || (!arg.startsWith("-") && command.commands.length > 0)) return;
    const option = taking(command, arg);
    if (option === undefined) continue;
    at += 1;
    const value = args[at];
    if (value === undefined || !isOption(command, value)) continue;
    const name = option.long ?? arg;
    throw usage(
      `${name} has no value: ${value.replace(/=.*/s, "")} follows, which is an option or looks like one`,
      `a value that begins like an option is written ${name}=VALUE`,
    );
  }
};

/** Lets a command and those below it refuse such values. Commander offers no place for it, so it happens before its own parser. */
export const refuseOptionsAsValues = (command: Command): void => {
  const parse = command.parseOptions.bind(command);
  command.parseOptions = (args) => {
    check(command, args);
    return parse(args);
  };
  for (const child of command.commands) refuseOptionsAsValues(child);
};
