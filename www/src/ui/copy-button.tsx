// A button with a word that copies a text.

import { Check, Copy } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** Milliseconds for which "Copied" is shown. */
const TOLD = 1500;

/** The button. A function is called when it is pressed, for a text that is costly to make. */
export function CopyButton({ value, children }: { value: string | (() => string); children: string }) {
  const [copied, tell] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(typeof value === "string" ? value : value());
    tell(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => tell(false), TOLD);
  };
  const Icon = copied ? Check : Copy;
  return (
    <button type="button" aria-label={copied ? "Copied" : children} onClick={() => void copy()}>
      <Icon aria-hidden="true" size={16} />
      <span role="status">{copied ? "Copied" : children}</span>
    </button>
  );
}
