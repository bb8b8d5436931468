// A table of what fits of a list that the API cannot filter by itself: read on until there is a screenful of
// what fits, or no more.

import type { ComponentChildren } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import type { LiveList } from "../data/live-list.js";
import { number } from "./format.js";
import { useReadOn } from "./list-table.js";
import { Problem } from "./problem.js";
import { WaitingRows } from "./states.js";
import { type Column, Table } from "./table.js";
import { TableBar, useTable } from "./table-tools.js";

/** Rows that fill a screen. */
const SCREENFUL = 20;

interface FilteredTableProps<T extends { id: string }> {
  list: LiveList<T>;
  label: string;
  columns: readonly Column<T>[];
  href: (item: T) => string;
  /** What fits; absent for all. */
  keep?: ((item: T) => boolean) | undefined;
  /** Beside the choice of columns, of a table that can be sorted. */
  beside?: ComponentChildren;
  /** Shown when the list is empty. */
  empty: ComponentChildren;
  /** Shown when nothing of it fits. */
  none: ComponentChildren;
}

/** The table. */
export function FilteredTable<T extends { id: string }>({
  list,
  label,
  columns,
  href,
  keep,
  beside,
  empty,
  none,
}: FilteredTableProps<T>) {
  const all = list.items.value;
  const kept = useMemo(() => (keep === undefined ? all : all.filter(keep)), [all, keep]);
  const { items, columns: shown, sorting, bar } = useTable(label, columns, kept);
  const sorts = sorting.by !== "";
  useReadOn(list, sorts);
  const more = list.hasMore.value;
  const wanting = list.ready.value && more && items.length < SCREENFUL;
  // With each drawing: while a refresh is on its way the list reads no more, and would not be asked again.
  useEffect(() => {
    if (wanting && list.error.peek() === undefined) void list.more();
  });

  const problem = <Problem error={list.error.value} onRetry={() => void list.refresh()} />;
  if (!list.ready.value) return list.error.value === undefined ? <WaitingRows what={label} /> : problem;
  if (all.length === 0) return list.error.value === undefined ? <>{empty}</> : problem;
  return (
    <>
      {problem}
      {items.length === 0 ? (
        none
      ) : (
        <>
          {columns.some(({ sort }) => sort !== undefined) && (
            <TableBar {...bar} bulk={undefined}>
              {beside}
            </TableBar>
          )}
          <Table
            label={label}
            columns={shown}
            items={items}
            id={(item) => item.id}
            href={href}
            sorting={sorting}
            total={keep === undefined ? list.total.value : undefined}
            onEnd={() => more && void list.more()}
          />
        </>
      )}
      <p class="muted small table-foot" role="status">
        {summary(items.length, all.length, list.total.value, more, keep !== undefined)}
      </p>
    </>
  );
}

function summary(shown: number, read: number, total: number | undefined, more: boolean, filtered: boolean): string {
  if (filtered)
    return `${number(shown)} of ${number(more ? read : (total ?? read))}${more ? " read so far" : ""} ${shown === 1 ? "fits" : "fit"}`;
  return more && total !== undefined
    ? `${number(read)} of ${number(total)} loaded; more as you scroll`
    : `${number(read)} in all`;
}
