// @ts-check
// Reads request bodies within two limits: one per body, and one for all bodies being read at the same time.

const NOTHING = new Uint8Array();
/**
 * A rejected body is read and discarded up to this many times the limit, because a client that is still writing would
 * not see a response that came with a reset.
 */
const DRAINED = 16;

/**
 * Creates a function that reads a body: it returns the bytes, or the status with which the body is rejected.
 * @param {number} limit Bytes per body.
 * @param {number} total Bytes of all bodies being read.
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
      // After "end", neither has an effect.
      request.on("error", reject);
      request.on("close", () => {
        release();
        reject(new Error("the client went away"));
      });
    });
  };
}
