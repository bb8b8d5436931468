// Idempotency keys: what the ledger holds (`client.effects`), and how a lost answer is settled. The rules are in
// docs/idempotency.md, the code in `src/core/effects` and `src/client/effects`.

import type { WebhookEvent } from "../webhooks/webhooks.js";
import type { Open, RequestOptions } from "./options.js";

/** How what became of a lost answer is found out. */
export interface SettleOptions {
  /** Milliseconds for which the API is asked, after 0, 1, 2, 5, 10, 20, 40 s and so on. 0: once. Default: 30 000. */
  within?: number | undefined;
  /**
   * What counts as found. `"likely"`: one object that fits, though somebody else might have made it. `"certain"`: only one
   * that nobody else can have made. Default: `"likely"`: the worst that can happen is a call that was not made.
   */
  accept?: "likely" | "certain" | undefined;
  /** Asks before each request which objects are there, so that no clock matters: one more request. Default: false. */
  snapshot?: boolean | undefined;
  /**
   * A promise that only callers with this ledger create such objects: nobody calls these people from these agents by hand or
   * from another program. Then what is found is certain. Default: false.
   */
  exclusive?: boolean | undefined;
  /**
   * What happens to what was not found. `"hold"`: it stays in doubt until it is found or a person decides. `"again"`: it
   * is sent again, and may then have happened twice: calls were seen to be placed 49 minutes late. Default: `"hold"`.
   */
  absent?: "hold" | "again" | undefined;
}

/** One thing that you want once, as the ledger knows it. */
export interface Intent {
  /** Your key; absent for `client.settle(error)`. */
  key?: string | undefined;
  /** The operation, e.g. `calls.create`. */
  operation: string;
  /**
   * `sending`: its request is on its way, or was when its process died. `placed`: it happened, and `id` says which object
   * it is. `refused` and `not_placed`: nothing happened, by the API's word or a person's; the key is free again. In doubt
   * are `unknown` (the answer was lost), `absent_so_far` (looked for and not found, which proves nothing) and
   * `ambiguous` (more than one object might be it, or one that somebody else may have made).
   */
  state: Open<"sending" | "placed" | "refused" | "unknown" | "absent_so_far" | "ambiguous" | "not_placed">;
  /** The object, if it was placed. */
  id?: string | undefined;
  /** How that is known: the API answered, it was found, or a person said so. */
  how?: Open<"answered" | "certain" | "likely" | "person"> | undefined;
  /** The ids of the objects that might be it, if it is ambiguous. */
  candidates?: string[] | undefined;
  /** When it was sent. */
  sentAt: Date;
  /** How often it was sent: more than once only by a person's word or `absent: "again"`. */
  sends: number;
}

/** What came of looking for everything that is in doubt. */
export interface SettleResult {
  /** Intents that are settled now. */
  settled: number;
  /** Intents that are still in doubt, or under way. */
  pending: number;
}

/** The ledger of a client: what became of calls with idempotency keys, of this account and sub-account. */
export interface Effects {
  /**
   * What the ledger knows of a key; undefined if it does not know the key.
   *
   * Errors: `LEDGER_UNAVAILABLE`.
   *
   * @example const intent = await client.effects.get("reminder:order-42");
   */
  get(key: string, options?: RequestOptions): Promise<Intent | undefined>;
  /**
   * Everything that is in doubt or under way, oldest first.
   *
   * Errors: `LEDGER_UNAVAILABLE`.
   *
   * @example for await (const intent of client.effects.pending()) console.log(intent.operation, intent.state);
   */
  pending(options?: RequestOptions): AsyncIterableIterator<Intent>;
  /**
   * Looks once for everything that is in doubt: each list of the API is read once, whatever the number of intents. Call
   * it when a process starts, and now and then.
   *
   * @example const { settled, pending } = await client.effects.settle({ totalTimeout: 60_000 });
   */
  settle(options?: RequestOptions): Promise<SettleResult>;
  /**
   * Takes a verified webhook as evidence: the call that it reports may be one that is in doubt. Returns the number of
   * intents that it settled.
   *
   * @example await client.effects.observe(event);
   */
  observe(event: WebhookEvent, options?: RequestOptions): Promise<number>;
  /**
   * A person's word on what is in doubt: the id of what was made, or false where nothing happened, after which the key may
   * be used again.
   *
   * Errors: `INVALID_ARGUMENT` for a key that is unknown, settled or still under way.
   *
   * @example
   * const intent = await client.effects.get("reminder:order-42");
   * if (intent?.state === "ambiguous") await client.effects.resolve("reminder:order-42", { happened: "call_1" });
   */
  resolve(
    key: string,
    word: {
      /** The id of what was made; false: nothing happened. */
      happened: string | false;
    },
    options?: RequestOptions,
  ): Promise<Intent>;
}
