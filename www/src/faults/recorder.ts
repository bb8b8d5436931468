// Writes down what the client does in one call, as its hooks tell it.

import type { Hooks } from "agentphone-wasm";

/** A request, and what came of it. */
export interface Attempt {
  kind: "attempt";
  number: number;
  /** Milliseconds since the run began. */
  at: number;
  /** HTTP status, once an answer was read. */
  status?: number;
  /** The code of the error, where it failed. */
  code?: string;
  /** Milliseconds from sending to answer or failure; absent while it is under way. */
  took?: number;
}

/** A pause between two attempts. */
export interface Wait {
  kind: "wait";
  at: number;
  /** Milliseconds that the client means to wait. */
  planned: number;
  /** Milliseconds that it did wait; absent while it waits. */
  took?: number;
}

export type Entry = Attempt | Wait;

/** Makes hooks that write it down and call `changed` after each event. */
export function record(changed: (entries: readonly Entry[]) => void): Hooks {
  const began = performance.now();
  const now = (): number => performance.now() - began;
  const entries: Entry[] = [];

  const close = (what: { status?: number; code?: string }): void => {
    const last = entries.at(-1);
    if (last?.kind !== "attempt") return;
    last.took ??= now() - last.at;
    Object.assign(last, what);
    changed(entries);
  };

  const hooks: Hooks = {
    onRequest({ attempt }) {
      const last = entries.at(-1);
      if (last?.kind === "wait") last.took = now() - last.at;
      entries.push({ kind: "attempt", number: attempt, at: now() });
      changed(entries);
    },
    onResponse: ({ status }) => close({ status }),
    onRetry({ delay, error }) {
      close({ code: error.code });
      entries.push({ kind: "wait", at: now(), planned: delay });
      changed(entries);
    },
    onError: ({ code }) => close({ code }),
  };
  return hooks;
}
