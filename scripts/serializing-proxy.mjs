// A proxy between a headless browser and the server of wasm-bindgen's test runner. That server has four threads,
// each occupied by a connection for as long as it is kept alive, and can leave a fifth connection in its queue
// forever, while a browser opens six at once; the tests then never start. Through this proxy, each request has its
// own connection, one after the other.

import { createServer, request } from "node:http";

/**
 * Forwards one request. Resolves when its response has been forwarded or has failed.
 * @param {import("node:http").IncomingMessage} asked @param {import("node:http").ServerResponse} answer @returns {Promise<void>}
 */
const forward = (asked, answer) =>
  new Promise((resolve) => {
    const onward = request(
      asked.url ?? "/",
      { method: asked.method, headers: { ...asked.headers, connection: "close" }, agent: false },
      (came) => {
        answer.writeHead(came.statusCode ?? 502, came.headers);
        came.pipe(answer);
        came.on("close", resolve);
      },
    );
    onward.on("error", () => {
      answer.destroy();
      resolve();
    });
    asked.pipe(onward);
  });

/** Starts the proxy and returns its address, `host:port`. */
export const serializingProxy = async () => {
  let last = Promise.resolve();
  const proxy = createServer((asked, answer) => (last = last.then(() => forward(asked, answer))));
  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", () => resolve(undefined)));
  return `127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (proxy.address()).port}`;
};
