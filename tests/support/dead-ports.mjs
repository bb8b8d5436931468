// Addresses on loopback where no request can ever arrive: one that refuses, one that never completes
// a connection, and one whose certificate nobody trusts.
import { once } from "node:events";
import net from "node:net";
import tls from "node:tls";
import { Worker } from "node:worker_threads";
import { selfSigned } from "./self-signed.mjs";

/** @param {import("node:test").TestContext} t @param {net.Server} server */
async function listening(t, server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  return /** @type {net.AddressInfo} */ (server.address()).port;
}

/**
 * A URL whose port refuses. The port is the near end of an open connection, so nobody else can take it.
 * @param {import("node:test").TestContext} t
 */
export async function refusedUrl(t) {
  /** @type {net.Socket[]} */
  const peers = [];
  const port = await listening(
    t,
    net.createServer((peer) => peers.push(peer)),
  );
  const holder = net.connect(port, "127.0.0.1");
  await once(holder, "connect");
  t.after(() => {
    holder.destroy();
    for (const peer of peers) peer.destroy();
  });
  return `http://127.0.0.1:${holder.localPort}`;
}

// The listener's thread sleeps, so nothing is accepted; the kernel takes as many connections as the
// backlog holds and leaves all others hanging.
const NEVER_ACCEPTS = `
  const { parentPort } = require("node:worker_threads");
  const server = require("node:net").createServer();
  server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  });`;

/**
 * A URL that no connection to ever completes; `undefined` where the kernel accepts all the same.
 * @param {import("node:test").TestContext} t
 */
export async function hangingUrl(t) {
  const worker = new Worker(NEVER_ACCEPTS, { eval: true });
  /** @type {net.Socket[]} */
  const sockets = [];
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    await worker.terminate();
  });
  const [port] = await once(worker, "message");
  for (let tries = 0; tries < 16; tries += 1) {
    const socket = net.connect(port, "127.0.0.1").on("error", () => {});
    sockets.push(socket);
    const connected = once(socket, "connect").then(
      () => true,
      () => true,
    );
    const silence = new Promise((resolve) => setTimeout(resolve, 400, false));
    if (!(await Promise.race([connected, silence]))) return `http://127.0.0.1:${port}`;
  }
  return undefined;
}

/**
 * An https URL with a certificate that nobody trusts, and a count of the bytes it was sent inside TLS.
 * @param {import("node:test").TestContext} t
 */
export async function untrustedUrl(t) {
  const seen = { url: "", bytes: 0 };
  const server = tls.createServer(selfSigned(), (socket) => {
    socket.on("data", (chunk) => (seen.bytes += chunk.length)).on("error", () => {});
  });
  server.on("tlsClientError", () => {});
  seen.url = `https://127.0.0.1:${await listening(t, server)}`;
  return seen;
}
