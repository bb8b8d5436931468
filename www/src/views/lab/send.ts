// An operation of the lab as it is sent, and what it gives.

import type { AgentPhone, RequestOptions } from "agentphone-wasm";

/** What an operation gave. */
export interface Sent {
  status: number;
  /** Requests sent. */
  attempts: number;
  elapsed: number;
  /** What is wrong with it although the client did not say so. */
  flaw?: string;
}

/** The operation, ready to be sent. */
export type Send = (client: AgentPhone, options: RequestOptions) => Promise<Sent>;
