// What goes over the wire: method, path, headers and body of real requests, as the server reads them.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clientOf, failureOf, KEY } from "../support/client.mjs";
import { hostileServer } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

/**
 * The one request that `call` makes, as the server saw it.
 * @param {test.TestContext} t @param {Partial<import("agentphone-wasm").ClientOptions> | undefined} options @param {undefined} [request]
 */
async function sent(t, options, /** @type {Foreign} */ call, request) {
  const server = await hostileServer(t);
  await call(clientOf(server, options), request);
  assert.equal(server.count(), 1);
  return server.received[0];
}
/** @param {import("agentphone-wasm").AgentPhone} client @param {import("agentphone-wasm").RequestOptions} [options] */
const get = (client, options) => client.calls.get("call_1", options);
const create = (
  /** @type {import("agentphone-wasm").AgentPhone} */ client,
  /** @type {import("agentphone-wasm").RequestOptions} */ options,
) => client.agents.create({ name: "Support" }, options);

describe("the headers sent", { concurrency: true }, () => {
  test("by default: key, accept and a user agent that names the client", async (t) => {
    const { headers } = await sent(t, {}, get);
    assert.equal(headers.authorization, `Bearer ${KEY}`);
    assert.equal(headers.accept, "application/json");
    assert.match(headers["user-agent"] ?? "", /^agentphone-wasm\/\d+\.\d+\.\d+/);
    assert.equal(headers["content-type"], undefined, "no type without a body");
    assert.equal(headers["x-sub-account-id"], undefined);
  });

  test("a body has its type and its length", async (t) => {
    const request = await sent(t, {}, create);
    assert.equal(request.headers["content-type"], "application/json");
    assert.equal(request.headers["content-length"], String(Buffer.byteLength(request.body)));
    assert.deepEqual(JSON.parse(request.body), { name: "Support" });
  });

  test("those of the transport cannot be given: a wrong length would hang a call, another host would get the key", async (t) => {
    const server = await hostileServer(t);
    for (const name of ["content-length", "Content-Length", "transfer-encoding", "Host", "connection"]) {
      assert.throws(() => clientOf(server, { headers: { [name]: "3" } }), {
        code: "CONFIGURATION_ERROR",
        message: new RegExp(`headers: ${name} .*transport`),
      });
      assert.equal(
        (await failureOf(create(clientOf(server), { headers: { [name]: "3" } }))).code,
        "CONFIGURATION_ERROR",
      );
      await get(clientOf(server, { headers: { [name]: null } }));
    }
    assert.equal(server.count("POST /v1/agents"), 0);
  });

  test("those that belong to a connection are refused, not dropped, and not tried until the retries are used up", async (t) => {
    const server = await hostileServer(t);
    for (const name of [
      "expect",
      "Expect",
      "upgrade",
      "keep-alive",
      "TE",
      "trailer",
      "proxy-authorization",
      "Proxy-Connection",
      "proxy-anything",
      "http2-settings",
    ]) {
      assert.throws(() => clientOf(server, { headers: { [name]: "x" } }), {
        code: "CONFIGURATION_ERROR",
        message: new RegExp(`headers: ${name} .*transport|headers: one of the names .*transport`),
      });
      const error = await failureOf(get(clientOf(server), { headers: { [name]: "x" } }));
      assert.deepEqual([error.code, error.attempts], ["CONFIGURATION_ERROR", 0]);
    }
    assert.equal(server.count(), 0);
  });

  test("those that a page must not set are refused there, because its fetch drops them in silence", async () => {
    const { laidOver } = await import("../../src/js/input/headers.js");
    for (const name of ["Cookie", "origin", "referer", "sec-fetch-mode", "date", "access-control-request-method"]) {
      assert.throws(
        () => laidOver({}, { [name]: "x" }, true),
        (problem) => /browsers drop it/.test(/** @type {Foreign} */ (problem)),
      );
      assert.deepEqual(laidOver({}, { [name]: "x" }, false), { [name.toLowerCase()]: "x" });
    }
  });

  test("a name that may be a key is not repeated where its value is wrong", async (t) => {
    const server = await hostileServer(t);
    for (const value of [7, "a\nb"]) {
      const { message } = await failureOf(
        get(clientOf(server), { headers: { [KEY]: /** @type {Foreign} */ (value) } }),
      );
      assert.ok(message.includes("headers") && !message.includes(KEY), message);
    }
  });

  test("an operation without a body sends none", async (t) => {
    for (const call of [
      (/** @type {import("agentphone-wasm").AgentPhone} */ c) => c.calls.end("a"),
      (/** @type {import("agentphone-wasm").AgentPhone} */ c) => c.agents.delete("a"),
      (/** @type {import("agentphone-wasm").AgentPhone} */ c) => c.agents.list(),
    ]) {
      const { body, headers } = await sent(t, {}, call);
      assert.deepEqual([body, headers["content-type"]], ["", undefined]);
    }
  });

  test("the sub-account goes with every operation, and null takes it away for one", async (t) => {
    const server = await hostileServer(t);
    const client = clientOf(server, { subAccount: "sub_1" });
    await client.calls.get("a");
    await client.agents.create({ name: "x" });
    await client.calls.get("a", { subAccount: "sub_2" });
    await client.calls.get("a", { subAccount: null });
    await client.calls.get("a");
    assert.deepEqual(
      server.received.map((r) => r.headers["x-sub-account-id"]),
      ["sub_1", "sub_1", "sub_2", undefined, "sub_1"],
    );
  });

  test("the user's own are laid over the client's, those of a request over both", async (t) => {
    const server = await hostileServer(t);
    const client = clientOf(server, {
      headers: { "X-Team": "one", Accept: "application/vnd.x+json", "X-Gone": undefined },
    });
    await client.calls.get("a");
    await client.calls.get("a", { headers: { "x-team": "two", "X-More": "3" } });
    await client.calls.get("a", { headers: { "X-TEAM": null, accept: null } });
    const [first, second, third] = server.received.map((r) => r.headers);
    assert.deepEqual([first["x-team"], first.accept, first["x-gone"]], ["one", "application/vnd.x+json", undefined]);
    assert.deepEqual([second["x-team"], second["x-more"], second.accept], ["two", "3", "application/vnd.x+json"]);
    assert.equal(third["x-team"], undefined);
    assert.notEqual(third.accept, "application/vnd.x+json");
  });

  test("null leaves out what the client would send", async (t) => {
    const { headers } = await sent(t, { headers: { Authorization: null, "user-agent": null } }, get);
    assert.equal(headers.authorization, undefined);
    assert.ok(!String(headers["user-agent"]).startsWith("agentphone-wasm"));
  });

  test("null leaves a supplied key out too", async (t) => {
    const { headers } = await sent(t, { apiKey: () => KEY, headers: { authorization: null } }, get);
    assert.equal(headers.authorization, undefined);
  });

  test("an authorization of the user's own is not overwritten by a supplied key", async (t) => {
    const fixed = await sent(t, { headers: { authorization: "Proxy abc" } }, get);
    const supplied = await sent(t, { apiKey: () => KEY, headers: { authorization: "Proxy abc" } }, get);
    assert.deepEqual([fixed.headers.authorization, supplied.headers.authorization], ["Proxy abc", "Proxy abc"]);
  });

  test("apiKey: null sends none", async (t) => {
    const { headers } = await sent(t, { apiKey: null }, get);
    assert.equal(headers.authorization, undefined);
  });

  test("a header of Latin-1 characters arrives", async (t) => {
    const { headers } = await sent(t, { headers: { "x-name": "René ÿ" } }, get);
    assert.equal(headers["x-name"], "René ÿ");
  });

  test("names of the prototype are headers like any other; __proto__ cannot be one and is refused", async (t) => {
    const request = await sent(t, { headers: { constructor: "b", toString: "c" } }, get);
    assert.deepEqual([request.headers.constructor, request.headers.tostring], ["b", "c"]);
    for (const name of ["__proto__", "__PROTO__", "__Proto__"]) {
      const polluting = JSON.parse(`{"${name}": "a"}`);
      const error = await failureOf(clientOf(await hostileServer(t)).calls.get("a", { headers: polluting }));
      assert.equal(error.code, "CONFIGURATION_ERROR", name);
    }
  });
});

