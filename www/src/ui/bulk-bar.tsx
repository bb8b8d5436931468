// What can be done with the rows that are chosen. On a phone one begins with “Select”: then a tap on a row chooses it, and
// the actions are at the bottom of the screen, where the thumb is.

import { ListChecks, X } from "lucide-preact";
import { Action } from "./action.js";
import styles from "./bulk-bar.module.css";
import { count } from "./format.js";
import { narrow } from "./narrow.js";

/** What can be done with rows. */
export interface Bulk<T> {
  /** What a row is called. */
  name: (item: T) => string;
  /** What the rows are, e.g. `call`. */
  noun: string;
  actions: readonly {
    label: string;
    danger?: boolean;
    /** Whether it can be done with these. */
    fits?: (items: readonly T[]) => boolean;
    /** True when the selection should be cleared. */
    run: (items: readonly T[]) => Promise<boolean>;
  }[];
}

interface BulkBarProps<T> {
  bulk: Bulk<T>;
  chosen: readonly T[];
  /** Rows that can be chosen. */
  rows: number;
  /** Rows are being chosen by tapping them. */
  picking: boolean;
  pick: () => void;
  toggleAll: () => void;
  clear: () => void;
}

/** The actions, or on a phone the button that begins. */
export function BulkBar<T>({ picking, pick, ...rest }: BulkBarProps<T>) {
  if (picking) return <Picking {...rest} />;
  if (rest.chosen.length > 0) return <Chosen {...rest} />;
  if (!narrow.value) return <span />;
  return (
    <button type="button" onClick={pick}>
      <ListChecks aria-hidden="true" size={16} />
      Select
    </button>
  );
}

type Choice<T> = Omit<BulkBarProps<T>, "picking" | "pick">;

const Chosen = <T,>({ bulk, chosen, clear }: Choice<T>) => (
  <div class="row" role="group" aria-label="What to do with the selection">
    <strong role="status">{count(chosen.length, bulk.noun)} selected</strong>
    <Actions bulk={bulk} chosen={chosen} clear={clear} />
    <button type="button" class="link" onClick={clear}>
      Clear selection
    </button>
  </div>
);

const Picking = <T,>({ bulk, chosen, rows, toggleAll, clear }: Choice<T>) => (
  <div class={styles.bar} data-bulk="" role="group" aria-label="What to do with the selection">
    <div class={styles.head}>
      <strong role="status">
        {chosen.length === 0 ? `Tap each ${bulk.noun} to select it` : `${count(chosen.length, bulk.noun)} selected`}
      </strong>
      <button type="button" onClick={toggleAll}>
        {chosen.length >= rows ? "None" : "All"}
      </button>
      <button type="button" class="icon" aria-label="Stop selecting" onClick={clear}>
        <X aria-hidden="true" size={20} />
      </button>
    </div>
    {chosen.length > 0 && (
      <div class={styles.actions}>
        <Actions bulk={bulk} chosen={chosen} clear={clear} />
      </div>
    )}
  </div>
);

const Actions = <T,>({ bulk, chosen, clear }: Pick<Choice<T>, "bulk" | "chosen" | "clear">) => (
  <>
    {bulk.actions
      .filter(({ fits }) => fits?.(chosen) !== false)
      .map(({ label, danger, run }) => (
        <Action
          key={label}
          class={danger === true ? "danger" : ""}
          run={async () => {
            if (await run(chosen)) clear();
          }}
        >
          {label}
        </Action>
      ))}
  </>
);
