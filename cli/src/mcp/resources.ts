// What a model can read in addition to its tools: agents, numbers, calls, and live transcripts.

import { type McpServer, ResourceTemplate } from "@modelcontextprotocol/server";
import type { AgentPhone, Call, RequestOptions } from "agentphone-wasm";

/** Maximum number of objects in a list: a model needs the newest, not all. */
const MOST = 50;
const JSON_TYPE = "application/json";

export const transcriptUri = (callId: string): string => `agentphone://calls/${encodeURIComponent(callId)}/transcript`;

const FINAL = ["completed", "failed", "busy", "no-answer"];

/** What was said, one turn per line. */
const textOf = (call: Call): string => {
  const turns = (call.transcripts ?? []).flatMap(({ transcript, response }) => [
    ...(transcript ? [`them: ${transcript}`] : []),
    ...(response ? [`agent: ${response}`] : []),
  ]);
  return [`status: ${call.status}`, ...turns].join("\n");
};

export interface Readers {
  readonly client: AgentPhone;
  /** Options of each request. */
  readonly options: (signal: AbortSignal) => RequestOptions;
  /** Called with a call in progress whose transcript was read. */
  readonly follow: (callId: string) => void;
}

const asJson = (uri: URL, value: unknown) => ({
  contents: [{ uri: uri.href, mimeType: JSON_TYPE, text: JSON.stringify(value, null, 1) }],
});

/** The id in a URI. */
const idOf = (variable: string | string[] | undefined): string => decodeURIComponent(String(variable ?? ""));

/** Adds the resources to a server. */
export const addResources = (server: McpServer, { client, options, follow }: Readers): void => {
  const lists = {
    agents: { title: "Agents", description: "The agents of the account, which make calls and send texts." },
    numbers: { title: "Phone numbers", description: "The phone numbers of the account, with their agents." },
    calls: { title: "Calls", description: `The newest ${MOST} phone calls.` },
  } as const;
  for (const name of ["agents", "numbers", "calls"] as const) {
    const { title, description } = lists[name];
    server.registerResource(
      name,
      `agentphone://${name}`,
      { title, description, mimeType: JSON_TYPE },
      async (uri, { mcpReq }) => {
        const page = await client[name].list({ limit: MOST }, options(mcpReq.signal));
        return asJson(uri, { [name]: page.data, more: page.hasMore });
      },
    );
  }
  server.registerResource(
    "call",
    new ResourceTemplate("agentphone://calls/{call_id}", { list: undefined }),
    { title: "A call", description: "One phone call: status, times, numbers, summary.", mimeType: JSON_TYPE },
    async (uri, { call_id }, { mcpReq }) => asJson(uri, await client.calls.get(idOf(call_id), options(mcpReq.signal))),
  );
  server.registerResource(
    "transcript",
    new ResourceTemplate("agentphone://calls/{call_id}/transcript", {
      list: async ({ mcpReq }) => {
        const { data } = await client.calls.list({ limit: MOST }, options(mcpReq.signal));
        return {
          resources: data.map(({ id, status, startedAt }) => ({
            uri: transcriptUri(id),
            name: `transcript of ${id}`,
            description: `${status}, ${startedAt}`,
            mimeType: "text/plain",
          })),
        };
      },
    }),
    {
      title: "Transcript of a call",
      description: "The transcript of a call. During the call, subscribers are notified of changes.",
      mimeType: "text/plain",
    },
    async (uri, { call_id }, { mcpReq }) => {
      const id = idOf(call_id);
      const call = await client.calls.get(id, options(mcpReq.signal));
      if (!FINAL.includes(call.status)) follow(id);
      return { contents: [{ uri: uri.href, mimeType: "text/plain", text: textOf(call) }] };
    },
  );
};
