// A list of the API as it is looked at: pages are read as one scrolls, and the first is read again and again
// so that what is new or has changed shows up, without reading the rest anew.

import { batch, signal } from "@preact/signals";
import type { AgentPhone, Page, PagePromise } from "agentphone-wasm";
import { useEffect, useMemo } from "preact/hooks";
import { historyEntry } from "../app/location.js";
import { lost } from "../session/connection.js";
import { account, api } from "../session/session.js";
import { held, onChange, pace } from "./queries.js";

type Item = { id: string };

/** What is known of a list that one has left. */
interface Kept {
  items: readonly Item[];
  total: number | undefined;
  hasMore: boolean;
}

/** Lists that somebody may come back to, by the step of the history that they were shown in. */
const kept = new Map<string, Kept>();
const MOST_KEPT = 20;

function keep(name: string, list: Kept): void {
  kept.delete(name);
  kept.set(name, list);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
}
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

  /** @param before What was known of it when it was left. */
  constructor(read: ReadList<T>, client: AgentPhone, before?: Kept) {
    this.#read = read;
    this.#client = client;
    if (before === undefined) return;
    this.items.value = before.items as readonly T[];
    this.total.value = before.total;
    this.hasMore.value = before.hasMore;
    this.ready.value = true;
  }

  /**
   * Reads on until something new comes. Nothing happens while a page is on its way. A list that one has come back to
   * knows more than it has read pages of: those are passed over.
   */
  async more(): Promise<void> {
    for (;;) {
      const [page, known] = [this.#page, this.items.peek().length];
      await this.#nextPage();
      if (this.#page === page || this.items.peek().length > known || !this.hasMore.peek()) return;
    }
  }

  async #nextPage(): Promise<void> {
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
    if (!this.ready.peek()) return this.more();
    await this.#take(
      () => this.#begin(),
      (page) => (this.items.value = merge(page.data, this.items.peek())),
    );
  }

  /** What is known of it; nothing before the first page. */
  known(): Kept | undefined {
    if (!this.ready.peek()) return undefined;
    return { items: this.items.peek(), total: this.total.peek(), hasMore: this.hasMore.peek() };
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
  const [list, name] = useMemo(() => {
    const shownAs = `${historyEntry()} ${whole}`;
    return [new LiveList(read, api(), kept.get(shownAs)), shownAs] as const;
  }, [whole]);
  const hold = held.value;
  useEffect(() => {
    if (!hold) void list.refresh();
  }, [list, hold]);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!held.peek() && lost.peek() === undefined && document.visibilityState === "visible") void list.refresh();
    }, pace(every));
    const forget = onChange(key, () => void list.refresh());
    return () => {
      clearInterval(timer);
      forget();
      const known = list.known();
      if (known !== undefined) keep(name, known);
      list.close();
    };
  }, [list]);
  return list;
}
