// Asks before something that cannot be taken back, or that costs money on a real account.

import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { isLive } from "../session/session.js";
import { Dialog } from "../ui/dialog.js";
import { money } from "../ui/format.js";
import { guardLeaving } from "./location.js";

interface Question {
  title: string;
  body: ComponentChildren;
  /** The word on the button. */
  action: string;
  danger?: boolean;
}

const asked = signal<{ question: Question; answer: (yes: boolean) => void } | undefined>(undefined);

/** Whether a question waits for its answer. */
export const asking = (): boolean => asked.value !== undefined;

/** Asks; true for yes. Anything else than the button means no. */
export function confirm(question: Question): Promise<boolean> {
  asked.peek()?.answer(false);
  return new Promise((answer) => (asked.value = { question, answer }));
}

/**
 * Asks before money is spent on a real account; on a sandbox it goes on, because nothing there costs any.
 *
 * @param what What is done, as a sentence without a full stop, e.g. `Buy a number in area code 415`.
 * @param cost What it costs, in words or in cents.
 */
export async function spend(what: string, cost: string | number): Promise<boolean> {
  if (!isLive()) return true;
  const price = typeof cost === "number" ? money(cost) : cost;
  return confirm({
    title: `${what}?`,
    body: <p>This is a real account: it costs {price}, and cannot be taken back.</p>,
    action: "Yes, do it",
  });
}

/** Answers what is asked. */
function close(yes: boolean): void {
  const current = asked.peek();
  asked.value = undefined;
  current?.answer(yes);
}

/** Where the question is shown; once in the page. */
export function Confirmation() {
  const current = asked.value;
  const open = current !== undefined;
  useLayoutEffect(() => {
    if (!open) return;
    // A step back means no: the question would stand over another view.
    const ask = (): Promise<boolean> => {
      close(false);
      return Promise.resolve(false);
    };
    return guardLeaving({ holds: ({ browser }) => browser, ask });
  }, [open]);
  if (current === undefined) return null;
  const { question } = current;
  return (
    <Dialog title={question.title} onClose={() => close(false)}>
      {question.body}
      <div class="row end">
        <button type="button" onClick={() => close(false)}>
          Cancel
        </button>
        <button type="button" class={question.danger === true ? "danger" : "primary"} onClick={() => close(true)}>
          {question.action}
        </button>
      </div>
    </Dialog>
  );
}
