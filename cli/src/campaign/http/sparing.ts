// Reads that several viewers share. Counting a million people takes a tenth of a second, and every open page asks for it again
// and again: the result is kept for a multiple of the time that the read took, so that viewers cost a known share at most.

/** Minimum milliseconds for which a result is kept. */
const LEAST = 500;
/** A result is kept this many times as long as its read took. */
const TIMES = 20;
/** Maximum number of kept results. */
const MOST = 500;

export interface Sparing {
  /** The result of `work`, or the kept one under this key. */
  read<T>(key: string, work: () => Promise<T>, least?: number): Promise<T>;
  /** Forgets results: something has changed. */
  forget(): void;
}

export const sparing = (clock: () => number = () => performance.now()): Sparing => {
  const kept = new Map<string, { readonly value: Promise<unknown>; until: number }>();
  return {
    read: <T>(key: string, work: () => Promise<T>, least = LEAST): Promise<T> => {
      const from = clock();
      const known = kept.get(key);
      if (known !== undefined && from < known.until) return known.value as Promise<T>;
      const entry = { value: work(), until: Number.POSITIVE_INFINITY };
      kept.delete(key);
      kept.set(key, entry);
      const [oldest] = kept.keys();
      if (kept.size > MOST && oldest !== undefined) kept.delete(oldest);
      entry.value.then(
        () => {
          entry.until = clock() + Math.max(least, TIMES * (clock() - from));
        },
        // A failure is not kept.
        () => {
          if (kept.get(key) === entry) kept.delete(key);
        },
      );
      return entry.value;
    },
    forget: () => kept.clear(),
  };
};
