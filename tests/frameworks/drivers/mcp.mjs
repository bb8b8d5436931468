// The official MCP client and server in one process. The client is the model's side: it calls tools, and its user is asked.

import { mcpTools } from "agentphone-wasm/tools";
import { load } from "../tools.mjs";

/** @import { Foreign } from "../../support/foreign.js" */
/** @import { Drive } from "../scripted.js" */

/** A client connected to a server with the tools. @param {Foreign[]} tools @param {(question: Foreign) => Promise<boolean>} answer @param {Foreign} [capabilities] */
export const connected = async (tools, answer, capabilities = { elicitation: {} }) => {
  const { inputRequired, InMemoryTransport, McpServer } = await load("@modelcontextprotocol/server");
  const { Client } = await load("@modelcontextprotocol/client");
  const server = new McpServer({ name: "agentphone", version: "1.0.0" });
  mcpTools(server, tools, { inputRequired });
  const client = new Client({ name: "test", version: "1.0.0" }, { capabilities });
  if (capabilities.elicitation)
    client.setRequestHandler("elicitation/create", async (/** @type {Foreign} */ { params }) =>
      (await answer(params)) ? { action: "accept", content: { approved: true } } : { action: "decline" },
    );
  const [near, far] = InMemoryTransport.createLinkedPair();
  await server.connect(far);
  await client.connect(near);
  return { client, server };
};

/** @type {Drive} */
export const drive = async ({ tools, model, answer }) => {
  const { client } = await connected(tools, answer);
  /** @type {Foreign[]} */
  const results = [];
  for (let calls = model(results); calls; calls = model(results)) {
    const found = await Promise.all(
      calls.map(async ({ name, input }) => {
        const result = await client.callTool({ name, arguments: typeof input === "string" ? {} : input });
        return result.structuredContent ?? result;
      }),
    );
    results.push(...found);
  }
  await client.close();
  return results;
};
