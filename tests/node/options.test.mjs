// Options: a wrong one is an error that names it, thrown before anything is sent, and no message ever
// shows the key. What the options then do is in the files of their subjects.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { AgentPhone, AgentPhoneError, ConfigurationError } from "agentphone-wasm";
import { runChild } from "../support/child.mjs";
import { assertPrivate, CLASSES, clientOf, failureOf, KEY, PHONE } from "../support/client.mjs";
import { answer, good, hostileServer, stall } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

/** Options that are wrong wherever they stand, with what the message must say. */
const WRONG = [
  ["baseUrl", "nope"],
  ["baseUrl", ""],
  ["baseUrl", "//host"],
  ["baseUrl", "/relative"],
  ["baseUrl", "ftp://host"],
  ["baseUrl", "javascript:alert(1)"],
  ["baseUrl", "https://host?query=1"],
  ["baseUrl", "https://host#part"],
  ["baseUrl", `https://user:${KEY}@host`],
  ["baseUrl", 7],
  ["baseUrl", null],
  ["baseUrl", {}],
  ...["timeout", "totalTimeout"].flatMap((name) =>
    [-1, 0, NaN, -Infinity, "5", true, {}, [], 5n].map((value) => [name, value]),
  ),
  ...["maxRetries", "maxRetryDelay"].flatMap((name) =>
    [-1, 1.5, NaN, "2", null, true, {}, 2n].map((value) => [name, value]),
  ),
  ["replay", "sometimes"],
  ["replay", true],
  ["replay", null],
  ["replay", "SAFE"],
  ["subAccount", ""],
  ["subAccount", "a b"],
  ["subAccount", 7],
  ["subAccount", "a\nb"],
  ["subAccount", {}],
  ["headers", "x"],
  ["headers", null],
  ["headers", []],
  ["headers", new Headers({ a: "b" })],
  ["headers", new Map()],
  ["headers", { "bad name": "x" }],
  ["headers", { "": "x" }],
  ["headers", { a: "x\r\ny: z" }],
  ["headers", { a: "x\0" }],
  ["headers", { a: 7 }],
  ["headers", { a: "\u20ac" }],
  ["headers", { a: {} }],
  ["headers", { "a\nb": "x" }],
  ["hooks", "x"],
  ["hooks", 7],
  ["hooks", { onReqest: () => {} }, "onReqest"],
  ["hooks", { onRetry: "x" }, "onRetry"],
  ["hooks", { onError: null }, "onError"],
  ["logger", null],
  ["logger", {}],
  ["logger", "console"],
  ["logger", { error() {}, warn() {}, info() {} }],
  ["logLevel", "verbose"],
  ["logLevel", ""],
  ["logLevel", 3],
  ["logLevel", null],
  ["dangerouslyAllowBrowser", "yes"],
  ["dangerouslyAllowBrowser", 1],
  ["dangerouslyAllowBrowser", null],
  ["apiKey", ""],
  ["apiKey", "   "],
  ["apiKey", `${KEY}\n`],
  ["apiKey", `${KEY} x`],
  ["apiKey", `${KEY}\u00e9`],
  ["apiKey", `${KEY}\0`],
  ["apiKey", 7],
  ["apiKey", {}],
  ["apiKey", [KEY]],
  ["apiKey", true],
];

/** Names of other clients and slips of the pen, with what a message should point to. */
const UNKNOWN = {
  token: "apiKey",
  api_key: "apiKey",
  baseURL: "baseUrl",
  environment: "baseUrl",
  timeoutInSeconds: "timeout",
  timeoutMs: "timeout",
  abortSignal: "signal",
  retries: "maxRetries",
  subAccountId: "subAccount",
  timout: "timeout",
  APIKEY: "apiKey",
  "": "apiKey",
  constructor: "apiKey",
};

function isConfigurationError(/** @type {Foreign} */ error, /** @type {Foreign} */ name) {
  assert.ok(error instanceof ConfigurationError && AgentPhoneError.is(error), inspect(error));
  assert.equal(error.code, "CONFIGURATION_ERROR");
  assert.deepEqual([error.attempts, error.outcomeUnknown, error.retryable], [0, false, false]);
  assert.ok(error.message.includes(name), `names ${name}: ${error.message}`);
  assert.ok(!error.message.includes("\n"), error.message);
  assertPrivate(inspect(error) + JSON.stringify(error), "the error");
}

