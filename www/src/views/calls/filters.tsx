// The filters of the list of calls. They live in the address, so that each view of it can be sent to
// somebody; the API does the filtering.

import { useEffect, useRef } from "preact/hooks";
import { filter, setFilter } from "../../app/location.js";
import { useApi } from "../../data/queries.js";
import { Input, type Option, Select } from "../../ui/field.js";
import { words } from "../../ui/format.js";
import { DIRECTIONS, STATUSES } from "./words.js";

/** What is filtered by; empty for anything. */
export interface Filters {
  status: string;
  direction: string;
  agent: string;
  search: string;
}

const NONE: Filters = { status: "", direction: "", agent: "", search: "" };
/** Milliseconds without a key after which what was typed is searched. */
const PAUSE = 300;

/** The filters in the address. */
export const readFilters = (): Filters => ({
  status: filter("status"),
  direction: filter("direction"),
  agent: filter("agent"),
  search: filter("search"),
});

/** Shows all calls. */
export const clearFilters = (): void => setFilter({ ...NONE });

/** A part of a number as the API keeps it: `(415) 555` is `415555`. What has letters in it is left alone. */
export const searched = (typed: string): string =>
  /\p{L}/u.test(typed) ? typed.trim() : typed.replaceAll(/[^\d+]/g, "");

/** The filters. */
export function FilterBar({ filters }: { filters: Filters }) {
  const { data: agents = [] } = useApi(["agents", "names"], (client, signal) =>
    client.agents
      .list({ limit: 100 }, { signal })
      .then(({ data }) => data.map(({ id, name }) => ({ value: id, label: name }))),
  );
  return (
    <div class="filters call-filters" role="search" aria-label="Filter the calls">
      <Choice name="status" label="Status" any="Any status" value={filters.status} options={inWords(STATUSES)} />
      <Choice
        name="direction"
        label="Direction"
        any="Any direction"
        value={filters.direction}
        options={inWords(DIRECTIONS)}
      />
      <Choice name="agent" label="Agent" any="Any agent" value={filters.agent} options={agents} />
      <Search value={filters.search} />
      {Object.values(filters).some((value) => value !== "") && (
        <button type="button" class="link reset" onClick={clearFilters}>
          Reset
        </button>
      )}
    </div>
  );
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

function Search({ value }: { value: string }) {
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const typed = useRef<HTMLInputElement | null>(null);
  useEffect(() => {
    // Somebody cleared the filters, or went back. What is being typed is not touched.
    if (typed.current !== null && searched(typed.current.value) !== searched(value)) typed.current.value = value;
    return () => clearTimeout(timer.current);
  }, [value]);
  return (
    <Input
      label="Number"
      type="search"
      placeholder="Part of a number"
      defaultValue={value}
      onInput={(event) => {
        const input = event.currentTarget;
        typed.current = input;
        clearTimeout(timer.current);
        timer.current = setTimeout(() => setFilter({ search: input.value.trim() }), PAUSE);
      }}
    />
  );
}
