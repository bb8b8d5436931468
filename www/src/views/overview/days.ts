// The calls and texts of each day of the user. The API counts days in UTC: elsewhere they are counted one by one, as far
// as that many can be read.

import type { AgentPhone } from "agentphone-wasm";
import { readCalls, readTexts } from "./data.js";
import { byDay, midnight } from "./period.js";

/** A day of the user. */
export interface Day {
  start: number;
  calls: number;
  texts: number;
}

/** Whether each of the last days began when one did in UTC, so that the API's counters are those of the user. */
export function isUtc(days: number, now: number): boolean {
  return Array.from({ length: days }, (_, ago) => midnight(now, ago)).every((start) => start % 86_400_000 === 0);
}

/** The days, the oldest first; undefined if there is too much in them to count. */
export async function readDays(client: AgentPhone, days: number, signal: AbortSignal): Promise<Day[] | undefined> {
  const now = Date.now();
  const start = midnight(now, days - 1);
  const [calls, texts] = await Promise.all([readCalls(client, start, signal), readTexts(client, start, signal)]);
  if (calls.more || texts === null || texts.more) return undefined;
  const called = byDay(
    calls.items.map(({ startedAt }) => Date.parse(startedAt)),
    days,
    now,
  );
  const written = byDay(
    texts.items.map(({ at }) => at),
    days,
    now,
  );
  return called.map(({ start: day, count }, index) => ({
    start: day,
    calls: count,
    texts: written[index]?.count ?? 0,
  }));
}
