// What the client did, on a real time line. Each line is said in words too, so that the picture is an
// addition for those who see it.

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { millis } from "../../ui/format.js";
import type { Attempt, Entry, Wait } from "./recorder.js";
import { end, place, ticks } from "./scale.js";
import styles from "./timeline.module.css";

const FRAME = 100;

/** Milliseconds since `began`, running while something is under way. */
export function useRunning(running: boolean, began: number): number {
  const [now, setNow] = useState(0);
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setNow(performance.now() - began), FRAME);
    return () => clearInterval(timer);
  }, [running, began]);
  return now;
}

/** Lanes over a scale in milliseconds. */
export function Lanes({ until, children }: { until: number; children: ComponentChildren }) {
  return (
    <div class={styles.lanes}>
      <div class={styles.scale} aria-hidden="true">
        {ticks(until).map((at) => (
          <span key={at} class={styles.tick} style={{ left: place(at, until) }}>
            <span>{millis(at)}</span>
          </span>
        ))}
      </div>
      {children}
    </div>
  );
}

/** A stretch of time. */
export function Bar({ from, to, until, tone }: { from: number; to: number; until: number; tone: string }) {
  const kind = [styles.bar, styles[tone]].filter(Boolean).join(" ");
  return <span class={kind} style={{ left: place(from, until), width: place(to - from, until) }} />;
}

/** The time line of one call. `least`: where it ends at the earliest, to share its scale with another. */
export function Timeline({ entries, now, least = 0 }: { entries: readonly Entry[]; now: number; least?: number }) {
  const until = Math.max(least, end(entries, now));
  return (
    <Lanes until={until}>
      <ol aria-label="What the client did">
        {entries.map((entry, index) => (
          <Lane key={index} entry={entry} until={until} now={now} />
        ))}
      </ol>
    </Lanes>
  );
}

function Lane({ entry, until, now }: { entry: Entry; until: number; now: number }) {
  const { at } = entry;
  const to = entry.kind === "stop" ? at : at + (entry.took ?? Math.max(0, now - at));
  const tone = toneOf(entry);
  return (
    <li class={tone === "unsure" ? `${styles.lane} ${styles.unsure}` : styles.lane} data-kind={entry.kind}>
      <p>
        <strong class={styles.what}>{nameOf(entry)}</strong> <span class={styles.came}>{cameOf(entry)}</span>
        <span class={`${styles.at} muted`}>
          {entry.kind === "stop"
            ? `at ${millis(at)}`
            : `${millis(at)} – ${entry.took === undefined ? "…" : millis(to)}`}
        </span>
      </p>
      <div class={styles.track} aria-hidden="true">
        {entry.kind === "stop" ? (
          <span class={styles.stop} style={{ left: place(at, until) }} />
        ) : (
          <Bar from={at} to={to} until={until} tone={tone} />
        )}
      </div>
    </li>
  );
}

/** What colour an entry has. */
export function toneOf(entry: Entry): string {
  if (entry.kind === "wait") return entry.why === "limiter" ? "limiter" : "wait";
  if (entry.kind === "stop") return entry.outcomeUnknown ? "unsure" : "bad";
  if (entry.code !== undefined || (entry.status ?? 0) >= 400) return "bad";
  return entry.took === undefined ? "pending" : "good";
}

function nameOf(entry: Entry): string {
  if (entry.kind === "attempt") return `Attempt ${entry.number}`;
  if (entry.kind === "stop") return "The end";
  return entry.why === "limiter" ? "Held" : "Wait";
}

function cameOf(entry: Entry): string {
  if (entry.kind === "attempt") return answerOf(entry);
  if (entry.kind === "wait") return waitOf(entry);
  return entry.outcomeUnknown
    ? `${entry.code}: not sent again, because it may have happened`
    : `${entry.code}: given up`;
}

function answerOf({ status, code, took }: Attempt): string {
  if (status === undefined)
    return code === undefined ? (took === undefined ? "sent, no answer yet" : "sent, no answer") : `no answer: ${code}`;
  return code === undefined ? `HTTP ${status}` : `HTTP ${status}: ${code}`;
}

const WHY = {
  limiter: "for the rate limit",
  asked: "as the server asked",
  backoff: "backoff",
};

function waitOf({ why, planned, took }: Wait): string {
  return took === undefined
    ? `waits ${planned === undefined ? "" : millis(planned)}, ${WHY[why]}`
    : `waited ${millis(took)}, ${WHY[why]}`;
}

/** What the colours mean. */
export function Legend() {
  return (
    <ul class={`${styles.legend} small muted`} aria-hidden="true">
      <li>answered</li>
      <li class={styles.bad}>failed</li>
      <li class={styles.wait}>waited</li>
      <li class={styles.limiter}>held by the rate limiter</li>
      <li class={styles.unsure}>stopped: outcome unknown</li>
    </ul>
  );
}
