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

/** A pause: before a request may leave, or between two. */
export interface Wait {
  kind: "wait";
  /** limiter: the whole operation waits for a rate limit; asked: the server said how long; backoff: it did not. */
  why: "limiter" | "asked" | "backoff";
  at: number;
  /** Milliseconds that the client means to wait, at the least; absent where nobody said. */
  planned?: number;
  /** Milliseconds that it did wait; absent while it waits. */
  took?: number;
}

/** How it ended, where it did not end well. */
export interface Stop {
  kind: "stop";
  at: number;
  code: string;
  /** It was not sent again, because it may have happened. */
  outcomeUnknown: boolean;
}

export type Entry = Attempt | Wait | Stop;

/** Shorter than this nobody has waited: the page was busy. */
const NOTICEABLE = 100;

interface Recording {
  /** What zero is on the time line. */
  began: number;
  /** Called after each event. */
  changed: (entries: readonly Entry[]) => void;
  /** An answer is a stream: the request goes on after its head has come. */
  stream?: boolean;
}

/** Makes hooks that write it down. */
export function record({ began, changed, stream = false }: Recording): Hooks {
  const now = (): number => performance.now() - began;
  const entries: Entry[] = [];

  const close = (what: { status?: number; code?: string }, over = true): void => {
    const last = entries.at(-1);
    if (last?.kind === "attempt") {
      if (over) last.took ??= now() - last.at;
      Object.assign(last, what);
    } else if (last?.kind === "wait") last.took ??= now() - last.at;
    changed([...entries]);
  };

  return {
    onRequest() {
      const last = entries.at(-1);
      // A request that did not leave when it was asked for was held back by the rate limiter.
      if (last === undefined && now() > NOTICEABLE) entries.push({ kind: "wait", why: "limiter", at: 0, took: now() });
      else if (last !== undefined && last.kind !== "stop") last.took ??= now() - last.at;
      const number = entries.filter(({ kind }) => kind === "attempt").length + 1;
      entries.push({ kind: "attempt", number, at: now() });
      changed([...entries]);
    },
    onResponse: ({ status }) => close({ status }, !stream || status !== 200),
    onRetry({ delay, error }) {
      close({ code: error.code });
      const why = error.retryAfter === undefined ? "backoff" : error.status === 429 ? "limiter" : "asked";
      entries.push({ kind: "wait", why, at: now(), planned: delay });
      changed([...entries]);
    },
    onError({ code, outcomeUnknown }) {
      close({ code });
      entries.push({ kind: "stop", at: now(), code, outcomeUnknown });
      changed([...entries]);
    },
  };
}

/** Ends what is still open, when the call is over. */
export function closed(entries: readonly Entry[], at: number): Entry[] {
  return entries.map((entry) =>
    entry.kind === "stop" || entry.took !== undefined ? entry : { ...entry, took: at - entry.at },
  );
}
