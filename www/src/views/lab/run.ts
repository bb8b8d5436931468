// Provokes one fault: sets the rule, runs the operation through a client, and asks the ledger what really
// happened.

import { AgentPhoneError, type Hooks, type RequestOptions } from "agentphone-wasm";
import type { Ledger } from "agentphone-wasm/sandbox";
import { addFault, readLedger, removeFault } from "../../session/sandbox.js";
import { makeClient } from "../../session/session.js";
import type { Choice } from "./choice.js";
import { arrived, pause, quietly } from "./quiet.js";
import { closed, type Entry, record } from "./recorder.js";
import type { Send, Sent } from "./send.js";

/** How the call ended, as the client tells it. */
export type Told = ({ ok: true } & Sent) | { ok: false; error: AgentPhoneError };

/** What the client told, beside what really happened. */
export interface Report {
  choice: Choice;
  told: Told;
  entries: readonly Entry[];
  /** Requests that the client sent. */
  sent: number;
  /** How often the operation took place. */
  happened: number;
  /** Requests for it that reached the sandbox. */
  received: number;
  /** Simulated cost, in cents. */
  spent: number;
  /** How often somebody else did the same. */
  foreign: number;
}

/** More than any client would send, so that each of its attempts meets the fault. */
const EVERY = 1000;
const SILENT: Hooks = {};

/** Requests that the client sent, as its hooks counted them. */
export const attempts = (entries: readonly Entry[]): number => entries.filter(({ kind }) => kind === "attempt").length;

/** What the ledger counts of an operation. */
export const received = (ledger: Ledger, operation: string): number => ledger.byOperation[operation]?.received ?? 0;

const foreign = ({ foreign }: Ledger): number => foreign.callsPlaced + foreign.textsSent;

/** Runs it all while nothing else asks. `signal` gives it up. */
export function provoke(
  choice: Choice,
  changed: (entries: readonly Entry[]) => void,
  signal: AbortSignal,
): Promise<Report> {
  return quietly(signal, async () => {
    const { operation } = choice;
    const setUp = makeClient(SILENT);
    const send = await operation.prepare(setUp);
    signal.throwIfAborted();
    const before = await readLedger();
    const rule = await addFault(ruleOf(choice));
    let entries: readonly Entry[] = [];
    let told: Told;
    const began = performance.now();
    try {
      told = await call(send, choice, began, signal, (now) => changed((entries = now)));
    } finally {
      await arrived();
      await removeFault(rule);
    }
    if (choice.fault.settles !== undefined && !signal.aborted) await pause(choice.fault.settles);
    entries = closed(entries, performance.now() - began);
    const after = await readLedger();
    await operation.tidy?.(setUp);
    return {
      choice,
      told: told.ok && told.attempts === 0 ? { ...told, attempts: attempts(entries) } : told,
      entries,
      sent: attempts(entries),
      happened: operation.happened(before, after),
      received: received(after, operation.id) - received(before, operation.id),
      spent: after.moneySpentCents - before.moneySpentCents,
      foreign: foreign(after) - foreign(before),
    };
  });
}

/** The rule of a choice. */
export function ruleOf({ operation, fault, firstOnly }: Choice): Parameters<typeof addFault>[0] {
  return { match: { operation: operation.id }, times: firstOnly ? 1 : EVERY, ...fault.action };
}

/** What the client is asked for, of what was chosen. */
export function optionsOf({ retries, timeout }: Choice): RequestOptions {
  return { maxRetries: retries, ...(timeout === undefined ? {} : { timeout }) };
}

async function call(
  send: Send,
  choice: Choice,
  began: number,
  signal: AbortSignal,
  changed: (entries: readonly Entry[]) => void,
): Promise<Told> {
  const { operation, abortAfter } = choice;
  const stream = operation.id === "calls.transcript.stream";
  // A client of its own: retry budget and rate limiters of the previous run must not affect this one.
  const client = makeClient(record({ began, changed, stream }));
  const stop = abortAfter === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(abortAfter)]);
  try {
    return { ok: true, ...(await send(client, { ...optionsOf(choice), signal: stop })) };
  } catch (error) {
    if (!AgentPhoneError.is(error)) throw error;
    return { ok: false, error };
  }
}
