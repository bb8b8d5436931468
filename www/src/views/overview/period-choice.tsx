// The period that the figures are of: in the address, so that it is kept and can be sent.

import { filter, setFilter } from "../../app/location.js";
import { type Period, periodOf } from "./period.js";
import styles from "./segments.module.css";

/** A period that one can look at. */
export interface Choice {
  /** As in the address, here and in the list of calls. */
  value: string;
  label: string;
  days: number;
  /** What the figures are compared with. */
  before: string;
}

const WEEK: Choice = { value: "7d", label: "7 days", days: 7, before: "in the 7 days before" };
const CHOICES: readonly Choice[] = [
  { value: "today", label: "Today", days: 1, before: "yesterday by this time" },
  WEEK,
  { value: "30d", label: "30 days", days: 30, before: "in the 30 days before" },
];

/** The choice in the address; the week for anything else. */
export const chosen = (): Choice => CHOICES.find(({ value }) => value === filter("period")) ?? WEEK;

/** The chosen period as of now, to the minute. */
export const periodNow = (): Period => periodOf(chosen().days, Math.floor(Date.now() / 60_000) * 60_000);

/** The choice. */
export function PeriodChoice() {
  const { value: now } = chosen();
  return (
    <div class={styles.segments} role="group" aria-label="Figures of">
      {CHOICES.map(({ value, label }) => (
        <button
          key={value}
          type="button"
          aria-pressed={value === now}
          onClick={() => setFilter({ period: value === WEEK.value ? "" : value })}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
