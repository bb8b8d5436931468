// The active filters, each with a button that removes it, and saved views: a name and an address each.

import { signal } from "@preact/signals";
import { BookmarkPlus, X } from "lucide-preact";
import { useState } from "preact/hooks";
import { filter, path, setFilter } from "../app/location.js";
import { Form, text } from "./action.js";
import { Dialog } from "./dialog.js";
import { Input } from "./field.js";
import styles from "./filter-chips.module.css";

/** An active filter. */
export interface Chip {
  name: string;
  value: string;
  /** Removes it. */
  clear: Record<string, string>;
}

interface SavedView {
  name: string;
  /** As it is in the address. */
  query: string;
}

const MOST = 12;
const keptAs = (view: string): string => `agentphone-views-${view}`;
const saved = signal<Readonly<Record<string, readonly SavedView[]>>>({});

function savedOf(view: string): readonly SavedView[] {
  const known = saved.value[view];
  if (known !== undefined) return known;
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keptAs(view)) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isSaved) : [];
  } catch {
    return [];
  }
}

const isSaved = (one: unknown): one is SavedView =>
  typeof one === "object" && one !== null && "name" in one && "query" in one && typeof one.query === "string";

function keep(view: string, views: readonly SavedView[]): void {
  saved.value = { ...saved.peek(), [view]: views };
  localStorage.setItem(keptAs(view), JSON.stringify(views));
}

interface FilterChipsProps {
  /** Which list it is, e.g. `calls`. */
  view: string;
  chips: readonly Chip[];
  clearAll: () => void;
  /** The filters as the address has them. */
  names: readonly string[];
}

/** The row; nothing if there are no active filters and no saved views. */
export function FilterChips({ view, chips, clearAll, names }: FilterChipsProps) {
  const [naming, setNaming] = useState(false);
  const views = savedOf(view);
  const query = new URLSearchParams(
    [...names, "sort"].flatMap((name) => (filter(name) === "" ? [] : [[name, filter(name)]])),
  ).toString();
  if (chips.length === 0 && views.length === 0) return null;
  const isKept = views.some((one) => one.query === query);
  return (
    <div class={styles.row}>
      {views.map((one) => (
        <span key={one.name} class={styles.view} data-current={one.query === query}>
          <a href={`#${path.value}?${one.query}`} aria-current={one.query === query ? "true" : undefined}>
            {one.name}
          </a>
          <button
            type="button"
            class="icon"
            aria-label={`Forget the view ${one.name}`}
            onClick={() =>
              keep(
                view,
                views.filter((other) => other !== one),
              )
            }
          >
            <X aria-hidden="true" size={13} />
          </button>
        </span>
      ))}
      {chips.map(({ name, value, clear }) => (
        <span key={name} class={styles.chip}>
          <span>
            <span class="muted">{name}:</span> {value}
          </span>
          <button type="button" class="icon" aria-label={`Remove the filter ${name}`} onClick={() => setFilter(clear)}>
            <X aria-hidden="true" size={13} />
          </button>
        </span>
      ))}
      {chips.length > 0 && !isKept && (
        <button type="button" class="link small" onClick={() => setNaming(true)}>
          <BookmarkPlus aria-hidden="true" size={14} />
          Save view
        </button>
      )}
      {chips.length > 0 && (
        <button type="button" class="link small" onClick={clearAll}>
          Reset
        </button>
      )}
      {naming && (
        <Dialog title="Save view" onClose={() => setNaming(false)}>
          <Form
            action="Save"
            submit={async (data) => {
              const name = text(data, "name");
              if (name === "") throw new Error("Give the view a name.");
              keep(view, [...views.filter((one) => one.name !== name), { name, query }].slice(-MOST));
              setNaming(false);
            }}
          >
            <Input label="Name" name="name" maxLength={40} placeholder="Failed this week" />
          </Form>
          <p class="hint">It is stored in this browser. To share it, send the address of the page.</p>
        </Dialog>
      )}
    </div>
  );
}
