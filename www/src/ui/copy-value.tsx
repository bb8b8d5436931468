// A small button that copies the value next to it; in a table, it is visible when the pointer or the focus is in the row.

import { Check, Copy } from "lucide-preact";
import { useState } from "preact/hooks";
import styles from "./table.module.css";

/** Milliseconds for which "Copied" is shown. */
const TOLD = 1500;

/** The button. `what`: what the value is, for screen readers. */
export function CopyValue({ value, what }: { value: string; what: string }) {
  const [copied, tell] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(value);
    tell(true);
    setTimeout(() => tell(false), TOLD);
  };
  const Icon = copied ? Check : Copy;
  return (
    <button
      type="button"
      class={`icon ${styles.copy}`}
      aria-label={copied ? "Copied" : `Copy ${what.toLowerCase()}`}
      onClick={() => void copy()}
    >
      <Icon aria-hidden="true" size={14} />
    </button>
  );
}
