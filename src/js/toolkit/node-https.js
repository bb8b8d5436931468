// @ts-check
// A request of Node's own, whose connection goes to the very address that was checked. `fetch` looks the name up
// again, and its owner may then answer with an address of this machine's network.

import { isAddress, isPublicAddress } from "./addresses.js";

/** How a body is unpacked: stores of files send compressed what was put there so, whatever they are asked for. @type {Record<string, string>} */
const UNPACK = {
  gzip: "createGunzip",
  "x-gzip": "createGunzip",
  deflate: "createInflate",
  br: "createBrotliDecompress",
};

/**
 * What is used of a `fetch`, done by `node:https`; undefined in hosts that do not have it.
 * @param {(reason: "address" | "type") => Error} failure
 */
export const throughNode = (failure) => {
  // Not imported: bundlers for pages would look for it.
  const builtin = /** @type {any} */ (globalThis).process?.getBuiltinModule;
  const https = builtin?.("node:https");
  const dns = builtin?.("node:dns");
  if (!https || !dns) return undefined;

  /** The body as the file that it is; undefined where that cannot be known. @param {any} body */
  const unpacked = (body) => {
    const encoding = (body.headers["content-encoding"] ?? "identity").toLowerCase();
    if (encoding === "identity") return body;
    const decoder = builtin("node:zlib")[UNPACK[encoding] ?? ""]?.();
    // Its errors are those of the decoder, which is read.
    return decoder && builtin("node:stream").pipeline(body, decoder, () => {});
  };

  /** @param {string} host @param {any} options @param {(...given: any[]) => void} done */
  const lookup = (host, options, done) =>
    dns.lookup(host, { ...options, all: true }, (/** @type {any} */ error, /** @type {any[]} */ found) => {
      if (error) return done(error);
      if (found.length === 0 || !found.every(({ address }) => isPublicAddress(address)))
        return done(failure("address"));
      if (options.all) done(null, found);
      else done(null, found[0].address, found[0].family);
    });

  return (/** @type {string} */ href, /** @type {{ signal: AbortSignal }} */ { signal }) =>
    new Promise((resolve, reject) => {
      let looked = isAddress(new URL(href).hostname);
      const options = {
        signal,
        // A connection that another request left open may lead anywhere.
        agent: false,
        headers: { accept: "*/*", "accept-encoding": "identity" },
        lookup: (/** @type {any[]} */ ...given) => {
          looked = true;
          lookup(.../** @type {Parameters<typeof lookup>} */ (given));
        },
      };
      const request = https.get(href, options, (/** @type {any} */ body) => {
        const { statusCode, headers } = body;
        // A host that does not ask.
        const file = looked && (statusCode === 200 ? unpacked(body) : body);
        if (!file) {
          body.destroy();
          return reject(failure(looked ? "type" : "address"));
        }
        resolve({ status: statusCode, headers: { get: (/** @type {string} */ name) => headers[name] }, body: file });
      });
      request.on("error", reject);
    });
};
