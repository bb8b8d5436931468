// Errors on their way: into JSON, through structuredClone, and between two copies of the package in
// one process (ESM and CJS, or two versions in node_modules).
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { MessageChannel } from "node:worker_threads";
import * as api from "agentphone-wasm";
import { clientOf, failureOf, sendText } from "../support/client.mjs";
import { answer, cut, good, hostileServer } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const { AgentPhoneError } = api;
const require = createRequire(import.meta.url);
const FIELDS = [
  "name",
  "code",
  "type",
  "message",
  "status",
  "details",
  "retryAfter",
  "outcomeUnknown",
  "retryable",
  "attempts",
  "elapsed",
  "method",
  "path",
  "operation",
  "requestId",
  "rawCode",
];
const carrier = {
  error: {
    message: "Carrier trouble",
    code: "TWILIO_ERROR",
    type: "carrier_error",
    details: [{ field: "to", message: "m", type: "t" }],
  },
};

/**
 * Errors of each origin: an answer with every field, a broken connection, a refused argument.
 * @param {test.TestContext} t
 */
async function samples(t) {
  const once = { maxRetries: 0 };
  const full = clientOf(
    await hostileServer(t, answer(502, carrier, { "retry-after": "2", "x-request-id": "req_1" })),
    once,
  );
  const broken = clientOf(await hostileServer(t, cut("before-headers")), once);
  return [await failureOf(sendText(full)), await failureOf(sendText(broken)), await failureOf(broken.calls.get(""))];
}

test("JSON holds every field, message and name included, and nothing else", async (t) => {
  for (const error of await samples(t)) {
    const json = JSON.parse(JSON.stringify(error));
    assert.deepEqual(
      Object.keys(json),
      FIELDS.filter((field) => /** @type {Record<string, Foreign>} */ (error)[field] !== undefined),
    );
    for (const field of Object.keys(json))
      assert.deepEqual(json[field], /** @type {Record<string, Foreign>} */ (error)[field], field);
  }
  const [full] = await samples(t);
  assert.deepEqual(Object.keys(full.toJSON()), FIELDS, "this one has them all");
});

test("body, headers and cause are there to read and hidden from enumeration", async (t) => {
  const [full, broken] = await samples(t);
  assert.deepEqual(full.body, carrier);
  assert.equal(full.headers?.get("x-request-id"), "req_1");
  assert.ok(broken.cause instanceof Error);
  for (const error of [full, broken]) {
    for (const name of ["body", "headers", "cause"]) assert.ok(!Object.keys(error).includes(name), name);
  }
});

for (const [name, transport] of Object.entries({
  structuredClone: (/** @type {unknown} */ plain) => structuredClone(plain),
  JSON: (/** @type {unknown} */ plain) => JSON.parse(JSON.stringify(plain)),
  postMessage: async (/** @type {unknown} */ plain) => {
    const { port1, port2 } = new MessageChannel();
    const arrived = new Promise((resolve) => port2.once("message", resolve));
    port1.postMessage(plain);
    const copy = await arrived;
    port1.close();
    return copy;
  },
})) {
  test(`an error keeps its class and its fields through ${name}`, async (t) => {
    for (const error of await samples(t)) {
      const copy = AgentPhoneError.fromPlain(await transport(error.toPlain()));
      assert.equal(copy.constructor, error.constructor);
      assert.ok(copy instanceof Error && AgentPhoneError.is(copy));
      assert.deepEqual(copy.toJSON(), error.toJSON());
      assert.deepEqual(copy.body, error.body);
      assert.equal(copy.headers?.get("x-request-id"), error.headers?.get("x-request-id"));
      assert.equal(copy.stack, error.stack);
    }
  });
}

test("toJSON alone is enough to make the error again", async (t) => {
  for (const error of await samples(t)) {
    const copy = AgentPhoneError.fromPlain(JSON.parse(JSON.stringify(error)));
    assert.equal(copy.constructor, error.constructor);
    assert.deepEqual(copy.toJSON(), error.toJSON());
  }
});

