// A list of the API as it is looked at: pages are read as one scrolls, and the first is read again and again
// so that what is new or has changed shows up, without reading the rest anew.

import { batch, signal } from "@preact/signals";
import type { AgentPhone, Page, PagePromise } from "agentphone-wasm";
import { useEffect, useMemo } from "preact/hooks";
import { account, api } from "../session/session.js";
import { held, onChange, pace } from "./queries.js";

type Item = { id: string };
/** Asks for the list from its beginning. */
export type ReadList<T> = (client: AgentPhone, signal: AbortSignal) => PagePromise<T>;

/** The items of the first page, read again, before what is known of the rest. */
export function merge<T extends Item>(fresh: readonly T[], known: readonly T[]): T[] {
  const ids = new Set(fresh.map(({ id }) => id));
  const last = fresh.at(-1);
  // What stood before the last of them and is not among them is gone.
  const from = last === undefined ? known.length : known.findIndex(({ id }) => id === last.id) + 1;
  return [...fresh, ...known.slice(from).filter(({ id }) => !ids.has(id))];
}

/** Lists that are being read, for the bar that shows that something is on its way. */
export const reading = signal(0);

/** One list, from the first look to the last. */
export class LiveList<T extends Item> {
  readonly items = signal<readonly T[]>([]);
  readonly total = signal<number | undefined>(undefined);
  readonly hasMore = signal(true);
  readonly error = signal<unknown>(undefined);
  /** Whether the first page has come. */
  readonly ready = signal(false);
  readonly #read: ReadList<T>;
  readonly #client: AgentPhone;
  readonly #leaving = new AbortController();
  #page: Page<T> | undefined;
  #busy = false;

  constructor(read: ReadList<T>, client: AgentPhone) {
    this.#read = read;
    this.#client = client;
  }

  /** Reads the next page. Nothing happens while one is on its way. */
  async more(): Promise<void> {
    const next = (): PagePromise<T> | null => (this.#page === undefined ? this.#begin() : this.#page.next());
    await this.#take(next, (page) => {
      this.#page = page;
      const known = new Set(this.items.peek().map(({ id }) => id));
      this.items.value = [...this.items.peek(), ...page.data.filter(({ id }) => !known.has(id))];
      this.hasMore.value = page.hasMore;
    });
  }

  /** Reads all that is left, page after page, until it is left or fails. */
  async all(): Promise<void> {
    while (this.hasMore.peek() && this.error.peek() === undefined && !this.#leaving.signal.aborted) {
      const before = this.items.peek().length;
      await this.more();
      // Another page is on its way, asked for by whoever scrolls.
      if (this.items.peek().length === before) await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Reads the first page again. */
  async refresh(): Promise<void> {
    if (this.#page === undefined) return this.more();
    await this.#take(
      () => this.#begin(),
      (page) => (this.items.value = merge(page.data, this.items.peek())),
    );
  }

  close(): void {
    this.#leaving.abort();
  }

  #begin(): PagePromise<T> {
    return this.#read(this.#client, this.#leaving.signal);
  }

  async #take(ask: () => PagePromise<T> | null, use: (page: Page<T>) => void): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    reading.value = reading.peek() + 1;
    try {
      const came = await ask();
      if (came === null) return;
      batch(() => {
        use(came);
        this.total.value = came.total;
        this.error.value = undefined;
        this.ready.value = true;
      });
    } catch (error) {
      if (!this.#leaving.signal.aborted) this.error.value = error;
    } finally {
      this.#busy = false;
      reading.value = reading.peek() - 1;
    }
  }
}

/**
 * A list for as long as the component is shown. `key` tells when it is another one (a filter has changed).
 *
 * @param every Milliseconds between two readings of its first page.
 */
export function useList<T extends Item>(key: readonly unknown[], read: ReadList<T>, every: number): LiveList<T> {
  const whole = JSON.stringify([account.value, ...key]);
  // Not made anew with each `read`: it is as new as the key that it was made for.
  const list = useMemo(() => new LiveList(read, api()), [whole]);
  const hold = held.value;
  useEffect(() => {
    if (!hold) void list.refresh();
  }, [list, hold]);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!held.peek() && document.visibilityState === "visible") void list.refresh();
    }, pace(every));
    const forget = onChange(key, () => void list.refresh());
    return () => {
      clearInterval(timer);
      forget();
      list.close();
    };
  }, [list]);
  return list;
}
