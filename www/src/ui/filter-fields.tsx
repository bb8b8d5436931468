// The fields by which a table is filtered. On a phone they would take the screen that the rows need: all but the search
// fold away behind a button.

import { ListFilter } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import styles from "./filter-fields.module.css";
import { narrow } from "./narrow.js";

interface FilterFieldsProps {
  /** What it is for, e.g. `Filter the calls`. */
  label: string;
  /** The heading of what is filtered; on a phone it shares its row with the button. */
  heading?: string;
  class?: string | undefined;
  children: ComponentChildren;
}

/** The fields. */
export function FilterFields({ label, heading, class: own, children }: FilterFieldsProps) {
  const [open, unfold] = useState(false);
  const names = ["filters", styles.fields, !open && styles.folded, own].filter((name) => typeof name === "string");
  return (
    <div class={names.join(" ")} role="search" aria-label={label}>
      {heading !== undefined && <h2>{heading}</h2>}
      {children}
      {narrow.value && (
        <button type="button" aria-expanded={open} onClick={() => unfold(!open)}>
          <ListFilter aria-hidden="true" size={16} />
          Filters
        </button>
      )}
    </div>
  );
}