function thrownBy(/** @type {Foreign} */ options) {
  try {
    new AgentPhone(options);
  } catch (error) {
    return error;
  }
  return assert.fail("accepted");
}

describe("a wrong option of a client throws at construction and is named", () => {
  for (const [name, value, says = name] of WRONG) {
    test(`${name}: ${inspect(value).replaceAll(KEY, "KEY")}`, () => {
      isConfigurationError(thrownBy({ apiKey: KEY, [String(name)]: value }), says);
    });
  }
  for (const fetch of ["x", null, {}, 7]) {
    test(`fetch: ${inspect(fetch)}`, () => isConfigurationError(thrownBy({ apiKey: KEY, fetch }), "fetch"));
  }
  for (const [name, ours] of Object.entries(UNKNOWN)) {
    test(`unknown option "${name}" points to ${ours}`, () => {
      const error = thrownBy({ apiKey: KEY, [name]: KEY });
      isConfigurationError(error, name);
      assert.ok(/** @type {Foreign} */ (error).message.includes(ours), /** @type {Foreign} */ (error).message);
    });
  }
  for (const name of [
    KEY,
    "sk_live_onlyletters",
    "sk-live-x",
    PHONE,
    `Bearer ${KEY}`,
    "a".repeat(40),
    "eyJhbGciOiJIUzI1NiJ9",
    "550e8400-e29b-41d4-a716-446655440000",
    "__proto__",
  ]) {
    test(`a name that may be a secret is not repeated: ${name.replaceAll(KEY, "KEY")}`, async (t) => {
      const server = await hostileServer(t);
      const options = JSON.parse(JSON.stringify({ a: KEY }).replace('"a"', JSON.stringify(name)));
      for (const error of [
        thrownBy({ apiKey: KEY, hooks: options }),
        await failureOf(clientOf(server).calls.get("a", options)),
        ...(name === "__proto__" ? [] : [thrownBy({ apiKey: KEY, ...options })]),
      ]) {
        isConfigurationError(error, name.startsWith("__") ? "" : "unknown");
        assert.ok(!(/** @type {Foreign} */ (error).message.includes(name)), /** @type {Foreign} */ (error).message);
      }
    });
  }
  for (const options of ["x", 7, true, [], [KEY], () => {}, Symbol("s"), 1n]) {
    test(`options that are ${inspect(options).replaceAll(KEY, "KEY")}`, () =>
      isConfigurationError(thrownBy(options), "options"));
  }

  test("a signal belongs to a request", () => {
    isConfigurationError(thrownBy({ apiKey: KEY, signal: new AbortController().signal }), "signal");
  });

  test("null as apiKey needs a baseUrl", () => isConfigurationError(thrownBy({ apiKey: null }), "baseUrl"));

  test("options whose getters throw do not bring another error out", () => {
    const options = {
      apiKey: KEY,
      get baseUrl() {
        throw new Error(KEY);
      },
    };
    isConfigurationError(thrownBy(options), "baseUrl");
  });

  test("a baseUrl that already has /v1 would ask for /v1/v1", () =>
    isConfigurationError(thrownBy({ apiKey: KEY, baseUrl: "https://x.test/v1/" }), "baseUrl"));

  test("called without new it says so and makes nothing", () =>
    assert.throws(() => /** @type {Foreign} */ (AgentPhone)({ apiKey: KEY }), TypeError));
});

