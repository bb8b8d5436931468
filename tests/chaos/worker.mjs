// A worker of a run of chaos: a process that is told to place calls, and may be killed at any moment.
//
//   fork("worker.mjs", ['{"kind": "ours", "url": …, "agentId": …, "place": …}'])

import { AgentPhone, AgentPhoneError } from "agentphone-wasm";
import { connect } from "../ledger/connect.mjs";
import { API_KEY } from "./plan.mjs";

/** @import { SettleOptions } from "agentphone-wasm" */
/** @import { Foreign } from "../support/foreign.js" */

/** @typedef {{ use: number, key: string, toNumber: string, settle: SettleOptions }} Order */
/** @typedef {{ use: number, id?: string, how?: string, code?: string, unknown?: boolean, state?: string, message?: string }} Report */

const { kind, url, agentId, place } = JSON.parse(process.argv[2] ?? "{}");
/** Milliseconds for one attempt, and for all that a call does, its search included. */
const [TIMEOUT, TOTAL] = [1_500, 8_000];

/** How a call is placed: with a key, and with the official SDK. @type {Record<string, () => Promise<(order: Order) => Promise<Omit<Report, "use">>>>} */
const KINDS = {
  ours: async () => {
    const { ledger } = await connect(place);
    const options = { apiKey: API_KEY, baseUrl: url, ledger, timeout: TIMEOUT, totalTimeout: TOTAL };
    const client = new AgentPhone({ ...options, logLevel: "off" });
    return async ({ key, toNumber, settle }) => {
      try {
        const call = client.calls.create({ agentId, toNumber }, { idempotencyKey: key, settle });
        const { data, settled } = await call.withResponse();
        return { id: data.id, how: settled?.how ?? "answered" };
      } catch (error) {
        if (!(error instanceof AgentPhoneError)) throw error;
        const { code, outcomeUnknown, settlement, message } = error;
        return { code, unknown: outcomeUnknown, state: settlement?.state ?? "", message };
      }
    };
  },
  official: async () => {
    const { AgentPhoneClient } = await import("agentphone");
    const client = new AgentPhoneClient({ token: API_KEY, baseUrl: url, timeoutInSeconds: TIMEOUT / 1000 });
    return async ({ key, toNumber }) => {
      // The API ignores the header; by it the sandbox tells whose call it was.
      const headers = { "Idempotency-Key": key };
      try {
        const call = /** @type {Foreign} */ (await client.calls.createOutboundCall({ agentId, toNumber }, { headers }));
        return { id: call.id };
      } catch (error) {
        return { code: error instanceof Error ? error.name : "error" };
      }
    };
  },
};

const work = await /** @type {() => ReturnType<typeof KINDS.ours>} */ (KINDS[kind])();
process.on("message", async (/** @type {Order} */ order) => {
  process.send?.({ use: order.use, ...(await work(order)) });
});
process.on("disconnect", () => process.exit());
process.send?.("ready");
