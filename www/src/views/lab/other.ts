// One run as another program would do it: the same request under the same fault, and what the ledger counts of it.

import { AgentPhoneError } from "agentphone-wasm";
import { addFault, readLedger, removeFault } from "../../session/sandbox.js";
import { makeClient, transport } from "../../session/session.js";
import type { Choice } from "./choice.js";
import { arrived, pause, quietly } from "./quiet.js";
import { ruleOf } from "./run.js";
import type { Send } from "./send.js";

/** What another program came to. */
export interface OtherReport {
  sent: number;
  happened: number;
  spent: number;
  /** What the program learns at the end. */
  learned: string;
}

/** A request that has not been sent. */
export interface Captured {
  url: string;
  init: RequestInit;
}

interface Sending {
  request: Captured;
  choice: Choice;
  /** Sends to the sandbox, and is counted. */
  fetch: typeof globalThis.fetch;
  signal: AbortSignal;
}

/** A program: sends the request in its own way, and returns what it learns at the end. */
export type Sender = (sending: Sending) => Promise<string>;

/** Whether a run can be compared: what has no effect may be sent any number of times. */
export const canCompare = ({ operation, fault }: Choice): boolean =>
  operation.kind === "effect" && fault.burst === undefined;

/** Runs it while nothing else sends requests. */
export function runOther(choice: Choice, send: Sender, signal: AbortSignal): Promise<OtherReport> {
  return quietly(signal, async () => {
    const { operation, fault } = choice;
    const setUp = makeClient({});
    const request = await captured(await operation.prepare(setUp));
    const before = await readLedger();
    const rule = await addFault(ruleOf(choice));
    let sent = 0;
    const counted: typeof globalThis.fetch = async (input, init) => {
      // A program may still wait to retry after the view was left.
      signal.throwIfAborted();
      sent += 1;
      return transport()(input, init);
    };
    let learned: string;
    try {
      learned = await Promise.race([send({ request, choice, fetch: counted, signal }), left(signal)]);
    } finally {
      await arrived();
      await removeFault(rule);
    }
    if (fault.settles !== undefined && !signal.aborted) await pause(fault.settles);
    const after = await readLedger();
    await operation.tidy?.(setUp);
    return {
      sent,
      learned,
      happened: operation.happened(before, after),
      spent: after.moneySpentCents - before.moneySpentCents,
    };
  });
}

/** Rejects when the run is given up. */
const left = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

/** The request that the client would send. */
async function captured(send: Send): Promise<Captured> {
  let found: Captured | undefined;
  const client = makeClient({}, undefined, (input, init = {}) => {
    found = { url: String(input instanceof Request ? input.url : input), init };
    return Promise.reject(new TypeError("captured"));
  });
  await send(client, { maxRetries: 0 }).catch((error: unknown) => {
    if (!AgentPhoneError.is(error)) throw error;
  });
  if (found === undefined) throw new Error("The client sent no request.");
  const { method, headers, body } = found.init;
  return { url: found.url, init: { method, headers, body } as RequestInit };
}
