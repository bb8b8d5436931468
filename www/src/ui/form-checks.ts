// The checks that HTML declares on the controls of a form, told at the field in the console's own words instead of the
// browser's bubbles.

import { sameField } from "./error-words.js";
import { type FieldErrors, NotYet } from "./field-errors.js";

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const controlsOf = (form: HTMLFormElement): Control[] =>
  [...form.querySelectorAll<Control>("input, textarea, select")].filter(({ disabled }) => !disabled);

/** Throws what is wrong, by field. A control that shows no errors by itself has the browser's bubble. */
export function checkFields(form: HTMLFormElement): void {
  const errors: Record<string, string> = {};
  for (const control of controlsOf(form)) {
    if (control.validity.valid) continue;
    const { field } = control.dataset;
    if (field !== undefined) errors[field] = wordsFor(control);
    else control.reportValidity();
    if (field === undefined) throw new NotYet({ [control.name]: wordsFor(control) });
  }
  if (Object.keys(errors).length > 0) throw new NotYet(errors);
}

function wordsFor({ validity, validationMessage, type, title }: Control): string {
  if (validity.valueMissing) return type === "select-one" ? "Choose one." : "This is required.";
  if (validity.typeMismatch)
    return type === "email" ? "An email address, as in ana@example.com." : "An address, as in https://example.com.";
  if (validity.patternMismatch && title !== "") return title;
  return validationMessage;
}

/** Of what was found, that which a control of the form can show, by the field's name in one spelling. */
export function markable(form: HTMLFormElement, errors: FieldErrors): FieldErrors {
  const fields = new Set(
    controlsOf(form).flatMap(({ dataset }) => (dataset.field === undefined ? [] : [sameField(dataset.field)])),
  );
  return Object.fromEntries(
    Object.entries(errors).flatMap(([name, words]) => (fields.has(sameField(name)) ? [[sameField(name), words]] : [])),
  );
}
