// Bars that lie, a row a number or an agent: names need room that the foot of a column does not have.

import type { ComponentChildren } from "preact";
import { number } from "../../ui/format.js";
import { phoneText } from "../../ui/values.js";
import styles from "./usage.module.css";
import type { Row } from "./usage-data.js";

/** More than these are for the table. */
const SHOWN = 12;

/** The bars, the busiest first. */
export function Bars({ rows }: { rows: readonly Row[] }) {
  const busiest = [...rows].sort((a, b) => b.calls + b.texts - (a.calls + a.texts)).slice(0, SHOWN);
  const most = Math.max(1, ...busiest.flatMap(({ calls, texts }) => [calls, texts]));
  if (busiest.length === 0) return <p class={`muted ${styles.none}`}>None yet.</p>;
  return (
    <>
      <Legend />
      <ul class={styles.bars}>
        {busiest.map((row) => (
          <li key={row.id}>
            <span class={styles.name}>
              {row.href === undefined ? (
                row.label
              ) : (
                <a href={`#${row.href}`}>{row.label.startsWith("+") ? phoneText(row.label) : row.label}</a>
              )}
            </span>
            <Bar ink="calls" value={row.calls} most={most} unit="calls" />
            <Bar ink="texts" value={row.texts} most={most} unit="texts" />
          </li>
        ))}
      </ul>
      {rows.length > SHOWN && (
        <p class="muted small">
          The busiest {SHOWN} of {number(rows.length)}; the table has all.
        </p>
      )}
    </>
  );
}

function Bar({ ink, value, most, unit }: { ink: string; value: number; most: number; unit: string }) {
  return (
    <span class={ink === "texts" ? `${styles.bar} ${styles.texts}` : styles.bar}>
      <span class={styles.fill} aria-hidden="true" style={{ width: `${(value / most) * 85}%` }} />
      <span>
        {number(value)} <span class="hidden">{unit}</span>
      </span>
    </span>
  );
}

/** What the colours mean. */
export const Legend = ({ children }: { children?: ComponentChildren }) => (
  <ul class={`${styles.legend} small muted`} aria-hidden="true">
    <li>Calls</li>
    <li class={styles.texts}>Texts</li>
    {children}
  </ul>
);
