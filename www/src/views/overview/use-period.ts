// The figures of the chosen period and of the one before, for all parts of the overview.

import type { CallSummary } from "agentphone-wasm";
import { useAgents, useNumbers } from "../../data/names.js";
import { PRICE } from "../conversations/send.js";
import { type Text, useCallsSince, useTextsSince } from "./data.js";
import { between, type CallFigures, callFigures, numberCents } from "./period.js";
import { periodNow } from "./period-choice.js";

/** A period in figures. */
export interface PeriodFigures extends CallFigures {
  /** Undefined until they are known, null if they cannot be read one by one. */
  texts: readonly Text[] | null | undefined;
  numberCents: number;
  /** Undefined while a part of it is not known. */
  spent: number | undefined;
}

/** Both; undefined until the calls are known. `more`: there are more than were read, so that nothing can be compared. */
export function usePeriod(): { now: PeriodFigures; before: PeriodFigures; more: boolean } | undefined {
  const { start, before } = periodNow();
  const calls = useCallsSince(before.start);
  const texts = useTextsSince(before.start).data;
  const modes = new Map(useAgents().map(({ id, voiceMode }) => [id, voiceMode]));
  const numbers = useNumbers();
  if (calls === undefined) return undefined;
  const dated = calls.items.map((call) => ({ ...call, at: Date.parse(call.startedAt) }));
  const figures = (from: number, to: number): PeriodFigures => {
    const own: (CallSummary & { at: number })[] = between(dated, from, to);
    const of = callFigures(own, (id) => modes.get(id));
    const written = texts === undefined || texts === null ? texts : between(texts.items, from, to);
    const forNumbers = numberCents(numbers, from, Math.min(to, Date.now()));
    const spent =
      written === undefined || written === null ? undefined : of.cents + forNumbers + written.length * PRICE;
    return { ...of, texts: written, numberCents: forNumbers, spent };
  };
  return {
    now: figures(start, Number.POSITIVE_INFINITY),
    before: figures(before.start, before.end),
    more: calls.more || texts?.more === true,
  };
}
