// What errors say to a person: the number and not the name of a field, the place and not a riddle, the method that was
// meant.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { AgentPhone, webhooks } from "agentphone-wasm";
import { assertPrivate, clientOf, failureOf, KEY, PHONE } from "../support/client.mjs";
import { contract } from "../support/contract.mjs";
import { refusedUrl } from "../support/dead-ports.mjs";
import { cut, hostileServer } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" @param {number} status @param {string} code @param {{ "retry-after"?: string, "retry-after-ms"?: string }} [headers] */
const answering = (status, code, headers) =>
  clientOf("http://x.test", {
    maxRetries: 0,
    fetch: async () => Response.json({ error: { code, message: "no" } }, { status, headers }),
  });
const message = async (/** @type {PromiseLike<unknown>} */ promise) => (await failureOf(promise)).message;

test("a rate limit tells how long to wait, in numbers", async () => {
  for (const [seconds, words] of [
    ["7", "7 seconds"],
    ["1", "1 second"],
    ["90", "90 seconds"],
  ]) {
    for (const code of ["RATE_LIMIT_EXCEEDED", "RATE_LIMITED", "OTHER"]) {
      assert.match(
        await message(answering(429, code, { "retry-after": seconds }).calls.get("c")),
        new RegExp(`Wait for ${words}, then try again\\.$`),
      );
    }
  }
  assert.match(
    await message(answering(429, "RATE_LIMITED", { "retry-after-ms": "1500" }).calls.get("c")),
    /Wait for 1\.5 seconds/,
  );
});

test("a 404 tells to check the id only where there is one", async () => {
  const client = answering(404, "NOT_FOUND");
  assert.match(await message(client.calls.get("c")), /Check the id:/);
  assert.match(await message(client.numbers.calls.list("n")), /Check the id:/);
  for (const list of [client.agents.list(), client.account.me(), client.usage.daily()])
    assert.match(
      await message(list),
      /Check the baseUrl, and the subAccount if there is one: the API has nothing at this path\.$/,
    );
  assert.match(await message(client.calls.create({ agentId: "a", toNumber: PHONE })), /Check the ids in the body/);
});

describe("a connection that fails", { concurrency: true }, () => {
  test("is told with host, port and what the system says", async (t) => {
    const url = await refusedUrl(t);
    const text = await message(clientOf(url, { maxRetries: 0 }).agents.list());
    assert.ok(text.includes(`no connection to the API: ${new URL(url).host}, ECONNREFUSED (CONNECTION_ERROR)`), text);
    assert.match(
      await message(clientOf("http://no-such-host.invalid", { maxRetries: 0 }).agents.list()),
      /no-such-host\.invalid, (ENOTFOUND|EAI_AGAIN)/,
    );
  });

  test("is told so after the request has left, too", async (t) => {
    const server = await hostileServer(t, cut("before-headers", { reset: true }));
    assert.match(
      await message(clientOf(server, { maxRetries: 0 }).agents.list()),
      new RegExp(`before a response arrived: ${new URL(server.url).host}, (ECONNRESET|UND_ERR_SOCKET)`),
    );
  });

  test("is told without what only looks like a code, and without the path and its secrets", async () => {
    for (const code of [KEY, PHONE, "a b", 7, {}, "", Symbol("s"), "x".repeat(5000)]) {
      const fetch = async () => Promise.reject(Object.assign(new TypeError("fetch failed"), { cause: { code } }));
      const text = await message(clientOf(`http://x.test/${KEY}`, { maxRetries: 0, fetch }).agents.list());
      assertPrivate(text, "the message");
      assert.match(text, /: x\.test \(CONNECTION_ERROR\)/);
    }
    const circle = new TypeError("fetch failed");
    circle.cause = circle;
    assert.match(
      await message(
        clientOf("http://x.test", { maxRetries: 0, fetch: async () => Promise.reject(circle) }).agents.list(),
      ),
      /x\.test/,
    );
  });
});

test("what an environment file has put in quotation marks is told as such", () => {
  for (const mark of ['"', "'", "`"]) {
    const quoted = (/** @type {string} */ text) => mark + text + mark;
    assert.throws(
      () => new AgentPhone({ apiKey: quoted(KEY) }),
      (error) =>
        /apiKey is in quotation marks/.test(/** @type {Foreign} */ (error).message) &&
        !(/** @type {Foreign} */ (error).message.includes(KEY)),
    );
    assert.throws(
      () => new AgentPhone({ apiKey: KEY, baseUrl: quoted("https://x.test") }),
      /baseUrl is in quotation marks/,
    );
    assert.throws(
      () => new AgentPhone({ apiKey: KEY, subAccount: quoted("sub_1") }),
      /subAccount is in quotation marks/,
    );
    assert.throws(
      () => webhooks.verify({ body: "{}", headers: {}, secret: quoted("whsec_1") }),
      /secret is in quotation marks/,
    );
  }
  const before = process.env.AGENTPHONE_API_KEY;
  try {
    process.env.AGENTPHONE_API_KEY = `"${KEY}"`;
    assert.throws(() => new AgentPhone(), /apiKey is in quotation marks/);
  } finally {
    if (before === undefined) delete process.env.AGENTPHONE_API_KEY;
    else process.env.AGENTPHONE_API_KEY = before;
  }
});

test("without new the class is called by its name, in every build", async () => {
  const builds = [
    AgentPhone,
    createRequire(import.meta.url)("agentphone-wasm").AgentPhone,
    (await import(new URL("../../pkg/dist/index.js", import.meta.url).href)).AgentPhone,
  ];
  for (const Class of builds)
    assert.throws(() => Class({ apiKey: KEY }), /Class constructor AgentPhone cannot be invoked without 'new'/);
});

describe("a method of the official SDK", () => {
  const official = Object.values(contract.paths)
    .flatMap((path) => Object.values(path))
    .filter((one) => one["x-official-names"]?.ts)
    .map((one) => [one["x-official-names"].ts, one.operationId]);
  const client = answering(404, "NOT_FOUND");

  test("is told by its name here", () => {
    assert.ok(official.length > 60);
    for (const [theirs, ours] of official) {
      const [resource, name] = theirs.split(".");
      // Two of its resources are not here.
      if (!(resource in client)) continue;
      assert.throws(
        () => /** @type {Record<string, Foreign>} */ (client)[resource][name]({}),
        (error) =>
          error instanceof TypeError && error.message === `client.${theirs} is not a function: use client.${ours}`,
        theirs,
      );
    }
  });

  test("is the only name that is told", () => {
    for (const name of [
      "then",
      "toJSON",
      "asymmetricMatch",
      "$$typeof",
      "nodeType",
      "getMockName",
      "getAll",
      "isVue",
      "__v_isRef",
      "inspect",
      "hasOwnProperty",
      "toString",
      "nonsense",
      "doSomething",
      Symbol.iterator,
      "0",
    ]) {
      for (const resource of [client.agents, client.calls, client.calls.transcript, client.messages, client.usage])
        assert.equal(Reflect.get(resource, name), Reflect.get(Object.prototype, name), String(name));
    }
    assert.ok(!("createAgent" in client.agents));
    assert.deepEqual(Object.keys(client.messages), ["media", "send", "react"]);
  });

  test("is not there in production, as any other that is not", () => {
    const before = process.env.NODE_ENV;
    try {
      process.env.NODE_ENV = "production";
      assert.equal(/** @type {Foreign} */ (client.agents).createAgent, undefined);
    } finally {
      if (before === undefined) delete process.env.NODE_ENV;
      else process.env.NODE_ENV = before;
    }
  });
});
