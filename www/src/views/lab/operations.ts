// The operations that the lab runs: some of each kind, with what they need to run and how to tell from the
// ledger what really happened.

import type { AgentPhone, ApiPromise } from "agentphone-wasm";
import type { Ledger } from "agentphone-wasm/sandbox";
import { count } from "../../ui/format.js";
import { followTranscript } from "./follow.js";
import type { Send, Sent } from "./send.js";

/** One choice of the lab. */
export interface Operation {
  id:
    | "calls.create"
    | "messages.send"
    | "numbers.buy"
    | "webhooks.set"
    | "numbers.release"
    | "calls.list"
    | "calls.transcript.stream";
  /** Whether a repeat does it again in the world. */
  kind: "effect" | "idempotent" | "read";
  label: string;
  /** Whether many of them may run at once. */
  crowd: boolean;
  /** Brings what it needs, before any fault is set. */
  prepare: (client: AgentPhone) => Promise<Send>;
  /** Takes back what the run leaves behind and the next one could not do with. */
  tidy?: (client: AgentPhone) => Promise<unknown>;
  /** How often it happened between two readings of the ledger. */
  happened: (before: Ledger, after: Ledger) => number;
  /** The same in words. */
  truth: (times: number) => string;
}

const RECIPIENT = "+14155550100";
/** The lab has an agent and numbers of its own, found by name, so that a reload of the page finds them again. */
const LAB = "Fault lab";
const SPARE = "fault-lab-spare";
const BOUGHT = "fault-lab-bought";
const HOOK = "https://example.com/fault-lab";

/** The agent of the lab, with a number. */
async function labAgent(client: AgentPhone): Promise<string> {
  const agents = await client.agents.list({ limit: 100 }).toArray();
  const found = agents.find(({ name }) => name === LAB);
  if (found !== undefined && (found.numbers ?? []).length > 0) return found.id;
  const { id } = found ?? (await client.agents.create({ name: LAB, voiceMode: "webhook" }));
  await client.numbers.buy({ country: "US", agentId: id });
  return id;
}

const labNumbers = async (client: AgentPhone, tag: string): Promise<string[]> =>
  (await client.numbers.list({ limit: 100 }).toArray())
    .filter(({ externalId }) => externalId === tag)
    .map(({ id }) => id);

/** What an answer comes to. */
async function answered(promise: Pick<ApiPromise<unknown>, "withResponse">): Promise<Sent> {
  const { response, attempts, elapsed } = await promise.withResponse();
  return { status: response.status, attempts, elapsed };
}

const performed =
  (id: string) =>
  (before: Ledger, after: Ledger): number =>
    (after.byOperation[id]?.performed ?? 0) - (before.byOperation[id]?.performed ?? 0);

const times =
  (none: string, one: string, what: string) =>
  (n: number): string =>
    n === 0 ? none : `${count(n, one)} ${what}`;

export const OPERATIONS: readonly Operation[] = [
  {
    id: "calls.create",
    kind: "effect",
    label: "calls.create: rings a phone",
    crowd: true,
    prepare: async (client) => {
      const agentId = await labAgent(client);
      return (c, options) => answered(c.calls.create({ agentId, toNumber: RECIPIENT }, options));
    },
    happened: (before, after) => after.callsPlaced - before.callsPlaced,
    truth: times("No call placed", "call", "placed"),
  },
  {
    id: "messages.send",
    kind: "effect",
    label: "messages.send: sends a text",
    crowd: true,
    prepare: async (client) => {
      const message = { agent_id: await labAgent(client), to_number: RECIPIENT, body: "Your table is ready." };
      return (c, options) => answered(c.messages.send(message, options));
    },
    happened: (before, after) => after.textsSent - before.textsSent,
    truth: times("No text sent", "text", "sent"),
  },
  {
    id: "numbers.buy",
    kind: "effect",
    label: "numbers.buy: costs $3 (simulated)",
    crowd: false,
    prepare: () =>
      Promise.resolve((c, options) => answered(c.numbers.buy({ country: "US", externalId: BOUGHT }, options))),
    tidy: async (client) => {
      for (const id of await labNumbers(client, BOUGHT)) await client.numbers.release(id);
    },
    happened: (before, after) => after.numbersBought - before.numbersBought,
    truth: times("No number bought", "number", "bought"),
  },
  {
    id: "webhooks.set",
    kind: "effect",
    label: "webhooks.set: makes a new secret",
    crowd: false,
    // The webhook that there is keeps its address, and one that was not there is taken away again.
    prepare: async (client) => {
      const url = (await client.webhooks.get())?.url ?? HOOK;
      return (c, options) => answered(c.webhooks.set({ url }, options));
    },
    tidy: async (client) => {
      if ((await client.webhooks.get())?.url === HOOK) await client.webhooks.delete();
    },
    happened: performed("webhooks.set"),
    truth: times("No secret made", "secret", "made"),
  },
  {
    id: "numbers.release",
    kind: "idempotent",
    label: "numbers.release: may be repeated",
    crowd: false,
    prepare: async (client) => {
      const [spare] = await labNumbers(client, SPARE);
      const id = spare ?? (await client.numbers.buy({ country: "US", externalId: SPARE })).id;
      return (c, options) => answered(c.numbers.release(id, options));
    },
    happened: performed("numbers.release"),
    truth: (n) =>
      n === 0 ? "Number not released" : n === 1 ? "1 number released" : `1 number released, by ${n} requests`,
  },
  {
    id: "calls.list",
    kind: "read",
    label: "calls.list: only reads",
    crowd: true,
    prepare: () => Promise.resolve((c, options) => answered(c.calls.list({ limit: 5 }, options))),
    happened: performed("calls.list"),
    truth: (n) => (n === 0 ? "List not read" : `List read ${count(n, "time")}`),
  },
  {
    id: "calls.transcript.stream",
    kind: "read",
    label: "calls.transcript.stream: follows a call",
    crowd: false,
    prepare: async (client) => followTranscript(client, await labAgent(client)),
    happened: performed("calls.transcript.stream"),
    truth: (n) => (n === 0 ? "Stream not opened" : `Stream opened ${count(n, "time")}`),
  },
];