describe("a wrong option of a request rejects, is named, and nothing is sent", { concurrency: true }, () => {
  for (const [name, value, says = name] of WRONG) {
    test(`${name}: ${inspect(value).replaceAll(KEY, "KEY")}`, async (t) => {
      const server = await hostileServer(t);
      isConfigurationError(await failureOf(clientOf(server).calls.get("a", { [String(name)]: value })), says);
      assert.equal(server.count(), 0);
    });
  }

  test("unknown names, a fetch, a signal that is none, options that are none", async (t) => {
    const server = await hostileServer(t);
    const { calls } = clientOf(server);
    for (const name of Object.keys(UNKNOWN)) isConfigurationError(await failureOf(calls.get("a", { [name]: 1 })), name);
    isConfigurationError(await failureOf(calls.get("a", /** @type {Foreign} */ ({ fetch }))), "fetch");
    for (const signal of ["x", 7, {}, new AbortController()]) {
      isConfigurationError(await failureOf(calls.get("a", { signal: /** @type {Foreign} */ (signal) })), "signal");
    }
    for (const options of ["x", 7, [], () => {}])
      isConfigurationError(await failureOf(calls.get("a", /** @type {Foreign} */ (options))), "options");
    assert.equal(server.count(), 0);
  });
});

describe("a right option is accepted", { concurrency: true }, () => {
  for (const options of [
    undefined,
    null,
    {},
    { timeout: undefined, nonsense: undefined },
    { timeout: null, totalTimeout: Infinity },
    { maxRetries: Infinity, maxRetryDelay: 0 },
    { hooks: null },
    { hooks: {} },
    { hooks: { onRetry: undefined } },
    { logger: console, logLevel: "off" },
    { headers: {} },
    { headers: { a: null, b: undefined, c: "" } },
    { subAccount: null, replay: "never" },
    { apiKey: "sk_test_other" },
  ]) {
    test(inspect(options, { depth: 0, breakLength: Infinity }), async (t) => {
      const server = await hostileServer(t);
      assert.equal((await clientOf(server).calls.get("a", /** @type {Foreign} */ (options))).id, "call_1");
      if (options) new AgentPhone(/** @type {Foreign} */ ({ apiKey: KEY, ...options }));
    });
  }

  test("each option of a request is laid over the client's for that request alone", async (t) => {
    const server = await hostileServer(t, answer(503, {}, { "retry-after-ms": "1" }));
    const other = await hostileServer(t);
    const client = clientOf(server, { maxRetries: 0 });
    assert.equal((await failureOf(client.calls.get("a", { maxRetries: 2, maxRetryDelay: 30 }))).attempts, 3);
    assert.equal((await failureOf(client.calls.get("a"))).attempts, 1);
    assert.equal((await client.calls.get("a", { baseUrl: other.url, apiKey: "sk_test_other" })).id, "call_1");
    assert.equal(other.received[0].headers.authorization, "Bearer sk_test_other");
    await failureOf(client.calls.get("a"));
    assert.equal(server.received.at(-1)?.headers.authorization, `Bearer ${KEY}`);
  });
});

describe("the environment", { concurrency: true }, () => {
  const print = `import { AgentPhone } from "agentphone-wasm";
    let url, key;
    const fetch = async (address, init) => ((url = address), (key = init.headers.authorization), new Response("{}"));
    try {
      await new AgentPhone({ fetch, ...JSON.parse(process.argv[1] ?? "{}") }).calls.get("a");
      console.log(JSON.stringify({ url, key }));
    } catch (error) { console.log(JSON.stringify({ code: error.code, message: error.message })); }`;
  /** @param {{ AGENTPHONE_API_KEY?: string, AGENTPHONE_BASE_URL?: string }} env @param {{ apiKey: string, baseUrl: string }} [options] */
  const child = async (env, options) => {
    const { stdout, stderr } = await runChild(print, { env, args: [JSON.stringify(options ?? {})] });
    assert.equal(stderr, "");
    return JSON.parse(stdout);
  };

  test("gives key and address where no option does", async () => {
    const { url, key } = await child({
      AGENTPHONE_API_KEY: ` ${KEY}\n`,
      AGENTPHONE_BASE_URL: "http://127.0.0.1:4010/",
    });
    assert.deepEqual([url, key], ["http://127.0.0.1:4010/v1/calls/a", `Bearer ${KEY}`]);
  });

  test("an option wins over it", async () => {
    const env = { AGENTPHONE_API_KEY: KEY, AGENTPHONE_BASE_URL: "http://127.0.0.1:1" };
    const { url, key } = await child(env, { apiKey: "sk_test_option", baseUrl: "http://127.0.0.1:2" });
    assert.deepEqual([url, key], ["http://127.0.0.1:2/v1/calls/a", "Bearer sk_test_option"]);
  });

  test("without either, the missing key is told at construction, and the default address is the API", async () => {
    const { code, message } = await child({});
    assert.equal(code, "CONFIGURATION_ERROR");
    assert.ok(message.includes("apiKey") && message.includes("AGENTPHONE_API_KEY"), message);
    assert.equal((await child({ AGENTPHONE_API_KEY: KEY })).url, "https://api.agentphone.ai/v1/calls/a");
  });

  test("an empty key counts as none, a broken one is refused unseen, a broken address is named", async () => {
    assert.equal((await child({ AGENTPHONE_API_KEY: " " })).code, "CONFIGURATION_ERROR");
    const broken = await child({ AGENTPHONE_API_KEY: `${KEY} x` });
    assert.equal(broken.code, "CONFIGURATION_ERROR");
    assertPrivate(broken.message, "the message");
    const address = await child({ AGENTPHONE_API_KEY: KEY, AGENTPHONE_BASE_URL: "nope" });
    assert.ok(address.message.includes("AGENTPHONE_BASE_URL"), address.message);
  });
});

