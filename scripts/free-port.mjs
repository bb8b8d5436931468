// Finds a port for programs that cannot choose one themselves and report it.

import { once } from "node:events";
import { createServer } from "node:net";

/** A local port that is free at the moment. */
export const freePort = async () => {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
};
