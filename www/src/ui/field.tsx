// A labelled control with its hint. The control inside takes the id that it is given.

import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

/** Label, control, hint. */
export function Field(props: {
  label: string;
  hint?: string;
  children: (id: string, describedBy: string | undefined) => ComponentChildren;
}) {
  const id = useId();
  const hint = props.hint === undefined ? undefined : `${id}-hint`;
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      {props.children(id, hint)}
      {props.hint !== undefined && (
        <p class="hint" id={hint}>
          {props.hint}
        </p>
      )}
    </div>
  );
}

type InputProps = Omit<JSX.IntrinsicElements["input"], "label" | "id"> & { label: string; hint?: string };

/** A labelled input. */
export function Input({ label, hint, ...rest }: InputProps) {
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })}>
      {(id, describedBy) => <input id={id} aria-describedby={describedBy} autocomplete="off" {...rest} />}
    </Field>
  );
}

type AreaProps = Omit<JSX.IntrinsicElements["textarea"], "label" | "id"> & { label: string; hint?: string };

/** A labelled text of several lines. */
export function Area({ label, hint, ...rest }: AreaProps) {
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })}>
      {(id, describedBy) => <textarea id={id} aria-describedby={describedBy} rows={4} {...rest} />}
    </Field>
  );
}

/** One choice. */
export interface Option {
  value: string;
  label: string;
}

type SelectProps = Omit<JSX.IntrinsicElements["select"], "label" | "id"> & {
  label: string;
  hint?: string;
  options: readonly Option[];
};

/** A labelled choice. */
export function Select({ label, hint, options, value, ...rest }: SelectProps) {
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })}>
      {(id, describedBy) => (
        <select id={id} aria-describedby={describedBy} value={value} {...rest}>
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
