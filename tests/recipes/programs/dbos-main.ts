// A worker of DBOS that starts one reminder, or finds the one that a worker before it had started. Arguments: agent and recipient.

import { DBOS } from "@dbos-inc/dbos-sdk";
import { pool } from "./client.js";
import { reminder } from "./dbos.js";

DBOS.setConfig({ name: "recipes", systemDatabaseUrl: process.env.DATABASE_URL ?? "", logLevel: "error" });
await DBOS.launch();
const [agentId = "", toNumber = ""] = process.argv.slice(2);
const started = await DBOS.startWorkflow(reminder, { workflowID: "reminder-order-42" })(agentId, toNumber);
console.log("outcome", await started.getResult().catch((error: Error) => error.message));
await DBOS.shutdown();
await pool.end();
