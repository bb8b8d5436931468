// What the calls' views say of a call: which way it goes, who is at the other end, whether it goes on.

import { signal } from "@preact/signals";
import type { CallSummary } from "agentphone-wasm";

/** The states that a call passes through before it is over. */
const LIVE = ["queued", "ringing", "in-progress"];
export const STATUSES = [...LIVE, "completed", "failed", "busy", "no-answer"];
export const DIRECTIONS = ["outbound", "inbound", "web"];

/** Whether the call is not over yet. */
export const goesOn = ({ status }: { status: string }): boolean => LIVE.includes(status);

/** The number at the other end; none for a call from a browser. */
export function otherSide({ direction, fromNumber, toNumber }: CallSummary): string | undefined {
  if (direction === "web") return undefined;
  return direction === "inbound" ? fromNumber : toNumber;
}

/** The milliseconds of a time of the API; undefined when there is none. */
export function millisOf(at: string | null | undefined): number | undefined {
  const time = at === null || at === undefined ? Number.NaN : Date.parse(at);
  return Number.isNaN(time) ? undefined : time;
}

let timer: ReturnType<typeof setInterval> | undefined;
const tick = signal(0, {
  watched() {
    timer = setInterval(() => (tick.value += 1), 1000);
  },
  unwatched() {
    clearInterval(timer);
  },
});

/** The time, told anew each second while somebody looks: one clock for all that tick, so that they tick together. */
export function now(): number {
  void tick.value;
  return Date.now();
}

/** Whole seconds from then to now. The API's clock may be ahead of ours: then it has just begun. */
export const secondsSince = (from: number): number => Math.max(0, Math.floor((now() - from) / 1000));