describe("a key supplier", { concurrency: true }, () => {
  test("sync or async, is asked before each attempt, with this undefined and no argument", async (t) => {
    const server = await hostileServer(t, [answer(503, {}, { "retry-after-ms": "1" }), good]);
    /** @type {Foreign[]} */
    const calls = [];
    /** @this {unknown} */
    function supplier(/** @type {Foreign[]} */ ...args) {
      calls.push([this, args.length]);
      return calls.length === 1 ? "sk_test_one" : Promise.resolve("sk_test_two");
    }
    await CLASSES.effect.call(clientOf(server, { apiKey: supplier }));
    assert.deepEqual(calls, [
      [undefined, 0],
      [undefined, 0],
    ]);
    assert.deepEqual(
      server.received.map((r) => r.headers.authorization),
      ["Bearer sk_test_one", "Bearer sk_test_two"],
    );
  });

  const BROKEN = {
    "that throws": () => {
      throw new Error("vault is down");
    },
    "that throws a string": () => {
      throw "vault is down";
    },
    "that rejects": async () => {
      throw new Error("vault is down");
    },
    "that rejects with undefined": () => Promise.reject(),
    "that gives undefined": () => undefined,
    "that gives a number": () => 7,
    "that gives an empty key": () => "",
    "that gives a key with a newline": async () => `${KEY}\n`,
    "that gives an object": async () => ({ key: KEY }),
  };
  for (const [name, apiKey] of Object.entries(BROKEN)) {
    test(`${name} fails the call, unsent and not retried`, async (t) => {
      const server = await hostileServer(t);
      const error = await failureOf(CLASSES.effect.call(clientOf(server, { apiKey: /** @type {Foreign} */ (apiKey) })));
      assert.equal(error.code, "CONFIGURATION_ERROR");
      assert.ok(error.message.includes("apiKey"), error.message);
      assert.deepEqual([error.attempts, error.outcomeUnknown, server.count()], [0, false, 0]);
      assertPrivate(error.message + JSON.stringify(error), "the error");
      if (name === "that throws a string") assert.equal(error.cause, "vault is down");
    });
  }

  test("that hangs is cut by totalTimeout too", async (t) => {
    const server = await hostileServer(t, stall("headers"));
    const client = clientOf(server, { apiKey: () => new Promise(() => {}), totalTimeout: 100 });
    assert.equal((await failureOf(CLASSES.effect.call(client))).code, "TIMEOUT");
  });

  test("that fails on the retry after an effect may have happened does not hide that", async (t) => {
    const server = await hostileServer(t, answer(500));
    let asked = 0;
    const apiKey = () => (asked++ ? Promise.reject(new Error("gone")) : KEY);
    const error = await failureOf(CLASSES.effect.call(clientOf(server, { apiKey, replay: "always" })));
    assert.deepEqual([error.code, error.attempts, error.outcomeUnknown], ["CONFIGURATION_ERROR", 1, true]);
  });
});
