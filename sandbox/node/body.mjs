// @ts-check
// Reads the bodies of requests, and never more of them than anyone needs: of one no more than its limit,
// and of all that are on their way at once no more than theirs.

const NOTHING = new Uint8Array();
/**
 * A body that is refused is read on and thrown away up to so many times the limit: a client that is
 * still writing would not see an answer that came with a reset.
 */
const DRAINED = 16;

/**
 * Gives a function that reads a body: the bytes, or the status with which it is refused.
 * @param {number} limit Bytes of one.
 * @param {number} total Bytes of all that are being read.
 * @returns {(request: import("node:http").IncomingMessage) => Promise<Uint8Array | 413 | 503> | Uint8Array}
 */
export function createBodyReader(limit, total) {
  let held = 0;
  return (request) => {
    const { headers } = request;
    if (headers["content-length"] === undefined && headers["transfer-encoding"] === undefined) return NOTHING;
    return new Promise((resolve, reject) => {
      /** @type {Buffer[]} */
      const chunks = [];
      let length = 0;
      let own = 0;
      const release = () => {
        chunks.length = 0;
        held -= own;
        own = 0;
      };
      /** @type {413 | 503 | undefined} */
      let refused;
      request.on("data", (chunk) => {
        length += chunk.length;
        refused ??= length > limit ? 413 : held + chunk.length > total ? 503 : undefined;
        if (refused === undefined) {
          own += chunk.length;
          held += chunk.length;
          return void chunks.push(chunk);
        }
        release();
        if (length <= limit * DRAINED) resolve(refused);
        else request.destroy();
      });
      request.on("end", () => {
        const body = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
        release();
        resolve(body);
      });
      // After "end" both of these are too late to matter.
      request.on("error", reject);
      request.on("close", () => {
        release();
        reject(new Error("the client went away"));
      });
    });
  };
}
