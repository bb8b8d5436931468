// `node benches/mcp-beside.mjs FOLDER`: the official MCP server and ours under the same faults. FOLDER is a clone of the official one,
// installed and built (`npm ci && npm run build`); its `dist/index.js` is started. It is not on npm, so this is not part of
// `npm run bench`.
//
// The model is the same for both: it calls again as soon as it gets an error, as models and frameworks do, at most twice.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { AgentPhone } from "agentphone-wasm";
import { serveSandbox } from "../sandbox/node/server.mjs";
import { root } from "../scripts/tools.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { people: { type: "string", default: "10" } },
});
const [official] = positionals;
if (official === undefined) {
  process.stderr.write("node benches/mcp-beside.mjs FOLDER [--people N]\n");
  process.exit(2);
}
const people = Array.from({ length: Number(values.people) }, (_, at) => `+1415555${String(1000 + at)}`);
const key = "sk_sandbox_beside";
/** How often a model calls one person, at most. */
const MOST = 3;

/** What happens to the first request for each person. @type {Record<string, Foreign>} */
const FAULTS = {
  none: undefined,
  "the answer is lost after the call was placed": { cut: "before-headers" },
  "a 504 of the edge after the call was placed": { status: 504, shape: "html", effect: true },
  "a 500 after the call was placed": { status: 500, effect: true },
  "no answer comes, and the call was placed": { stall: "headers" },
  "the connection breaks, and the call is placed 3 s later": { cut: "before-headers", late: { afterMs: 3000 } },
  "the connection breaks before anything happened": { cut: "before-effect" },
  "a rate limit of 1 s": { status: 429, code: "RATE_LIMIT_EXCEEDED", headers: { "retry-after": "1" } },
};

/** How each is started, and called for a person. @type {Record<string, { args: (agentId: string) => string[], tool: string, input: (agentId: string, to: string) => Record<string, unknown> }>} */
const SERVERS = {
  "official 0.7.0": {
    args: () => [join(official, "dist", "index.js"), "--stdio"],
    tool: "make_call",
    input: (agent_id, to_number) => ({ agent_id, to_number, initial_greeting: "Hi." }),
  },
  "agentphone mcp": {
    args: (agentId) => [join(root, "cli", "dist", "agentphone.js"), "mcp", "--approve", "never", "--agent", agentId],
    tool: "place_call",
    input: (_, to) => ({ to, greeting: "Hi." }),
  },
};

/** Calls one person as a model does; returns the last result it received. @param {Client} client @param {string} tool @param {Record<string, unknown>} input */
const ask = async (client, tool, input) => {
  for (let left = MOST; ; left -= 1) {
    const result = /** @type {Foreign} */ (
      await client.callTool({ name: tool, arguments: input }, { timeout: 180_000 })
    );
    if (!result.isError) return result.structuredContent?.status ?? "done";
    if (left === 1) return "error";
  }
};

/** @param {string} name @param {Foreign} fault */
const run = async (name, fault) => {
  const sandbox = await serveSandbox({ limits: false, balanceCents: 1_000_000 });
  const own = new AgentPhone({ apiKey: key, baseUrl: sandbox.url, logLevel: "off" });
  const { id: agentId } = await own.agents.create({ name: "Desk" });
  await own.numbers.buy({ agentId });
  if (fault)
    for (const toNumber of people)
      sandbox.faults.add({ match: { operation: "calls.create", toNumber }, times: 1, ...fault });
  const { args, tool, input } = /** @type {Foreign} */ (SERVERS)[name];
  const state = mkdtempSync(join(tmpdir(), "agentphone-beside-"));
  const env = {
    ...process.env,
    AGENTPHONE_API_KEY: key,
    AGENTPHONE_BASE_URL: sandbox.url,
    AGENTPHONE_STATE_DIR: state,
  };
  const client = new Client({ name: "beside", version: "1.0.0" });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: args(agentId),
      env: /** @type {Foreign} */ (env),
      stderr: "ignore",
    }),
  );
  const told = await Promise.all(people.map((to) => ask(client, tool, input(agentId, to))));
  // What happens late happens now.
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  const { callsPlaced } = sandbox.ledger();
  const rung = new Set(
    sandbox
      .effects()
      .filter(({ operation }) => operation === "calls.create")
      .map(({ id }) => id),
  ).size;
  await client.close();
  await sandbox.close();
  rmSync(state, { recursive: true });
  const words = [...new Set(told)].map((word) => `${told.filter((one) => one === word).length} ${word}`).join(", ");
  return { placed: Math.max(callsPlaced, rung), words };
};

process.stdout.write(
  `| ${people.length} people are to be called once each; the first request for each | ${Object.keys(SERVERS)
    .map((name) => `${name}: calls placed | the model was told`)
    .join(" | ")} |\n|---|---:|---|---:|---|\n`,
);
for (const [what, fault] of Object.entries(FAULTS)) {
  const cells = [];
  for (const name of Object.keys(SERVERS)) {
    const { placed, words } = await run(name, fault);
    cells.push(`${placed}`, words);
  }
  process.stdout.write(`| ${what} | ${cells.join(" | ")} |\n`);
}
