// A call in figures: its cost, how long the caller waited for the agent, and who spoke how much.

import type { Call } from "agentphone-wasm";
import { useAgents } from "../../data/names.js";
import { money } from "../../ui/format.js";
import styles from "./call.module.css";
import { centsOf, medianOf, RATES } from "./turn-times.js";

/** What the recording shows. */
export interface Measured {
  shares: { agent: number; other: number; silence: number };
  latencies: readonly (number | null)[];
}

/** Seconds below which a wait does not count, and an average says nothing. */
const LEAST = 0.05;

const seconds = (value: number): string => `${value.toFixed(1)}\u00a0s`;
const percent = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 0 });

interface InsightsProps {
  call: Call;
  measured: Measured | undefined;
  agent: string;
  other: string;
}

/** The strip; nothing if there are no figures. */
export function Insights({ call, measured, agent, other }: InsightsProps) {
  const mode = useAgents().find(({ id }) => id === call.agentId)?.voiceMode;
  const rate = mode === undefined ? undefined : RATES[mode];
  const { durationSeconds } = call;
  const known = (measured?.latencies ?? []).filter((value) => value !== null);
  const median = medianOf(known);
  // Shown before it is measured, too, so that the transcript does not move.
  if (!durationSeconds) return null;
  return (
    <dl class={styles.insights} aria-label="The call in figures">
      {rate !== undefined && Boolean(durationSeconds) && (
        <div>
          <dt>Cost</dt>
          <dd>
            {money(centsOf(durationSeconds ?? 0, rate))}
            <span class="muted small"> at {money(rate)} a minute</span>
          </dd>
        </div>
      )}
      {median !== undefined && median >= LEAST && (
        <div>
          <dt>Response time</dt>
          <dd>
            {seconds(median)}
            <span class="muted small"> median, {seconds(Math.max(...known))} at most</span>
          </dd>
        </div>
      )}
      {measured !== undefined && <Shares {...measured.shares} names={{ agent, other }} />}
    </dl>
  );
}

interface SharesProps {
  agent: number;
  other: number;
  silence: number;
  names: { agent: string; other: string };
}

function Shares({ agent, other, silence, names }: SharesProps) {
  const all = agent + other + silence;
  if (all === 0) return null;
  const parts = [
    { name: names.agent, share: agent / all, kind: styles.agent },
    { name: names.other, share: other / all, kind: styles.other },
    { name: "Silence", share: silence / all, kind: styles.silence },
  ];
  return (
    <div class={styles.shares}>
      <dt>Talk time</dt>
      <dd>
        <span class={styles.bar} aria-hidden="true">
          {parts.map(({ name, share, kind }) => (
            <span key={name} class={kind} style={{ width: `${share * 100}%` }} />
          ))}
        </span>
        <span class={styles.parts}>
          {parts.map(({ name, share, kind }) => (
            <span key={name} class={`small ${kind}`}>
              {name} {percent.format(share)}
            </span>
          ))}
        </span>
      </dd>
    </div>
  );
}
