// Keys that work in every view: the palette, the search of a view, navigation. Text pasted outside of a field is
// searched for.

import { signal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
import { isCovered, isTaken } from "../ui/keys.js";
import { go, path } from "./location.js";
import type { Route } from "./routes.js";

/** What is open, and its initial text: with `pasted`, a single match is opened immediately. */
export const palette = signal<{ typed: string; pasted: boolean } | undefined>(undefined);
export const helpOpen = signal(false);

// A step back leads to another view, which they would cover.
path.subscribe(() => {
  palette.value = undefined;
  helpOpen.value = false;
});

/** Milliseconds between `g` and the key of a view. */
const PATIENCE = 1200;
/** Longer texts are not searched for. */
const LONGEST = 120;

/** Opens the palette. */
export function openPalette(typed = "", pasted = false): void {
  palette.value = { typed, pasted };
}

/** The search of the current view, or the palette if it has none. */
function search(): void {
  const box = document.querySelector<HTMLInputElement>(
    "main [role=search] input[type=search], main input[type=search]",
  );
  if (box === null) openPalette();
  else {
    box.focus();
    box.select();
  }
}

/** Listens for as long as the console is shown. */
export function useShortcuts(routes: readonly Route[]): void {
  useLayoutEffect(() => {
    let going = Number.NEGATIVE_INFINITY;
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.altKey) return;
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        if (palette.peek() !== undefined) palette.value = undefined;
        else if (!isCovered()) openPalette();
        return;
      }
      if (event.metaKey || event.ctrlKey) return;
      const opening = palette.peek();
      if (opening !== undefined && !isCovered()) {
        // The palette is loading: it gets what is typed meanwhile.
        if (event.key.length === 1) palette.value = { ...opening, typed: opening.typed + event.key };
        event.preventDefault();
        return;
      }
      if (isTaken(event) || isCovered()) return;
      const to = event.timeStamp - going < PATIENCE ? routes.find(({ key }) => key === event.key) : undefined;
      going = event.key === "g" ? event.timeStamp : Number.NEGATIVE_INFINITY;
      if (to !== undefined) go(to.path);
      else if (event.key === "/") search();
      else if (event.key === "?") helpOpen.value = true;
      else return;
      event.preventDefault();
    };
    const paste = (event: ClipboardEvent): void => {
      const { target } = event;
      const typing = target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
      const text = event.clipboardData?.getData("text/plain").trim() ?? "";
      if (typing || isCovered() || text === "" || text.length > LONGEST || text.includes("\n")) return;
      event.preventDefault();
      openPalette(text, true);
    };
    // Before the keys of a view: it could use the second key of a pair itself.
    addEventListener("keydown", press, true);
    addEventListener("paste", paste);
    return () => {
      removeEventListener("keydown", press, true);
      removeEventListener("paste", paste);
    };
  }, [routes]);
}
