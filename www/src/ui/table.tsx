// A table of any length: only the rows in sight are in the document, and those who listen are told how many
// there are. The first column leads to the object.

import { type ComponentChildren, Fragment, type RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { placeShown } from "../app/location.js";
import type { LiveList } from "../data/live-list.js";
import { Action } from "./action.js";
import { number } from "./format.js";
import { Problem } from "./problem.js";
import { openRow, RowLink } from "./row-link.js";
import { Waiting } from "./states.js";
import { useVirtual } from "./virtual.js";

/** A column. */
export interface Column<T> {
  title: string;
  cell: (item: T) => ComponentChildren;
  /** Left out where there is little room. */
  wide?: boolean;
  /** Figures stand at the right. */
  figures?: boolean;
}

interface TableProps<T> {
  /** What the table is, for those who listen. */
  label: string;
  columns: readonly Column<T>[];
  items: readonly T[];
  id: (item: T) => string;
  /** Where a row leads to. */
  href?: (item: T) => string;
  /** How many there are in all, where more may follow. */
  total?: number | undefined;
  /** Asked for more as the end comes into sight. */
  onEnd?: () => void;
}

const ROW = 45;
/** Rows before the end at which more is asked for. */
const AHEAD = 60;

/** A table of things. */
export function Table<T>({ label, columns, items, id, href, total, onEnd }: TableProps<T>) {
  const scroller = useRef<HTMLDivElement>(null);
  const focused = useRef<string | undefined>(undefined);
  const kept = focused.current === undefined ? undefined : items.findIndex((item) => id(item) === focused.current);
  const virtual = useVirtual({ count: items.length, scroller, height: ROW, kept });
  const rows = virtual.getVirtualItems();
  const shown = virtual.range;
  const near = shown !== null && shown.endIndex >= items.length - AHEAD;
  useEffect(() => {
    if (near) onEnd?.();
  }, [near, items.length]);
  usePlace(scroller, items, id);
  const scrolled = useReturn(scroller, label);
  const rowOf = (target: EventTarget | null): string | undefined => {
    const row = target instanceof Element ? target.closest("tr")?.ariaRowIndex : undefined;
    const item = row === undefined || row === null ? undefined : items[Number(row) - 2];
    return item === undefined ? undefined : id(item);
  };
  let end = 0;
  return (
    <div class="table" ref={scroller} tabIndex={0} role="region" aria-label={label} onScroll={scrolled}>
      <table
        aria-rowcount={(total ?? items.length) + 1}
        onFocusIn={({ target }) => (focused.current = rowOf(target))}
        onFocusOut={() => (focused.current = undefined)}
      >
        <thead>
          <tr aria-rowindex={1}>
            {columns.map(({ title, wide, figures }) => (
              <th key={title} scope="col" class={kind(wide, figures)}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ index, start, end: next }) => {
            const item = items[index];
            if (item === undefined) return null;
            const gap = start - end;
            end = next;
            return (
              <Fragment key={id(item)}>
                {gap > 0 && <Gap height={gap} columns={columns.length} />}
                <tr
                  aria-rowindex={index + 2}
                  class={href === undefined ? "" : "leads"}
                  onClick={href && ((event) => openRow(event, href(item)))}
                >
                  {columns.map(({ title, cell, wide, figures }, column) => (
                    <td key={title} class={kind(wide, figures)}>
                      {column === 0 && href !== undefined ? (
                        <RowLink to={href(item)}>{cell(item)}</RowLink>
                      ) : (
                        cell(item)
                      )}
                    </td>
                  ))}
                </tr>
              </Fragment>
            );
          })}
          {virtual.getTotalSize() > end && <Gap height={virtual.getTotalSize() - end} columns={columns.length} />}
        </tbody>
      </table>
    </div>
  );
}

/** Keeps in sight what one looks at when rows come or go above it. */
function usePlace<T>(scroller: RefObject<HTMLElement>, items: readonly T[], id: (item: T) => string): void {
  const before = useRef(items);
  useLayoutEffect(() => {
    const element = scroller.current;
    const old = before.current;
    before.current = items;
    if (element === null || old === items || element.scrollTop < ROW) return;
    const at = Math.floor(element.scrollTop / ROW);
    const seen = old[at];
    if (seen === undefined || (items[at] !== undefined && id(items[at]) === id(seen))) return;
    const now = items.findIndex((item) => id(item) === id(seen));
    if (now >= 0) element.scrollTop += (now - at) * ROW;
  }, [items]);
}

/** How far each table was scrolled, by where it was shown. */
const scrolledTo = new Map<string, number>();
const MOST_PLACES = 50;

/** Shows a table that one comes back to where one left it; gives what notes how far it is scrolled. */
function useReturn(scroller: RefObject<HTMLElement>, label: string): () => void {
  const name = (): string => `${placeShown()} ${label}`;
  useLayoutEffect(() => {
    const before = scrolledTo.get(name());
    if (scroller.current !== null && before !== undefined) scroller.current.scrollTop = before;
  }, []);
  return () => {
    if (scroller.current === null) return;
    scrolledTo.delete(name());
    scrolledTo.set(name(), scroller.current.scrollTop);
    const [oldest] = scrolledTo.keys();
    if (scrolledTo.size > MOST_PLACES && oldest !== undefined) scrolledTo.delete(oldest);
  };
}

const kind = (wide = false, figures = false): string => [wide ? "wide" : "", figures ? "figures" : ""].join(" ").trim();

const Gap = ({ height, columns }: { height: number; columns: number }) => (
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row takes no focus
  <tr aria-hidden="true" class="gap">
    <td colSpan={columns} style={{ height: `${height}px` }} />
  </tr>
);

type ListTableProps<T extends { id: string }> = Omit<TableProps<T>, "items" | "id" | "total" | "onEnd"> & {
  list: LiveList<T>;
  /** What stands there when the list is empty. */
  empty: ComponentChildren;
};

/** A table of a list of the API, read on as one scrolls. */
export function ListTable<T extends { id: string }>({ list, empty, ...rest }: ListTableProps<T>) {
  const items = list.items.value;
  const total = list.total.value;
  const problem = <Problem error={list.error.value} onRetry={() => void list.refresh()} />;
  if (!list.ready.value) return list.error.value === undefined ? <Waiting what={rest.label} /> : problem;
  return (
    <>
      {problem}
      {items.length === 0 ? (
        empty
      ) : (
        <>
          <Table
            {...rest}
            items={items}
            id={(item) => item.id}
            total={total}
            onEnd={() => list.hasMore.value && void list.more()}
          />
          <div class="row">
            <p class="muted small" role="status">
              {list.hasMore.value && total !== undefined
                ? `${number(items.length)} of ${number(total)} loaded; more as you scroll`
                : `${number(items.length)} in all`}
            </p>
            {list.hasMore.value && (
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
