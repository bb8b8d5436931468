// Type test: the same names by `require`, with the types that belong to CommonJS.

import agentphone = require("agentphone-wasm");

const client = new agentphone.AgentPhone({ apiKey: "sk_test" });

import alone = require("agentphone-wasm/webhooks");

/** What the entry of webhooks alone throws is an error of the package. */
export const both = (error: alone.WebhookVerificationError): agentphone.WebhookVerificationError => error;

/** What a list answers. */
export const list = (): Promise<agentphone.Page<agentphone.Agent>> => client.agents.list({ limit: 1 });
