// Type test: the same names by `require`, with the types that belong to CommonJS.

import agentphone = require("agentphone-wasm");

const client = new agentphone.AgentPhone({ apiKey: "sk_test" });

/** What a list answers. */
export const list = (): Promise<agentphone.Page<agentphone.Agent>> => client.agents.list({ limit: 1 });
