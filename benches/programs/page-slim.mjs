// The same with the module as a file of its own, which the browser compiles while it comes in.
import { AgentPhone, init } from "agentphone-wasm/slim";

export const send = async (fetch) => {
  await init(globalThis.fetch("/agentphone.wasm"));
  return new AgentPhone({ apiKey: null, baseUrl: location.origin, fetch }).agents.list();
};
