// A dialog on the platform's own element, which keeps the focus inside and closes with Escape.

import { X } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

/** Puts the focus where one begins to fill in, instead of on the button that closes. */
export const beginIn = (dialog: Element): void =>
  dialog.querySelector<HTMLElement>("[autofocus], input, select, textarea")?.focus();

/** A modal dialog, open as long as it is mounted. */
export function Dialog(props: { title: string; onClose: () => void; wide?: boolean; children: ComponentChildren }) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    dialog?.showModal();
    if (dialog) beginIn(dialog);
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it as well, by onCancel
    <dialog
      ref={ref}
      aria-labelledby={id}
      class={props.wide === true ? "wide" : ""}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
      onClick={(event) => {
        if (event.target === ref.current) props.onClose();
      }}
    >
      <div class="dialog-body">
        <header class="row between">
          <h2 id={id}>{props.title}</h2>
          <button type="button" class="icon" aria-label="Close" onClick={props.onClose}>
            <X aria-hidden="true" size={18} />
          </button>
        </header>
        {props.children}
      </div>
    </dialog>
  );
}
