// How long a call has taken: ticking while it goes on, the API's own word once it is over.

import type { CallSummary } from "agentphone-wasm";
import { duration } from "../../ui/format.js";
import styles from "./who.module.css";
import { goesOn, millisOf, secondsSince } from "./words.js";

/** The length of a call. `from`: when it was answered, where that is known; else it counts from its beginning. */
export function Length({ call, from }: { call: CallSummary; from?: number | undefined }) {
  if (!goesOn(call)) {
    const { durationSeconds } = call;
    // Without an answer it has no length.
    const none = !durationSeconds && call.status !== "completed";
    return none || durationSeconds === null || durationSeconds === undefined ? (
      <span class="muted">–</span>
    ) : (
      <span>{duration(durationSeconds)}</span>
    );
  }
  const start = from ?? millisOf(call.startedAt);
  if (start === undefined) return <span class="muted">–</span>;
  return (
    <span role="timer" class={styles.ticking}>
      {duration(secondsSince(start))}
    </span>
  );
}
