// Why people were not reached, the most frequent reason first.

import { filter, setFilter } from "../../app/location.js";
import { useReasons } from "../../data/campaigns.js";
import { number } from "../../ui/format.js";
import { Problem } from "../../ui/problem.js";
import styles from "./campaigns.module.css";
import type { CampaignStatus } from "./types.js";
import { GROUPS, reasonOf, stateOf, versionOf } from "./words.js";

/** Reasons that are shown. */
const MOST = 8;

/** The card; nothing while nobody has a reason. */
export function Reasons({ campaign }: { campaign: CampaignStatus }) {
  const reading = useReasons(campaign.id, versionOf(campaign));
  const { data = [], isComplete = true } = reading.data ?? {};
  if (data.length === 0 && reading.error === null) return null;
  return (
    <section class="card" aria-labelledby="reasons">
      <h2 id="reasons">Not reached, by reason</h2>
      <Problem error={reading.error} onRetry={() => void reading.refetch()} />
      <ul class={styles.reasons}>
        {data.slice(0, MOST).map(({ state, reason, people }) => {
          const value = GROUPS.find(({ states }) => states.includes(state))?.value ?? "";
          return (
            <li key={`${state} ${reason}`}>
              <button
                type="button"
                class="link"
                aria-pressed={filter("state") === value}
                title={reason}
                onClick={() => setFilter({ state: value })}
              >
                {reasonOf(reason)}
              </button>
              <span class={styles.n}>{number(people)}</span>
              <span class="muted small">{stateOf(state)[0]}</span>
            </li>
          );
        })}
      </ul>
      {data.length > MOST && <p class="muted small">And {number(data.length - MOST)} more, in the report.</p>}
      {!isComplete && <p class="muted small">Counted over the first 20,000 of them. The report has all.</p>}
    </section>
  );
}
