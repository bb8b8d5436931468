// Controls that are told what they hold, with what is wrong with it beside them and, where a text has bounds,
// how long it is.

import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { Field } from "./field.js";
import { number } from "./format.js";

/** How long something may be. */
export interface Bounds {
  min?: number | undefined;
  max?: number | undefined;
}

interface CheckedProps {
  label: string;
  hint?: ComponentChildren;
  error?: string | undefined;
}

type TextBoxProps = CheckedProps &
  Bounds & {
    value: string;
    onValue: (value: string) => void;
    /** Lines, for more than one. */
    rows?: number | undefined;
    type?: "text" | "tel" | "email" | "url" | "search" | "number" | undefined;
    placeholder?: string | undefined;
    /** Said to those who listen; the form's own checks say what is missing. */
    required?: boolean | undefined;
    /** Code, addresses: letters of one width. */
    mono?: boolean | undefined;
    /** Where a dialog begins. */
    first?: boolean | undefined;
  };

/** A text. */
export function TextBox({
  value,
  onValue,
  rows,
  type = "text",
  placeholder,
  required,
  mono = false,
  first = false,
  min,
  max,
  ...field
}: TextBoxProps) {
  const bounded = type !== "number" && (min !== undefined || max !== undefined);
  return (
    <Field {...field} beside={bounded && <Length of={value} min={min} max={max} />}>
      {(control) => {
        const shared = {
          ...control,
          value,
          placeholder,
          class: mono ? "mono" : "",
          spellcheck: mono ? false : undefined,
          "aria-required": required,
          autofocus: first,
        };
        return rows === undefined ? (
          <input
            {...shared}
            {...kindOf(type)}
            autocomplete="off"
            onInput={(event) => onValue(event.currentTarget.value)}
          />
        ) : (
          <textarea {...shared} dir="auto" rows={rows} onInput={(event) => onValue(event.currentTarget.value)} />
        );
      }}
    </Field>
  );
}

/** The browser's own checks would stop a form before it can say what is wrong in its own words; its keyboards are kept. */
function kindOf(type: string): { type: string; inputMode?: "url" | "email"; step?: "any" } {
  if (type === "url" || type === "email") return { type: "text", inputMode: type };
  return type === "number" ? { type, step: "any" } : { type };
}

/** How much there is of what is asked for: `12 of at least 40`. */
function Length({ of, min = 0, max }: { of: string } & Bounds) {
  const length = of.trim().length;
  const ok = length >= min && (max === undefined || length <= max);
  const asked = length < min ? ` of at least ${number(min)}` : max === undefined ? "" : ` of at most ${number(max)}`;
  return (
    <span class="measure" data-ok={ok}>
      {number(length)}
      {asked}
    </span>
  );
}

interface Choice {
  value: string;
  label: string;
}

type ChoiceBoxProps = CheckedProps & {
  value: string;
  onValue: (value: string) => void;
  options: readonly Choice[];
  /** Rows in sight, for a list that stays open. */
  size?: number | undefined;
};

/** A choice. */
export function ChoiceBox({ value, onValue, options, size, ...field }: ChoiceBoxProps) {
  return (
    <Field {...field}>
      {(control) => (
        <select {...control} value={value} size={size} onChange={(event) => onValue(event.currentTarget.value)}>
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

type TickBoxProps = {
  label: string;
  hint?: string | undefined;
  checked: boolean;
  onValue: (checked: boolean) => void;
  disabled?: boolean;
};

/** A tick. */
export function TickBox({ label, hint, checked, onValue, disabled = false }: TickBoxProps) {
  const id = useId();
  return (
    <div class="tick-field">
      <div class="tick">
        <input
          id={id}
          type="checkbox"
          checked={checked}
          disabled={disabled}
          aria-describedby={hint === undefined ? undefined : `${id}-hint`}
          onChange={(event) => onValue(event.currentTarget.checked)}
        />
        <label for={id}>{label}</label>
      </div>
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
