// The smallest page with the official SDK: imports it, constructs it, sends a request through the transport given.
import { AgentPhoneClient } from "agentphone";

export const send = (fetch) => new AgentPhoneClient({ token: "sk_test_benchmark", baseUrl: location.origin, fetch }).agents.listAgents({});
