// Examples of the texts: two to five, each long enough to tell a reviewer something.

import { Plus, Trash2 } from "lucide-preact";
import { TextBox } from "../../ui/checked-field.js";
import type { FieldErrors } from "../../ui/field-errors.js";
import { BOUNDS } from "./draft.js";
import styles from "./registration.module.css";

interface SamplesProps {
  samples: readonly string[];
  errors: FieldErrors;
  onChange: (samples: readonly string[]) => void;
}

/** The list. */
export function Samples({ samples, errors, onChange }: SamplesProps) {
  const { min, max } = BOUNDS.samples;
  // The API may complain of the list as such.
  const ofAll = samples.some((_, place) => errors[`message_samples.${place}`] !== undefined)
    ? undefined
    : errors.message_samples;
  return (
    <fieldset class="field stack">
      <legend class="field-head">
        Examples of your texts
        <span class="measure" data-ok="true">
          {samples.length} of at most {max}
        </span>
      </legend>
      {ofAll !== undefined && <p class="field-error">{ofAll}</p>}
      {samples.map((sample, place) => (
        <div key={place} class={styles.sample}>
          <TextBox
            label={`Example ${place + 1}`}
            required
            rows={2}
            {...BOUNDS.sample}
            value={sample}
            error={errors[`message_samples.${place}`]}
            placeholder={place === 0 ? "Your order is ready to be picked up." : undefined}
            onValue={(text) => onChange(samples.map((old, other) => (other === place ? text : old)))}
          />
          {samples.length > min && (
            <button
              type="button"
              class="icon"
              aria-label={`Take away example ${place + 1}`}
              onClick={() => onChange(samples.filter((_, other) => other !== place))}
            >
              <Trash2 aria-hidden="true" size={16} />
            </button>
          )}
        </div>
      ))}
      {samples.length < max && (
        <div class="row">
          <button type="button" onClick={() => onChange([...samples, ""])}>
            <Plus aria-hidden="true" size={16} />
            Another example
          </button>
        </div>
      )}
    </fieldset>
  );
}
