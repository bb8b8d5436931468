// What a table can do besides showing rows: choose columns, sort, and act on selected rows.

import { signal } from "@preact/signals";
import { Columns3 } from "lucide-preact";
import type { ComponentChildren, ComponentProps } from "preact";
import { useMemo, useState } from "preact/hooks";
import { filter, setFilter } from "../app/location.js";
import { type Bulk, BulkBar } from "./bulk-bar.js";
import { Menu } from "./menu.js";
import { narrow } from "./narrow.js";
import { nextSort, readSort, sorted } from "./sorting.js";
import type { Column, Selection, Sorting } from "./table.js";
import styles from "./table.module.css";

const keptAs = (name: string): string => `agentphone-columns-${name.toLowerCase()}`;
/** Columns that the user has hidden, by table. */
const hidden = signal<Readonly<Record<string, readonly string[]>>>({});

function hiddenOf(name: string): readonly string[] {
  const known = hidden.value[name];
  if (known !== undefined) return known;
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keptAs(name)) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

function show(name: string, title: string, shown: boolean): void {
  const rest = hiddenOf(name).filter((one) => one !== title);
  const now = shown ? rest : [...rest, title];
  hidden.value = { ...hidden.peek(), [name]: now };
  localStorage.setItem(keptAs(name), JSON.stringify(now));
}

/** The selection without rows that no longer exist. */
function useChosen<T extends { id: string }>(items: readonly T[], bulk: Bulk<T> | undefined) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [picks, setPicks] = useState(false);
  const chosen = useMemo(() => items.filter(({ id }) => ids.has(id)), [items, ids]);
  // A phone that is turned shows boxes, and shows what was chosen when it is turned back.
  const picking = narrow.value && (picks || chosen.length > 0);
  const selection: Selection<T> | undefined = bulk && {
    picking,
    chosen: new Set(chosen.map(({ id }) => id)),
    name: bulk.name,
    toggle: (id) => {
      const next = new Set(ids);
      if (!next.delete(id)) next.add(id);
      setIds(next);
    },
    toggleAll: () => setIds(chosen.length >= items.length ? new Set() : new Set(items.map(({ id }) => id))),
  };
  const clear = (): void => {
    setIds(new Set());
    setPicks(false);
  };
  return { chosen, selection, picking: { picking, pick: () => setPicks(true), clear } };
}

/** The table's state: order in the address, columns in the browser, selection while it is shown. */
export function useTable<T extends { id: string }>(
  name: string,
  columns: readonly Column<T>[],
  items: readonly T[],
  bulk?: Bulk<T>,
) {
  const away = hiddenOf(name);
  const shown = useMemo(
    () => columns.filter(({ title }, index) => index === 0 || !away.includes(title)),
    [columns, away],
  );
  const asked = filter("sort");
  const { by, down } = readSort(asked);
  const sort = columns.find(({ title }) => title === by)?.sort;
  const ordered = useMemo(() => (sort === undefined ? items : sorted(items, sort, down)), [items, sort, down]);
  const sorting: Sorting = {
    by: sort === undefined ? "" : by,
    down,
    onSort: (title) => setFilter({ sort: nextSort(asked, title) }),
  };
  const { chosen, selection, picking } = useChosen(ordered, bulk);
  const toggleAll = (): void => selection?.toggleAll();
  const bar = { name, all: columns, away, chosen, rows: ordered.length, toggleAll, ...picking };
  return { items: ordered, columns: shown, sorting, selection, bar };
}

interface TableBarProps<T> extends Omit<ComponentProps<typeof BulkBar<T>>, "bulk"> {
  name: string;
  all: readonly Column<T>[];
  away: readonly string[];
  bulk: Bulk<T> | undefined;
  children?: ComponentChildren;
}

/** Above a table: the actions for selected rows, or the choice of columns. */
export function TableBar<T>({ name, all, away, bulk, children, ...choice }: TableBarProps<T>) {
  // On a phone the width decides which columns are shown.
  if (narrow.value && bulk === undefined && children === undefined) return null;
  return (
    <div class={styles.bar}>
      {bulk === undefined ? <span /> : <BulkBar bulk={bulk} {...choice} />}
      <div class={`row ${styles.tools}`}>
        {children}
        <Menu
          label={
            <>
              <Columns3 aria-hidden="true" size={16} />
              <span class={styles.word}>Columns</span>
            </>
          }
          name="Columns"
        >
          {() =>
            all.slice(1).map(({ title }) => (
              <label key={title} class="tick">
                <input
                  type="checkbox"
                  checked={!away.includes(title)}
                  onChange={(event) => show(name, title, event.currentTarget.checked)}
                />
                {title}
              </label>
            ))
          }
        </Menu>
      </div>
    </div>
  );
}
