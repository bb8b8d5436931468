// The smallest program with a client, in CommonJS.
const { AgentPhone } = require("agentphone-wasm");

exports.client = new AgentPhone({ apiKey: "sk_test_benchmark" });
