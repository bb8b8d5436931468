// A few choices side by side: radio buttons that look like one control.

import { useId } from "preact/hooks";
import styles from "./choices.module.css";

interface ChoicesProps<T extends string> {
  /** What is chosen, for screen readers. */
  label: string;
  options: readonly { value: T; label: string }[];
  value: T;
  onValue: (value: T) => void;
}

/** The choice. */
export function Choices<T extends string>({ label, options, value, onValue }: ChoicesProps<T>) {
  const name = useId();
  return (
    <div class={styles.choices} role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onValue(option.value)}
          />
          {option.label}
        </label>
      ))}
    </div>
  );
}
