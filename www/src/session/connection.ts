// Whether the server of this page can be reached. One failed request proves nothing, because the fault lab cuts them on
// purpose. The connection counts as lost if the server's own path does not respond either; it is retried with backoff.

import { signal } from "@preact/signals";

/** State of a lost connection. */
export interface Lost {
  /** Time of the last response, in milliseconds. */
  since: number;
  /** When the next attempt is; undefined during an attempt. */
  next: number | undefined;
}

/** Undefined while there is a connection. */
export const lost = signal<Lost | undefined>(undefined);

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 15_000;
/** Milliseconds that the server may take to respond. */
const PATIENCE = 5000;

let lastAnswer = Date.now();
let trying = false;
let pause = FIRST_PAUSE;
let timer: ReturnType<typeof setTimeout> | undefined;
let probe: (signal: AbortSignal) => Promise<unknown> = () => Promise.resolve();
let healed = (): void => {};

/** Sets how to check for the server, and what to do once it is back. */
export function watchConnection(ask: typeof probe, whenHealed: () => void): void {
  probe = ask;
  healed = whenHealed;
}

/** A response arrived, with any status. */
export function answered(): void {
  lastAnswer = Date.now();
  if (lost.peek() !== undefined) found();
}

/** A request got no response. */
export function unanswered(): void {
  if (lost.peek() === undefined) void tryNow();
}

/** Tries immediately. */
export async function tryNow(): Promise<void> {
  if (trying) return;
  trying = true;
  clearTimeout(timer);
  if (lost.peek() !== undefined) lost.value = { since: lastAnswer, next: undefined };
  try {
    await probe(AbortSignal.timeout(PATIENCE));
    lastAnswer = Date.now();
    if (lost.peek() !== undefined) found();
  } catch {
    lost.value = { since: lastAnswer, next: Date.now() + pause };
    timer = setTimeout(() => void tryNow(), pause);
    pause = Math.min(LONGEST_PAUSE, pause * 2);
  } finally {
    trying = false;
  }
}

function found(): void {
  clearTimeout(timer);
  pause = FIRST_PAUSE;
  lost.value = undefined;
  healed();
}
