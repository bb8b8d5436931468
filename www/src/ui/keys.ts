// Keys that work anywhere in a view, unless the user is typing or a dialog is open.

import { useLayoutEffect, useRef } from "preact/hooks";

/** By `KeyboardEvent.key`. */
export type Keys = Partial<Record<string, () => void>>;

/** Whether a key belongs to the focused element: text, a choice, a slider, and with Space or Enter a button or a link. */
export function isTaken({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest("input, textarea, select, [contenteditable], [role=slider]") !== null) return true;
  return (key === " " || key === "Enter") && target.closest("button, a, summary, [role=button]") !== null;
}

/** Whether a dialog is open, which has keys of its own. */
export const isCovered = (): boolean => document.querySelector("dialog[open]") !== null;

/** Listens while the component is shown. */
export function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  // Not after the next paint: the view before has already let go of its keys, and a press in between would be lost.
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const act = latest.current[event.key];
      if (act === undefined || isTaken(event) || isCovered()) return;
      event.preventDefault();
      act();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}
