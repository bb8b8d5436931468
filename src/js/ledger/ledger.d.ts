// What a ledger is: the interface between the client and a store. The stores are declared in `adapters.d.ts`.

/** What a ledger keeps of one key. */
export interface LedgerEntry {
  /** The key: 1 to 512 characters of well-formed Unicode without U+0000. */
  readonly key: string;
  /** Changed by each write, and used only once. A ledger compares it and never interprets it; 1 to 512 characters. */
  readonly stamp: string;
  /** True while it is not known what became of the request. `open` lists such entries, and `prune` keeps them. */
  readonly open: boolean;
  /** Milliseconds since 1970: the order of `open`, and the age for `prune`. */
  readonly at: number;
  /** A JSON value, which a ledger stores and returns unchanged. */
  readonly value: unknown;
}

/** One change of a `write`. */
export interface LedgerChange {
  /** The key whose entry is written. */
  readonly key: string;
  /** The stamp that must be the current one; null if there must be no entry. */
  readonly was: string | null;
  /** What replaces the entry; null deletes it. */
  readonly entry: Omit<LedgerEntry, "key"> | null;
}

/** What `Ledger.open` lists. */
export interface LedgerPage {
  /** Entries to return at most: 1 or more. */
  readonly limit: number;
  /** The place of the last entry of the page before; entries at this place are left out. Default: from the start. */
  readonly after?:
    | {
        /** Milliseconds since 1970. */
        readonly at: number;
        readonly key: string;
      }
    | undefined;
}

/**
 * A durable store with compare-and-set, in which the client keeps what became of each idempotency key. The stores of
 * `agentphone-wasm/ledger` are ledgers, and so is any object with these four methods (`docs/ledger.md` says how to write
 * and test one).
 *
 * Each method rejects if the store cannot be reached or does not respond.
 */
export interface Ledger {
  /** The entries of these keys as of one moment, in the order of `keys`; undefined for a key without one. */
  read(keys: readonly string[]): Promise<(LedgerEntry | undefined)[]>;
  /**
   * Makes all of these changes, or none of them: false if one `was` is not the current stamp. No key may appear twice. What is
   * written is durable before the promise resolves. If the promise rejects, the changes may or may not have been made:
   * the stamps, read again, tell which.
   */
  write(changes: readonly LedgerChange[]): Promise<boolean>;
  /** Open entries, by `at`, and those of one `at` by `key` in an order of the store's own that never changes. */
  open(options: LedgerPage): Promise<LedgerEntry[]>;
  /**
   * Deletes all entries that are not open and whose `at` is before `olderThan`; resolves with their number. The ledgers of this package
   * refuse an `olderThan` of less than a day ago, because the client needs recently settled entries. An `olderThan` in the future
   * deletes all settled entries: for tests, or after a sandbox was reset.
   */
  prune(options: { readonly olderThan: Date | number }): Promise<number>;
}
