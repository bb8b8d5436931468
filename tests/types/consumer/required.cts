// The same by `require`, in both spellings: with the types that belong to CommonJS.

import agentphone = require("agentphone-wasm");
import ledger = require("agentphone-wasm/ledger");
import sandbox = require("agentphone-wasm/sandbox");
import slimSandbox = require("agentphone-wasm/sandbox/slim");
import slim = require("agentphone-wasm/slim");
import alone = require("agentphone-wasm/webhooks");

import type { Agent, Page } from "agentphone-wasm";
import { AgentPhone, AgentPhoneError, webhooks } from "agentphone-wasm";
import { demo } from "agentphone-wasm/sandbox/demo";

const client: AgentPhone = new agentphone.AgentPhone({ apiKey: "sk_test" });

/** Classes and types, by the namespace and by name. */
export const list = async (): Promise<agentphone.Page<agentphone.Agent>> => {
  const page: Page<Agent> = await client.agents.list({ limit: 1 });
  return page;
};

export const told = (error: unknown): string | undefined =>
  error instanceof agentphone.NotFoundError ? error.path : AgentPhoneError.is(error) ? error.code : undefined;

export const verified = (body: Uint8Array | string): string =>
  webhooks.verify({ body, headers: { "x-webhook-signature": "x" }, secret: ["old", "new"] }).event;

export const store: ledger.Ledger = ledger.memoryLedger();

export const signed = (body: string): agentphone.SignedHeaders => alone.webhooks.sign({ body, secret: "whsec_x" });

export const tried = async (module: object): Promise<sandbox.Sandbox> => {
  slim.init(module);
  const server: sandbox.SandboxServer = await sandbox.serveSandbox({ demo: demo() });
  await server.close();
  return slimSandbox.createSandbox({ module: await slimSandbox.loadModule("https://example.com/sandbox.wasm") });
};

// @ts-expect-error An option of another name is found.
export const misspelt = new agentphone.AgentPhone({ apikey: "sk_test" });
