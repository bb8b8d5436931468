// The figures at the top: what goes on now, and the chosen period beside the one before.

import { Minus, TrendingDown, TrendingUp } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { isLive } from "../../session/session.js";
import { count, duration, money, number, percent } from "../../ui/format.js";
import { Problem } from "../../ui/problem.js";
import { useLedger, useLiveCalls, useTextsSince, useTotals } from "./data.js";
import styles from "./overview.module.css";
import { changeOf } from "./period.js";
import { chosen, periodNow } from "./period-choice.js";
import { type PeriodFigures, usePeriod } from "./use-period.js";

const NOT_KNOWN = "–";

/** All of them. */
export function Figures() {
  const counted = useTotals();
  const totals = counted.data;
  const told = useTextsSince(periodNow().before.start);
  const live = useLiveCalls()?.length;
  return (
    <section aria-label="The account in figures" class="stack">
      <Problem
        error={counted.error ?? told.error}
        onRetry={() => {
          void counted.refetch();
          void told.refetch();
        }}
      />
      <dl class={styles.figures}>
        <Figure name="Live calls" href="/calls?status=in-progress" live={live !== undefined && live > 0}>
          {live === undefined ? NOT_KNOWN : number(live)}
        </Figure>
        <OfPeriod />
        <Figure name="Numbers" href="/numbers">
          {totals === undefined ? NOT_KNOWN : `${number(totals.numbers.used)} of ${number(totals.numbers.limit)}`}
        </Figure>
        {!isLive() && <Balance />}
      </dl>
    </section>
  );
}

function OfPeriod() {
  const { days, value } = chosen();
  const read = usePeriod();
  const today = days === 1 ? " today" : "";
  const shown = (of: (figures: PeriodFigures) => string | null): string => (read && of(read.now)) ?? NOT_KNOWN;
  const more = read?.more === true ? "+" : "";
  return (
    <>
      <Figure
        name={`Calls${today}`}
        href={`/calls?period=${value}`}
        change={<Change of={({ calls }) => calls} text={number} />}
      >
        {shown(({ calls }) => number(calls) + more)}
      </Figure>
      <Figure
        name="Answered"
        change={
          <Change
            of={({ rate }) => rate}
            text={percent}
            points
            alone={({ answered, ended }) => (ended === 0 ? "" : `${number(answered)} of ${number(ended)}`)}
          />
        }
      >
        {shown(({ rate }) => (rate === null ? null : percent(rate)))}
      </Figure>
      <Figure name="Talk time" change={<Change of={({ seconds }) => seconds} text={minutes} />}>
        {shown(({ seconds }) => minutes(seconds))}
      </Figure>
      <Figure name="Average call" change={<Change of={({ average }) => average} text={length} />}>
        {shown(({ average }) => (average === null ? null : length(average)))}
      </Figure>
      <Texts today={today} more={more} />
    </>
  );
}

const minutes = (seconds: number): string => `${number(Math.round(seconds / 60))} min`;
const length = (seconds: number): string => duration(Math.round(seconds));

function Texts({ today, more }: { today: string; more: string }) {
  const { days } = chosen();
  const texts = usePeriod()?.now.texts;
  const stats = useTotals().data?.stats;
  if (texts === null) {
    // Too many numbers to ask each for its texts: the API's own counter, which knows no days of the user.
    const [name, count] = {
      1: ["Texts in 24 hours", stats?.messagesLast24h] as const,
      7: ["Texts", stats?.messagesLast7d] as const,
      30: ["Texts", stats?.messagesLast30d] as const,
    }[days] ?? ["Texts", undefined];
    return (
      <Figure name={name} href="/conversations">
        {count === undefined ? NOT_KNOWN : number(count)}
      </Figure>
    );
  }
  return (
    <Figure
      name={`Texts${today}`}
      href="/conversations"
      change={<Change of={({ texts: all }) => all?.length ?? null} text={number} />}
    >
      {texts === undefined ? NOT_KNOWN : number(texts.length) + more}
    </Figure>
  );
}

interface ChangeProps {
  of: (figures: PeriodFigures) => number | null;
  text: (value: number) => string;
  /** The figure is a share: the change is in points. */
  points?: boolean;
  /** What is said instead if there is nothing to compare with. */
  alone?: (figures: PeriodFigures) => string;
}

/** The change against the period before. */
function Change({ of, text, points = false, alone = () => "" }: ChangeProps) {
  const read = usePeriod();
  const { before: words } = chosen();
  if (read === undefined) return null;
  const [now, before] = [of(read.now), of(read.before)];
  const change = read.more || now === null || before === null ? null : points ? now - before : changeOf(now, before);
  if (change === null || before === null) return <>{alone(read.now)}</>;
  const rounded = Math.round(change * 100);
  const Icon = rounded > 0 ? TrendingUp : rounded < 0 ? TrendingDown : Minus;
  const amount = points ? count(Math.abs(rounded), "point") : percent(Math.abs(change));
  return (
    <span title={`${text(before)} ${words}`}>
      <Icon aria-hidden="true" size={14} />{" "}
      {rounded === 0 ? "as before" : <span class="hidden">{rounded > 0 ? "up " : "down "}</span>}
      {rounded !== 0 && amount}
      <span class="hidden">
        , {text(before)} {words}
      </span>
    </span>
  );
}

interface FigureProps {
  name: string;
  href?: string;
  live?: boolean;
  change?: ComponentChildren;
  children: ComponentChildren;
}

function Figure({ name, href, live = false, change, children }: FigureProps) {
  return (
    <div class={`figure ${styles.figure}${live ? ` ${styles.live}` : ""}`}>
      <dt>{href === undefined ? name : <a href={`#${href}`}>{name}</a>}</dt>
      <dd>{children}</dd>
      {change !== undefined && <dd class={styles.change}>{change}</dd>}
    </div>
  );
}

/** The API tells no balance. A sandbox's ledger knows it. */
function Balance() {
  const ledger = useLedger().data;
  return (
    <Figure name="Sandbox balance" change={ledger && `${money(ledger.moneySpentCents)} spent`}>
      {ledger === undefined ? NOT_KNOWN : money(ledger.balanceCents)}
    </Figure>
  );
}
