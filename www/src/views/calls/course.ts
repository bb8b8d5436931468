// The course of a call from what is known of it. The API tells when a call began, when it ended and how long
// it was talked; when it rang and was answered is what this page has seen, or follows from those three.

import type { CallSummary } from "agentphone-wasm";
import { words } from "../../ui/format.js";
import { goesOn, millisOf } from "./words.js";

/** When this page saw a state begin: milliseconds, by state. */
export type Seen = Partial<Record<string, number>>;

/** A part of the course. */
export interface Step {
  name: string;
  state: "done" | "now" | "next";
  /** When it began. */
  at?: number | undefined;
  /** How long it took; ends with `now` where it goes on. */
  until?: number | undefined;
  /** Reckoned, and not told by the API. */
  about?: boolean;
}

/** Notes that a state has begun. What was there when the page came has begun at a time that it does not know. */
export function see(seen: Seen, before: string | undefined, status: string, at: number): Seen {
  return before === undefined || before === status || seen[status] !== undefined ? seen : { ...seen, [status]: at };
}

/** When the call was answered, as well as one can tell. */
export function answeredAt(call: CallSummary, seen: Seen): number | undefined {
  const { durationSeconds, transcripts } = call;
  const [began, ended] = [millisOf(call.startedAt), millisOf(call.endedAt)];
  if (ended !== undefined) {
    if (!durationSeconds) return undefined;
    // Whole seconds: rounding must not put it before the beginning.
    return Math.max(began ?? 0, ended - durationSeconds * 1000);
  }
  if (call.status !== "in-progress") return undefined;
  return seen["in-progress"] ?? millisOf(transcripts?.[0]?.createdAt);
}

/** The steps, from the first to the last; those that the call never came to are left out. */
export function course(call: CallSummary, seen: Seen): Step[] {
  const { status, direction } = call;
  const over = !goesOn(call);
  const began = millisOf(call.startedAt);
  const ended = millisOf(call.endedAt);
  const answered = answeredAt(call, seen);
  const talked = status === "in-progress" || answered !== undefined;
  const connected = answered ?? ended;
  return [
    ...waiting(direction ?? "outbound", status, began, seen.ringing, connected, talked || over),
    ...(talked || !over
      ? [
          {
            name: "In progress",
            state: over ? "done" : talked ? "now" : "next",
            at: answered,
            until: ended,
            about: true,
          } as const,
        ]
      : []),
    { name: over ? words(status) : "Ended", state: over ? "done" : "next", at: ended },
  ];
}

/** Before it is answered. When ringing began is known only to who saw it. */
function waiting(
  direction: string,
  status: string,
  began: number | undefined,
  rang: number | undefined,
  until: number | undefined,
  done: boolean,
): Step[] {
  if (direction === "web") return [{ name: "Waiting for the browser", state: done ? "done" : "now", at: began, until }];
  if (direction === "inbound") return [{ name: "Ringing", state: done ? "done" : "now", at: began, until }];
  if (rang !== undefined) {
    return [
      { name: "Queued", state: "done", at: began, until: rang, about: true },
      { name: "Ringing", state: done ? "done" : "now", at: rang, until, about: true },
    ];
  }
  if (status === "queued") {
    return [
      { name: "Queued", state: "now", at: began },
      { name: "Ringing", state: "next" },
    ];
  }
  return [{ name: "Queued and ringing", state: done ? "done" : "now", at: began, until }];
}
