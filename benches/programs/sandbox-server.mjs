// Runs a sandbox with a number of agents in its own process: `sandbox-server.mjs COUNT OPTIONS`. Reports its
// address.

import { serveSandbox } from "../../sandbox/node/server.mjs";

const [count = "0", options = "{}"] = process.argv.slice(2);
const server = await serveSandbox({ limits: false, ...JSON.parse(options) });
const headers = { authorization: "Bearer sk_bench", "content-type": "application/json" };
for (let made = 0; made < Number(count); made += 50) {
  const batch = Array.from({ length: 50 }, (_, i) =>
    fetch(`${server.url}/v1/agents`, {
      method: "POST",
      headers,
      body: JSON.stringify({ name: `Agent ${made + i}` }),
    }).then((answer) => answer.text()),
  );
  await Promise.all(batch);
}
process.on("disconnect", () => process.exit());
process.send?.(server.url);