test("fromPlain takes an unknown class as the common one, and no nonsense breaks it", () => {
  const tomorrow = AgentPhoneError.fromPlain(
    /** @type {Foreign} */ ({ name: "ErrorOfTomorrow", message: "m", code: "X" }),
  );
  assert.equal(tomorrow.constructor, AgentPhoneError);
  assert.equal(tomorrow.code, "X");
  for (const nonsense of [{}, { name: "__proto__" }, { name: "constructor" }, { headers: {}, details: null }]) {
    assert.ok(AgentPhoneError.is(AgentPhoneError.fromPlain(/** @type {Foreign} */ (nonsense))));
  }
});

test("nothing but these errors passes for one", () => {
  const Error2 = class extends Error {};
  for (const value of [
    null,
    undefined,
    0,
    "",
    "AgentPhoneError",
    {},
    [],
    new Error("x"),
    new Error2("x"),
    () => {},
    { name: "AgentPhoneError", code: "TIMEOUT" },
  ]) {
    assert.equal(AgentPhoneError.is(value), false);
    assert.equal(value instanceof AgentPhoneError, false);
    assert.equal(value instanceof api.TimeoutError, false);
  }
  assert.equal(Object.create(AgentPhoneError.prototype) instanceof api.TimeoutError, false);
});

test("a proxy that was revoked, or whose traps throw, is no error of ours, and asking throws nothing", () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const boom = () => {
    throw new Error("no");
  };
  for (const value of [
    proxy,
    new Proxy({}, { get: boom }),
    new Proxy({}, { getPrototypeOf: boom }),
    {
      get [Symbol.for("agentphone.error")]() {
        return boom();
      },
    },
    {
      [Symbol.for("agentphone.error")]: true,
      get name() {
        return boom();
      },
    },
  ]) {
    for (const Class of [AgentPhoneError, api.TimeoutError]) assert.equal(value instanceof Class, false);
  }
  assert.equal(AgentPhoneError.is(proxy), false);
  assert.equal(AgentPhoneError.is(new Proxy({}, { get: boom })), false);
});

test("an error whose body is nested however deep can be inspected, written, copied and sent elsewhere", async (t) => {
  for (const levels of [50, 2_000, 50_000]) {
    for (const body of [
      `{"detail":${"[".repeat(levels)}"x"${"]".repeat(levels)}}`,
      `{"error":{"message":"m","code":"X","details":[${'{"a":'.repeat(levels)}1${"}".repeat(levels)}]}}`,
    ]) {
      const error = await failureOf(sendText(clientOf(await hostileServer(t, answer(400, body)), { maxRetries: 0 })));
      const plain = error.toPlain();
      assert.equal(structuredClone(plain).code, error.code);
      assert.equal(JSON.parse(JSON.stringify(plain)).status, 400);
      assert.ok(inspect(error).length < 5_000 && JSON.stringify(error).length < 2_000);
      assert.equal(AgentPhoneError.fromPlain(structuredClone(plain)).code, error.code);
      assert.equal(JSON.stringify(plain.body).includes("nested too deep"), levels > 100);
    }
  }
});

describe("two copies of the package in one process", () => {
  const paths = ["index.cjs", "core.cjs"].map((name) => require.resolve(`../../pkg/dist/${name}`));
  const load = () => {
    const known = paths.map((path) => require.cache[path]);
    for (const path of paths) delete require.cache[path];
    const copy = require(paths[0]);
    for (const [i, path] of paths.entries()) if (known[i]) require.cache[path] = known[i];
    return copy;
  };

  test("recognise each other's errors, class by class", async (t) => {
    const copies = [load(), load(), await import("../../pkg/dist/index.js")];
    assert.equal(new Set(copies.map((copy) => copy.AgentPhoneError)).size, 3, "they are different copies");
    const refusing = await hostileServer(t, answer(404, { error: { message: "m", code: "PHONE_NUMBER_NOT_FOUND" } }));
    for (const [i, maker] of copies.entries()) {
      const client = new maker.AgentPhone({ apiKey: "sk_test_x", baseUrl: refusing.url, logLevel: "off" });
      const error = await client.numbers.get("num_1").catch((/** @type {Foreign} */ caught) => caught);
      for (const [j, judge] of copies.entries()) {
        const who = `error of copy ${i}, judged by copy ${j}`;
        assert.ok(judge.AgentPhoneError.is(error), who);
        assert.ok(error instanceof judge.AgentPhoneError, who);
        assert.ok(error instanceof judge.PhoneNumberNotFoundError, who);
        assert.ok(error instanceof judge.NotFoundError, `${who}: parent class`);
        assert.ok(!(error instanceof judge.ConflictError), `${who}: other class`);
        assert.ok(!(error instanceof judge.TimeoutError), `${who}: other class`);
      }
    }
  });

  test("import and require of the package give one and the same class", () => {
    assert.equal(require("agentphone-wasm").AgentPhoneError, AgentPhoneError);
  });

  test("both send", async (t) => {
    const server = await hostileServer(t, good);
    for (const { AgentPhone } of [load(), await import("../../pkg/dist/index.js")]) {
      const client = new AgentPhone({ apiKey: "sk_test_x", baseUrl: server.url });
      assert.equal((await client.calls.get("call_1")).id, "call_1");
    }
  });
});

