// The program and its commands. Only the commands of the requested resource are created in full, the others by name, because
// creating all of them takes longer than starting Node.

import { Command } from "commander";
import { resourceNames, resourceOf } from "../operation.js";
import { refuseOptionsAsValues } from "./missing-value.js";
import { resourceCommand } from "./operations.js";
import { addCommon } from "./shared-options.js";
import { addTasks, addTasksOf } from "./tasks.js";
import type { Run } from "./types.js";

const ABOUT = `AgentPhone from a terminal. Commands that cost money ask first and use an idempotency key, so that a repeat never rings a phone twice.

Try it with no key and no money: agentphone calls list --sandbox`;

const FOOTER = `
The API key is read from AGENTPHONE_API_KEY, or from a file of mode 600 (agentphone doctor prints its path).
Exit codes: 0 done, 1 refused, 2 wrong usage, 3 API not reached, 4 outcome unknown, 130 interrupted.`;

/** The first word that is not an option. */
const firstWord = (args: readonly string[]): string | undefined => args.find((arg) => !arg.startsWith("-"));

/** The program for these arguments. `everything`: creates all commands in full. */
export const programFor = (args: readonly string[], run: Run, everything = false): Command => {
  const program = new Command("agentphone").description(ABOUT).enablePositionalOptions().helpCommand(false);
  program.option("-V, --version", "the version");
  addCommon(program);
  const wanted = firstWord(args);
  program.commandsGroup("Tasks:");
  addTasks(program, run);
  program.commandsGroup("Operations of the API:");
  for (const { name, summary } of resourceNames()) {
    if (name !== wanted && !everything) program.command(name).description(summary);
    else
      program.addCommand(
        addTasksOf(name, resourceCommand(resourceOf(name), run), run).helpGroup("Operations of the API:"),
      );
  }
  program.addHelpText("after", FOOTER);
  refuseOptionsAsValues(program);
  return program;
};
