// @ts-check
// Campaigns on the address of a real account's console: nobody reads phone numbers or starts calls without the secret of the
// run, and the key of the account goes nowhere.

import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { API_HEADERS } from "./respond.mjs";
import { KEY, startProxy, startUpstream, statusOf } from "./testing.mjs";

const PATH = "/__sandbox/campaigns";
/** @type {Request[]} What reached the campaigns. */
let asked = [];
/** @type {(request: Request) => Promise<Response>} */
let answer;
/** @type {Awaited<ReturnType<typeof startUpstream>>} */
let api;
/** @type {Awaited<ReturnType<typeof startProxy>>} */
let proxy;
before(async () => {
  api = await startUpstream();
  proxy = await startProxy(api.url, {
    mount: { path: PATH, fetch: (request) => (asked.push(request), answer(request)) },
  });
});
after(async () => {
  await proxy?.close();
  await api?.close();
});
const fresh = () => {
  asked = [];
  answer = async (request) => Response.json({ path: new URL(request.url).pathname, text: await request.text() });
};

test("with the secret it is answered, with the path, the query and the body as they were sent", async () => {
  fresh();
  const read = await proxy.ask(`${PATH}/spring/people?state=doubt`);
  assert.equal(read.status, 200);
  const written = await proxy.ask(`${PATH}/spring/retry`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: proxy.url },
    body: '{"only":["busy"]}',
  });
  assert.deepEqual(JSON.parse(written.body), { path: `${PATH}/spring/retry`, text: '{"only":["busy"]}' });
  assert.equal(new URL(/** @type {Request} */ (asked[0]).url).search, "?state=doubt");
  assert.deepEqual(api.seen, [], "nothing of it is the API's business");
});

test("every attack of a page, of another host and of a program without the secret is refused before it arrives", async () => {
  fresh();
  for (const [
    name,
    headers,
    method = "GET",
  ] of /** @type {[string, Record<string, string | undefined>, string?][]} */ ([
    ["no secret", { host: proxy.host }],
    ["a wrong secret", { ...proxy.own, "x-console-secret": `${proxy.secret.slice(0, -1)}_` }],
    ["an empty secret", { ...proxy.own, "x-console-secret": "" }],
    ["a renamed host", { ...proxy.own, host: "attacker.example" }],
    ["the address of the machine", { ...proxy.own, host: `127.0.0.1:${proxy.port}` }],
    ["another origin", { ...proxy.own, origin: "https://attacker.example" }, "POST"],
    ["an origin of this machine", { ...proxy.own, origin: "http://localhost:3000" }, "POST"],
    ["a sandboxed frame", { ...proxy.own, origin: "null" }, "POST"],
    ["another site", { ...proxy.own, "sec-fetch-site": "cross-site" }],
    ["another port", { ...proxy.own, "sec-fetch-site": "same-site" }],
    [
      "a link",
      { host: proxy.host, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" },
    ],
    ["a service worker", { ...proxy.own, "service-worker": "script" }],
  ])) {
    const { status, body } = await proxy.askBare(`${PATH}/spring/start`, { method, headers });
    assert.ok(status === 401 || status === 403, `${name}: ${status} ${body}`);
  }
  assert.equal(asked.length, 0);
});

test("another spelling of the path is not a way around the secret, nor into the files", async () => {
  fresh();
  for (const path of [
    `/.${PATH}`,
    `/${PATH}`,
    "/__sandbox%2fcampaigns",
    "/__SANDBOX/campaigns",
    "/x/../__sandbox/campaigns",
  ]) {
    const text = await proxy.speak(`GET ${path} HTTP/1.1\r\nhost: ${proxy.host}\r\nconnection: close\r\n\r\n`);
    assert.notEqual(statusOf(text), 200, path);
  }
  for (const path of [`${PATH}x`, `${PATH}%2fspring`]) assert.equal((await proxy.ask(path)).status, 404, path);
  assert.equal(asked.length, 0);
});

test("the key of the account reaches neither the campaigns nor the page, and nothing stays in the browser", async () => {
  fresh();
  answer = async (request) => Response.json({ headers: [...request.headers] });
  const { headers, body } = await proxy.ask(PATH);
  assert.ok(!body.includes(KEY));
  assert.match(String(headers["cache-control"]), /no-store/);
  for (const name of ["x-content-type-options", "content-security-policy", "cross-origin-resource-policy"])
    assert.equal(headers[name], API_HEADERS[/** @type {"x-content-type-options"} */ (name)]);
  assert.equal(headers["access-control-allow-origin"], undefined);
});

test("a body without end is refused, and a page that leaves ends what is being read", async () => {
  fresh();
  const long = await proxy.ask(`${PATH}/spring/retry`, { method: "POST", body: "x".repeat(70_000) });
  assert.equal(long.status, 413);
  assert.equal(asked.length, 0);
  let ended = false;
  answer = async () => {
    const piece = new Uint8Array(65_536);
    return new Response(
      new ReadableStream({ pull: (control) => control.enqueue(piece), cancel: () => void (ended = true) }),
    );
  };
  const socket = connect(proxy.port, "127.0.0.1");
  socket.write(
    `GET ${PATH}/spring/report HTTP/1.1\r\nhost: ${proxy.host}\r\nx-console-secret: ${proxy.secret}\r\n\r\n`,
  );
  await new Promise((resolve) => socket.once("data", resolve));
  socket.destroy();
  for (let at = 0; at < 100 && !ended; at += 1) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(ended);
});

test("a report that breaks off is not taken for a whole one, and the console goes on", async () => {
  fresh();
  answer = async () => {
    let pieces = 0;
    return new Response(
      new ReadableStream({
        pull: (control) => {
          pieces += 1;
          if (pieces > 3) control.error(new Error("the store is away"));
          else control.enqueue(new Uint8Array(1_000));
        },
      }),
    );
  };
  assert.equal((await proxy.ask(`${PATH}/spring/report`)).whole, false);
  answer = async () => {
    throw new Error("+14155550100");
  };
  const { status, body } = await proxy.ask(PATH);
  assert.equal(status, 500);
  assert.ok(!body.includes("415"));
  fresh();
  assert.equal((await proxy.ask(PATH)).status, 200);
});

test("without campaigns the path is not there", async () => {
  const other = await startProxy(api.url);
  try {
    assert.equal((await other.ask(PATH)).status, 404);
    assert.equal((await other.ask(PATH, { method: "POST", body: "{}" })).status, 405);
  } finally {
    await other.close();
  }
});
