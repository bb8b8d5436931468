// The smallest page with a client: imports it, constructs it, sends a request through the transport given.
import { AgentPhone } from "agentphone-wasm";

/** @import { Foreign } from "../../tests/support/foreign.js" */

export const send = (/** @type {Foreign} */ fetch) =>
  new AgentPhone({ apiKey: null, baseUrl: location.origin, fetch }).agents.list();
