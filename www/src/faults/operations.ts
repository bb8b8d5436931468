// The operations that the panel runs: one of each kind, with what they need to run and how to tell
// from the ledger what really happened.

import type { AgentPhone, RequestOptions, WithResponse } from "agentphone-wasm";
import { count } from "../format.js";
import type { Ledger } from "../sandbox.js";

/** The operation, ready to be sent. */
export type Send = (client: AgentPhone, options: RequestOptions) => Promise<WithResponse<unknown>>;

/** One choice of the panel. */
export interface Operation {
  id: "calls.create" | "calls.list" | "numbers.release" | "messages.send";
  /** Whether a repeat does it again in the world. */
  kind: "effect" | "idempotent" | "read";
  label: string;
  /** What `outcomeUnknown: false` means after a failure. */
  sure: string;
  /** Brings what it needs, before any fault is set. */
  prepare: (client: AgentPhone) => Promise<Send>;
  /** How often it happened between two readings of the ledger. */
  happened: (before: Ledger, after: Ledger) => number;
  /** The same in words. */
  truth: (times: number) => string;
}

const RECIPIENT = "+14155550100";
/** The panel has an agent of its own, found by name, so that a reload of the page finds it again. */
const LAB = "Error lab";
const SPARE = "error-lab-spare";

/** The agent of the panel, with a number. */
async function labAgent(client: AgentPhone): Promise<string> {
  const { data } = await client.agents.list({ limit: 100 });
  const found = data.find(({ name }) => name === LAB);
  if (found !== undefined && (found.numbers ?? []).length > 0) return found.id;
  const { id } = found ?? (await client.agents.create({ name: LAB, voiceMode: "webhook" }));
  await client.numbers.buy({ country: "US", agentId: id });
  return id;
}

/** A number that may be given away. */
async function spareNumber(client: AgentPhone): Promise<string> {
  const { data } = await client.numbers.list({ limit: 100 });
  const found = data.find(({ externalId }) => externalId === SPARE);
  return (found ?? (await client.numbers.buy({ country: "US", externalId: SPARE }))).id;
}

const performed = (id: string) => (before: Ledger, after: Ledger): number =>
  (after.byOperation[id]?.performed ?? 0) - (before.byOperation[id]?.performed ?? 0);

export const OPERATIONS: readonly Operation[] = [
  {
    id: "calls.create",
    kind: "effect",
    label: "calls.create: rings a phone",
    sure: "no, it did not happen",
    prepare: async (client) => {
      const agentId = await labAgent(client);
      return (c, options) => c.calls.create({ agentId, toNumber: RECIPIENT }, options).withResponse();
    },
    happened: (before, after) => after.callsPlaced - before.callsPlaced,
    truth: (times) => `${times === 0 ? "No call" : count(times, "call")} placed`,
  },
  {
    id: "messages.send",
    kind: "effect",
    label: "messages.send: sends a text",
    sure: "no, it did not happen",
    prepare: async (client) => {
      const agentId = await labAgent(client);
      const message = { agent_id: agentId, to_number: RECIPIENT, body: "Your table is ready." };
      return (c, options) => c.messages.send(message, options).withResponse();
    },
    happened: (before, after) => after.textsSent - before.textsSent,
    truth: (times) => `${times === 0 ? "No text" : count(times, "text")} sent`,
  },
  {
    id: "numbers.release",
    kind: "idempotent",
    label: "numbers.release: may be repeated",
    sure: "no, a repeat leaves the same state",
    prepare: async (client) => {
      const id = await spareNumber(client);
      return (c, options) => c.numbers.release(id, options).withResponse();
    },
    happened: performed("numbers.release"),
    truth: (times) => {
      if (times === 0) return "Number not released";
      return times === 1 ? "1 number released" : `1 number released, by ${times} requests`;
    },
  },
  {
    id: "calls.list",
    kind: "read",
    label: "calls.list: only reads",
    sure: "no, a read changes nothing",
    prepare: () => Promise.resolve((c, options) => c.calls.list({ limit: 5 }, options).withResponse()),
    happened: performed("calls.list"),
    truth: (times) => (times === 0 ? "List not read" : `List read ${count(times, "time")}`),
  },
];
