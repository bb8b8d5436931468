// What the client does while the console works, as its hooks tell it: how many requests, and each retry and
// failure.

import { signal } from "@preact/signals";
import type { AnyAgentPhoneError, Hooks } from "agentphone-wasm";

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

/** A request that waits before it is sent again. */
export interface Wait {
  id: number;
  operation: string;
  /** Why, e.g. `RATE_LIMIT_EXCEEDED`. */
  code: string;
  /** Whether the API asked for it. */
  limited: boolean;
  /** When it goes on, in milliseconds. */
  until: number;
}

/** Milliseconds below which a wait is over before one could read of it. */
const LONG = 1500;

/** Requests that wait for long. */
export const waits = signal<readonly Wait[]>([]);

function wait(operation: string, { code, status }: AnyAgentPhoneError, delay: number): void {
  if (delay < LONG) return;
  const id = last;
  const limited = status === 429;
  waits.value = [...waits.peek(), { id, operation, code, limited, until: Date.now() + delay }];
  setTimeout(() => (waits.value = waits.peek().filter((one) => one.id !== id)), delay);
}

/** Whoever waited has given up. */
const goesOn = (operation: string | undefined): void => {
  const [index] = waits.peek().flatMap((one, at) => (one.operation === operation ? [at] : []));
  if (index !== undefined) waits.value = waits.peek().filter((_, at) => at !== index);
};

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
      wait(operation, error, delay);
    },
    onError: (error) => {
      goesOn(error.operation);
      if (error.code === "ABORTED") return;
      add("errors");
      const { code, message, outcomeUnknown, attempts, operation = "" } = error;
      note({ kind: "error", operation, attempt: attempts, code, message, outcomeUnknown });
    },
  };
}
