// The options that commands have in addition to those of their fields, with their help texts.

import { type Command, InvalidArgumentError, Option } from "commander";
import type { Format } from "../output/printer.js";

/** Headings of the help. */
export const GROUPS = { task: "What it does:", input: "Input:", safety: "Safety:", common: "Options:" } as const;

export const seconds = (text: string): number => {
  const number = Number(text);
  if (!(number > 0 && number <= 86_400))
    throw new InvalidArgumentError("It must be a number of seconds above 0 and at most 86400.");
  return number;
};

/** Of an interval between requests: without a least, the command would ask without a pause. */
export const interval = (text: string): number => {
  const number = seconds(text);
  if (number < 0.1) throw new InvalidArgumentError("It must be at least 0.1 seconds.");
  return number;
};

export const port = (text: string): number => {
  if (!/^\d+$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError("It must be a port from 0 to 65535.");
  return Number(text);
};

const grouped = (command: Command, group: string, ...options: Option[]): void => {
  for (const option of options) command.addOption(option.helpGroup(group));
};

export const factor = (text: string): number => {
  const number = Number(text);
  if (!(number > 0 && number <= 1_000_000)) throw new InvalidArgumentError("It must be above 0 and at most 1000000.");
  return number;
};

/** At least one: what is younger may still be settled or limited by a policy. */
export const days = (text: string): number => {
  if (!/^\d{1,5}$/.test(text) || Number(text) < 1)
    throw new InvalidArgumentError("It must be a whole number of days from 1 to 99999.");
  return Number(text);
};

export const FORMATS: readonly Format[] = ["table", "json", "jsonl"];

/** Adds the output option, which every command has. */
export const addOutput = (command: Command): Command => {
  grouped(
    command,
    GROUPS.common,
    new Option("-o, --output <format>", "default: table on a terminal, otherwise JSON (lists as JSON lines)").choices(
      FORMATS,
    ),
  );
  return command;
};

/** Adds the options of every command that talks to the API. */
export const addCommon = (command: Command): Command => {
  addOutput(command);
  grouped(
    command,
    GROUPS.common,
    new Option("--sandbox", "a local AgentPhone: no key, no phone, no money"),
    new Option("--sub-account <id>", "act inside this sub-account"),
    new Option("--max-time <seconds>", "time limit for all attempts and waits (default: 60)").argParser(seconds),
    new Option("--verbose", "report each attempt on standard error"),
  );
  return command;
};

/** Adds the option of commands with an input. */
export const addInput = (command: Command): void =>
  grouped(
    command,
    GROUPS.input,
    new Option(
      "--json <object>",
      "the input as JSON; field options override it. For a file use @FILE, for standard input @-",
    ),
  );

interface Safety {
  /** It asks first. */
  readonly consent: boolean;
  /** It takes an idempotency key. */
  readonly effect: boolean;
  /** It does more than read. */
  readonly limited: boolean;
}

/** Adds the options of every operation. */
export const addSafety = (command: Command, { consent, effect, limited }: Safety): void => {
  grouped(
    command,
    GROUPS.safety,
    new Option("--dry-run", "show what would be sent and what it would cost; send nothing"),
  );
  if (consent)
    grouped(
      command,
      GROUPS.safety,
      new Option("-y, --yes", "do not ask for confirmation; required without a terminal"),
    );
  if (effect)
    grouped(
      command,
      GROUPS.safety,
      new Option(
        "--key <key>",
        "idempotency key: runs with the same key take effect only once (default: a random key)",
      ),
    );
  if (limited)
    grouped(
      command,
      GROUPS.safety,
      new Option("--policy <file>", "limits as JSON, e.g. of calls a day (default: AGENTPHONE_POLICY, if it is set)"),
    );
};
