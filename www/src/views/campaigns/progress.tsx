// How far a campaign is: one bar in parts, with a legend that filters the people.

import { filter, pathWith } from "../../app/location.js";
import { count, number } from "../../ui/format.js";
import styles from "./progress.module.css";
import type { CampaignStatus } from "./types.js";
import { groupsOf, percentOf } from "./words.js";

/** The bar alone, in words for those who listen. */
function Bar({ campaign, class: kind = "" }: { campaign: CampaignStatus; class?: string | undefined }) {
  const { people, finished, counts } = campaign;
  return (
    <span
      class={`${styles.bar} ${kind}`}
      role="progressbar"
      aria-label="People who are done"
      aria-valuemin={0}
      aria-valuemax={people}
      aria-valuenow={finished}
      aria-valuetext={`${number(finished)} of ${number(people)}`}
    >
      {groupsOf(counts).map(({ value, tone, people: part }) => (
        <span key={value} class={styles[tone]} style={{ flexGrow: part }} />
      ))}
    </span>
  );
}

/** The bar in a row of a table. */
export const MiniBar = ({ campaign }: { campaign: CampaignStatus }) => <Bar campaign={campaign} class={styles.mini} />;

/** The bar with its legend. */
export function Progress({ campaign }: { campaign: CampaignStatus }) {
  const { people, finished, counts } = campaign;
  const chosen = filter("state");
  return (
    <section class="card" aria-label="Progress">
      <p class={styles.headline}>
        <strong>{percentOf(campaign)}%</strong>
        <span class="muted">
          {number(finished)} of {count(people, "person", "people")} done
        </span>
      </p>
      <Bar campaign={campaign} />
      <ul class={styles.legend} aria-label="People by state">
        {groupsOf(counts).map(({ value, label, tone, people: part }) => {
          const isChosen = chosen === value;
          return (
            <li key={value}>
              <a href={`#${pathWith({ state: isChosen ? "" : value })}`} aria-current={isChosen ? "true" : undefined}>
                <span class={`${styles.dot} ${styles[tone]}`} aria-hidden="true" />
                {label} <span class={styles.n}>{number(part)}</span>
              </a>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
