// Placing a call from anywhere: the dialog, whose form is loaded with the first one.

import { signal } from "@preact/signals";
import { Dialog } from "../ui/dialog.js";
import { lazy } from "./lazy.js";
import { path } from "./location.js";
import type { Start } from "./place-call-form.js";

const open = signal<Start | undefined>(undefined);
const PlaceCall = lazy(() => import("./place-call-form.js"), "the form");

// What was typed has been asked about by then.
path.subscribe(() => (open.value = undefined));

/** Opens the form. */
export function openPlaceCall(start: Start = {}): void {
  open.value = start;
}

/** The form, when it is open; once in the page. */
export function PlaceCallDialog() {
  if (open.value === undefined) return null;
  const close = (): void => (open.value = undefined);
  return (
    <Dialog title="Place a call" onClose={close}>
      <PlaceCall start={open.value} done={close} />
    </Dialog>
  );
}
