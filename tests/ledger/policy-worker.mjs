// A process of its own that uses tools under a policy, with its counters in a database: a machine of the tests.
//
//   node policy-worker.mjs '{"place": {…}, "url": "http://127.0.0.1:…", "rules": {…}, "inputs": [{…}], "agentId": "…"}'

import { AgentPhone } from "agentphone-wasm";
import { agentTools, policy } from "agentphone-wasm/tools";
import { connect } from "./connect.mjs";

const { place, url, rules, inputs, agentId, approval, tool = "place_call" } = JSON.parse(process.argv[2] ?? "");
const { ledger, end } = await connect(place);
const client = new AgentPhone({ apiKey: "sk_test_key", baseUrl: url, ledger, logLevel: "off" });
const [used] = agentTools(client, { agentId, only: [tool], policy: policy(rules) });
if (!used) throw new Error("there is no such tool");
const say = (/** @type {unknown} */ line) => process.stdout.write(`${JSON.stringify(line)}\n`);

say("ready");
await new Promise((resolve) => process.stdin.once("data", resolve));
await Promise.all(
  inputs.map(async (/** @type {object} */ input) => {
    const { status, code, message } = await used.execute(input, { approval });
    say({ status, code, message });
  }),
);
await end();
process.exit(0);
