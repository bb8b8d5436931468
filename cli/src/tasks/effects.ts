// `agentphone effects`: lists and settles operations whose outcome is unknown.

import type { Intent } from "agentphone-wasm";
import { requestOptions, withConnection } from "../connection.js";
import { CommandError, EXIT, usage } from "../failure.js";
import type { Context } from "../settings.js";

/** Days after which `prune` forgets, by default: longer than the longest span that a policy counts. */
const KEPT = 90;

const COLUMNS = ["key", "operation", "state", "id", "how", "sentAt", "sends"];

const shown = ({ sentAt, ...intent }: Intent) => ({ ...intent, sentAt: sentAt.toISOString() });

/** Lists everything that is in doubt or in progress. */
export const pending = (context: Context): Promise<number> =>
  withConnection(context, async ({ client }) => {
    const intents = async function* () {
      for await (const intent of client.effects.pending(requestOptions(context))) yield shown(intent);
    };
    await context.printer.list(intents(), COLUMNS);
    return EXIT.done;
  });

/** Checks all of them once; returns 4 if an outcome is still unknown. */
export const settle = (context: Context): Promise<number> =>
  withConnection(context, async ({ client }) => {
    const result = await client.effects.settle(requestOptions(context));
    await context.printer.value(result);
    return result.pending > 0 ? EXIT.unknown : EXIT.done;
  });

/** Shows what is known about one key. */
export const show = (context: Context, key: string): Promise<number> =>
  withConnection(context, async ({ client }) => {
    const intent = await client.effects.get(key, requestOptions(context));
    if (intent === undefined)
      throw new CommandError("NOT_FOUND", "no command ran with this key", { exit: EXIT.refused });
    await context.printer.value(shown(intent));
    return EXIT.done;
  });

const DAY = 86_400_000;

/** Forgets keys whose outcome has been known for so many days. A forgotten key is new: a run with it sends again. */
export const prune = (context: Context, { days = KEPT }: { days?: number }): Promise<number> =>
  withConnection(
    context,
    async ({ ledger }) => {
      const forgotten = await ledger.prune({ olderThan: Date.now() - days * DAY });
      await context.printer.value({ forgotten, olderThanDays: days });
      return EXIT.done;
    },
    { keyed: false },
  );

/** Records the outcome of one key that a person has found out. */
export const resolve = (context: Context, key: string, options: Readonly<Record<string, unknown>>): Promise<number> => {
  const { happened, nothing } = options as { happened?: string; nothing?: boolean };
  if ((happened === undefined) === (nothing === undefined))
    throw usage(
      "--happened ID or --nothing is required",
      "--nothing makes the key free: the next run sends the request",
    );
  return withConnection(context, async ({ client }) => {
    const word = { happened: happened ?? (false as const) };
    await context.printer.value(shown(await client.effects.resolve(key, word, requestOptions(context))));
    return EXIT.done;
  });
};
