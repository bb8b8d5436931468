// @ts-check
// Recordings of voices through the proxy: only those that the API names, without the key, and nothing but sound.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { KEY, startProxy } from "./testing.mjs";

/** What the host of recordings says, by path. @type {Record<string, { status?: number, type: string, body: string | Buffer, location?: string }>} */
const FILES = {
  "/fine.mp3": { type: "audio/mpeg", body: "sound" },
  "/page": { type: "text/html", body: "<script>alert(1)</script>" },
  "/gone": { status: 404, type: "audio/mpeg", body: "" },
  "/moved": { status: 302, type: "audio/mpeg", body: "", location: "/fine.mp3" },
  "/long.mp3": { type: "audio/mpeg", body: Buffer.alloc(5 * 1024 * 1024) },
};
/** @type {{ path: string, key: string | undefined }[]} */
let seen = [];
/** @type {unknown} */
let voices;
/** @type {string} */
let url;
/** @type {Awaited<ReturnType<typeof startProxy>>} */
let proxy;

const server = createServer(({ url: path = "", headers }, response) => {
  seen.push({ path, key: headers.authorization });
  if (path === "/v1/agents/voices") return response.end(JSON.stringify({ data: voices }));
  const { status = 200, type, body, location } = FILES[path] ?? { status: 404, type: "text/plain", body: "" };
  response.writeHead(status, { "content-type": type, "set-cookie": "a=b", ...(location && { location }) }).end(body);
});
before(async () => {
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  url = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
  proxy = await startProxy(url);
});
after(async () => {
  await proxy?.close();
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  seen = [];
  voices = Object.keys(FILES).map((path) => ({ voice_id: `of ${path}`, preview_audio_url: url + path }));
});

/** @param {string} id */
const listen = (id) => proxy.ask(`/__sandbox/voices?id=${encodeURIComponent(id)}`);

test("a recording that the API names reaches the page as sound, and its host does not get the key", async () => {
  const { status, body, headers } = await listen("of /fine.mp3");
  assert.deepEqual([status, body, headers["content-type"]], [200, "sound", "audio/mpeg"]);
  assert.equal(headers["set-cookie"], undefined);
  assert.match(String(headers["content-security-policy"]), /sandbox/);
  assert.deepEqual(seen, [
    { path: "/v1/agents/voices", key: `Bearer ${KEY}` },
    { path: "/fine.mp3", key: undefined },
  ]);
});

test("what is not audio, is missing, moves or is too long is refused, and nothing of it is passed on", async () => {
  for (const path of ["/page", "/gone", "/moved", "/long.mp3"]) {
    const { status, body } = await listen(`of ${path}`);
    assert.deepEqual(
      [status, JSON.parse(body)],
      [502, { detail: "The recording of this voice could not be read." }],
      path,
    );
  }
});

test("a voice that the API does not list, or that has no recording, has none here", async () => {
  voices = [
    { voice_id: "none", preview_audio_url: null },
    { voice_id: "file", preview_audio_url: "file:///etc/passwd" },
    { voice_id: "data", preview_audio_url: "data:audio/mpeg;base64,AAAA" },
    { voice_id: "odd", preview_audio_url: 5 },
    null,
  ];
  for (const id of ["none", "file", "data", "odd", "another", url]) assert.equal((await listen(id)).status, 404, id);
  assert.ok(seen.every(({ path }) => path === "/v1/agents/voices"));
});

test("without the secret of the run nothing is fetched, and only GET is answered", async () => {
  assert.equal((await proxy.askBare("/__sandbox/voices?id=none")).status, 401);
  assert.deepEqual(seen, []);
  assert.equal((await proxy.ask("/__sandbox/voices?id=none", { method: "POST", body: "{}" })).status, 405);
});

test("if the API cannot list its voices, the response is not a recording", async () => {
  for (const odd of [undefined, {}, "voices"]) {
    voices = odd;
    assert.equal((await listen("of /fine.mp3")).status, 502, String(odd));
  }
});
