// The smallest page with a client: imports it, constructs it, sends a request through the transport given.
import { AgentPhone } from "agentphone-wasm";

export const send = (fetch) => new AgentPhone({ apiKey: null, baseUrl: location.origin, fetch }).agents.list();
