// The calls as a table. The API filters by state, direction and number, and has a separate list per agent, without
// filters. The page applies all other filters (names, words, a span of time) to what it reads, and shows how far it has read.

import type { AgentPhone, CallSummary } from "agentphone-wasm";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { openPlaceCall } from "../../app/place-call.js";
import { type LiveList, useList } from "../../data/live-list.js";
import { useContactOf } from "../../data/names.js";
import { api } from "../../session/session.js";
import { digitsOf } from "../../ui/digits.js";
import { ExportCsv } from "../../ui/export-csv.js";
import { count, number } from "../../ui/format.js";
import { ListTable, useReadOn } from "../../ui/list-table.js";
import { Problem } from "../../ui/problem.js";
import { Empty } from "../../ui/states.js";
import { Table } from "../../ui/table.js";
import { TableBar, useTable } from "../../ui/table-tools.js";
import { BULK } from "./bulk.js";
import { hasWords, isWithin, type Span, spanOf } from "./call-filters.js";
import styles from "./calls.module.css";
import { COLUMNS, CSV } from "./columns.js";
import { clearFilters, type Filters } from "./filters.js";
import { rememberOrder } from "./last-list.js";

const href = ({ id }: CallSummary): string => `/calls/${id}`;
/** Calls found below which the page reads on by itself, and pages that it reads at a go. */
const ENOUGH = 30;
const PAGES = 10;
const PAGE = 100;

/** The query for the API, and the filters that the page applies to the result. */
interface Question {
  read: (client: AgentPhone, signal: AbortSignal) => ReturnType<AgentPhone["calls"]["list"]>;
  key: readonly unknown[];
  /** Absent if the API applies all filters. */
  fits?: ((call: CallSummary) => boolean) | undefined;
  span: Span;
}

function useQuestion({ agent, status, direction, search, period, from, to }: Filters): Question {
  const contactOf = useContactOf();
  const digits = digitsOf(search);
  const words = search !== "" && digits === "" ? search : "";
  const span = spanOf(period, from, to, Date.now());
  const asked = { ...(status && { status }), ...(direction && { direction }), ...(digits && { search: digits }) };
  const nameOf = (phone: string): string | undefined => contactOf(phone)?.name;
  const own = agent !== "" && Object.keys(asked).length > 0;
  const looks = own || words !== "" || span.after !== undefined || span.before !== undefined;
  const fits = (call: CallSummary): boolean =>
    (!own || status === "" || call.status === status) &&
    (!own || direction === "" || call.direction === direction) &&
    (!own || call.fromNumber.includes(digits) || call.toNumber.includes(digits)) &&
    (words === "" || hasWords(call, words, nameOf)) &&
    isWithin(call.startedAt, span);
  return {
    key: ["calls", agent, ...(agent === "" ? [asked] : [])],
    read: (client, signal) =>
      agent === ""
        ? client.calls.list({ limit: PAGE, ...asked }, { signal })
        : client.agents.calls.list(agent, { limit: PAGE }, { signal }),
    fits: looks ? fits : undefined,
    span,
  };
}

/** Whether a list, newest first, has reached calls before the span, so that no later item is in the span. */
const isPast = (call: CallSummary | undefined, { after }: Span): boolean =>
  call !== undefined && after !== undefined && Date.parse(call.startedAt) < after;

/** The table of calls, with live updates for those in progress. */
export function CallsTable({ filters }: { filters: Filters }) {
  const question = useQuestion(filters);
  const list = useList<CallSummary>(question.key, question.read, 2000);
  const items = list.items.value;
  const { fits } = question;
  const shown = fits === undefined ? items : items.filter(fits);
  // Before the list can be clicked: the page of a call asks for the order once.
  useLayoutEffect(() => rememberOrder(shown.map(({ id }) => id)), [items, JSON.stringify(filters)]);
  const filtered = Object.values(filters).some((value) => value !== "");
  const beside = <ExportCalls question={question} />;
  if (fits === undefined)
    return (
      <ListTable
        label="Calls"
        columns={COLUMNS}
        list={list}
        href={href}
        empty={filtered ? <NothingFits /> : <NoCalls />}
        bulk={BULK}
        beside={beside}
      />
    );
  return (
    <LookedThrough key={JSON.stringify(filters)} list={list} found={shown} question={question} agent={filters.agent}>
      {beside}
    </LookedThrough>
  );
}

interface LookedThroughProps {
  list: LiveList<CallSummary>;
  found: readonly CallSummary[];
  question: Question;
  agent: string;
  children: preact.ComponentChildren;
}

/** What fits among what has been read of a list that the API does not filter. */
function LookedThrough({ list, found, question, agent, children }: LookedThroughProps) {
  const [until, setUntil] = useState(PAGES * PAGE);
  const { items, columns, sorting, selection, bar } = useTable("Calls", COLUMNS, found, BULK);
  const read = list.items.value.length;
  const more = list.hasMore.value && !isPast(list.items.value.at(-1), question.span);
  useReadOn(list, sorting.by !== "" && more);
  // A list with a span of time is read back to the start of the span.
  const enough = question.span.after === undefined && found.length >= ENOUGH;
  useEffect(() => {
    if (list.ready.peek() && more && !enough && read < until) void list.more();
  });
  if (!list.ready.value) return <ListTable label="Calls" columns={COLUMNS} list={list} empty={null} />;
  const total = list.total.value ?? read;
  const whose = agent === "" ? "" : " of this agent";
  return (
    <>
      <Problem error={list.error.value} onRetry={() => void list.refresh()} />
      {found.length > 0 && (
        <>
          <TableBar {...bar} bulk={BULK}>
            {children}
          </TableBar>
          <Table
            label="Calls"
            columns={columns}
            items={items}
            id={({ id }) => id}
            href={href}
            sorting={sorting}
            selection={selection}
            onEnd={() => more && void list.more()}
          />
        </>
      )}
      {found.length === 0 && !more && <NothingFits />}
      <div class={`row ${styles.looked}`} role="status">
        <p class="muted small">
          {more
            ? `${number(found.length)} found in the latest ${number(read)} of ${count(total, "call")}${whose}.`
            : `${number(found.length)} of ${count(total, "call")}${whose}.`}
        </p>
        {more && (
          <button type="button" onClick={() => setUntil(read + PAGES * PAGE)}>
            Look further back
          </button>
        )}
      </div>
    </>
  );
}

/** Everything that the filters match, even if it has not been read yet. */
function ExportCalls({ question: { read, fits, span } }: { question: Question }) {
  async function* items(signal: AbortSignal, note: (n: number) => void): AsyncIterable<CallSummary> {
    let n = 0;
    for await (const call of read(api(), signal)) {
      note((n += 1));
      if (isPast(call, span)) return;
      if (fits === undefined || fits(call)) yield call;
    }
  }
  const contactOf = useContactOf();
  return <ExportCsv name="calls" noun="call" columns={CSV((phone) => contactOf(phone)?.name)} items={items} />;
}

const NothingFits = () => (
  <Empty title="No call fits these filters.">
    <button type="button" onClick={clearFilters}>
      Clear filters
    </button>
  </Empty>
);

const NoCalls = () => (
  <Empty title="No calls yet.">
    <p>Calls that your agents place or answer show up here, and can be followed while they speak.</p>
    <button type="button" class="primary" onClick={() => openPlaceCall()}>
      Place a call
    </button>
  </Empty>
);
