// The sandbox's control paths, where there is one: what really happened, faults on demand, what comes in
// from outside.

import { control } from "./session.js";

/** What really happened since the sandbox began, whatever the client was told. */
export interface Ledger {
  requests: number;
  callsPlaced: number;
  textsSent: number;
  numbersBought: number;
  moneySpentCents: number;
  byOperation: Partial<Record<string, { received: number; performed: number }>>;
}

/** A fault: which requests go wrong, how often, and how. */
export interface FaultRule {
  match: { operation: string };
  times: number;
  status?: number;
  code?: string;
  shape?: "envelope" | "fastapi" | "detail" | "message" | "object" | "text" | "html" | "empty" | "broken";
  message?: string;
  headers?: Record<string, string>;
  /** With `status`: the operation is performed before the error is answered. */
  effect?: boolean;
  cut?: "before-effect" | "before-headers" | "after-headers" | "mid-body";
  stall?: "headers" | "body";
  slow?: { bytes: number; everyMs: number };
  garbage?: "html" | "empty" | "truncated" | "text" | "array" | "null";
  limit?: { requests: number; perMs: number };
  /** Holds the answer back. */
  delayMs?: number;
}

export const readLedger = (): Promise<Ledger> => control("GET", "ledger");

export const reset = (): Promise<unknown> => control("POST", "reset");

/** Adds a rule and gives its id. */
export async function addFault(rule: FaultRule): Promise<string> {
  const { id } = await control<{ id: string }>("POST", "faults", rule);
  return id;
}

export const removeFault = (id: string): Promise<unknown> => control("DELETE", `faults/${encodeURIComponent(id)}`);

/** Somebody calls, texts or reacts. */
export const inbound = {
  call: (call: { to?: string; from?: string }): Promise<unknown> => control("POST", "inbound/call", call),
  message: (message: { to?: string; from?: string; body?: string; group?: string }): Promise<unknown> => control("POST", "inbound/message", message),
  reaction: (reaction: { messageId: string; reaction: string }): Promise<unknown> => control("POST", "inbound/reaction", reaction),
};
