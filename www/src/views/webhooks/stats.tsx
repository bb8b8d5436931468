// How deliveries fared: in the hours that are looked at, and since the beginning.

import { useApi } from "../../data/queries.js";
import { number } from "../../ui/format.js";
import { Loaded } from "../../ui/states.js";
import styles from "./webhooks.module.css";

const LOOK_EVERY = 5000;
const percent = (rate: number): string => `${number(Math.round(rate * 10) / 10)}%`;

interface Figures {
  total: number;
  success: number;
  failed: number;
  pending?: number;
  successRate: number;
}

/** Both. */
export function Stats({ hours, words }: { hours: number; words: string }) {
  const lately = useApi(
    ["webhooks", "deliveries", "stats", hours],
    (client, signal) => client.webhooks.deliveries.stats({ hours }, { signal }),
    { every: LOOK_EVERY },
  );
  const ever = useApi(
    ["webhooks", "deliveries", "ever"],
    (client, signal) => client.webhooks.deliveries.allTime({ signal }),
    { every: LOOK_EVERY },
  );
  return (
    <div class={`cards ${styles.figures}`}>
      <section class="card" aria-label={words}>
        <h2>{words}</h2>
        <Loaded from={lately} what="the statistics">
          {(stats) => (
            <>
              <Row figures={stats} />
              <Kinds byEventType={stats.byEventType} />
            </>
          )}
        </Loaded>
      </section>
      <section class="card" aria-label="All time">
        <h2>All time</h2>
        <Loaded from={ever} what="the statistics">
          {(stats) => <Row figures={stats} />}
        </Loaded>
      </section>
    </div>
  );
}

function Row({ figures: { total, success, failed, pending, successRate } }: { figures: Figures }) {
  const shown: [title: string, value: string, bad?: boolean][] = [
    ["Deliveries", number(total)],
    ["Delivered", number(success)],
    ["Failed", number(failed), failed > 0],
  ];
  if (pending !== undefined) shown.push(["Pending retries", number(pending)]);
  shown.push(["Success", total === 0 ? "–" : percent(successRate)]);
  return (
    <dl class={styles.counts}>
      {shown.map(([title, value, bad = false]) => (
        <div key={title} class={bad ? styles.bad : ""}>
          <dt>{title}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Kinds({ byEventType }: { byEventType: Record<string, Record<string, number>> }) {
  const kinds = Object.entries(byEventType);
  if (kinds.length === 0) return null;
  return (
    <ul class={`${styles.kinds} small`} aria-label="By kind of event">
      {kinds.map(([kind, counts]) => (
        <li key={kind}>
          <code>{kind}</code> {number(counts.total ?? 0)}
          {(counts.failed ?? 0) > 0 && <span class={styles.why}>, {number(counts.failed ?? 0)} failed</span>}
        </li>
      ))}
    </ul>
  );
}