describe("an error is a good citizen", () => {
  test("it is inspected under its own name, with its message once", async (t) => {
    const [error] = await samples(t);
    const shown = inspect(error);
    assert.ok(shown.startsWith("CarrierError: messages.send: Carrier trouble"), shown.slice(0, 200));
    assert.equal(shown.split("Carrier trouble").length, 2, shown);
  });

  test("its stack begins with its message", async (t) => {
    const client = clientOf(await hostileServer(t));
    const error = await failureOf(client.calls.get(""));
    assert.ok(error.stack?.includes(error.message), error.stack);
  });

  test("a class can be told by name after minification", () => {
    for (const [name, Class] of Object.entries(api)) {
      if (/** @type {Foreign} */ (Class).prototype instanceof Error)
        assert.equal(/** @type {Foreign} */ (Class).name, name);
    }
  });
});

test("what comes from elsewhere and is no error of ours makes one that can be read, whatever it is", async () => {
  const boom = () => {
    throw new Error("hostile");
  };
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const trap = new Proxy(
    {},
    { get: boom, has: boom, ownKeys: boom, getPrototypeOf: boom, getOwnPropertyDescriptor: boom },
  );
  const names = [...FIELDS, "stack", "body", "headers", "cause", "reason"];
  const odd = [
    trap,
    proxy,
    Symbol("x"),
    5n,
    { toString: boom, valueOf: boom, toJSON: boom },
    () => {},
    null,
    {
      get a() {
        return boom();
      },
    },
  ];
  const all = [
    undefined,
    null,
    5,
    "x",
    Symbol("x"),
    5n,
    [],
    () => {},
    trap,
    proxy,
    {},
    ...names.map((name) => ({
      code: "X",
      message: "m",
      get [name]() {
        return boom();
      },
    })),
    ...names.flatMap((name) => odd.map((value) => ({ code: "X", message: "m", [name]: value }))),
  ];
  for (const plain of all) {
    const error = AgentPhoneError.fromPlain(/** @type {Foreign} */ (plain));
    assert.ok(AgentPhoneError.is(error) && error instanceof AgentPhoneError);
    assert.deepEqual([typeof error.message, typeof error.name, typeof error.stack], ["string", "string", "string"]);
    assert.equal(typeof JSON.stringify(error), "string");
    // Node looks into a cause by itself.
    if (!error.cause) assert.equal(typeof inspect(error), "string");
    error.toPlain();
    assert.equal(AgentPhoneError.is(plain), false);
    assert.equal(plain instanceof AgentPhoneError, false);
  }
});

test("a header of the name __proto__ travels as any other, and is no prototype", async () => {
  const headers = {
    get: () => null,
    forEach: (/** @type {Foreign} */ each) => each(/** @type {Foreign} */ ({ polluted: 1 }), "__proto__"),
  };
  const fetch = async () => /** @type {Foreign} */ ({ status: 400, headers, text: async () => "{}" });
  const plain = (await failureOf(clientOf("http://127.0.0.1:9", { fetch }).agents.list())).toPlain();
  assert.equal(/** @type {Foreign} */ (plain.headers).polluted, undefined);
  assert.equal(Object.getPrototypeOf(plain.headers), Object.prototype);
});
