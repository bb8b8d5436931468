// The smallest program with this package, in CommonJS.
const { AgentPhone } = require("agentphone-wasm");

exports.client = new AgentPhone({ apiKey: "sk_test_benchmark" });
