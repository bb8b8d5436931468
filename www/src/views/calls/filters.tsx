// The filters of the list of calls. They are in the address, so that each view can be shared, and saved under a
// name.

import { filter, setFilter } from "../../app/location.js";
import { useApi } from "../../data/queries.js";
import { Input, type Option, Select } from "../../ui/field.js";
import { type Chip, FilterChips } from "../../ui/filter-chips.js";
import { FilterFields } from "../../ui/filter-fields.js";
import { words } from "../../ui/format.js";
import { Search } from "../../ui/search.js";
import { PERIODS } from "./call-filters.js";
import styles from "./calls.module.css";
import { DIRECTIONS, STATUSES } from "./words.js";

/** What is filtered by; empty for anything. */
export interface Filters {
  status: string;
  direction: string;
  agent: string;
  search: string;
  period: string;
  from: string;
  to: string;
}

const NONE: Filters = { status: "", direction: "", agent: "", search: "", period: "", from: "", to: "" };

/** The filters in the address. */
export const readFilters = (): Filters => ({
  status: filter("status"),
  direction: filter("direction"),
  agent: filter("agent"),
  search: filter("search"),
  period: filter("period"),
  from: filter("from"),
  to: filter("to"),
});

/** Shows all calls. */
export const clearFilters = (): void => setFilter({ ...NONE });

const PERIOD_OPTIONS: readonly Option[] = PERIODS.map(([value, label]) => ({ value, label }));

/** The filters. */
export function FilterBar({ filters }: { filters: Filters }) {
  const { data: agents = [] } = useApi(["agents", "names"], (client, signal) =>
    client.agents.list({ limit: 100 }, { signal }).then(({ data }) => data),
  );
  const agentOptions = agents.map(({ id, name }) => ({ value: id, label: name }));
  const { status, direction, agent, search, period, from, to } = filters;
  const chips: (Chip | false)[] = [
    status !== "" && { name: "Status", value: words(status), clear: { status: "" } },
    direction !== "" && { name: "Direction", value: words(direction), clear: { direction: "" } },
    agent !== "" && {
      name: "Agent",
      value: agentOptions.find(({ value }) => value === agent)?.label ?? agent,
      clear: { agent: "" },
    },
    period !== "" && { name: "Period", value: spanText(period, from, to), clear: { period: "", from: "", to: "" } },
    search !== "" && { name: "Search", value: search, clear: { search: "" } },
  ];
  return (
    <>
      <FilterFields label="Filter the calls" class={styles.filters}>
        <Choice name="status" label="Status" any="Any status" value={status} options={inWords(STATUSES)} />
        <Choice
          name="direction"
          label="Direction"
          any="Any direction"
          value={direction}
          options={inWords(DIRECTIONS)}
        />
        <Choice name="agent" label="Agent" any="Any agent" value={agent} options={agentOptions} />
        <Choice name="period" label="Period" any="Any time" value={period} options={PERIOD_OPTIONS} />
        {period === "custom" && (
          <>
            <Day name="from" label="From" value={from} />
            <Day name="to" label="To" value={to} />
          </>
        )}
        <Search name="search" label="Search" placeholder="Number, name or words" />
      </FilterFields>
      <FilterChips
        view="calls"
        chips={chips.filter((chip) => chip !== false)}
        clearAll={clearFilters}
        names={Object.keys(NONE)}
      />
    </>
  );
}

function spanText(period: string, from: string, to: string): string {
  if (period === "custom") return `${from || "the beginning"} to ${to || "today"}`;
  return PERIODS.find(([value]) => value === period)?.[1] ?? period;
}

const inWords = (values: readonly string[]): Option[] => values.map((value) => ({ value, label: words(value) }));

function Choice(props: { name: string; label: string; any: string; value: string; options: readonly Option[] }) {
  const { name, label, any, value, options } = props;
  // An address may name what the page does not know: it is shown, and asked for.
  const known = value === "" || options.some((option) => option.value === value);
  const all = [{ value: "", label: any }, ...options, ...(known ? [] : [{ value, label: value }])];
  return (
    <Select
      label={label}
      value={value}
      options={all}
      onChange={(event) => setFilter({ [name]: event.currentTarget.value })}
    />
  );
}

const Day = ({ name, label, value }: { name: string; label: string; value: string }) => (
  <Input
    label={label}
    type="date"
    value={value}
    onChange={(event) => setFilter({ [name]: event.currentTarget.value })}
  />
);
