// The MCP server over Streamable HTTP, for clients on this machine: on a loopback address only, with a token in every request. Requests
// from pages of other sites (`Origin`) and with host names that resolve to this machine (`Host`) are refused.

import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { localhostHostValidation, localhostOriginValidation, toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, isLegacyRequest, type McpServer } from "@modelcontextprotocol/server";
import { CommandError, EXIT } from "../failure.js";
import { Sessions } from "./sessions.js";

const HOST = "127.0.0.1";
const PATH = "/mcp";
/** Maximum bytes of a request. */
const LARGEST = 1 << 20;

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Whether a request has the token. Digests are compared, in constant time. */
const hasToken = ({ headers }: IncomingMessage, expected: Buffer): boolean => {
  const given = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1] ?? "";
  return timingSafeEqual(digest(given), expected);
};

const refuse = (response: ServerResponse, status: number, message: string, headers: Record<string, string> = {}) => {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify({ jsonrpc: "2.0", id: null, error: { code: -32600, message } }));
};

export interface HttpServer {
  readonly url: string;
  /** Notifies all clients that a resource has changed. */
  updated(uri: string): void;
  close(): Promise<void>;
}

/** Listens; rejects if the port is in use. */
export const serveHttp = async (
  make: (era: "legacy" | "modern") => McpServer,
  token: string,
  port: number,
): Promise<HttpServer> => {
  const expected = digest(token);
  const sessions = new Sessions(make, LARGEST);
  const modern = createMcpHandler(({ era }) => make(era), { legacy: "reject", maxRequestBodySize: LARGEST });
  const serve = toNodeHandler(
    {
      fetch: async (request) =>
        request.method !== "POST" || (await isLegacyRequest(request)) ? sessions.fetch(request) : modern.fetch(request),
    },
    { maxRequestBodySize: LARGEST },
  );
  const isHost = localhostHostValidation();
  const isOrigin = localhostOriginValidation();

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    // These two respond by themselves.
    if (!isHost(request, response) || !isOrigin(request, response)) return;
    if ((request.url ?? "").split("?")[0] !== PATH) refuse(response, 404, `the server is at ${PATH}`);
    else if (!hasToken(request, expected))
      refuse(response, 401, "the token is missing or wrong", { "www-authenticate": "Bearer" });
    // Its type requires fields that a server's request always has.
    else await serve(request as IncomingMessage & { method: string; url: string }, response);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else refuse(response, 500, "the request could not be served");
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new CommandError("PORT_IN_USE", `port ${port} is in use`, {
              exit: EXIT.refused,
              hint: "choose another one with --http",
            })
          : error,
      ),
    );
    server.listen(port, HOST, resolve);
  });
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}${PATH}`,
    updated: (uri) => {
      modern.notify.resourceUpdated(uri);
      sessions.updated(uri);
    },
    close: async () => {
      await Promise.all([modern.close(), sessions.close()]);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
