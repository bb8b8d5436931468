// A dialog on the platform's own element, which keeps the focus inside and closes with Escape.

import { X } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { guardLeaving } from "../app/location.js";
import { useTyped } from "./typed.js";

/** Puts the focus where one begins to fill in, instead of on the button that closes. */
export const beginIn = (dialog: Element): void =>
  dialog.querySelector<HTMLElement>("[autofocus], input, select, textarea")?.focus();

/** A modal dialog, open as long as it is mounted. */
export function Dialog(props: {
  title: string;
  onClose: () => void;
  wide?: boolean;
  class?: string | undefined;
  children: ComponentChildren;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  const typed = useTyped(ref);
  /** What waits for whether it is discarded. */
  const [asking, ask] = useState<((discarded: boolean) => void) | undefined>(undefined);
  /** The press that a click ends began beside the dialog: a selection that is dragged out of a field is no click. */
  const beside = useRef(false);
  const close = (): void => {
    if (typed()) ask(() => () => {});
    else props.onClose();
  };
  const answer = (discarded: boolean): void => {
    ask(undefined);
    if (discarded) props.onClose();
    asking?.(discarded);
  };
  useLayoutEffect(() => {
    const open = guardLeaving({
      // What the page itself does comes from the dialog.
      holds: ({ browser }) => browser && typed(),
      ask: () => new Promise((settle) => ask(() => settle)),
    });
    const warn = (event: BeforeUnloadEvent): void => {
      if (typed()) event.preventDefault();
    };
    addEventListener("beforeunload", warn);
    return () => {
      open();
      removeEventListener("beforeunload", warn);
    };
  }, []);
  // Before the next event, so that what is typed at once goes into the dialog and not into the view behind it.
  useLayoutEffect(() => {
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
      class={[props.wide === true && "wide", props.class].filter(Boolean).join(" ")}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClose={() => {
        // A browser lets a page refuse Escape once, and closes at the next one whatever the page says.
        if (ref.current === null || ref.current.open) return;
        ref.current.showModal();
        ref.current.querySelector<HTMLElement>(".unsure button")?.focus();
        close();
      }}
      onPointerDown={(event) => (beside.current = event.target === ref.current)}
      onClick={(event) => {
        // The second click of a double click does not mean to close: the first one may have made the dialog smaller.
        if (event.target === ref.current && beside.current && event.detail < 2) close();
      }}
    >
      <div class="dialog-body">
        <header class="row between">
          <h2 id={id}>{props.title}</h2>
          <button type="button" class="icon" aria-label="Close" onClick={close}>
            <X aria-hidden="true" size={18} />
          </button>
        </header>
        {asking && <Discard keep={() => answer(false)} discard={() => answer(true)} />}
        {props.children}
      </div>
    </dialog>
  );
}

/** Asked in the dialog itself, so that what was typed stays in sight. */
function Discard({ keep, discard }: { keep: () => void; discard: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => button.current?.focus(), []);
  return (
    <div class="problem unsure" role="alert">
      <p>
        <strong>Discard what you have entered?</strong>
      </p>
      <div class="row">
        <button type="button" ref={button} onClick={keep}>
          Keep editing
        </button>
        <button type="button" class="danger" onClick={discard}>
          Discard
        </button>
      </div>
    </div>
  );
}
