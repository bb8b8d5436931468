// The figures at the top.

import type { ComponentChildren } from "preact";
import { useApi } from "../../data/queries.js";
import { readLedger } from "../../session/sandbox.js";
import { isLive } from "../../session/session.js";
import { money, number } from "../../ui/format.js";
import { Problem } from "../../ui/problem.js";
import { type Today, useCallsToday, useLiveCalls, useTextsToday, useTotals } from "./data.js";

/** All of them. */
export function Figures() {
  const counted = useTotals();
  const totals = counted.data;
  const told = useTextsToday();
  const texts = told.data;
  const live = useLiveCalls()?.length;
  return (
    <section aria-label="The account in figures" class="stack">
      <Problem error={counted.error ?? told.error} />
      <dl class="figures-row">
        <Figure name="Live calls" href="/calls?status=in-progress" live={live !== undefined && live > 0}>
          {live === undefined ? "–" : number(live)}
        </Figure>
        <Figure name="Calls today" href="/calls">
          {today(useCallsToday())}
        </Figure>
        {texts === null ? (
          <Figure name="Texts in 24 hours" href="/conversations">
            {today(totals && { count: totals.stats.messagesLast24h ?? 0, more: false })}
          </Figure>
        ) : (
          <Figure name="Texts today" href="/conversations">
            {today(texts)}
          </Figure>
        )}
        <Figure name="Numbers" href="/numbers">
          {totals === undefined ? "–" : `${number(totals.numbers.used)} of ${number(totals.numbers.limit)}`}
        </Figure>
        {!isLive() && <Balance />}
      </dl>
    </section>
  );
}

const today = (value: Today | undefined): string =>
  value === undefined ? "–" : `${number(value.count)}${value.more ? "+" : ""}`;

function Figure({
  name,
  href,
  live = false,
  children,
}: {
  name: string;
  href?: string;
  live?: boolean;
  children: ComponentChildren;
}) {
  return (
    <div class={live ? "figure live" : "figure"}>
      <dt>{href === undefined ? name : <a href={`#${href}`}>{name}</a>}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The API tells no balance. A sandbox's ledger knows it. */
function Balance() {
  const ledger = useApi(["ledger"], () => readLedger(), { every: 3000 }).data;
  const name = ledger === undefined ? "Sandbox balance" : `Sandbox balance, ${money(ledger.moneySpentCents)} spent`;
  return <Figure name={name}>{ledger === undefined ? "–" : money(ledger.balanceCents)}</Figure>;
}
