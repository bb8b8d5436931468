// `agentphone mcp`: the tools for language models as an MCP server, over standard input and output or over HTTP.

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { agentTools } from "agentphone-wasm/tools";
import { withConnection } from "../connection.js";
import { EXIT, usage } from "../failure.js";
import { Followed } from "../mcp/follow.js";
import { type HttpServer, serveHttp } from "../mcp/http.js";
import { transcriptUri } from "../mcp/resources.js";
import { type Approve, rulesOf } from "../mcp/rules.js";
import { notifyUpdated, serverOf } from "../mcp/server.js";
import { chosenTools } from "../mcp/toolsets.js";
import type { Context } from "../settings.js";

export interface McpOptions {
  /** Over HTTP on this port; undefined: over standard input and output. */
  readonly http?: number;
  readonly toolsets?: string;
  readonly tools?: string;
  readonly readOnly?: boolean;
  /** When a person must approve. */
  readonly approve?: Approve;
  /** A file with the options of a policy. */
  readonly policy?: string;
  /** The agent that all tools act through. */
  readonly agent?: string;
  /** Country of numbers without a country code. */
  readonly country?: string;
}

const SHORTEST_TOKEN = 16;

/** The token of the HTTP server: never an argument, which all users of a machine can see. */
const tokenOf = (): { token: string; isNew: boolean } => {
  const token = process.env.AGENTPHONE_MCP_TOKEN;
  if (token === undefined || token === "") return { token: randomBytes(24).toString("base64url"), isNew: true };
  if (token.length < SHORTEST_TOKEN || /\s/.test(token))
    throw usage(`AGENTPHONE_MCP_TOKEN must have at least ${SHORTEST_TOKEN} characters and no spaces`);
  return { token, isNew: false };
};

/** Resolves when the command is interrupted. */
const interrupted = async (signal: AbortSignal): Promise<void> => {
  if (!signal.aborted) await once(signal, "abort");
};

export const mcp = (context: Context, options: McpOptions): Promise<number> => {
  const { http, toolsets, tools, readOnly, agent, country } = options;
  const policy = rulesOf(options.policy, options.approve, context.settings.sandbox ? "never" : "spend");
  const only = chosenTools(toolsets, tools);
  const token = http === undefined ? undefined : tokenOf();
  return withConnection(context, async ({ client }) => {
    const all = agentTools(client, {
      only,
      policy,
      ...(agent !== undefined && { agentId: agent }),
      ...(country !== undefined && { country }),
    });
    const { signal, printer } = context;
    let updated: (uri: string) => void = () => {};
    const followed = new Followed(client, (callId) => updated(transcriptUri(callId)));
    const shared = {
      client,
      tools: readOnly ? all.filter(({ kind }) => kind === "read") : all,
      options: (requested: AbortSignal) => ({ signal: requested, totalTimeout: 30_000 }),
      follow: (callId: string) => followed.follow(callId),
    };
    try {
      if (http === undefined || token === undefined) {
        if (process.stdin.isTTY)
          printer.note(
            "Waiting for an MCP client on standard input. Clients start this command themselves: see --help.",
            {
              note: "waiting",
            },
          );
        await overStdio(
          (era) => serverOf(shared, era),
          signal,
          (notify) => (updated = notify),
        );
      } else {
        const server: HttpServer = await serveHttp((era) => serverOf(shared, era), token.token, http);
        updated = (uri) => server.updated(uri);
        printer.note(`MCP server at ${server.url}`, { url: server.url });
        if (token.isNew)
          printer.note(`Clients send the header  Authorization: Bearer ${token.token}`, { token: token.token });
        await interrupted(signal);
        await server.close();
      }
    } finally {
      followed.close();
    }
    return EXIT.done;
  });
};

/** Serves until the client closes standard input, or the command is interrupted. */
const overStdio = async (
  make: (era: "legacy" | "modern") => McpServer,
  signal: AbortSignal,
  notifyBy: (notify: (uri: string) => void) => void,
): Promise<void> => {
  let current: McpServer | undefined;
  const handle = serveStdio(({ era }) => {
    current = make(era);
    return current;
  });
  notifyBy((uri) => {
    if (current) notifyUpdated(current, uri);
  });
  const ended = once(process.stdin, "end").catch(() => {});
  await Promise.race([ended, once(process.stdin, "close"), interrupted(signal)]);
  await handle.close();
};
