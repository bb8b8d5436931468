// What stands where data will be: waiting, nothing yet, failed.

import type { ComponentChildren } from "preact";
import { useSlow } from "./action.js";
import { Problem } from "./problem.js";

/** Shown while something is awaited, once it takes long enough to be noticed. */
export function Waiting({ what }: { what: string }) {
  const slow = useSlow(true);
  return (
    <p class="waiting" role="status">
      {slow ? `Loading ${what}…` : ""}
    </p>
  );
}

/** Nothing there yet, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

interface Result<T> {
  data: T | undefined;
  error: unknown;
  refetch: () => unknown;
}

/** Data once it is there; until then that it is awaited, or why it cannot be had. Old data stays under a new problem. */
export function Loaded<T>({
  from,
  what,
  children,
}: {
  from: Result<T>;
  what: string;
  children: (data: T) => ComponentChildren;
}) {
  const problem = <Problem error={from.error} onRetry={() => void from.refetch()} />;
  if (from.data === undefined)
    return from.error === null || from.error === undefined ? <Waiting what={what} /> : problem;
  return (
    <>
      {problem}
      {children(from.data)}
    </>
  );
}
