// Every operation of contract/openapi.yaml against the client: method, path, key, parameters, body
// fields, bounds, effect class, answer and page style, each seen from what the client does and never
// from its own table: a wrong effect class would ring a phone twice, so an answer of 500 is repeated or
// it is not. What the types say of fields is held against the contract in tests/types.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AgentPhone } from "agentphone-wasm";
import { failureOf } from "../support/client.mjs";
import {
  answerTo,
  argumentsOf,
  breaches,
  call,
  edges,
  inputOf,
  itemsField,
  minimal,
  operations,
  resolve,
  sample,
  takesInput,
  withField,
} from "../support/contract.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const clientOf = (/** @type {Foreign} */ fetch, options = {}) =>
  new AgentPhone({ apiKey: "sk_test", baseUrl: "http://x.test", fetch, logLevel: "off", ...options });

/** Calls an operation and gives the requests that left. @param {Foreign} operation @param {Foreign} args @param {import("agentphone-wasm").RequestOptions} [options] */
const sent = async (operation, args, options) => {
  /** @type {{ url: URL, headers: Headers }[]} */
  const requests = [];
  const stub = async (/** @type {string | URL} */ url, /** @type {{ headers: HeadersInit | undefined }} */ init) => {
    requests.push({ ...init, url: new URL(url), headers: new Headers(init.headers) });
    return answerTo(operation);
  };
  await call(clientOf(stub), operation, args, options);
  return requests;
};

const refused = async (/** @type {Foreign} */ operation, /** @type {unknown} */ input, /** @type {string} */ name) => {
  const error = await failureOf(
    call(
      clientOf(async () => assert.fail("sent")),
      operation,
      argumentsOf(operation, input),
    ),
  );
  assert.deepEqual([error.code, error.attempts], ["INVALID_ARGUMENT", 0], JSON.stringify(input));
  assert.ok(error.message.includes(name), `${error.message} does not name ${name}`);
};

/** Field by field: what is given arrives, in the query or in the body as the contract has it. */
const arrives = async (/** @type {Foreign} */ operation, /** @type {Foreign} */ input) => {
  const [{ url, body }] = /** @type {Foreign} */ (await sent(operation, argumentsOf(operation, input)));
  const fields = Object.entries(input).filter(([, value]) => value !== undefined);
  const inQuery = fields.filter(([name, value]) => name in operation.query.properties && value !== null);
  assert.deepEqual(
    [...url.searchParams],
    inQuery.map(([name, value]) => [name, String(value)]),
  );
  if (operation.body)
    assert.deepEqual(
      JSON.parse(body),
      Object.fromEntries(fields.filter(([name]) => !(name in operation.query.properties))),
    );
  else assert.equal(body ?? undefined, undefined);
};

test("the contract has all its operations to begin with", () => assert.ok(operations.length > 90));

// Beside each other, because what is repeated waits before it is.
describe("every operation", { concurrency: 8 }, () => {
  for (const operation of operations) {
    const input = inputOf(operation);
    const args = argumentsOf(operation, minimal(input));
    const fields = Object.entries(input.properties ?? {});

    describe(operation.id, { concurrency: true }, () => {
      test("is sent by its method to its path, once, with the key or without", async () => {
        const requests = await sent(operation, args);
        const [{ method, url, headers }] = /** @type {Foreign} */ (requests);
        const path = operation.path.replaceAll(/\{(\w+)\}/g, "$1-1");
        assert.deepEqual([requests.length, method, url.pathname], [1, operation.method, path]);
        assert.equal(headers.get("authorization"), operation.keyed ? "Bearer sk_test" : null);
      });

      if (operation.subAccounts) {
        test("can be asked for a sub-account", async () => {
          const [{ headers }] = await sent(operation, args, { subAccount: "sub_1" });
          assert.equal(headers.get("x-sub-account-id"), "sub_1");
        });
      }

      test(`is ${operation.effect ? "never repeated" : "repeated"} after a 500`, async () => {
        let requests = 0;
        const stub = async () => (requests++, new Response("{}", { status: 500 }));
        const error = await failureOf(call(clientOf(stub, { maxRetries: 1 }), operation, args));
        assert.deepEqual([requests, error.outcomeUnknown], operation.effect ? [1, true] : [2, false]);
        assert.deepEqual([error.operation, error.path, error.method], [operation.id, operation.path, operation.method]);
      });

      test("sends every field where the contract has it, and unknown ones too", async () => {
        for (const [name, schema] of fields) await arrives(operation, withField(input, name, sample(schema)));
        if (takesInput(operation)) await arrives(operation, minimal(input));
        if (operation.body) await arrives(operation, { ...minimal(input), field_of_tomorrow: { a: [1] } });
      });

      for (const name of input.required ?? []) {
        test(`is not sent without ${name}`, async () => {
          await refused(operation, { ...minimal(input), [name]: undefined }, name);
          await refused(operation, { ...minimal(input), [name]: null }, name);
        });
      }

      for (const [name, schema] of fields) {
        test(`takes ${name} up to the edge of what it may be, and nothing beyond`, async () => {
          for (const value of edges(schema)) await arrives(operation, withField(input, name, value));
          for (const value of breaches(schema)) await refused(operation, withField(input, name, value), name);
        });
      }

      if (takesInput(operation)) {
        const needed = (input.required ?? []).length > 0 || operation.bodyRequired;
        test(`${needed ? "needs" : "does not need"} an object beside the ids`, async () => {
          const ids = argumentsOf(operation).slice(0, operation.ids.length);
          if (needed)
            await failureOf(
              call(
                clientOf(async () => assert.fail("sent")),
                operation,
                ids,
              ),
            );
          else assert.equal((await sent(operation, ids)).length, 1);
        });
      }

      describe("rules between fields", () => rulesBetweenFields(operation, input));
      describe("answers", () => answers(operation, args));
      describe("pages", () => pages(operation, args));
    });
  }
});

