// What the period cost, why calls were not answered, and what could not be delivered.

import type { ComponentChildren } from "preact";
import { money, number, percent, words } from "../../ui/format.js";
import { Loaded, Waiting } from "../../ui/states.js";
import { PRICE } from "../conversations/send.js";
import { useDeliveries } from "./data.js";
import styles from "./overview.module.css";
import { chosen } from "./period-choice.js";
import { usePeriod } from "./use-period.js";

/** The three. */
export const Breakdowns = () => (
  <div class={styles.parts}>
    <Spend />
    <NotAnswered />
    <NotDelivered />
  </div>
);

interface Share {
  name: ComponentChildren;
  id: string;
  value: number;
  text: string;
  bad?: boolean;
}

function Shares({ all }: { all: readonly Share[] }) {
  const most = Math.max(1, ...all.map(({ value }) => value));
  return (
    <ul class={styles.shares}>
      {all.map(({ id, name, value, text, bad = false }) => (
        <li key={id}>
          <span>{name}</span>
          <span class="figures">{text}</span>
          <span class={bad ? `${styles.track} ${styles.bad}` : styles.track} aria-hidden="true">
            <span style={{ width: `${(value / most) * 100}%` }} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function Part({ title, total, children }: { title: string; total?: string | undefined; children: ComponentChildren }) {
  return (
    <section class={`card ${styles.part}`} aria-label={title}>
      <div class="row between">
        <h2>{title}</h2>
        <strong class={styles.total}>{total ?? ""}</strong>
      </div>
      {children}
    </section>
  );
}

function Spend() {
  const read = usePeriod();
  const now = read?.now;
  return (
    <Part title="Spend" total={now?.spent === undefined ? undefined : money(now.spent)}>
      {now === undefined ? (
        <Waiting what="the spend" />
      ) : (
        <Shares
          all={[
            { id: "calls", name: "Calls", value: now.cents, text: money(now.cents) },
            {
              id: "texts",
              name: "Texts",
              value: (now.texts?.length ?? 0) * PRICE,
              text: now.texts === undefined || now.texts === null ? "–" : money(now.texts.length * PRICE),
            },
            { id: "numbers", name: "Numbers", value: now.numberCents, text: money(now.numberCents) },
          ]}
        />
      )}
      <p class="hint">Estimated at list prices, for the agents and numbers that there are now.</p>
    </Part>
  );
}

function NotAnswered() {
  const now = usePeriod()?.now;
  const { value: period } = chosen();
  const missed = now === undefined ? 0 : now.ended - now.answered;
  return (
    <Part title="Calls without an answer" total={now && number(missed)}>
      {now === undefined ? (
        <Waiting what="the calls" />
      ) : missed === 0 ? (
        <p class="muted">{now.ended === 0 ? "No call has ended in this time." : "Every call was answered."}</p>
      ) : (
        <>
          <Shares
            all={now.reasons.map(([status, count]) => ({
              id: status,
              name: <a href={`#/calls?status=${encodeURIComponent(status)}&period=${period}`}>{words(status)}</a>,
              value: count,
              text: number(count),
              bad: status === "failed",
            }))}
          />
          <p class="hint">
            {percent(missed / now.ended)} of {number(now.ended)} calls that ended.
          </p>
        </>
      )}
    </Part>
  );
}

function NotDelivered() {
  const { days } = chosen();
  const texts = usePeriod()?.now.texts;
  const stats = useDeliveries(days * 24);
  const lost = texts?.filter(({ failure }) => failure !== undefined) ?? [];
  const reasons = new Map<string, number>();
  for (const { failure = "" } of lost) reasons.set(failure, (reasons.get(failure) ?? 0) + 1);
  return (
    <Part title="Failed deliveries" total={stats.data && texts ? number(stats.data.failed + lost.length) : undefined}>
      <Loaded from={stats} what="the deliveries">
        {({ total, failed, pending }) => (
          <>
            <Shares
              all={[
                {
                  id: "webhooks",
                  name: <a href="#/webhooks">Webhooks</a>,
                  value: failed,
                  text: total === 0 ? "none sent" : `${number(failed)} of ${number(total)}`,
                  bad: true,
                },
                {
                  id: "texts",
                  name: <a href="#/conversations">Texts</a>,
                  value: lost.length,
                  text:
                    texts === undefined || texts === null ? "–" : `${number(lost.length)} of ${number(texts.length)}`,
                  bad: true,
                },
              ]}
            />
            {[...reasons].map(([reason, count]) => (
              <p key={reason} class="hint">
                {number(count)}: {reason}
              </p>
            ))}
            {pending > 0 && <p class="hint">{number(pending)} webhooks are tried again.</p>}
          </>
        )}
      </Loaded>
      <p class="hint">Webhooks of the last {days === 1 ? "24 hours" : `${days} days`}.</p>
    </Part>
  );
}
