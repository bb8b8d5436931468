// A table of a list of the API. Scrolling loads more; sorting by a column loads the whole list.

import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import type { LiveList } from "../data/live-list.js";
import { Action } from "./action.js";
import type { Bulk } from "./bulk-bar.js";
import { number } from "./format.js";
import { Problem } from "./problem.js";
import { WaitingRows } from "./states.js";
import { Table, type TableProps } from "./table.js";
import { TableBar, useTable } from "./table-tools.js";

type Given<T> = Pick<TableProps<T>, "label" | "columns" | "href">;

type ListTableProps<T extends { id: string }> = Given<T> & {
  list: LiveList<T>;
  /** What can be done with rows that are chosen; absent where none can. */
  bulk?: Bulk<T>;
  /** Beside the choice of columns. */
  beside?: ComponentChildren;
  /** Shown when the list is empty. */
  empty: ComponentChildren;
};

/** A table of a list of the API; scrolling loads more. */
export function ListTable<T extends { id: string }>({ list, empty, bulk, beside, ...rest }: ListTableProps<T>) {
  const all = list.items.value;
  const total = list.total.value;
  const { items, columns, sorting, selection, bar } = useTable(rest.label, rest.columns, all, bulk);
  const [sorts, more] = [sorting.by !== "", list.hasMore.value];
  useReadOn(list, sorts);
  const problem = <Problem error={list.error.value} onRetry={() => void list.refresh()} />;
  if (!list.ready.value) return list.error.value === undefined ? <WaitingRows what={rest.label} /> : problem;
  return (
    <>
      {problem}
      {items.length === 0 ? (
        empty
      ) : (
        <>
          <TableBar {...bar} bulk={bulk}>
            {beside}
          </TableBar>
          <Table
            {...rest}
            columns={columns}
            items={items}
            sorting={sorting}
            selection={selection}
            id={(item) => item.id}
            total={total}
            onEnd={() => more && void list.more()}
          />
          <div class="row">
            <p class="muted small" role="status">
              {more && total !== undefined
                ? `${number(items.length)} of ${number(total)} loaded; ${sorts ? "sorted when all are" : "more as you scroll"}`
                : `${number(items.length)} in all`}
            </p>
            {more && !sorts && (
              <Action class="link small" run={() => list.all()}>
                Load all
              </Action>
            )}
          </div>
        </>
      )}
    </>
  );
}

/** Reads a sorted list to its end, because the greatest item may be the last. */
export function useReadOn<T extends { id: string }>(list: LiveList<T>, sorts: boolean): void {
  const ready = list.ready.value;
  useEffect(() => {
    if (sorts && ready) void list.all();
  }, [list, sorts, ready]);
}