function rulesBetweenFields(/** @type {Foreign} */ operation, /** @type {Foreign} */ input) {
  for (const group of input["x-exactly-one"] ?? []) {
    test(`exactly one of ${group}`, async () => {
      const [first, ...others] = group;
      await refused(operation, { ...minimal(input), [first]: undefined }, first);
      for (const name of others)
        await refused(operation, { ...minimal(input), [name]: sample(input.properties[name]) }, name);
    });
  }
  for (const [field, cases] of Object.entries(input["x-needed-when"] ?? {})) {
    for (const [value, names] of Object.entries(cases)) {
      test(`${names} with ${field} ${value}`, async () => {
        const all = {
          ...minimal(input),
          [field]: value,
          ...Object.fromEntries(names.map((/** @type {string} */ name) => [name, text(input, name)])),
        };
        await arrives(operation, all);
        for (const name of names) await refused(operation, { ...all, [name]: null }, name);
      });
    }
  }
  if (input["x-body-or-media"]) {
    test("a body or media, and no body beside a carousel", async () => {
      const url = "https://example.com/1.png";
      await arrives(operation, { ...minimal(input), body: undefined, media_urls: [url] });
      await arrives(operation, { ...minimal(input), media_urls: [url] });
      await refused(operation, { ...minimal(input), body: undefined }, "body");
      await refused(operation, { ...minimal(input), media_urls: [url, url] }, "body");
    });
  }
}

const text = (/** @type {Foreign} */ input, /** @type {string} */ name) =>
  input.properties[name].enum?.[0] ?? "something";

function answers(/** @type {Foreign} */ operation, /** @type {string[]} */ args) {
  const { kind, status } = operation.answer;
  const answered = (/** @type {unknown} */ body) =>
    call(
      clientOf(async () => Response.json(body, { status: 200 }), { maxRetries: 0 }),
      operation,
      args,
    );

  test(`a good answer (${status}, ${kind}) is given on`, async () => {
    const data = await call(
      clientOf(async () => answerTo(operation)),
      operation,
      args,
    );
    if (kind === "empty") assert.equal(data, undefined);
    else if (operation.pages === "none" && !["bytes", "events"].includes(kind))
      assert.deepEqual(data, sample(operation.answer.schema));
    else assert.ok(data);
  });

  if (operation.pages !== "none") return listAnswers(answered);
  const allowed = /** @type {Record<string, Foreign>} */ ({
    object: [],
    nullable: [null],
    untyped: [null, 7, "text", []],
  })[kind];
  for (const body of allowed ? [null, 7, "text", []] : []) {
    const passes = allowed.some((/** @type {Foreign} */ one) => JSON.stringify(one) === JSON.stringify(body));
    test(`${JSON.stringify(body)} is ${passes ? "an" : "no"} answer`, async () => {
      if (passes) assert.deepEqual(await answered(body), body);
      else assert.equal((await failureOf(answered(body))).code, "INVALID_RESPONSE");
    });
  }
}

/** The API's documents differ on the form of some lists, so that each is read in all of them. */
function listAnswers(/** @type {Foreign} */ answered) {
  test("a list is read in every form that the API has, and nothing else is taken for one", async () => {
    for (const body of [[{ id: "1" }], { data: [{ id: "1" }] }, { items: [{ id: "1" }] }])
      assert.deepEqual((await answered(body)).data, [{ id: "1" }]);
    for (const body of [null, 7, "text", {}, { data: null }])
      assert.equal((await failureOf(answered(body))).code, "INVALID_RESPONSE");
  });
}

/** Two pages, of which the second is asked for as the contract's page style has it. */
function pages(/** @type {Foreign} */ operation, /** @type {string[]} */ args) {
  if (operation.pages === "none") {
    test("is no list", async () => {
      const result = call(
        clientOf(async () => answerTo(operation)),
        operation,
        args,
      );
      assert.equal(/** @type {Foreign} */ (result).pages, undefined);
      await result;
    });
    return;
  }
  test(`goes on by ${operation.pages}`, async () => {
    /** @type {URL[]} */
    const urls = [];
    const list = call(
      clientOf(
        async (/** @type {string | URL} */ url) => (
          urls.push(new URL(url)), Response.json(pageOf(operation, urls.length - 1))
        ),
      ),
      operation,
      args,
    );
    const items = await /** @type {Foreign} */ (list).toArray();
    const next = urls.slice(1).map(({ searchParams }) => [searchParams.get("offset"), searchParams.get("before")]);
    const wanted = /** @type {Record<string, Foreign>} */ ({
      whole: [],
      offset: [["2", null]],
      cursor: [[null, "2026-01-01T00:00:02.000Z"]],
    })[operation.pages];
    assert.deepEqual(next, wanted);
    assert.deepEqual(
      items.map((/** @type {Foreign} */ item) => item.id),
      operation.pages === "whole" ? ["0", "1"] : ["0", "1", "2"],
    );
  });
}

const pageOf = (/** @type {Foreign} */ operation, /** @type {number} */ page) => {
  const { properties = {} } = resolve(operation.answer.schema);
  const item = (/** @type {number} */ index) => ({
    id: String(index),
    receivedAt: `2026-01-01T00:00:0${3 - index}.000Z`,
  });
  const data = page === 0 ? [item(0), item(1)] : [item(2)];
  const field = itemsField(operation);
  if (!field) return data;
  const counts = { total: 3, offset: page * 2, limit: 2, hasMore: page === 0 };
  return { [field]: data, ...Object.fromEntries(Object.entries(counts).filter(([name]) => name in properties)) };
};
