// Provokes one fault: sets the rule, runs the operation through a client, and asks the ledger what
// really happened.

import { AgentPhoneError } from "agentphone-wasm";
import { makeClient } from "../client.js";
import { addFault, readLedger, removeFault } from "../sandbox.js";
import { inTurn } from "../turns.js";
import type { Fault } from "./catalogue.js";
import type { Operation, Send } from "./operations.js";
import { type Entry, record } from "./recorder.js";

/** What the panel was asked to do. */
export interface Request {
  fault: Fault;
  operation: Operation;
  /** Whether only the first request meets the fault, so that a retry gets through. */
  firstOnly: boolean;
}

/** How the call ended, as the client tells it. */
export type Told =
  | { ok: true; status: number; attempts: number; elapsed: number }
  | { ok: false; error: AgentPhoneError };

/** What the client told, beside what really happened. */
export interface Report {
  request: Request;
  told: Told;
  /** How often the operation took place. */
  happened: number;
  /** Requests for it that reached the sandbox. */
  received: number;
}

/** More than any client would send, so that each of its attempts meets the fault. */
const EVERY = 50;

/** Runs it all in one turn, so that nothing else meets the fault or counts in the ledger. */
export function provoke(request: Request, changed: (entries: readonly Entry[]) => void): Promise<Report> {
  return inTurn(() => run(request, changed));
}

async function run(request: Request, changed: (entries: readonly Entry[]) => void): Promise<Report> {
  const { fault, operation, firstOnly } = request;
  const send = await operation.prepare(makeClient());
  const before = await readLedger();
  const rule = await addFault({
    match: { operation: operation.id },
    times: firstOnly ? 1 : EVERY,
    ...fault.action,
  });

  let told: Told;
  try {
    told = await call(send, fault.timeout, changed);
  } finally {
    await removeFault(rule);
  }
  const after = await readLedger();
  const received = (ledger: typeof after): number => ledger.byOperation[operation.id]?.received ?? 0;
  return {
    request,
    told,
    happened: operation.happened(before, after),
    received: received(after) - received(before),
  };
}

async function call(send: Send, timeout: number | undefined, changed: (entries: readonly Entry[]) => void): Promise<Told> {
  // A client of its own: retry budget and rate gates of the run before must not show in this one.
  const client = makeClient(record(changed));
  try {
    const { response, attempts, elapsed } = await send(client, timeout === undefined ? {} : { timeout });
    return { ok: true, status: response.status, attempts, elapsed };
  } catch (error) {
    if (!AgentPhoneError.is(error)) throw error;
    return { ok: false, error };
  }
}
