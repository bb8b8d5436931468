// The ledger of the proxy (www/server/ledger.mjs): what is in doubt outlives the command that serves this page, and the
// command line sees the same.

import type { Ledger, LedgerEntry } from "agentphone-wasm";

const PATH = "./__sandbox/ledger";

/** Asks through `send`, which shows the proxy the secret of its run. */
export function remoteLedger(send: typeof fetch): Ledger {
  async function ask<T>(asked: Record<string, unknown>): Promise<T> {
    const response = await send(PATH, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(asked),
    });
    if (!response.ok) throw new Error(`the console's server did not answer for its ledger (${response.status})`);
    const { result } = (await response.json()) as { result: T };
    return result;
  }
  return {
    read: async (keys) =>
      (await ask<(LedgerEntry | null)[]>({ method: "read", keys })).map((entry) => entry ?? undefined),
    write: (changes) => ask<boolean>({ method: "write", changes }),
    open: (page) => ask<LedgerEntry[]>({ method: "open", ...page }),
    // The command line needs settled keys as well, and decides how long they are kept.
    prune: async () => 0,
  };
}
