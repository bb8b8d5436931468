// Code to copy, with a button that copies it.

import { Check, Copy } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import styles from "./code-block.module.css";

/** Milliseconds for which "Copied" is shown. */
const TOLD = 1500;

/** The block. `label` says what it is, for screen readers. */
export function CodeBlock({ code, label }: { code: string; label: string }) {
  const [copied, tell] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(code);
    tell(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => tell(false), TOLD);
  };
  return (
    <div class={styles.block}>
      <pre tabIndex={0} role="region" aria-label={label}>
        {code}
      </pre>
      <button
        type="button"
        class={styles.copy}
        aria-label={`${copied ? "Copied" : "Copy"}: ${label}`}
        onClick={() => void copy()}
      >
        {copied ? <Check aria-hidden="true" size={15} /> : <Copy aria-hidden="true" size={15} />}
        <span role="status">{copied ? "Copied" : "Copy"}</span>
      </button>
    </div>
  );
}
