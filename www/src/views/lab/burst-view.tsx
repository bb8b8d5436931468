// Many calls at the rate limiter: a thin lane per call, and the same in words.

import { count, millis, number } from "../../ui/format.js";
import type { BurstReport } from "./burst.js";
import { judgeBurst } from "./judge.js";
import { Terms, TruthView } from "./outcome.js";
import type { Entry } from "./recorder.js";
import { end } from "./scale.js";
import { Bar, Lanes, toneOf } from "./timeline.js";
import styles from "./timeline.module.css";

interface BurstLanesProps {
  calls: readonly (readonly Entry[])[];
  now: number;
  /** Where they end at the earliest, to share their scale with others. */
  least?: number;
}

/** The lanes. */
export function BurstLanes({ calls, now, least = 0 }: BurstLanesProps) {
  const until = Math.max(least, now, ...calls.map((entries) => end(entries, now)));
  return (
    <Lanes until={until}>
      <ol class={styles.crowd} aria-label="What became of each request">
        {calls.map((entries, index) => (
          <li key={index}>
            <span class="hidden">{inWords(entries)}</span>
            <div class={styles.track} aria-hidden="true">
              {entries.length === 0 && <Bar from={0} to={now} until={until} tone="limiter" />}
              {entries.map((entry) =>
                entry.kind === "stop" ? null : (
                  <Bar
                    key={`${entry.kind}${entry.at}`}
                    from={entry.at}
                    to={entry.at + (entry.took ?? Math.max(0, now - entry.at))}
                    until={until}
                    tone={toneOf(entry)}
                  />
                ),
              )}
            </div>
          </li>
        ))}
      </ol>
    </Lanes>
  );
}

function inWords(entries: readonly Entry[]): string {
  if (entries.length === 0) return "Waits at the rate limiter";
  return entries
    .map((entry) => {
      if (entry.kind === "stop") return `${entry.code} at ${millis(entry.at)}`;
      if (entry.kind === "wait") return `waited ${millis(entry.took ?? 0)}`;
      return `sent at ${millis(entry.at)}${entry.status === undefined ? "" : `, HTTP ${entry.status}`}`;
    })
    .join("; ");
}

/** What the client told of them. */
export function BurstTold({ calls, succeeded, failed, sent, refused, elapsed }: BurstReport) {
  const codes = [...new Set(failed.map(({ code }) => code))];
  return (
    <Terms
      rows={[
        ["Asked for", number(calls.length)],
        ["Succeeded", <strong class={failed.length === 0 ? "badge good" : "badge unsure"}>{number(succeeded)}</strong>],
        ["Failed", failed.length === 0 ? "none" : `${number(failed.length)}: ${codes.join(", ")}`],
        ["Requests sent", number(sent)],
        ["Of them refused", `${number(refused)} for their rate`],
        ["Took", millis(elapsed)],
      ]}
    />
  );
}

/** What really happened. */
export const BurstTruth = (report: BurstReport) => (
  <TruthView verdict={judgeBurst(report)} fact={report.choice.operation.truth(report.happened)} counted={report} />
);

/** One sentence for whoever listens. */
export function burstSummary({ calls, succeeded, sent, refused, elapsed }: BurstReport): string {
  return `${number(succeeded)} of ${number(calls.length)} succeeded in ${millis(elapsed)}, with ${count(sent, "request")}, ${number(refused)} of them refused.`;
}
