// The course of a call, with how long each part took.

import type { CallSummary } from "agentphone-wasm";
import { duration } from "../../ui/format.js";
import { When } from "../../ui/values.js";
import styles from "./call.module.css";
import { course, type Seen, type Step } from "./course.js";
import row from "./who.module.css";
import { secondsSince } from "./words.js";

/** The steps of a call. */
export function Timings({ call, seen }: { call: CallSummary; seen: Seen }) {
  const steps = course(call, seen);
  return (
    <section class="card" aria-labelledby="timings">
      <h2 id="timings">Timings</h2>
      <ol class={styles.course}>
        {steps.map((step) => (
          <li key={step.name} class={styles[step.state]} aria-current={step.state === "now" ? "step" : undefined}>
            <span class={styles.name}>{step.name}</span>
            <span class={`muted small ${styles.at}`}>
              {step.at === undefined ? "" : <When at={new Date(step.at).toISOString()} />}
            </span>
            <span class={styles.took}>{step.state === "next" ? "" : <Took step={step} />}</span>
          </li>
        ))}
      </ol>
      {steps.some(({ about, at }) => about === true && at !== undefined) && (
        <p class="hint">
          The API tells when a call began, when it ended and how long it lasted. The rest is estimated.
        </p>
      )}
    </section>
  );
}

function Took({ step: { at, until, state } }: { step: Step }) {
  if (at === undefined) return null;
  if (until !== undefined) return <span>{duration(Math.round(Math.max(0, until - at) / 1000))}</span>;
  return state === "now" ? (
    <span role="timer" class={row.ticking}>
      {duration(secondsSince(at))}
    </span>
  ) : null;
}
