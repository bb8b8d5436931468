// A row of a table that leads somewhere, and whose text can still be selected and copied.

import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { addressOf, go, placeShown } from "../app/location.js";

/** Milliseconds in which a second click makes a double click, which selects a word. */
const DOUBLE = 250;

let pending: ReturnType<typeof setTimeout> | undefined;

/** Whether a drag or a double click has selected text. */
const hasSelection = (): boolean => getSelection()?.isCollapsed === false;

interface Caret {
  node: Node;
  offset: number;
}

/** Where in the text the pointer is; absent in browsers that do not tell. */
function caretAt({ clientX, clientY }: PointerEvent): Caret | undefined {
  const found = document.caretPositionFromPoint?.(clientX, clientY);
  return found ? { node: found.offsetNode, offset: found.offset } : undefined;
}

/** The link of a row. Browsers drag a link instead of selecting its text, so dragging over it selects here. */
export function RowLink({ to, children }: { to: string; children: ComponentChildren }) {
  const from = useRef<Caret | undefined>(undefined);
  return (
    <a
      href={`#${to}`}
      draggable={false}
      // Neither the link nor what has just been selected of it.
      onDragStart={(event) => event.preventDefault()}
      onPointerDown={(event) => {
        if (event.pointerType !== "mouse" || event.button !== 0) return;
        // What was selected elsewhere must not hold this click back.
        getSelection()?.removeAllRanges();
        from.current = caretAt(event);
      }}
      onPointerMove={(event) => {
        const begin = from.current;
        const end = event.buttons === 1 && begin !== undefined ? caretAt(event) : undefined;
        if (begin && end) getSelection()?.setBaseAndExtent(begin.node, begin.offset, end.node, end.offset);
      }}
      onClick={(event) => {
        from.current = undefined;
        // The click that ends a drag. The keyboard's have no detail.
        if (event.detail > 0 && hasSelection()) event.preventDefault();
      }}
    >
      {children}
    </a>
  );
}

/** Opens what a row leads to, unless the click was meant for something in it or selects text. */
export function openRow(event: MouseEvent, to: string): void {
  clearTimeout(pending);
  const { target } = event;
  if (!(target instanceof Element) || target.closest("a, button, input, select, label") !== null) return;
  if (hasSelection() || event.detail > 1) return;
  if (event.ctrlKey || event.metaKey) {
    open(addressOf(to), "_blank", "noopener");
    return;
  }
  const place = placeShown();
  pending = setTimeout(() => {
    if (!hasSelection() && placeShown() === place) go(to);
  }, DOUBLE);
}
