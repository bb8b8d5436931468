// The sandbox's control paths, where there is one: what really happened, faults on demand, what comes in
// from outside.

import type { FaultRule, Ledger, Script } from "agentphone-wasm/sandbox";
import { control } from "./session.js";

export const readLedger = (): Promise<Ledger> => control("GET", "ledger");

export const reset = (): Promise<unknown> => control("POST", "reset");

/** Replaces all data with two weeks of activity, in a sandbox that serves this page. */
export const beginDemo = (): Promise<unknown> => control("POST", "demo");

/** Adds a rule and gives its id. */
export async function addFault(rule: FaultRule): Promise<string> {
  const { id } = await control<{ id: string }>("POST", "faults", rule);
  return id;
}

export const removeFault = (id: string): Promise<unknown> => control("DELETE", `faults/${encodeURIComponent(id)}`);

/** Somebody calls, texts or reacts. */
export const inbound = {
  call: (call: { to?: string; agentId?: string; from?: string; script?: Script }): Promise<unknown> =>
    control("POST", "inbound/call", call),
  message: (message: {
    to?: string;
    agentId?: string;
    from?: string;
    body?: string;
    group?: string;
  }): Promise<unknown> => control("POST", "inbound/message", message),
  reaction: (reaction: { messageId: string; reaction: string }): Promise<unknown> =>
    control("POST", "inbound/reaction", reaction),
};
