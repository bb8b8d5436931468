// Asks before money is spent, a person is disturbed, or something is deleted: on a terminal with a question. Without a terminal,
// `--yes` is required.

import { CommandError, EXIT } from "./failure.js";
import { line } from "./output/text.js";
import type { Context } from "./settings.js";

/**
 * Returns if the user agrees, and throws otherwise. `title`: what will happen; `price`: what it costs, if anything; `hint`: how to
 * look at it first, by options that the command has.
 */
export const consent = async (
  { settings, signal }: Context,
  title: string,
  price?: string,
  hint = "--sandbox runs the command without a phone and without money",
): Promise<void> => {
  // In the local AgentPhone nothing rings and nothing costs money.
  if (settings.yes || settings.sandbox) return;
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new CommandError(
      "CONFIRMATION_REQUIRED",
      `${title}: needs --yes, because the question cannot be asked without a terminal`,
      { hint },
    );
  await confirmed(signal, title, price);
};

/** Asks on the terminal; throws unless the answer is yes. */
const confirmed = async (signal: AbortSignal, title: string, price: string | undefined): Promise<void> => {
  const { confirm, isCancel, log } = await import("@clack/prompts");
  if (price) log.warn(line(price), { output: process.stderr });
  const answer = await confirm({
    message: `${title}. Continue?`,
    initialValue: false,
    output: process.stderr,
    signal,
  });
  if (isCancel(answer)) throw new CommandError("INTERRUPTED", "nothing was sent", { exit: EXIT.interrupted });
  if (!answer) throw new CommandError("DECLINED", "nothing was sent", { exit: EXIT.refused });
};

/** The agreement that a policy demands. `--yes` is not a person, and a policy that holds in the sandbox can be tried there. */
export const askPerson = async ({ signal }: Context, title: string, price?: string): Promise<void> => {
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new CommandError("APPROVAL_REQUIRED", "the policy demands that a person agrees", {
      exit: EXIT.refused,
      hint: "run the command on a terminal; --yes does not count as a person",
    });
  await confirmed(signal, title, price);
};
