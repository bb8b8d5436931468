// The picture of a message: exact to the byte, without the key, and no longer than the caller allows.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clientOf, failureOf, KEY } from "../support/client.mjs";
import { answer, cut, hostileServer } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const PICTURE = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 7 + (i >> 8)) & 255));
/** Sends a file of this type, or bytes for as long as somebody reads. */
const file = (/** @type {Buffer | string | number} */ bytes, type = "image/jpeg", headers = {}) => ({
  performs: false,
  /** @param {import("node:http").ServerResponse} response */
  run(response) {
    response.writeHead(200, { "content-type": type, ...headers });
    if (typeof bytes !== "number") return response.end(bytes);
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(8_192)));
    };
    response.on("drain", more);
    more();
  },
});
/** @param {string | { url: string }} server @param {Foreign} [options] @param {{}} [client] */
const get = (server, options, client) => clientOf(server, client).messages.media.get("msg_1", options);

describe("the picture of a message", { concurrency: true }, () => {
  test("is read byte for byte, as bytes, as a blob and as a stream", async (t) => {
    const server = await hostileServer(t, file(PICTURE));
    const picture = await get(server);
    assert.equal(picture.contentType, "image/jpeg");
    assert.ok(PICTURE.equals(await picture.bytes()));
    assert.equal((await (await get(server)).blob()).type, "image/jpeg");
    const chunks = [];
    for await (const chunk of /** @type {Foreign} */ (await get(server)).stream) chunks.push(chunk);
    assert.ok(PICTURE.equals(Buffer.concat(chunks)));
    assert.deepEqual(
      [...new Set(server.received.map(({ method, url }) => `${method} ${url}`))],
      ["GET /v1/messages/msg_1/media"],
    );
  });

  test("is asked for without the key, whose supplier is not asked, and in any type", async (t) => {
    const server = await hostileServer(t, file(PICTURE));
    for (const apiKey of [KEY, () => assert.fail("asked")]) await (await get(server, undefined, { apiKey })).bytes();
    for (const { headers } of server.received)
      assert.deepEqual([headers.authorization, headers.accept], [undefined, "*/*"]);
  });

  test("may be the placeholder that stands for none", async (t) => {
    const picture = await get(await hostileServer(t, file("<svg/>", "image/svg+xml")));
    assert.deepEqual(
      [picture.contentType, new TextDecoder().decode(await picture.bytes())],
      ["image/svg+xml", "<svg/>"],
    );
  });

  test("does not fill the memory: what is longer than maxBytes is cut off", async (t) => {
    for (const read of [
      (/** @type {Foreign} */ picture) => picture.bytes(),
      (/** @type {Foreign} */ picture) => picture.blob(),
      (/** @type {Foreign} */ picture) => new Response(picture.stream).arrayBuffer(),
    ]) {
      const server = await hostileServer(t, file(Infinity));
      const error = await failureOf(read(await get(server, { maxBytes: 100_000 })));
      assert.deepEqual([error.code, error.operation], ["INVALID_RESPONSE", "messages.media.get"]);
      assert.match(error.message, /the media file is longer than maxBytes allows \(100000 bytes\)/);
      await server.closed(await server.arrival());
    }
  });

  test("is no page and no JSON that a proxy sends in its place", async (t) => {
    for (const type of ["text/html", "application/json"]) {
      assert.equal((await failureOf(get(await hostileServer(t, file("{}", type))))).code, "INVALID_RESPONSE");
    }
  });

  test("that is not there is a NotFoundError, and one that breaks off is no whole one", async (t) => {
    assert.equal(
      (await failureOf(get(await hostileServer(t, answer(404, { detail: "Message not found" }))))).name,
      "NotFoundError",
    );
    const broken = await get(
      await hostileServer(t, file(PICTURE.subarray(0, 10), "image/png", { "content-length": "4000" })),
      { timeout: 2_000 },
    );
    assert.ok(["CONNECTION_ERROR", "TIMEOUT"].includes((await failureOf(broken.bytes())).code));
    assert.equal(
      (await failureOf(get(await hostileServer(t, cut("before-headers")), { maxRetries: 0 }))).code,
      "CONNECTION_ERROR",
    );
  });

  test("has no range: an option that it does not know is refused", async () => {
    const error = await failureOf(get("http://127.0.0.1:9", { range: { start: 0 } }));
    assert.deepEqual([error.code, error.message.includes("range")], ["CONFIGURATION_ERROR", true]);
  });
});
