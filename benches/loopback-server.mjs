// Serves the cases over real HTTP on the loopback interface, in its own process, so that its work is not
// attributed to a client. Forked by loopback.mjs, and exits with it. The first segment of a path names the case.

import { createServer } from "node:http";
import { cases } from "./cpu-cases.mjs";

const answers = Object.fromEntries(
  Object.entries(cases).map(([name, { status, answer }]) => {
    const body = Buffer.from(answer);
    return [name, { status, body, headers: { "content-type": "application/json", "content-length": body.length } }];
  }),
);

const server = createServer((request, response) => {
  // Responds only after the whole request body has arrived, as any API does.
  request.resume().on("end", () => {
    const [, name] = (request.url ?? "").split("/");
    const { status, headers, body } = answers[name];
    response.writeHead(status, headers).end(body);
  });
});
// Clients wait while others take their turn; connections must stay open meanwhile.
server.keepAliveTimeout = 120_000;
// A thousand clients connect at once.
server.listen({ host: "127.0.0.1", port: 0, backlog: 2048 }, () =>
  process.send?.({ port: /** @type {import("node:net").AddressInfo} */ (server.address()).port }),
);
process.on("disconnect", () => process.exit());
