// The calls as a table. The API filters by state, direction and number, and has a list of its own for each
// agent; an agent's list takes no filters, so there the page looks through what it has read, and says so.

import type { CallSummary } from "agentphone-wasm";
import { useEffect, useState } from "preact/hooks";
import { openPlaceCall } from "../../app/place-call.js";
import { type LiveList, useList } from "../../data/live-list.js";
import { count, number } from "../../ui/format.js";
import { Problem } from "../../ui/problem.js";
import { Empty } from "../../ui/states.js";
import { type Column, ListTable, Table } from "../../ui/table.js";
import { Status, When } from "../../ui/values.js";
import { clearFilters, type Filters, searched } from "./filters.js";
import { Length } from "./length.js";
import { Who } from "./who.js";

const COLUMNS: readonly Column<CallSummary>[] = [
  { title: "Who", cell: (call) => <Who call={call} /> },
  {
    title: "Agent",
    wide: true,
    cell: ({ agentName, agentId }) => agentName ?? agentId ?? <span class="muted">none</span>,
  },
  { title: "Status", cell: ({ status }) => <Status value={status} /> },
  {
    title: "Last words",
    wide: true,
    cell: ({ lastTranscriptSnippet: said }) => <span class="muted snippet">{said ?? ""}</span>,
  },
  { title: "Started", wide: true, cell: ({ startedAt }) => <When at={startedAt} /> },
  { title: "Length", figures: true, cell: (call) => <Length call={call} /> },
];
const href = ({ id }: CallSummary): string => `/calls/${id}`;
/** Calls found below which the page reads on by itself, and pages that it reads at a go. */
const ENOUGH = 30;
const PAGES = 10;
const PAGE = 100;

/** The table of calls, following those that go on. */
export function CallsTable({ filters }: { filters: Filters }) {
  const { agent, status, direction } = filters;
  const search = searched(filters.search);
  const asked = { ...(status && { status }), ...(direction && { direction }), ...(search && { search }) };
  const list = useList<CallSummary>(
    ["calls", agent, ...(agent === "" ? [asked] : [])],
    (client, signal) =>
      agent === ""
        ? client.calls.list({ limit: PAGE, ...asked }, { signal })
        : client.agents.calls.list(agent, { limit: PAGE }, { signal }),
    2000,
  );
  const filtered = agent !== "" || Object.keys(asked).length > 0;
  const empty = filtered ? <NothingFits /> : <NoCalls />;
  if (agent === "" || Object.keys(asked).length === 0)
    return <ListTable label="Calls" columns={COLUMNS} list={list} href={href} empty={empty} />;
  const fits = (call: CallSummary): boolean =>
    (status === "" || call.status === status) &&
    (direction === "" || call.direction === direction) &&
    (call.fromNumber.includes(search) || call.toNumber.includes(search));
  return <LookedThrough key={JSON.stringify(filters)} list={list} fits={fits} />;
}

/** What fits among what has been read of a list that the API does not filter. */
function LookedThrough({ list, fits }: { list: LiveList<CallSummary>; fits: (call: CallSummary) => boolean }) {
  const [until, setUntil] = useState(PAGES * PAGE);
  const read = list.items.value.length;
  const more = list.hasMore.value;
  const found = list.items.value.filter(fits);
  useEffect(() => {
    if (list.ready.peek() && more && found.length < ENOUGH && read < until) void list.more();
  }, [read, more, until]);
  if (!list.ready.value) return <ListTable label="Calls" columns={COLUMNS} list={list} empty={null} />;
  const total = list.total.value ?? read;
  return (
    <>
      <Problem error={list.error.value} onRetry={() => void list.refresh()} />
      {found.length > 0 && (
        <Table
          label="Calls"
          columns={COLUMNS}
          items={found}
          id={({ id }) => id}
          href={href}
          onEnd={() => more && void list.more()}
        />
      )}
      {found.length === 0 && !more && <NothingFits />}
      <div class="row looked" role="status">
        <p class="muted small">
          {more
            ? `${number(found.length)} found in the latest ${number(read)} of ${count(total, "call")} of this agent.`
            : `${number(found.length)} of ${count(total, "call")} of this agent.`}
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
