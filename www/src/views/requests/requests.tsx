// What programs send to the API, live: one line per call with all its attempts, and next to it the requests and responses.

import { Pause, Play, Trash2 } from "lucide-preact";
import { useMemo } from "preact/hooks";
import { filter, pathWith, setFilter } from "../../app/location.js";
import { type Call, callsOf, fits, lastOf } from "../../data/exchange-calls.js";
import { clearExchanges, exchanges, hasLog, paused, useExchanges } from "../../data/exchanges.js";
import { addressForCode, isLive } from "../../session/session.js";
import { Action } from "../../ui/action.js";
import { ConnectCode } from "../../ui/connect-code.js";
import { Select } from "../../ui/field.js";
import { FilterFields } from "../../ui/filter-fields.js";
import { count } from "../../ui/format.js";
import { Problem } from "../../ui/problem.js";
import { Search } from "../../ui/search.js";
import { Empty, Waiting } from "../../ui/states.js";
import { Table } from "../../ui/table.js";
import { CALL_COLUMNS, nameOf } from "./columns.js";
import { Detail } from "./detail.js";
import styles from "./requests.module.css";

const KINDS = [
  { value: "", label: "All requests" },
  { value: "writes", label: "Without reads" },
  { value: "failed", label: "Failed" },
  { value: "retried", label: "Retried" },
  { value: "faults", label: "With a fault" },
];
const METHODS = ["", "GET", "POST", "PATCH", "PUT", "DELETE"].map((value) => ({ value, label: value || "Any method" }));

/** The view. */
export default function Requests(_: { id: string }) {
  return (
    <>
      <div class="head">
        <div>
          <h1>Requests</h1>
          <p class="muted">{about()}</p>
        </div>
        {hasLog() && <Tools />}
      </div>
      {hasLog() ? <Log /> : <NoLog />}
    </>
  );
}

const about = (): string =>
  isLive()
    ? "What this console has sent to your account through the local proxy, since it was started."
    : "What your code sends to this sandbox, as it comes. The console's own requests are left out.";

function Tools() {
  const Icon = paused.value ? Play : Pause;
  return (
    <div class="row">
      <button type="button" aria-pressed={paused.value} onClick={() => (paused.value = !paused.value)}>
        <Icon aria-hidden="true" size={16} />
        {paused.value ? "Resume" : "Pause"}
      </button>
      <Action run={clearExchanges}>
        <Trash2 aria-hidden="true" size={16} />
        Clear
      </Action>
    </div>
  );
}

const NoLog = () => (
  <Empty title="No code can reach a sandbox inside a page.">
    <p>Start one on your machine, with this console on the same address, and see here what your code sends:</p>
    <ConnectCode />
  </Empty>
);

function Log() {
  const reading = useExchanges();
  const all = exchanges.value;
  const calls = useMemo(() => callsOf(all ?? []), [all]);
  if (all === undefined)
    return reading.error === null ? (
      <Waiting what="the requests" />
    ) : (
      <Problem error={reading.error} onRetry={() => void reading.refetch()} />
    );
  return (
    <>
      <Problem error={reading.error} onRetry={() => void reading.refetch()} />
      {calls.length === 0 ? <Nothing /> : <Calls calls={calls} />}
    </>
  );
}

const Nothing = () => (
  <div class="stack">
    <p class={styles.listening} role="status">
      {isLive() ? "Nothing has been sent yet." : "Waiting for the first request of your code…"}
    </p>
    {addressForCode() !== undefined && !isLive() && <ConnectCode />}
  </div>
);

const hrefOf = ({ id }: Call): string => pathWith({ id: String(id) });

function Calls({ calls }: { calls: readonly Call[] }) {
  const wanted = { words: filter("search"), kind: filter("kind"), method: filter("method") };
  const shown = calls.filter((call) => fits(call, wanted, nameOf(lastOf(call))));
  const id = Number(filter("id"));
  // Found even if the filters exclude it, and by the id of any of its attempts.
  const current = calls.find(({ attempts }) => attempts.some((one) => one.id === id));
  return (
    <div class={current === undefined ? "" : styles.split}>
      <div class={styles.list}>
        <FilterFields label="Filter the requests">
          <Search name="search" label="Search" placeholder="Operation, path, status, id" />
          <Choice name="kind" label="Show" options={KINDS} />
          <Choice name="method" label="Method" options={METHODS} />
        </FilterFields>
        {shown.length === 0 ? (
          <Empty title="No request fits these filters.">
            <button type="button" onClick={() => setFilter({ search: "", kind: "", method: "" })}>
              Clear filters
            </button>
          </Empty>
        ) : (
          <Table
            label="Requests"
            columns={CALL_COLUMNS}
            items={shown}
            id={(call) => String(call.id)}
            href={hrefOf}
            current={current && String(current.id)}
          />
        )}
        <p class="muted small table-foot">
          {count(shown.length, "call")}
          {shown.length === calls.length ? "" : ` of ${calls.length}`}
          {paused.value ? ", paused" : ""}. The latest 500 requests are kept, in memory only.
        </p>
      </div>
      {current !== undefined && <Detail key={current.id} call={current} attempt={id} />}
      {current === undefined && id > 0 && (
        <p class="muted">The request that this address leads to is no longer in the log.</p>
      )}
    </div>
  );
}

function Choice(props: { name: string; label: string; options: { value: string; label: string }[] }) {
  const { name, label, options } = props;
  return (
    <Select
      label={label}
      value={filter(name)}
      options={options}
      onChange={(event) => setFilter({ [name]: event.currentTarget.value })}
    />
  );
}
