// Every operation of the client against contract/openapi.yaml: method, path, effect class, required
// fields, body or query. A wrong effect class would ring a phone twice, so that it is seen from what
// the client does and not from a table: an answer of 500 is repeated or it is not.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { AgentPhone } from "agentphone-wasm";
import { parse } from "yaml";
import { failureOf } from "../support/client.mjs";

const contract = parse(readFileSync(new URL("../../contract/openapi.yaml", import.meta.url), "utf8"));

const operations = Object.entries(contract.paths).flatMap(([path, item]) =>
  Object.entries(item)
    .filter(([method]) => ["get", "post", "put", "patch", "delete"].includes(method))
    .map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
);
const byId = new Map(operations.map((operation) => [operation.operationId, operation]));

/** The dotted names of all methods of a client. */
const methodsOf = (object, prefix = "") => {
  const members = Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(object)));
  return members.flatMap(([name, { value, get }]) => {
    if (get) return methodsOf(object[name], `${prefix}${name}.`);
    return typeof value === "function" && !name.startsWith("__") && name !== "constructor" && prefix ? [`${prefix}${name}`] : [];
  });
};

const client = (fetch, options = {}) => new AgentPhone({ apiKey: "sk_test", baseUrl: "http://x.test", fetch, logLevel: "off", ...options });
const implemented = methodsOf(client(async () => {}));

const schemaOf = (operation) => {
  const schema = operation.requestBody?.content["application/json"]?.schema;
  return schema?.$ref ? contract.components.schemas[schema.$ref.split("/").at(-1)] : schema;
};
const idsOf = (operation) => [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => `${name}-1`);
const bodyOf = (operation) => {
  const schema = schemaOf(operation);
  return schema && Object.fromEntries((schema.required ?? []).map((name) => [name, "value"]));
};
const call = (client, id, args) => {
  const path = id.split(".");
  const owner = path.slice(0, -1).reduce((object, name) => object[name], client);
  return owner[path.at(-1)](...args);
};

test("the operations of this version are all there", () => {
  const wanted = [
    "agents.create", "agents.delete", "agents.get", "agents.list", "agents.numbers.attach", "agents.numbers.detach", "agents.update",
    "calls.create", "calls.end", "calls.get", "calls.list", "messages.react", "messages.send",
    "numbers.available", "numbers.buy", "numbers.get", "numbers.list", "numbers.release",
    "usage.byAgent", "usage.byNumber", "usage.daily", "usage.get", "usage.monthly", "voices.list",
  ];
  assert.deepEqual([...implemented].sort(), wanted);
});

for (const id of implemented) {
  describe(id, () => {
    const operation = byId.get(id);

    test("is in the contract, with its method and its path", async () => {
      assert.ok(operation, "the contract has no such operationId");
      const requests = [];
      const stub = async (url, init) => (requests.push([init.method, new URL(url).pathname, init.body]), new Response("{}"));
      const ids = idsOf(operation);
      await call(client(stub), id, [...ids, bodyOf(operation)]);
      const [[method, path, body]] = requests;
      let next = 0;
      assert.deepEqual([method, path], [operation.method, operation.path.replaceAll(/\{\w+\}/g, () => ids[next++])]);
      assert.equal(body !== undefined, operation.requestBody !== undefined, "body");
    });

    test(`is ${operation?.["x-effect-idempotent"] ? "repeated" : "never repeated"} after a 500`, async () => {
      let requests = 0;
      const stub = async () => (requests++, new Response("{}", { status: 500 }));
      const error = await failureOf(call(client(stub, { maxRetries: 1 }), id, [...idsOf(operation), bodyOf(operation)]));
      const effect = !operation["x-effect-idempotent"];
      assert.deepEqual([requests, error.outcomeUnknown], effect ? [1, true] : [2, false]);
      assert.deepEqual([error.operation, error.path, error.method], [id, operation.path, operation.method]);
    });

    for (const name of schemaOf(operation ?? {})?.required ?? []) {
      test(`is not sent without ${name}`, async () => {
        const body = { ...bodyOf(operation), [name]: undefined };
        const error = await failureOf(call(client(async () => assert.fail("sent")), id, [...idsOf(operation), body]));
        assert.deepEqual([error.code, error.attempts], ["INVALID_ARGUMENT", 0]);
        assert.ok(error.message.includes(name));
      });
    }
  });
}
