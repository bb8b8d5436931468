// The AgentPhone of a run of chaos, in a process of its own: what happens there goes on while workers die. It loses answers as
// planned, and at the end says what really happened.

import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { AgentPhone } from "agentphone-wasm";
import { serveSandbox } from "agentphone-wasm/sandbox";
import { API_KEY } from "./plan.mjs";

/** @import { Effect } from "agentphone-wasm/sandbox" */
/** @import { Job } from "./plan.mjs" */

const serve = async () => {
  const sandbox = await serveSandbox({ port: 0, limits: false, balanceCents: 1e9 });
  process.on("disconnect", () => process.exit());
  process.send?.(sandbox.url);
};
if (process.argv[1] === fileURLToPath(import.meta.url)) await serve();

/** Starts it, with an agent that has a number, and with the faults of these jobs. @param {Job[]} jobs */
export const startSandbox = async (jobs) => {
  const child = fork(fileURLToPath(import.meta.url), { execArgv: [] });
  const [url] = await Promise.race([
    once(child, "message"),
    once(child, "exit").then(([code]) => {
      throw new Error(`the sandbox ended with ${code}`);
    }),
  ]);
  const control = async (/** @type {string} */ path, /** @type {object} */ body) => {
    const response = await fetch(`${url}/__sandbox/${path}`, body && { method: "POST", body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`/__sandbox/${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const client = new AgentPhone({ apiKey: API_KEY, baseUrl: url, logLevel: "off" });
  const { id: agentId } = await client.agents.create({ name: "Reminders" });
  await client.numbers.buy({ agentId });
  for (const { toNumber, fault } of jobs)
    if (fault) await control("faults", { ...fault, match: { operation: "calls.create", toNumber }, times: 1 });
  return {
    url: /** @type {string} */ (url),
    agentId,
    /** The calls that were really placed. @returns {Promise<Effect[]>} */
    placed: async () => {
      const { data } = await control("effects", /** @type {any} */ (undefined));
      return data.filter((/** @type {Effect} */ { operation }) => operation === "calls.create");
    },
    stop: () => {
      if (child.connected) child.disconnect();
    },
  };
};
