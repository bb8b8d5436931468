// Buttons and forms that do something: busy while it is done, never twice at once, and what failed is shown.

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { asking } from "../app/confirm.js";
import { tellError } from "../app/notices.js";
import { beginIn } from "./dialog.js";
import { type FieldErrors, fieldErrors, showFirstError } from "./field-errors.js";
import { checkFields, markable } from "./form-checks.js";
import { FormErrors, MarkedFields } from "./marked-fields.js";
import { Problem } from "./problem.js";

/** Milliseconds after which one is told that it is still being done. */
const PATIENCE = 200;

/** Whether `busy` has lasted so long that it is worth showing. */
export function useSlow(busy: boolean): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!busy) return;
    const timer = setTimeout(() => setSlow(true), PATIENCE);
    return () => {
      clearTimeout(timer);
      setSlow(false);
    };
  }, [busy]);
  return slow;
}

interface ActionProps {
  /** What is done. A failure becomes a notice, unless it is caught in here. */
  run: () => Promise<unknown>;
  children: ComponentChildren;
  class?: string;
  disabled?: boolean;
  label?: string;
}

/** A button that does something. */
export function Action({ run, children, class: kind = "", disabled = false, label }: ActionProps) {
  const [busy, setBusy] = useState(false);
  // A question is not something that is being done.
  const slow = useSlow(busy && !asking());
  // What is drawn may lag behind: a second click can come before it.
  const running = useRef(false);
  const click = async (): Promise<void> => {
    // Not `disabled` while it is done: that would take the focus away from whoever uses the keyboard.
    if (running.current) return;
    running.current = true;
    setBusy(true);
    try {
      await run();
    } catch (error) {
      tellError(error);
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return (
    <button
      type="button"
      class={slow ? `${kind} busy` : kind}
      disabled={disabled}
      aria-busy={busy}
      aria-label={label}
      onClick={() => void click()}
    >
      {children}
    </button>
  );
}

interface FormProps {
  /** What is done with what was filled in. A failure is shown under the form. */
  submit: (data: FormData, form: HTMLFormElement) => Promise<unknown>;
  /** The word on the button. */
  action: ComponentChildren;
  children: ComponentChildren;
  class?: string | undefined;
  /** Beside the button. */
  beside?: ComponentChildren;
  label?: string;
}

/** A form with its button and its problems. */
export function Form({ submit, action, children, class: kind = "", beside, label }: FormProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(undefined);
  const [wrong, mark] = useState<FieldErrors>({});
  const slow = useSlow(busy);
  const form = useRef<HTMLFormElement>(null);
  const running = useRef(false);
  useLayoutEffect(() => {
    // A form that comes into an open dialog late: one begins in it, unless one already is somewhere else.
    const dialog = form.current?.closest("dialog[open]");
    if (document.activeElement?.matches("dialog, dialog [aria-label=Close]") === true && dialog) beginIn(dialog);
  }, []);
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (running.current || form.current === null) return;
    running.current = true;
    setBusy(true);
    setError(undefined);
    mark({});
    try {
      checkFields(form.current);
      await submit(new FormData(form.current), form.current);
    } catch (failure) {
      const found = markable(form.current, fieldErrors(failure));
      mark(found);
      if (Object.keys(found).length > 0) showFirstError(form.current);
      setError(failure);
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return (
    <form
      ref={form}
      class={kind}
      aria-label={label}
      onSubmit={(event) => void send(event)}
      noValidate
      onReset={() => {
        setError(undefined);
        mark({});
      }}
    >
      <FormErrors.Provider value={wrong}>{children}</FormErrors.Provider>
      <div class="row">
        <button type="submit" class={slow ? "primary busy" : "primary"} aria-busy={busy}>
          {action}
        </button>
        {beside}
      </div>
      <MarkedFields.Provider value={new Set(Object.keys(wrong))}>
        <Problem error={error} />
      </MarkedFields.Provider>
    </form>
  );
}

/** What was filled in, without spaces around it; empty for nothing. */
export function text(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === "string" ? value.trim() : "";
}
