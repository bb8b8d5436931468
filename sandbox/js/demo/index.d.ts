// The types of `agentphone-wasm/sandbox/demo`.

import type { Demo } from "../types.js";

export interface DemoOptions {
  /** The same seed, time and sandbox give the same past. Default: the sandbox's own seed. */
  seed?: number | undefined;
  /** Whether new calls and texts come in, every 20 to 40 s on the sandbox's clock. Default true. */
  live?: boolean | undefined;
}

/**
 * Two weeks of believable activity, for `createSandbox({ demo: demo() })`: agents, numbers, calls with transcripts,
 * texts, contacts, a webhook with its log, sub-accounts, a registration under review.
 */
export declare function demo(options?: DemoOptions): Demo;
