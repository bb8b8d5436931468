// What the tests of the tools begin with: a sandbox, a client of it that loses patience soon, and an agent with a number.

import { AgentPhone } from "agentphone-wasm";
import { createSandbox } from "agentphone-wasm/sandbox";
import { agentTools } from "agentphone-wasm/tools";
import { KEY } from "../support/client.mjs";

/** @import { Foreign } from "../support/foreign.js" */

/** Requests that give up soon, for tests in which answers are lost. */
export const REQUEST = { timeout: 2000, totalTimeout: 4000, maxRetries: 0, settle: { within: 0 } };

/** A sandbox with a client, an agent and a number. @param {Foreign} [options] Of the client @param {Foreign} [more] Of the sandbox */
export const setting = async (options = {}, more = {}) => {
  const sandbox = createSandbox({ limits: false, ...more });
  const client = clientOf(sandbox, options);
  const { id: agentId } = await client.agents.create({ name: "Desk" });
  await client.numbers.buy({ agentId });
  return { sandbox, client, agentId };
};

/** @param {Foreign} sandbox @param {Foreign} [options] */
export const clientOf = (sandbox, options = {}) =>
  new AgentPhone({ apiKey: KEY, fetch: sandbox.fetch, logLevel: "off", ...options });

/** The tools of a client by their names. @param {AgentPhone} client @param {Foreign} [options] @returns {Record<string, import("agentphone-wasm/tools").AgentTool>} */
export const byName = (client, options = {}) =>
  Object.fromEntries(agentTools(client, { request: REQUEST, ...options }).map((tool) => [tool.name, tool]));

/** How often something was done. @param {Foreign} sandbox @param {string} operation */
export const done = (sandbox, operation) => sandbox.ledger().byOperation[operation]?.performed ?? 0;
