// `agentphone __complete`: completion candidates for the words typed so far, for the shell scripts.

import type { Command, Option } from "commander";
import { programFor } from "../commands/program.js";

interface Candidate {
  readonly word: string;
  readonly text: string;
}

const takesValue = (option: Option | undefined): option is Option =>
  option !== undefined && (option.required || option.optional);

const optionOf = (command: Command, word: string): Option | undefined =>
  command.options.find(({ long, short }) => word === long || word === short);

/** The candidates for the last word. */
const candidates = (words: readonly string[]): Candidate[] => {
  const last = words.at(-1) ?? "";
  let command = programFor(words, async () => {});
  let before: Option | undefined;
  for (const word of words.slice(0, -1)) {
    if (takesValue(before)) {
      before = undefined;
      continue;
    }
    before = optionOf(command, word);
    if (word.startsWith("-")) continue;
    command = command.commands.find((child) => child.name() === word) ?? command;
  }
  if (takesValue(before)) return (before.argChoices ?? []).map((word) => ({ word, text: "" }));
  if (last.startsWith("-"))
    return command.options
      .filter(({ hidden }) => !hidden)
      .map(({ long, short, description }) => ({ word: long ?? short ?? "", text: description }));
  return command.commands
    .filter((child) => !(child as unknown as { _hidden: boolean })._hidden)
    .map((child) => ({ word: child.name(), text: child.summary() || child.description() }));
};

const FORMS: Record<string, (candidate: Candidate) => string> = {
  bash: ({ word }) => word,
  zsh: ({ word, text }) => `${word.replaceAll(":", "\\:")}:${text}`,
  fish: ({ word, text }) => `${word}\t${text}`,
};

/** The candidates as lines for a shell's script. */
export const complete = (shell: string, words: readonly string[]): string => {
  const form = FORMS[shell];
  if (form === undefined) return "";
  const last = words.at(-1) ?? "";
  return candidates(words)
    .filter(({ word }) => word.startsWith(last))
    .map((candidate) => `${form({ ...candidate, text: candidate.text.split("\n")[0] ?? "" })}\n`)
    .join("");
};
