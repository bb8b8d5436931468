// Many requests at once against a rate limit, through one client: what its rate limiter makes of them.

import { AgentPhoneError } from "agentphone-wasm";
import { addFault, readLedger, removeFault } from "../../session/sandbox.js";
import { makeClient } from "../../session/session.js";
import type { Choice } from "./choice.js";
import { quietly } from "./quiet.js";
import { closed, type Entry, record } from "./recorder.js";
import { attempts, optionsOf, received, ruleOf } from "./run.js";

/** What became of a crowd. */
export interface BurstReport {
  choice: Choice;
  /** What the client did, a row a call. */
  calls: readonly (readonly Entry[])[];
  /** Calls of the client that succeeded. */
  succeeded: number;
  /** The codes of those that did not. */
  failed: readonly AgentPhoneError[];
  sent: number;
  /** Requests that were refused for their rate. */
  refused: number;
  elapsed: number;
  happened: number;
  received: number;
  spent: number;
}

/** Runs it all while nothing else asks. `signal` gives it up. */
export function crowd(
  choice: Choice,
  size: number,
  changed: (calls: readonly (readonly Entry[])[]) => void,
  signal: AbortSignal,
): Promise<BurstReport> {
  return quietly(signal, async () => {
    const { operation } = choice;
    const send = await operation.prepare(makeClient({}));
    signal.throwIfAborted();
    const before = await readLedger();
    const rule = await addFault(ruleOf(choice));
    // One client, because its rate limiter holds them; hooks of their own, to tell them apart.
    const client = makeClient({});
    const calls: (readonly Entry[])[] = Array.from({ length: size }, () => []);
    const failed: AgentPhoneError[] = [];
    const began = performance.now();
    const one = async (index: number): Promise<void> => {
      const hooks = record({
        began,
        changed: (entries) => {
          calls[index] = entries;
          changed([...calls]);
        },
      });
      try {
        await send(client, { ...optionsOf(choice), signal, hooks });
      } catch (error) {
        if (!AgentPhoneError.is(error)) throw error;
        failed.push(error);
      }
    };
    try {
      await Promise.all(calls.map((_, index) => one(index)));
    } finally {
      await removeFault(rule);
    }
    const elapsed = performance.now() - began;
    const after = await readLedger();
    const done = calls.map((entries) => closed(entries, elapsed));
    return {
      choice,
      calls: done,
      succeeded: size - failed.length,
      failed,
      sent: done.reduce((sum, entries) => sum + attempts(entries), 0),
      refused: done.flat().filter((entry) => entry.kind === "attempt" && entry.status === 429).length,
      elapsed,
      happened: operation.happened(before, after),
      received: received(after, operation.id) - received(before, operation.id),
      spent: after.moneySpentCents - before.moneySpentCents,
    };
  });
}
