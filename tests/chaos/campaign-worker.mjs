// A worker of a campaign in a process of its own, which may be killed at any moment.
//
//   fork("campaign-worker.mjs", ['{"address": "postgres://…", "url": "http://127.0.0.1:…", "id": "chaos"}'])

import { AgentPhone } from "agentphone-wasm";
import { openStore, runWorker, StoreError } from "agentphone-wasm-cli/campaign";
import { ledgerTools } from "../ledger/tools.mjs";
import { API_KEY } from "./plan.mjs";

const { address, url, id } = JSON.parse(process.argv[2] ?? "{}");
/** Milliseconds for one request. */
const PATIENCE = 2_000;

// better-sqlite3 is looked for from there.
process.chdir(ledgerTools());
process.on("disconnect", () => process.exit());

/** The database may be away when a worker begins. */
const opened = async () => {
  for (;;) {
    try {
      return await openStore(address);
    } catch (error) {
      if (!(error instanceof StoreError && error.retryable)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
};
const store = await opened();
const client = new AgentPhone({
  apiKey: API_KEY,
  baseUrl: url,
  ledger: store.ledger,
  logLevel: "off",
  timeout: PATIENCE,
});
process.send?.("ready");
const { state } = await runWorker(id, { store, client, patience: PATIENCE, every: 1_000, beside: 4 });
await store.close();
process.send?.(state);
process.disconnect();
