// The same in a file that is an ES module by its name, and what comes by `import()`; and everything that the
// package gives, so that a name whose type is missing is found.

import type { AgentPhone } from "agentphone-wasm";
import * as agentphone from "agentphone-wasm";

export const client: AgentPhone = new agentphone.AgentPhone();

export const later = async (): Promise<AgentPhone> => {
  const { AgentPhone: Later } = await import("agentphone-wasm");
  const { createSandbox } = await import("agentphone-wasm/sandbox");
  const { url, fetch } = createSandbox();
  return new Later({ apiKey: "sk_test", baseUrl: url, fetch });
};

/** Each class of errors is a class of its own, and narrow. */
export const codes = (error: agentphone.AnyAgentPhoneError): string => {
  if (error instanceof agentphone.MessagingLimitError) return error.code;
  const unsure: true | undefined =
    error instanceof agentphone.DeliveryUnconfirmedError ? error.outcomeUnknown : undefined;
  return unsure ? "unsure" : error.code;
};

// @ts-expect-error No such export.
export type Missing = agentphone.AgentPhones;
