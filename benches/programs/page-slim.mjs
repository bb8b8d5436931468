// The same with the module as a file of its own, which the browser compiles while it comes in.
import { AgentPhone, init } from "agentphone-wasm/slim";

/** @import { Foreign } from "../../tests/support/foreign.js" */

export const send = async (/** @type {Foreign} */ fetch) => {
  await init(globalThis.fetch("/agentphone.wasm"));
  return new AgentPhone({ apiKey: null, baseUrl: location.origin, fetch }).agents.list();
};
