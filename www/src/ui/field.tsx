// A labelled control with its hint, and with what the form that it is in has found wrong with it.

import type { ComponentChildren, JSX } from "preact";
import { useContext, useId } from "preact/hooks";
import { sameField } from "./error-words.js";
import { FormErrors } from "./marked-fields.js";

interface Control {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
  "data-field": string | undefined;
}

interface FieldProps {
  label: string;
  hint?: ComponentChildren;
  /** What the API calls it, so that what it refuses of it is shown here. */
  field?: string | undefined;
  /** What is wrong with it, where the form does not say it by `field`. */
  error?: string | undefined;
  /** Beside the label. */
  beside?: ComponentChildren;
  children: (control: Control) => ComponentChildren;
}

/** Label, control, hint, and what is wrong with it. */
export function Field({ label, hint, field, error: own, beside, children }: FieldProps) {
  const id = useId();
  const errors = useContext(FormErrors);
  const error = field === undefined ? own : errors[sameField(field)];
  const described = [hint === undefined ? "" : `${id}-hint`, error === undefined ? "" : `${id}-error`].join(" ").trim();
  const name = <label for={id}>{label}</label>;
  return (
    <div class={error === undefined ? "field" : "field wrong"}>
      {beside ? (
        <div class="field-head">
          {name}
          {beside}
        </div>
      ) : (
        name
      )}
      {children({
        id,
        "aria-describedby": described === "" ? undefined : described,
        "aria-invalid": error === undefined ? undefined : true,
        "data-field": field,
      })}
      {error !== undefined && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

interface Own {
  label: string;
  hint?: string;
  /** What the API calls it, where that is not its name in the form. */
  field?: string;
}

type Props<Name extends "input" | "textarea" | "select"> = Omit<JSX.IntrinsicElements[Name], "label" | "id"> & Own;

const nameIn = (name: unknown): string | undefined => (typeof name === "string" ? name : undefined);

/** A labelled input. */
export function Input({ label, hint, field, ...rest }: Props<"input">) {
  return (
    <Field label={label} hint={hint} field={field ?? nameIn(rest.name)}>
      {(control) => <input {...control} autocomplete="off" {...rest} />}
    </Field>
  );
}

/** A labelled text of several lines. */
export function Area({ label, hint, field, ...rest }: Props<"textarea">) {
  return (
    <Field label={label} hint={hint} field={field ?? nameIn(rest.name)}>
      {(control) => <textarea {...control} dir="auto" rows={4} {...rest} />}
    </Field>
  );
}

/** One choice. */
export interface Option {
  value: string;
  label: string;
}

type SelectProps = Props<"select"> & { options: readonly Option[] };

/** A labelled choice. */
export function Select({ label, hint, field, options, value, ...rest }: SelectProps) {
  return (
    <Field label={label} hint={hint} field={field ?? nameIn(rest.name)}>
      {(control) => (
        <select {...control} value={value} {...rest}>
          {options.map((option) => (
            <option key={option.value} value={option.value} selected={option.value === value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
