// How many requests may be sent now. Without a queue, the rate across all workers is one number, the theoretical time of the next
// request (GCRA). A queue counts requests in windows.

const MINUTE = 60_000;

export interface Taken {
  /** Requests that may be sent. */
  readonly count: number;
  /** The value to store. */
  readonly rateAt: number;
  /** When the next request may be sent. */
  readonly nextAt: number;
}

/** Maximum burst after a pause: the requests of one second. */
const burstOf = (perMinute: number): number => Math.max(1, Math.floor(perMinute / 60));

/** Takes up to `wanted` requests at `now`. */
export const takeRate = (perMinute: number, rateAt: number, now: number, wanted: number): Taken => {
  const interval = MINUTE / perMinute;
  const from = Math.max(rateAt, now - (burstOf(perMinute) - 1) * interval);
  const free = from > now ? 0 : Math.floor((now - from) / interval + 1e-9) + 1;
  const count = Math.max(0, Math.min(free, wanted));
  const next = count === 0 ? Math.max(rateAt, 0) : from + count * interval;
  return { count, rateAt: next, nextAt: Math.max(next, now) };
};

/** Milliseconds of a window of a queue, if more than one request fits into it. */
const WINDOW = 500;

/** The same rate as a number of requests per window, in milliseconds. */
export const windowOf = (perMinute: number): { readonly max: number; readonly duration: number } => {
  const interval = MINUTE / perMinute;
  const max = Math.max(1, Math.floor(WINDOW / interval));
  return { max, duration: Math.ceil(max * interval) };
};

/** The numbers with free places, one entry per place; those with the fewest calls first. */
export const freePlaces = (
  numberIds: readonly string[],
  perNumber: number,
  busy: ReadonlyMap<string, number>,
): string[] => {
  const places: { id: string; rank: number }[] = [];
  for (const id of numberIds) for (let rank = busy.get(id) ?? 0; rank < perNumber; rank += 1) places.push({ id, rank });
  return places.sort((one, other) => one.rank - other.rank).map(({ id }) => id);
};
