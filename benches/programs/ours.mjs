// The smallest program with this package, as an ES module.
import { AgentPhone } from "agentphone-wasm";

export const client = new AgentPhone({ apiKey: "sk_test_benchmark" });
