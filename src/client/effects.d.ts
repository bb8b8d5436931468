// Idempotency keys: what the ledger holds (`client.effects`), and how a lost answer is settled. The rules are in
// docs/idempotency.md, the code in `src/core/effects` and `src/client/effects`.

import type { WebhookEvent } from "../webhooks/webhooks.js";
import type { Open, RequestOptions } from "./options.js";

/** How the client finds out what happened after a lost response. */
export interface SettleOptions {
  /** Milliseconds for which the client keeps looking, after 0, 1, 2, 5, 10, 20, 40 s and so on. 0: it looks once. Default: 30 000. */
  within?: number | undefined;
  /**
   * What counts as found. `"likely"`: one matching object, although somebody else might have created it. `"certain"`: only an object
   * that nobody else can have created. Default: `"likely"`: the worst that can happen is a call that was not placed.
   */
  accept?: "likely" | "certain" | undefined;
  /** Lists the existing objects before each request, so that no clock matters. Costs one more request. Default: false. */
  snapshot?: boolean | undefined;
  /**
   * Your promise that only callers with this ledger create such objects: nobody calls these people from these agents by hand or
   * from another program. Then a match is certain. Default: false.
   */
  exclusive?: boolean | undefined;
  /**
   * What to do if nothing was found. `"hold"`: it stays in doubt until it is found or a person decides. `"again"`: it
   * is sent again, and may then happen twice: calls have been observed to be placed 49 minutes late. Default: `"hold"`.
   */
  absent?: "hold" | "again" | undefined;
}

/** One effect that you want once, as recorded in the ledger. */
export interface Intent {
  /** Your key; absent for `client.settle(error)`. */
  key?: string | undefined;
  /** The operation, e.g. `calls.create`. */
  operation: string;
  /**
   * `sending`: its request is in flight, or was when its process died. `placed`: it happened, and `id` names the
   * object. `refused` and `not_placed`: nothing happened, according to the API or a person; the key is free again. In doubt
   * are `unknown` (the response was lost), `absent_so_far` (looked for and not found, which proves nothing) and
   * `ambiguous` (several objects match, or one that somebody else may have created).
   */
  state: Open<"sending" | "placed" | "refused" | "unknown" | "absent_so_far" | "ambiguous" | "not_placed">;
  /** The object, if it was placed. */
  id?: string | undefined;
  /** How this is known: the API responded, it was found, or a person said so. */
  how?: Open<"answered" | "certain" | "likely" | "person"> | undefined;
  /** The ids of the matching objects, if it is ambiguous. */
  candidates?: string[] | undefined;
  /**
   * For a call that was not found, and only in `error.settlement`: how many calls the account's usage counts, and how many its list
   * contains. If usage counts more, a billed call is not listed, and it may be this one. Neither a difference nor equal numbers prove
   * anything.
   */
  evidence?:
    | {
        /** According to usage. */
        counted: number;
        /** According to the list of calls. */
        listed: number;
      }
    | undefined;
  /** When it was sent. */
  sentAt: Date;
  /** How often it was sent: more than once only after a person's decision or with `absent: "again"`. */
  sends: number;
}

/** The result of looking for everything that is in doubt. */
export interface SettleResult {
  /** Intents that are settled now. */
  settled: number;
  /** Intents that are still in doubt or in flight. */
  pending: number;
}

/** Options of one pass over what is in doubt. */
export interface SettlePassOptions extends RequestOptions {
  /**
   * Only what was sent at this time (a Date, or milliseconds since 1970) or later. Default: everything. A list of the API is
   * read back to the oldest intent looked for, so that a pass over the last minutes is short.
   */
  sentAfter?: Date | number | undefined;
}

/** The ledger of a client: the outcomes of calls with idempotency keys, for this account and sub-account. */
export interface Effects {
  /**
   * The ledger's record of a key; undefined if there is none.
   *
   * Errors: `LEDGER_UNAVAILABLE`.
   *
   * @example const intent = await client.effects.get("reminder:order-42");
   */
  get(key: string, options?: RequestOptions): Promise<Intent | undefined>;
  /**
   * Everything that is in doubt or in flight, oldest first.
   *
   * Errors: `LEDGER_UNAVAILABLE`.
   *
   * @example for await (const intent of client.effects.pending()) console.log(intent.operation, intent.state);
   */
  pending(options?: RequestOptions): AsyncIterableIterator<Intent>;
  /**
   * Looks once for everything that is in doubt. Each list of the API is read once, regardless of the number of intents. Call
   * it when a process starts, and from time to time. `totalTimeout` limits the whole pass; what was not settled by then is `pending`.
   *
   * Errors: `INVALID_ARGUMENT` for an invalid time; `LEDGER_UNAVAILABLE`.
   *
   * @example const { settled, pending } = await client.effects.settle({ totalTimeout: 60_000 });
   */
  settle(options?: SettlePassOptions): Promise<SettleResult>;
  /**
   * Uses a verified webhook as evidence: the call that it reports may be one that is in doubt. Returns the number of
   * intents settled.
   *
   * @example await client.effects.observe(event);
   */
  observe(event: WebhookEvent, options?: RequestOptions): Promise<number>;
  /**
   * Records a person's decision about an intent in doubt: the id of the object, or false if nothing happened, after which the key may
   * be used again.
   *
   * Errors: `INVALID_ARGUMENT` for a key that is unknown, settled or still in flight.
   *
   * @example
   * const intent = await client.effects.get("reminder:order-42");
   * if (intent?.state === "ambiguous") await client.effects.resolve("reminder:order-42", { happened: "call_1" });
   */
  resolve(
    key: string,
    word: {
      /** The id of the object; false: nothing happened. */
      happened: string | false;
    },
    options?: RequestOptions,
  ): Promise<Intent>;
}
