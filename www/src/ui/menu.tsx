// A button that opens a few choices below it. It closes with Escape, when the focus leaves, and after a choice.

import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";

interface MenuProps {
  label: ComponentChildren;
  /** For screen readers, if the label is an icon. */
  name?: string;
  children: (close: () => void) => ComponentChildren;
}

/** The menu. */
export function Menu({ label, name, children }: MenuProps) {
  const menu = useRef<HTMLDetailsElement>(null);
  // A closed menu is not in the document: its labels could be mistaken for those of other controls.
  const [isOpen, setOpen] = useState(false);
  const close = (): void => {
    if (menu.current !== null) menu.current.open = false;
  };
  return (
    <details
      class="menu"
      ref={menu}
      onToggle={() => setOpen(menu.current?.open === true)}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || menu.current?.open !== true) return;
        close();
        menu.current.querySelector("summary")?.focus();
      }}
      onFocusOut={(event) => {
        if (event.relatedTarget instanceof Node && !menu.current?.contains(event.relatedTarget)) close();
      }}
    >
      <summary aria-label={name}>{label}</summary>
      {isOpen && <div class="menu-items">{children(close)}</div>}
    </details>
  );
}
