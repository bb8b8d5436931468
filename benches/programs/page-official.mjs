// The smallest page with the official SDK: imports it, constructs a client, sends a request through the given
// transport.
import { AgentPhoneClient } from "agentphone";

/** @import { Foreign } from "../../tests/support/foreign.js" */

export const send = (/** @type {Foreign} */ fetch) =>
  new AgentPhoneClient({ token: "sk_test_benchmark", baseUrl: location.origin, fetch }).agents.listAgents({});
