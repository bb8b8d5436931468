// The MCP server of one client: tools with an idempotency key for each effect, resources and prompts. A new server is created for each
// connection or request; shared state is passed in.

import { inputRequired, type McpRequestContext, McpServer } from "@modelcontextprotocol/server";
import { type AgentTool, mcpTools } from "agentphone-wasm/tools";
import { version } from "../version.js";
import { addPrompts } from "./prompts.js";
import { addResources, type Readers } from "./resources.js";

const INSTRUCTIONS = `AgentPhone: phone calls and text messages for AI agents. They reach real people and cost money.
Never repeat a call because of its result alone: read its "status". "unknown" means that it may have happened; use the tool in "next", and do not report it as failed.
Every tool can be called twice with the same input: it takes effect only once. Use "again": true only if the user wants it a second time.`;

const MOST_SUBSCRIPTIONS = 100;

/** The resources that a client has subscribed to, in the 2025 protocol; the SDK keeps those of the 2026 protocol. */
const subscriptions = new WeakMap<McpServer, Set<string>>();

const addSubscriptions = (server: McpServer): void => {
  const wanted = new Set<string>();
  subscriptions.set(server, wanted);
  server.server.setRequestHandler("resources/subscribe", ({ params }) => {
    if (wanted.size < MOST_SUBSCRIPTIONS) wanted.add(params.uri);
    return {};
  });
  server.server.setRequestHandler("resources/unsubscribe", ({ params }) => {
    wanted.delete(params.uri);
    return {};
  });
};

/** Notifies the client of a server that a resource has changed. A 2026 transport filters out what its client has not subscribed to. */
export const notifyUpdated = (server: McpServer, uri: string): void => {
  const wanted = subscriptions.get(server);
  if (wanted === undefined || wanted.has(uri)) server.server.sendResourceUpdated({ uri }).catch(() => {});
};

export interface Shared extends Readers {
  readonly tools: readonly AgentTool[];
}

/** Creates a server for a client with the 2025 protocol (`legacy`) or a later one. */
export const serverOf = (shared: Shared, era: McpRequestContext["era"]): McpServer => {
  const server = new McpServer(
    { name: "agentphone", title: "AgentPhone", version: version() },
    { instructions: INSTRUCTIONS, capabilities: { resources: { subscribe: true } } },
  );
  mcpTools(server, shared.tools, { inputRequired });
  addResources(server, shared);
  addPrompts(server);
  if (era === "legacy") addSubscriptions(server);
  return server;
};