describe("where requests go", { concurrency: true }, () => {
  test("a base with a million slashes is read at once", async (t) => {
    const server = await hostileServer(t);
    /** @type {string[]} */
    const paths = [];
    const fetch = async (/** @type {string | URL} */ url) => (paths.push(new URL(url).pathname), new Response("{}"));
    await clientOf(`${server.url}/${"/".repeat(1_000_000)}`, { fetch }).calls.get("c");
    await clientOf(`${server.url}/${"/".repeat(1_000_000)}a`, { fetch }).calls.get("c");
    assert.deepEqual(
      paths.map((path) => path.length),
      ["/v1/calls/c".length, "/v1/calls/c".length + 1_000_002],
    );
  });

  test("the base's path is kept, with or without a slash at its end", async (t) => {
    for (const base of ["", "/", "/proxy", "/proxy/", "/a/b//"]) {
      const server = await hostileServer(t);
      await clientOf(server.url + base).calls.get("call_1");
      assert.equal(server.received[0].url, `${base.replace(/\/+$/, "")}/v1/calls/call_1`);
    }
  });

  test("each operation goes to its place", async (t) => {
    const server = await hostileServer(t, {
      performs: true,
      run: (response) => response.end('{"data":[]}'),
    });
    const client = clientOf(server);
    const { agents, calls, messages, numbers, usage, voices } = client;
    const OPERATIONS = [
      ["GET /v1/agents", agents.list()],
      ["POST /v1/agents", agents.create({ name: "x" })],
      ["GET /v1/agents/a", agents.get("a")],
      ["PATCH /v1/agents/a", agents.update("a", {})],
      ["DELETE /v1/agents/a", agents.delete("a")],
      ["POST /v1/agents/a/numbers", agents.numbers.attach("a", { numberId: "n" })],
      ["DELETE /v1/agents/a/numbers/n", agents.numbers.detach("a", "n")],
      ["GET /v1/agents/voices", voices.list()],
      ["GET /v1/calls", calls.list()],
      ["POST /v1/calls", calls.create({ agentId: "a", toNumber: "+14155550100" })],
      ["GET /v1/calls/c", calls.get("c")],
      ["POST /v1/calls/c/end", calls.end("c")],
      ["POST /v1/messages", messages.send({ agent_id: "a", to_number: "+14155550100", body: "x" })],
      ["POST /v1/messages/m/reactions", messages.react("m", { reaction: "love" })],
      ["GET /v1/numbers", numbers.list()],
      ["GET /v1/numbers/n", numbers.get("n")],
      ["GET /v1/numbers/available", numbers.available({ areaCode: "415" })],
      ["POST /v1/numbers", numbers.buy()],
      ["DELETE /v1/numbers/n", numbers.release("n")],
      ["GET /v1/usage", usage.get()],
      ["GET /v1/usage/daily", usage.daily()],
      ["GET /v1/usage/monthly", usage.monthly()],
      ["GET /v1/usage/by-number", usage.byNumber()],
      ["GET /v1/usage/by-agent", usage.byAgent({ period: /** @type {Foreign} */ ("30d") })],
    ];
    await Promise.all(OPERATIONS.map(([, promise]) => promise));
    for (const [place] of OPERATIONS)
      assert.equal(server.count(/** @type {Foreign} */ (place)), 1, /** @type {Foreign} */ (place));
    assert.equal(server.count(), OPERATIONS.length);
  });
});
