// @ts-check
// Reads the body of a request, and never more of it than anyone needs.

const NOTHING = new Uint8Array();
/**
 * A body that is too long is read on and thrown away up to so many times the limit: a client that is
 * still writing would not see a 413 that came with a reset.
 */
const DRAINED = 16;

/**
 * The body, or undefined when it is too long.
 * @param {import("node:http").IncomingMessage} request
 * @param {number} limit
 * @returns {Promise<Uint8Array | undefined> | Uint8Array}
 */
export function readBody(request, limit) {
  const { headers } = request;
  if (headers["content-length"] === undefined && headers["transfer-encoding"] === undefined) return NOTHING;
  return new Promise((resolve, reject) => {
    /** @type {Buffer[]} */
    const chunks = [];
    let length = 0;
    request.on("data", (chunk) => {
      length += chunk.length;
      if (length <= limit) return void chunks.push(chunk);
      chunks.length = 0;
      if (length <= limit * DRAINED) resolve(undefined);
      else request.destroy();
    });
    request.on("end", () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    // After "end" both of these are too late to matter.
    request.on("error", reject);
    request.on("close", () => reject(new Error("the client went away")));
  });
}
