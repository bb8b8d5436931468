// The state that the parts of a worker share.

import type { AgentPhone } from "agentphone-wasm";
import type { Policy as Rules } from "agentphone-wasm/tools";
import type { CampaignStore } from "../store/store.js";
import type { Clock } from "./clock.js";

/** The limits: `policy({ … })` of `agentphone-wasm/tools`. */
export type Policy = Pick<Rules, "admit" | "greeting">;

export interface WorkerContext {
  readonly id: string;
  readonly store: CampaignStore;
  /** A client that uses the store's ledger. */
  readonly client: AgentPhone;
  readonly clock: Clock;
  readonly policy: Policy | undefined;
  /** A random id of the worker, for its claims and turns. */
  readonly worker: string;
  /** Time limit in milliseconds of a request, including the search for a lost response. */
  readonly patience: number;
  readonly note: (event: WorkerEvent) => void;
  /** Lets all workers send nothing before this time. */
  readonly slow: (until: number) => Promise<void>;
  /** A call failed because its number may be gone: when the campaign continues, the numbers are compared with the agent's. */
  readonly suspectNumbers: () => void;
}

/** Notifications of a worker; they contain no phone number and no text. */
export type WorkerEvent =
  | { readonly note: "paused"; readonly reason: string; readonly code: string }
  | { readonly note: "slowed"; readonly seconds: number }
  /** People of numbers that the agent has lost wait for the other ones now. */
  | { readonly note: "renumbered"; readonly people: number; readonly numbers: number }
  /** The store cannot be used, and is tried again. */
  | { readonly note: "store"; readonly code: string; readonly message: string }
  | { readonly note: "poll-failed"; readonly code: string };
