// A table of any length: only the visible rows are in the document, and screen readers get the total number of rows.
// The first column links to the object. Columns can be sorted, rows selected, values copied.

import { ArrowDown, ArrowDownUp, ArrowUp } from "lucide-preact";
import { type ComponentChildren, Fragment, type RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { placeShown } from "../app/location.js";
import { CopyValue } from "./copy-value.js";
import { openRow, RowLink } from "./row-link.js";
import styles from "./table.module.css";
import { useVirtual } from "./virtual.js";

/** A column. */
export interface Column<T> {
  title: string;
  cell: (item: T) => ComponentChildren;
  /** Left out where there is less room than on a tablet. */
  wide?: boolean;
  /** Left out on a phone. */
  mid?: boolean;
  /** Left out where there is less room than on a wide screen. */
  low?: boolean;
  /** Left out only on the smallest phones. */
  tiny?: boolean;
  /** Figures stand at the right. */
  figures?: boolean;
  /** The value to sort by; absent if sorting makes no sense. */
  sort?: (item: T) => string | number | null | undefined;
  /** What a button in the cell copies. */
  copy?: (item: T) => string | null | undefined;
}

/** The column to sort by, and how to change it. */
export interface Sorting {
  by: string;
  down: boolean;
  onSort: (title: string) => void;
}

/** Which rows are chosen. */
export interface Selection<T> {
  chosen: ReadonlySet<string>;
  /** A tap on a row chooses it, instead of opening it. */
  picking: boolean;
  toggle: (id: string) => void;
  toggleAll: () => void;
  /** What a row is called, for screen readers. */
  name: (item: T) => string;
}

export interface TableProps<T> {
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
  /** The id of the row that is shown next to the table. */
  current?: string | undefined;
  sorting?: Sorting | undefined;
  selection?: Selection<T> | undefined;
}

const ROW = 45;
/** Rows before the end at which more is asked for. */
const AHEAD = 60;

/** A table of things. */
export function Table<T>({ label, columns, items, id, href, total, onEnd, ...rest }: TableProps<T>) {
  const { current, sorting, selection } = rest;
  const picking = selection?.picking === true;
  const leads = href !== undefined && !picking ? href : undefined;
  const press = (event: MouseEvent, item: T): void => {
    if (leads !== undefined) openRow(event, leads(item));
    // The box of the row changes by itself, and what can be pressed in it does something else.
    else if (picking && !(event.target as Element).closest("a, button, label")) selection?.toggle(id(item));
  };
  const span = columns.length + (selection === undefined ? 0 : 1);
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
    <div
      class={picking ? "table picking" : "table"}
      ref={scroller}
      tabIndex={0}
      role="region"
      aria-label={label}
      onScroll={scrolled}
    >
      <table
        aria-rowcount={(total ?? items.length) + 1}
        onFocusIn={({ target }) => (focused.current = rowOf(target))}
        onFocusOut={() => (focused.current = undefined)}
      >
        <thead>
          <tr aria-rowindex={1}>
            {selection && <ChooseAll selection={selection} count={items.length} />}
            {columns.map((column) => (
              <Heading key={column.title} column={column} sorting={sorting} />
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
                {gap > 0 && <Gap height={gap} columns={span} />}
                <tr
                  aria-rowindex={index + 2}
                  aria-current={current !== undefined && id(item) === current ? "true" : undefined}
                  class={href === undefined ? "" : "leads"}
                  data-chosen={picking && selection?.chosen.has(id(item)) ? "" : undefined}
                  onClick={(event) => press(event, item)}
                >
                  {selection && (
                    <td class={styles.choose}>
                      <label>
                        <input
                          type="checkbox"
                          aria-label={`Select ${selection.name(item)}`}
                          checked={selection.chosen.has(id(item))}
                          onChange={() => selection.toggle(id(item))}
                        />
                      </label>
                    </td>
                  )}
                  {columns.map(({ title, cell, copy, ...looks }, column) => (
                    <td key={title} class={kind(looks, column === 0)}>
                      {column === 0 && leads !== undefined ? (
                        <RowLink to={leads(item)}>{cell(item)}</RowLink>
                      ) : (
                        cell(item)
                      )}
                      {copy?.(item) && <CopyValue value={copy(item) ?? ""} what={title} />}
                    </td>
                  ))}
                </tr>
              </Fragment>
            );
          })}
          {virtual.getTotalSize() > end && <Gap height={virtual.getTotalSize() - end} columns={span} />}
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

type Looks = Pick<Column<never>, "wide" | "mid" | "low" | "tiny" | "figures">;

const kind = ({ wide, mid, low, tiny, figures }: Looks, first = false): string =>
  [wide && "wide", mid && "mid", low && "low", tiny && "tiny", figures && "figures", first && "first"]
    .filter(Boolean)
    .join(" ");

function Heading<T>({ column, sorting }: { column: Column<T>; sorting: Sorting | undefined }) {
  const { title, sort } = column;
  if (sorting === undefined || sort === undefined)
    return (
      <th scope="col" class={kind(column)}>
        {title}
      </th>
    );
  const here = sorting.by === title;
  const Icon = !here ? ArrowDownUp : sorting.down ? ArrowDown : ArrowUp;
  return (
    <th scope="col" class={kind(column)} aria-sort={!here ? "none" : sorting.down ? "descending" : "ascending"}>
      <button
        type="button"
        class={here ? `${styles.sort} ${styles.sorted}` : styles.sort}
        onClick={() => sorting.onSort(title)}
      >
        {title}
        <Icon aria-hidden="true" size={13} />
      </button>
    </th>
  );
}

function ChooseAll<T>({ selection, count }: { selection: Selection<T>; count: number }) {
  const box = useRef<HTMLInputElement>(null);
  const { size } = selection.chosen;
  useLayoutEffect(() => {
    if (box.current !== null) box.current.indeterminate = size > 0 && size < count;
  });
  return (
    <th scope="col" class={styles.choose}>
      <label>
        <input
          ref={box}
          type="checkbox"
          aria-label="Select all rows"
          checked={size > 0 && size >= count}
          onChange={() => selection.toggleAll()}
        />
      </label>
    </th>
  );
}

const Gap = ({ height, columns }: { height: number; columns: number }) => (
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row takes no focus
  <tr aria-hidden="true" class="gap">
    <td colSpan={columns} style={{ height: `${height}px` }} />
  </tr>
);
