// The smallest program with the official SDK, as an ES module.
import { AgentPhoneClient } from "agentphone";

export const client = new AgentPhoneClient({ token: "sk_test_benchmark" });
