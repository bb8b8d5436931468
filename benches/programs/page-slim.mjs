// The same with the module as a separate file, which the browser compiles while it downloads.
import { AgentPhone, init } from "agentphone-wasm/slim";

/** @import { Foreign } from "../../tests/support/foreign.js" */

export const send = async (/** @type {Foreign} */ fetch) => {
  await init(globalThis.fetch("/agentphone.wasm"));
  return new AgentPhone({ apiKey: null, baseUrl: location.origin, fetch }).agents.list();
};
