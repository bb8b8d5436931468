// What the client does while the console works, as its hooks tell it: how many requests, and each retry and
// failure.

import { signal } from "@preact/signals";
import type { Hooks } from "agentphone-wasm";

/** A retry or a failure. */
export interface Trouble {
  id: number;
  at: Date;
  kind: "retry" | "error";
  operation: string;
  attempt: number;
  code: string;
  message: string;
  /** Milliseconds until the next attempt. */
  delay?: number;
  outcomeUnknown: boolean;
}

const KEPT = 100;
let last = 0;

/** The latest first. */
export const troubles = signal<readonly Trouble[]>([]);
/** Since the page was loaded. */
export const totals = signal({ requests: 0, retries: 0, errors: 0 });

function note(trouble: Omit<Trouble, "id" | "at">): void {
  last += 1;
  troubles.value = [{ id: last, at: new Date(), ...trouble }, ...troubles.peek()].slice(0, KEPT);
}

const add = (field: keyof typeof totals.value): void => {
  totals.value = { ...totals.peek(), [field]: totals.peek()[field] + 1 };
};

/** Hooks that write it down. What the page itself aborted is no failure. */
export function watching(): Hooks {
  return {
    onRequest: () => add("requests"),
    onRetry: ({ operation, attempt, delay, error }) => {
      add("retries");
      note({
        kind: "retry",
        operation,
        attempt,
        delay,
        code: error.code,
        message: error.message,
        outcomeUnknown: false,
      });
    },
    onError: (error) => {
      if (error.code === "ABORTED") return;
      add("errors");
      const { code, message, outcomeUnknown, attempts, operation = "" } = error;
      note({ kind: "error", operation, attempt: attempts, code, message, outcomeUnknown });
    },
  };
}
