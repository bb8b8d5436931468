// Several of a few words, with how many may be chosen.

import { useId } from "preact/hooks";
import { words } from "../../ui/format.js";
import styles from "./registration.module.css";

interface TickGroupProps {
  label: string;
  values: readonly string[];
  chosen: readonly string[];
  most?: number;
  error: string | undefined;
  onChange: (chosen: readonly string[]) => void;
}

/** The ticks. When as many are chosen as may be, the others wait. */
export function TickGroup({ label, values, chosen, most, error, onChange }: TickGroupProps) {
  const id = useId();
  const full = most !== undefined && chosen.length >= most;
  return (
    <fieldset
      class={error === undefined ? "field" : "field wrong"}
      aria-describedby={error === undefined ? undefined : `${id}-error`}
    >
      <legend class="field-head">
        {label}
        {most !== undefined && (
          <span class="measure" data-ok={chosen.length > 0}>
            {chosen.length} of at most {most}
          </span>
        )}
      </legend>
      <div class={styles.ticks}>
        {values.map((value, place) => {
          const on = chosen.includes(value);
          return (
            <label key={value} class="tick">
              <input
                type="checkbox"
                checked={on}
                disabled={full && !on}
                aria-invalid={error !== undefined && place === 0 ? true : undefined}
                onChange={() => onChange(on ? chosen.filter((one) => one !== value) : [...chosen, value])}
              />
              {words(value)}
            </label>
          );
        })}
      </div>
      {error !== undefined && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </fieldset>
  );
}
