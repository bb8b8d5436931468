// What people hand to `init` of `agentphone-wasm/slim`: its address, nothing, a page that came in its place, a file that was
// cut. What cannot be used is told as what it is, in the place of the engine's "expected magic word".
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { AgentPhone, init } from "agentphone-wasm/slim";
import { KEY } from "../support/client.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const bytes = readFileSync(new URL("../../pkg/dist/agentphone.wasm", import.meta.url));
const ANSWERS = {
  "/agentphone.wasm": [200, "application/wasm", bytes],
  "/other-type.wasm": [200, "application/octet-stream", bytes],
  "/page": [200, "text/html; charset=utf-8", "<!doctype html><title>Shop</title>"],
  "/page-of-no-type": [200, "", "<!doctype html><title>Shop</title>"],
  "/cut.wasm": [200, "application/wasm", bytes.subarray(0, 5000)],
};
/** @type {string} */
let url;
const server = createServer(({ url: path = "" }, response) => {
  const [status, type, body] = /** @type {Record<string, Foreign>} */ (ANSWERS)[path] ?? [404, "text/plain", "nothing"];
  response.writeHead(status, type ? { "content-type": type } : {}).end(body);
});
before(async () => {
  await once(server.listen(0, "127.0.0.1"), "listening");
  url = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
});
after(() => server.close());

/** How `init` fails, at once or later. */
const failure = async (/** @type {Foreign[]} */ ...given) => {
  try {
    await init(.../** @type {[Foreign]} */ (given));
  } catch (error) {
    return error;
  }
  assert.fail("it was taken");
};

test("nothing, and what is neither a module nor bytes, is told what init needs", async () => {
  const words =
    /^init needs the module: its address, a Response of it, its bytes or a WebAssembly\.Module, not (nothing|null|this \w+)$/;
  for (const given of [
    [],
    [undefined],
    [null],
    [{}],
    [7],
    [[1, 2]],
    [() => bytes],
    [Promise.resolve(undefined)],
    [Promise.resolve({})],
    [new Map()],
  ]) {
    const error = await failure(...given);
    assert.ok(error instanceof TypeError, String(error));
    assert.match(error.message, words);
  }
});

test("bytes of something else are told as what they are", async () => {
  const cases = [
    ["<!doctype html>", /it is a page: check its address/],
    ["\n <html>", /it is a page/],
    ["", /it is empty/],
    ["PK\u0003\u0004", /it is something else/],
    [bytes.subarray(0, 5000), /it was cut after 5000 bytes, or changed on its way/],
    [bytes.subarray(0, 4), /it was cut after 4 bytes/],
  ];
  for (const [given, words] of cases) {
    const source = typeof given === "string" ? new TextEncoder().encode(given) : given;
    for (const form of [
      source,
      new Uint8Array(/** @type {Foreign} */ (source)).buffer,
      Promise.resolve(source),
      new Response(/** @type {Foreign} */ (source)),
    ]) {
      const error = await failure(form);
      assert.ok(error instanceof WebAssembly.CompileError, String(error));
      assert.match(error.message, /^init: this is not the module: /);
      assert.match(error.message, /** @type {Foreign} */ (words));
    }
  }
});

test("an address that has no module is told so, without the address", async () => {
  const told = async (/** @type {string} */ path) =>
    /** @type {Foreign} */ (await failure(`${url}${path}?key=${KEY}`)).message;
  /** @type {Record<string, Foreign>} */ (ANSWERS)[`/page?key=${KEY}`] = ANSWERS["/page"];
  /** @type {Record<string, Foreign>} */ (ANSWERS)[`/cut.wasm?key=${KEY}`] = ANSWERS["/cut.wasm"];
  /** @type {Record<string, Foreign>} */ (ANSWERS)[`/page-of-no-type?key=${KEY}`] = ANSWERS["/page-of-no-type"];
  const said = [
    await told("/page"),
    await told("/page-of-no-type"),
    await told("/cut.wasm"),
    await told("/missing"),
    /** @type {Foreign} */ (await failure(`./${KEY}.wasm`)).message,
    /** @type {Foreign} */ (await failure(new URL(`file:///${KEY}.wasm`))).message,
  ];
  assert.match(said[0], /a page instead of the module: check its address/);
  assert.match(said[1], /it is a page: check its address/);
  assert.match(said[2], /it was cut after 5000 bytes/);
  assert.match(said[3], /responded with status 404/);
  for (const words of said.slice(4))
    assert.match(words, /cannot be fetched from this address\. Where fetch reads no files, read it and pass its bytes/);
  assert.ok(!said.join().includes(KEY));
  assert.throws(() => new AgentPhone({ apiKey: KEY }), /call init\(\) of agentphone-wasm\/slim first/);
});

test("an address is fetched, as a text, a URL and a promise, whatever type its server names", async () => {
  await init(Promise.resolve(new URL(`${url}/other-type.wasm`)));
  await init(`${url}/agentphone.wasm`);
  await init(new URL(`${url}/agentphone.wasm`));
  init(bytes);
  assert.equal(
    (await new AgentPhone({ apiKey: KEY, fetch: async () => Response.json({ id: "1" }) }).calls.get("c")).id,
    "1",
  );
});
