// The local end of `listen`: receives deliveries, verifies their signatures, forwards them byte for byte, and returns the
// program's response, including streams, because the response to a voice turn is spoken.

import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type WebhookEvent, webhooks } from "agentphone-wasm";
import { CommandError, EXIT } from "../failure.js";

/** Maximum bytes of a delivery. */
const LONGEST = 4 * 1024 * 1024;
/** Time limit of the program in milliseconds: the longest that AgentPhone waits. */
const PATIENCE = 120_000;

/** The result of one delivery. */
export interface Delivered {
  readonly event: WebhookEvent;
  /** The status of the program's response; undefined if it did not respond. */
  readonly status?: number;
  readonly ms: number;
  readonly problem?: string;
}

export interface Receiver {
  readonly port: number;
  close(): Promise<void>;
}

export interface ReceiverOptions {
  readonly port: number;
  readonly forwardTo: URL;
  /** The secret that deliveries are signed with; undefined until it is known. */
  readonly secret: () => string | undefined;
  /** The secret that the program verifies with: deliveries are signed again with it. */
  readonly programSecret: string | undefined;
  /** Seconds that a delivery's time may be off: a sandbox may have a different clock. */
  readonly tolerance?: number;
  readonly onDelivery: (delivered: Delivered) => void;
  readonly onRefused: () => void;
}

const bodyOf = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > LONGEST) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
};

/** The headers that the program gets: those of the delivery, and none of the connection. */
const passedOn = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith("x-webhook-") || name === "content-type" || name === "user-agent" ? [[name, String(value)]] : [],
    ),
  );

/** Starts the receiver. */
export const receive = async (options: ReceiverOptions): Promise<Receiver> => {
  const { forwardTo, programSecret, onDelivery, onRefused, tolerance } = options;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== "POST") return void response.writeHead(405).end();
    const body = await bodyOf(request);
    if (body === undefined) return void response.writeHead(413, { connection: "close" }).end();
    const secret = options.secret();
    let event: WebhookEvent;
    try {
      if (secret === undefined) throw new Error("not ready");
      event = webhooks.verify({
        body,
        headers: request.headers,
        secret,
        ...(tolerance !== undefined && { tolerance }),
      });
    } catch {
      onRefused();
      return void response.writeHead(401).end();
    }
    const began = performance.now();
    const ms = () => Math.round(performance.now() - began);
    const own = passedOn(request);
    const { delivery } = event as { delivery?: { id: string | null } };
    const signed =
      programSecret === undefined
        ? {}
        : Object.fromEntries(
            Object.entries(
              webhooks.sign({ body, secret: programSecret, ...(delivery?.id && { id: delivery.id }) }),
            ).map(([name, value]) => [name.toLowerCase(), value]),
          );
    try {
      const result = await fetch(forwardTo, {
        method: "POST",
        headers: { ...own, ...signed },
        body: new Uint8Array(body),
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE),
      });
      const type = result.headers.get("content-type");
      response.writeHead(result.status, type === null ? {} : { "content-type": type });
      if (result.body === null) response.end();
      else await pipeline(Readable.fromWeb(result.body as never), response);
      onDelivery({ event, status: result.status, ms: ms() });
    } catch (error) {
      // AgentPhone retries a text later; a voice turn is lost.
      const { code } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
      onDelivery({ event, ms: ms(), problem: code ?? (error as Error).name });
      if (response.headersSent) response.destroy();
      else response.writeHead(502).end();
    }
  };

  const server = createServer((request, response) => {
    request.on("error", () => response.destroy());
    response.on("error", () => {});
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(options.port, "127.0.0.1");
  await once(server, "listening").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE") throw error;
    throw new CommandError("PORT_IN_USE", `port ${options.port} is in use`, {
      exit: EXIT.refused,
      hint: "choose another with --port",
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
