// The smallest page with this package: imports it, constructs a client, sends a request through the given
// transport.
import { AgentPhone } from "agentphone-wasm";

/** @import { Foreign } from "../../tests/support/foreign.js" */

export const send = (/** @type {Foreign} */ fetch) =>
  new AgentPhone({ apiKey: null, baseUrl: location.origin, fetch }).agents.list();
