// The smallest program with the official SDK, in CommonJS.
const { AgentPhoneClient } = require("agentphone");

exports.client = new AgentPhoneClient({ token: "sk_test_benchmark" });
