// What stands where data will be: waiting, nothing yet, failed.

import { AgentPhoneError, type AnyAgentPhoneError } from "agentphone-wasm";
import type { ComponentChildren } from "preact";
import { useSlow } from "./action.js";
import { Problem } from "./problem.js";

/** Shown while something is awaited, once it takes long enough to be noticed. */
export function Waiting({ what }: { what: string }) {
  const slow = useSlow(true);
  return (
    <p class={slow ? "waiting slow" : "waiting"} role="status">
      {slow ? `Loading ${what}…` : ""}
    </p>
  );
}

/** Where a table will be. `what`: its label. */
export const WaitingRows = ({ what }: { what: string }) => (
  <div class="waiting-rows">
    <Waiting what={what.toLowerCase()} />
  </div>
);

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

/** What has been read of one object, unless it is there no more: then nothing of it can be used any longer. */
export function unlessGone<T>(from: Result<T>): Result<T> & { seen?: boolean } {
  return isGone(from.error) ? { ...from, data: undefined, seen: from.data !== undefined } : from;
}

const isGone = (error: unknown): error is AnyAgentPhoneError => AgentPhoneError.is(error) && error.status === 404;

/** In the place of an object that is not there. `seen`: it was, before. */
function Gone({ code, seen, kind, list }: { code: string; seen: boolean; kind: string; list: string }) {
  return (
    <div role="alert" data-code={code}>
      <Empty title={seen ? `This ${kind} was deleted.` : `No ${kind} at this address.`}>
        <p>
          {!seen && "It was deleted, or it belongs to another account."} <code class="muted small">{code}</code>
        </p>
        <a href={`#${list}`}>All {kind}s</a>
      </Empty>
    </div>
  );
}

interface LoadedProps<T> {
  from: Result<T> & { seen?: boolean };
  what: string;
  /** Of one object: what it is, as a word, and where all of its kind are. */
  kind?: string;
  list?: string;
  children: (data: T) => ComponentChildren;
}

/** Data once it is there; until then that it is awaited, or why it cannot be had. Old data stays under a new problem. */
export function Loaded<T>({ from, what, kind, list = "/", children }: LoadedProps<T>) {
  if (kind !== undefined && isGone(from.error))
    return <Gone code={from.error.code} seen={from.seen === true} kind={kind} list={list} />;
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
