// @ts-check
// Listens on both loopback addresses. Browsers resolve names under `localhost` to either, and try ::1 first: if it
// were left free, another user of this machine could listen there on the same port and be taken for the console.

import { once } from "node:events";

/** @typedef {import("node:http").Server} Server */

/** This machine has no IPv6, so nobody can listen there. */
const NO_IPV6 = new Set(["EADDRNOTAVAIL", "EAFNOSUPPORT", "EINVAL", "EPROTONOSUPPORT"]);
/** How often another free port is tried, when one is free on 127.0.0.1 alone. */
const TRIES = 20;

/**
 * @param {() => Server} create
 * @param {number} port 0 for any that is free.
 * @returns {Promise<{ port: number, close(): Promise<void> }>} Rejects with EADDRINUSE if either is taken.
 */
export async function listen(create, port) {
  for (let left = port === 0 ? TRIES : 1; ; left -= 1) {
    const first = await open(create(), port, "127.0.0.1");
    const bound = /** @type {import("node:net").AddressInfo} */ (first.address()).port;
    try {
      const second = await open(create(), bound, "::1");
      return { port: bound, close: () => closeAll([first, second]) };
    } catch (error) {
      const code = /** @type {NodeJS.ErrnoException} */ (error).code ?? "";
      if (NO_IPV6.has(code)) return { port: bound, close: () => closeAll([first]) };
      await closeAll([first]);
      if (code !== "EADDRINUSE" || left <= 1) throw error;
    }
  }
}

/** @param {Server} server @param {number} port @param {string} host */
async function open(server, port, host) {
  server.listen(port, host);
  await once(server, "listening");
  // A connection that could not be accepted, e.g. because too many are open, is no reason to end.
  server.on("error", () => {});
  return server;
}

/** @param {Server[]} servers */
const closeAll = async (servers) => {
  await Promise.all(
    servers.map(
      (server) =>
        new Promise((resolve) => {
          server.close(resolve);
          server.closeAllConnections();
        }),
    ),
  );
};
