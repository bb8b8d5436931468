// A search whose words live in the address: written there when whoever types pauses.

import { useEffect, useRef, useState } from "preact/hooks";
import { filter, setFilter } from "../app/location.js";
import { Input } from "./field.js";

/** Milliseconds without a key after which the search begins. */
const PAUSE = 300;

interface SearchProps {
  label: string;
  /** Its name in the address. */
  name: string;
  placeholder?: string;
  hint?: string;
  maxLength?: number;
  /** What the API calls it. */
  field?: string;
  inputMode?: "numeric" | "search";
}

/** A labelled search field. */
export function Search({ name, ...rest }: SearchProps) {
  const [typed, setTyped] = useState(() => filter(name));
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const kept = filter(name);
  useEffect(() => {
    // Changed from elsewhere, by a link or a button, and not by what is being typed.
    if (timer.current === undefined) setTyped(kept);
  }, [kept]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const write = (value: string): void => {
    clearTimeout(timer.current);
    timer.current = undefined;
    if (value.trim() !== filter(name)) setFilter({ [name]: value.trim() });
  };
  const input = (value: string): void => {
    setTyped(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => write(value), PAUSE);
  };
  return (
    <Input
      type="search"
      value={typed}
      onInput={(event) => input(event.currentTarget.value)}
      // Who goes on to a button, or sends the form with Enter, means what stands there.
      onChange={(event) => write(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter") write(event.currentTarget.value);
      }}
      {...rest}
    />
  );
}
