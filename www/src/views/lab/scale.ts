// Where a time stands on the time line. Pure.

const STEPS = [1, 2, 5];

/** Round times from zero up to `until`, some five of them. */
export function ticks(until: number, most = 5): number[] {
  const least = Math.max(until, 1) / most;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = Math.max(1, (STEPS.find((n) => n * power >= least) ?? 10) * power);
  return Array.from({ length: Math.floor(until / step) + 1 }, (_, n) => n * step);
}

/** A place on the line, in per cent. */
export const place = (at: number, until: number): string => `${until <= 0 ? 0 : Math.min(100, (at / until) * 100)}%`;

/** The end of what has happened so far; what is under way reaches to `now`. */
export function end(entries: readonly { at: number; took?: number; kind: string }[], now: number): number {
  return entries.reduce(
    (last, { at, took, kind }) => Math.max(last, kind === "stop" ? at : took === undefined ? now : at + took),
    1,
  );
}
