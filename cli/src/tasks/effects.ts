// `agentphone effects`: lists and settles operations whose outcome is unknown.
//
// Two ledgers have them: that of the commands is in the state folder, that of campaigns is in their store. Without `--store` both
// count: what is in doubt is in doubt wherever it is recorded.

import { existsSync } from "node:fs";
import type { Intent } from "agentphone-wasm";
import { keyOf } from "../campaign/core/key.js";
import type { Decision } from "../campaign/decide.js";
import { peopleIn } from "../campaign/store/pages.js";
import type { CampaignStore } from "../campaign/store/store.js";
import type { CallResult } from "../campaign/types.js";
import { type Connection, connect, requestOptions, withConnection } from "../connection.js";
import { CommandError, EXIT, usage } from "../failure.js";
import type { Context } from "../settings.js";
import { decideUnseen, unseen } from "./campaign-decide.js";
import { settleCampaign } from "./campaign-follow.js";
import { type Given, openedStore, storeAddress, told, withStore } from "./campaign-store.js";

/** Days after which `prune` forgets, by default: longer than the longest span that a policy counts. */
const KEPT = 90;

const COLUMNS = ["key", "recipient", "operation", "state", "id", "how", "sentAt", "sends"];

const shown = ({ sentAt, ...intent }: Intent) => ({ ...intent, sentAt: sentAt.toISOString() });

interface Place extends Connection {
  /** Absent: the ledger of the commands. */
  readonly store?: CampaignStore;
}

/** The campaigns: those of `--store`, or those of the command line, if there are any. */
const campaigns = async function* (context: Context, given: Given): AsyncGenerator<Place> {
  const { settings } = context;
  if (given.store === undefined && !existsSync(storeAddress(settings, given))) return;
  const store = await openedStore(settings, given).catch((error: unknown) => {
    throw told(error);
  });
  try {
    const connection = await connect(context, { ledger: store.ledger });
    try {
      yield { ...connection, store };
    } finally {
      await connection.close();
    }
  } finally {
    await store.close();
  }
};

/** The ledgers that a command is about, one after the other. */
const places = async function* (context: Context, given: Given): AsyncGenerator<Place> {
  if (given.store === undefined) {
    const connection = await connect(context);
    try {
      yield connection;
    } finally {
      await connection.close();
    }
  }
  yield* campaigns(context, given);
};

/** The numbers of people whose outcome is not known, by key: a key has only a digest of the number. */
const recipients = async (store: CampaignStore | undefined): Promise<ReadonlyMap<string, string>> => {
  const found = new Map<string, string>();
  for (const { id } of (await store?.list()) ?? [])
    if (store !== undefined)
      for await (const { recipient, round } of peopleIn(store, id, ["doubt", "placing"]))
        found.set(keyOf(id, recipient, round), recipient);
  return found;
};

/** Lists everything that is in doubt or in progress. */
export const pending = async (context: Context, given: Given): Promise<number> => {
  const intents = async function* () {
    for await (const { client, store } of places(context, given)) {
      const known = await recipients(store);
      for await (const intent of client.effects.pending(requestOptions(context))) {
        const recipient = known.get(intent.key ?? "");
        yield { ...shown(intent), ...(recipient !== undefined && { recipient }) };
      }
      yield* unseen(store, client);
    }
  };
  await context.printer.list(intents(), COLUMNS);
  return EXIT.done;
};

/** Checks all of them once; returns 4 if an outcome is still unknown. */
export const settle = async (context: Context, given: Given): Promise<number> => {
  let [settled, open] = [0, 0];
  for await (const { client, store } of places(context, given)) {
    const result = await client.effects.settle(requestOptions(context));
    settled += result.settled;
    open += result.pending;
    for (const { id } of (await store?.list()) ?? [])
      if (store !== undefined && (await store.counts(id)).doubt > 0)
        // A store may have campaigns of several accounts.
        await settleCampaign(context, given, store, client, id).catch((error: { code?: string; message: string }) => {
          if (error.code !== "WRONG_ACCOUNT") throw told(error);
          context.printer.note(error.message, { note: "skipped", id, code: error.code });
        });
    for await (const _ of unseen(store, client)) open += 1;
  }
  await context.printer.value({ settled, pending: open });
  return open > 0 ? EXIT.unknown : EXIT.done;
};

const unknownKey = (): CommandError =>
  new CommandError("NOT_FOUND", "no command ran with this key", {
    exit: EXIT.refused,
    hint: "the keys of a campaign are in its store: name it with --store",
  });

/** Shows what is known about one key. */
export const show = async (context: Context, key: string, given: Given): Promise<number> => {
  for await (const { client } of places(context, given)) {
    const intent = await client.effects.get(key, requestOptions(context));
    if (intent === undefined) continue;
    await context.printer.value(shown(intent));
    return EXIT.done;
  }
  throw unknownKey();
};

const DAY = 86_400_000;

/**
 * Forgets keys whose outcome has been known for so many days. A forgotten key is new: a run with it sends again. Those of
 * campaigns only with `--store`.
 */
export const prune = async (context: Context, given: Given): Promise<number> => {
  const days = typeof given.days === "number" ? given.days : KEPT;
  const olderThan = Date.now() - days * DAY;
  const forgotten =
    given.store === undefined
      ? await withConnection(context, ({ ledger }) => ledger.prune({ olderThan }), { keyed: false })
      : await withStore(context, given, ({ ledger }) => ledger.prune({ olderThan }));
  await context.printer.value({ forgotten, olderThanDays: days });
  return EXIT.done;
};

/** The campaign of a key. */
const campaignIn = (key: string): string | undefined => /^campaign\/([^/]+)\//.exec(key)?.[1];

const decisionOf = (given: Given): Decision => {
  const { happened, nothing, result } = given as { happened?: string; nothing?: boolean; result?: CallResult };
  const all: Decision[] = [
    ...(happened === undefined ? [] : [{ happened }]),
    ...(result === undefined ? [] : [{ result }]),
    ...(nothing ? [{ nothing }] : []),
  ];
  const [decision, ...more] = all;
  if (decision === undefined || more.length > 0)
    throw usage(
      "one of --happened ID, --nothing and --result RESULT is required",
      "--nothing makes the key free: the next run sends the request",
    );
  return decision;
};

/** Records the outcome of one key that a person has found out. */
export const resolve = async (context: Context, key: string, given: Given): Promise<number> => {
  const decision = decisionOf(given);
  const id = campaignIn(key);
  for await (const { client, store } of places(context, given)) {
    if (store !== undefined && id !== undefined) {
      const exit = await decideUnseen(context, given, { store, client }, id, key, decision).catch((error: unknown) => {
        throw told(error);
      });
      if (exit !== undefined) return exit;
    }
    if ((await client.effects.get(key, requestOptions(context))) === undefined) continue;
    if ("result" in decision)
      throw usage(
        "--result is only for a call that the API accepted and never listed (not-shown)",
        "use --happened ID, or --nothing",
      );
    const word = { happened: "happened" in decision ? decision.happened : (false as const) };
    await context.printer.value(shown(await client.effects.resolve(key, word, requestOptions(context))));
    if (store !== undefined && id !== undefined)
      await settleCampaign(context, given, store, client, id).catch((error: unknown) => {
        throw told(error);
      });
    return EXIT.done;
  }
  throw unknownKey();
};
