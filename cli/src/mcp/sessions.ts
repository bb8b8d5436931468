// Sessions of MCP clients with the 2025 protocol. The server asks such a client for an approval while its request is in progress,
// and the client responds with another request, so both must reach the same server object.

import { randomUUID } from "node:crypto";
import { type McpServer, WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/server";
import { notifyUpdated } from "./server.js";

/** Maximum number of sessions. */
const MOST = 64;
/** Milliseconds without a request after which a session ends. */
const IDLE = 30 * 60_000;

interface Session {
  readonly transport: WebStandardStreamableHTTPServerTransport;
  readonly server: McpServer;
  used: number;
}

const refusal = (status: number, message: string, headers: Record<string, string> = {}): Response =>
  Response.json({ jsonrpc: "2.0", id: null, error: { code: -32600, message } }, { status, headers });

export class Sessions {
  readonly #make: (era: "legacy") => McpServer;
  readonly #largest: number;
  readonly #open = new Map<string, Session>();

  /** @param make Creates a server. @param largest Maximum bytes of a request. */
  constructor(make: (era: "legacy") => McpServer, largest: number) {
    this.#make = make;
    this.#largest = largest;
  }

  async fetch(request: Request): Promise<Response> {
    const id = request.headers.get("mcp-session-id");
    const known = id === null ? undefined : this.#open.get(id);
    if (known) {
      known.used = Date.now();
      return known.transport.handleRequest(request);
    }
    // The protocol requires this status for an ended session: the client then starts a new one.
    if (id !== null) return refusal(404, "the session has ended: start a new one");
    if (request.method !== "POST") return refusal(405, "a session starts with a POST", { allow: "POST" });
    return this.#begin(request);
  }

  /** Notifies the clients that a resource has changed. */
  updated(uri: string): void {
    for (const { server } of this.#open.values()) notifyUpdated(server, uri);
  }

  async close(): Promise<void> {
    const open = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(open.map(({ server }) => server.close()));
  }

  async #begin(request: Request): Promise<Response> {
    this.#makeRoom();
    const server = this.#make("legacy");
    const transport: WebStandardStreamableHTTPServerTransport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      maxRequestBodySize: this.#largest,
      onsessioninitialized: (id) => {
        this.#open.set(id, { transport, server, used: Date.now() });
      },
      onsessionclosed: (id) => {
        this.#open.delete(id);
      },
    });
    await server.connect(transport);
    return transport.handleRequest(request);
  }

  /** Ends idle sessions and, if there are too many, the one that has been idle for longest. */
  #makeRoom(): void {
    const byUse = [...this.#open].sort(([, a], [, b]) => a.used - b.used);
    byUse.forEach(([id, { server, used }], index) => {
      if (used > Date.now() - IDLE && byUse.length - index < MOST) return;
      this.#open.delete(id);
      void server.close();
    });
  }
}
