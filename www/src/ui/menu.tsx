// A button that opens a few choices below it. Arrow keys go through them. It closes with Escape, when the focus
// leaves or something else is pressed, and after a choice, which gives the focus back to the button.

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

interface MenuProps {
  label: ComponentChildren;
  /** For screen readers, if the label is an icon. */
  name?: string;
  children: (close: () => void) => ComponentChildren;
}

/** By key, the place to go to among so many, from the one where the focus is; -1 is the button. */
const MOVES: Record<string, (at: number, count: number) => number> = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (at <= 0 ? count - 1 : at - 1),
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** The menu. */
export function Menu({ label, name, children }: MenuProps) {
  const menu = useRef<HTMLDetailsElement>(null);
  // A closed menu is not in the document: its labels could be mistaken for those of other controls.
  const [isOpen, setOpen] = useState(false);
  /** The key that opened it, which then goes to a choice. */
  const opener = useRef<string>();
  const close = (): void => {
    if (menu.current !== null) menu.current.open = false;
    menu.current?.querySelector("summary")?.focus();
  };
  const move = (key: string): void => {
    const choices = [...(menu.current?.querySelectorAll<HTMLElement>(".menu-items :is(a, button, input)") ?? [])];
    const at = choices.indexOf(document.activeElement as HTMLElement);
    choices[MOVES[key]?.(at, choices.length) ?? at]?.focus();
  };
  useLayoutEffect(() => {
    if (isOpen && opener.current !== undefined) move(opener.current);
    opener.current = undefined;
  }, [isOpen]);
  useEffect(() => {
    if (!isOpen) return;
    // Most of a page takes no focus, so that no focus leaves when it is pressed.
    const press = ({ target }: Event): void => {
      if (menu.current?.contains(target as Node) === false) menu.current.open = false;
    };
    addEventListener("pointerdown", press);
    return () => removeEventListener("pointerdown", press);
  }, [isOpen]);
  return (
    <details
      class="menu"
      ref={menu}
      onToggle={() => setOpen(menu.current?.open === true)}
      onKeyDown={(event) => {
        const open = menu.current?.open === true;
        if (event.key === "Escape" && open) close();
        else if (event.key in MOVES && (open || event.key.startsWith("Arrow"))) {
          event.preventDefault();
          if (menu.current !== null) menu.current.open = true;
          if (isOpen) move(event.key);
          else opener.current = event.key;
        }
      }}
      onFocusOut={(event) => {
        if (event.relatedTarget instanceof Node && !menu.current?.contains(event.relatedTarget) && menu.current)
          menu.current.open = false;
      }}
    >
      <summary aria-label={name}>{label}</summary>
      {isOpen && (
        // A press between the choices stays inside. It would go to what the menu is in, and Chromium 156 ends the page if that
        // closes it.
        <div class="menu-items" tabIndex={-1}>
          {children(close)}
        </div>
      )}
    </details>
  );
}
