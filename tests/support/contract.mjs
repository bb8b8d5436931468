// contract/openapi.yaml as tests walk it: its operations in one list, inputs that keep its rules and
// inputs that break one. Whatever a schema says is read from it here, so that a test of all operations
// needs no list of its own.
import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** A part of the contract: an operation, a parameter, a schema, as the document has them; and values that a schema allows or not. @typedef {any} Schema */
/** @typedef {ReturnType<typeof describeOperation>} Operation */
/** @import { AgentPhone, RequestOptions } from "agentphone-wasm" */

export const contract = parse(readFileSync(new URL("../../contract/openapi.yaml", import.meta.url), "utf8"));

/** A schema without the reference in front of it. @param {Schema} schema @returns {Schema} */
export const resolve = (schema) => {
  if (schema?.$ref) return resolve(contract.components.schemas[schema.$ref.split("/").at(-1)]);
  return schema?.allOf ? resolve(schema.allOf[0]) : schema;
};
const types = (/** @type {Schema} */ schema) => [resolve(schema).type].flat();
const isNullable = (/** @type {Schema} */ schema) => types(schema).includes("null");
const typeOf = (/** @type {Schema} */ schema) => types(schema).find((type) => type !== "null");

/** Every operation of the contract. */
export const operations = Object.entries(/** @type {Record<string, Schema>} */ (contract.paths)).flatMap(
  ([path, item]) =>
    Object.entries(item)
      .filter(([method]) => ["get", "post", "put", "patch", "delete"].includes(method))
      .map(([method, entry]) => describeOperation(path, method.toUpperCase(), entry)),
);

/** @param {string} path @param {string} method @param {Schema} entry */
function describeOperation(path, method, entry) {
  const [status, answer] =
    Object.entries(/** @type {Record<string, Schema>} */ (entry.responses)).find(([code]) => code.startsWith("2")) ??
    [];
  const [type, { schema } = /** @type {Schema} */ ({})] =
    /** @type {[string, Schema][]} */ (Object.entries(answer.content ?? {}))[0] ?? [];
  const query = (entry.parameters ?? []).filter((/** @type {Schema} */ parameter) => parameter.in === "query");
  return {
    id: entry.operationId,
    method,
    path,
    ids: [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
    query: objectOf(query),
    body: entry.requestBody && resolve(entry.requestBody.content["application/json"].schema),
    bodyRequired: entry.requestBody?.required === true,
    effect: !entry["x-effect-idempotent"],
    keyed: entry.security?.length !== 0,
    subAccounts: entry["x-sub-account"] !== "no",
    answer: { status: Number(status), type, schema, kind: kindOf(type, schema) },
    pages: pagesOf(entry["x-pagination"], schema),
  };
}

/** Parameters as the object that a caller gives. @param {Schema[]} parameters */
function objectOf(parameters) {
  const properties = Object.fromEntries(parameters.map(({ name, schema }) => [name, schema]));
  const required = parameters.filter((parameter) => parameter.required).map(({ name }) => name);
  return { type: "object", properties, required };
}

/** What a good answer is: empty, bytes, events, untyped, nullable, array or object. @param {string | undefined} type @param {Schema} schema */
function kindOf(type, schema) {
  if (type === undefined) return "empty";
  if (type === "text/event-stream") return "events";
  if (type !== "application/json") return "bytes";
  if (schema.$ref?.endsWith("/Untyped")) return "untyped";
  if (schema.oneOf?.some((/** @type {Schema} */ one) => one.type === "null")) return "nullable";
  return typeOf(schema) === "array" ? "array" : "object";
}

/** How a list goes on: offset, cursor, whole (it comes at once); none for what is no list. @param {Schema} pagination @param {Schema} schema @returns {string} */
function pagesOf({ style }, schema) {
  if (style !== "none") return style;
  const properties = Object.entries(resolve(schema)?.properties ?? {});
  const onlyData = properties.length === 1 && properties[0][0] === "data" && typeOf(properties[0][1]) === "array";
  return onlyData || (schema && typeOf(schema) === "array") ? "whole" : "none";
}

/** The name of the list in an answer; undefined where the answer is the list. @param {Operation} operation */
export const itemsField = (operation) => {
  const { properties = {}, required = [] } = resolve(operation.answer.schema);
  // A page may have its list twice, in the spelling of another source too.
  return (
    ["data", "items"].find((name) => required.includes(name)) ?? ["data", "items"].find((name) => name in properties)
  );
};

/** @type {Record<string, { good: unknown[], bad: unknown[] }>} */
const RULES = {
  e164: {
    good: ["+14155550100", "+123456789012345"],
    bad: ["4155550100", "+1 415 555 0100", "+0155550100", "+1234567890123456", "", 14155550100],
  },
  "e164-or-empty": { good: ["+14155550100", ""], bad: ["4155550100", 7] },
  recipient: { good: ["+14155550100", "(415) 555-0100", "72345", "a@example.com", "grp_1"], bad: ["Bob", "", 7] },
  "e164-list": { good: ["+14155550100", "+14155550100,+14155550101"], bad: ["4155550100", "", 7, "+14155550100,x"] },
};

const WORDS = ["415", "US", "tool-1"];
const text = (/** @type {number} */ length) => "abcdefghij".repeat(Math.ceil(length / 10)).slice(0, length);

/** A value that keeps every rule of its schema. @param {Schema} given @returns {Schema} */
export const sample = (given) => {
  const schema = resolve(given);
  if (schema["x-rule"]) return RULES[schema["x-rule"]].good[0];
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.oneOf ?? schema.anyOf) return sample((schema.oneOf ?? schema.anyOf)[0]);
  switch (typeOf(schema)) {
    case "string":
      if (schema.pattern) return WORDS.find((word) => new RegExp(schema.pattern).test(word));
      return text(schema.minLength ?? 6);
    case "integer":
    case "number":
      return schema.minimum ?? 1;
    case "boolean":
      return true;
    case "array":
      return Array.from({ length: Math.max(schema.minItems ?? 1, 1) }, () => sample(schema.items));
    default:
      return schema.properties ? minimal(schema) : { key: "value" };
  }
};

/** The least object that keeps every rule of its schema. @param {Schema} schema @returns {Schema} */
export const minimal = (schema) => {
  const names = [
    ...(schema.required ?? []),
    ...(schema["x-exactly-one"] ?? []).map((/** @type {string[]} */ [first]) => first),
  ];
  if (schema["x-body-or-media"]) names.push("body");
  return Object.fromEntries(names.map((name) => [name, sample(schema.properties[name])]));
};

/** The same with a field more, or another value of it; what the field excludes is left out. @param {Schema} schema @param {string} name @param {Schema} value */
export const withField = (schema, name, value) => {
  const input = { ...minimal(schema), [name]: value };
  for (const group of schema["x-exactly-one"] ?? []) {
    if (!group.includes(name)) continue;
    const others = group.filter((/** @type {string} */ other) => other !== name);
    if (value === null) input[others[0]] = sample(schema.properties[others[0]]);
    else for (const other of others) delete input[other];
  }
  if (schema["x-body-or-media"] && name === "media_urls" && value?.length > 1) delete input.body;
  return input;
};

/** Values at the very edge of what a schema allows. @param {Schema} given @returns {Schema[]} */
export const edges = (given) => {
  const schema = resolve(given);
  const values = [sample(schema)];
  if (schema["x-rule"]) values.push(...RULES[schema["x-rule"]].good);
  if (isNullable(schema)) values.push(null);
  for (const bound of [schema.minimum, schema.maximum]) if (bound !== undefined) values.push(bound);
  for (const bound of [schema.minLength, schema.maxLength])
    if (bound !== undefined && !schema.pattern) values.push(text(bound));
  for (const bound of [schema.minItems, schema.maxItems])
    if (bound !== undefined) values.push(Array(bound).fill(sample(schema.items)));
  return values;
};

/** Values that break a rule of a schema: a bound, a pattern, an `x-rule`, at any depth. @param {Schema} given @returns {Schema[]} */
export const breaches = (given) => {
  const schema = resolve(given);
  const values = schema["x-rule"] ? [...RULES[schema["x-rule"]].bad] : [];
  const most = schema["x-max-numbers"];
  if (most)
    values.push(
      Array(most + 1)
        .fill("+14155550100")
        .join(","),
      Array(most + 1).fill("+14155550100"),
    );
  if (schema.minimum !== undefined) values.push(schema.minimum - 1, String(schema.minimum));
  if (schema.maximum !== undefined) values.push(schema.maximum + 1);
  if (schema.minimum !== undefined && typeOf(schema) === "integer") values.push(schema.minimum + 0.5);
  if (schema.minLength > 0) values.push(text(schema.minLength - 1));
  if (schema.maxLength !== undefined) values.push(text(schema.maxLength + 1));
  if (schema.minLength !== undefined || schema.maxLength !== undefined) values.push(7);
  if (schema.pattern) values.push("no, not at all", 7);
  if (typeOf(schema) === "array") {
    const item = sample(schema.items);
    if (schema.minItems > 0) values.push(Array(schema.minItems - 1).fill(item));
    if (schema.maxItems !== undefined) values.push(Array(schema.maxItems + 1).fill(item));
    if (schema.minItems !== undefined || schema.maxItems !== undefined) values.push("no array", {});
    const length = Math.max(schema.minItems ?? 1, 1);
    for (const bad of breaches(schema.items)) values.push([...Array(length - 1).fill(item), bad]);
  }
  if (schema.properties && typeOf(schema) === "object") {
    for (const [name, field] of Object.entries(schema.properties)) {
      for (const bad of breaches(field)) values.push(withField(schema, name, bad));
    }
    for (const name of schema.required ?? []) values.push({ ...minimal(schema), [name]: undefined });
  }
  if (values.length > 0 && !isNullable(schema)) values.push(null);
  return values;
};

/** The ids, then the input of an operation, as its method takes them. @param {Operation} operation @param {Schema} [input] */
export const argumentsOf = (operation, input) => {
  const ids = operation.ids.map((name) => `${name}-1`);
  return takesInput(operation) ? [...ids, input] : ids;
};

/** Whether the method takes an object beside the ids. @param {Operation} operation */
export const takesInput = (operation) =>
  operation.body !== undefined || Object.keys(operation.query.properties).length > 0;

/** The schema of that object: the fields of the body, and those of the query. @param {Operation} operation @returns {Schema} */
export const inputOf = ({ body, query }) => {
  if (!body) return query;
  return {
    ...body,
    properties: { ...body.properties, ...query.properties },
    required: [...(body.required ?? []), ...query.required],
  };
};

/** Calls the method of an operation. A stream is read to its end. @param {AgentPhone} client @param {Operation} operation @param {Schema[]} args @param {RequestOptions} [options] @returns {Promise<Schema>} */
export const call = (client, operation, args, options) => {
  const path = operation.id.split(".");
  const owner = path
    .slice(0, -1)
    .reduce((/** @type {Schema} */ object, /** @type {string} */ name) => object?.[name], client);
  const result = owner[path[path.length - 1]](...args, options);
  return operation.answer.kind === "events" ? drain(result) : result;
};

const drain = async (/** @type {import("agentphone-wasm").TranscriptStream} */ events) => {
  for await (const event of events) if (event.event === "ended") return event;
  return undefined;
};

/** A good answer to an operation, made from its schema. @param {Operation} operation */
export const answerTo = ({ answer }) => {
  if (answer.kind === "empty") return new Response(null, { status: answer.status });
  if (answer.kind === "events") {
    const frames =
      'event: connected\ndata: {"callId":"1","status":"completed"}\n\nevent: ended\ndata: {"callId":"1","status":"completed"}\n\n';
    return new Response(frames, { headers: { "content-type": "text/event-stream" } });
  }
  if (answer.kind === "bytes") return new Response("RIFF", { headers: { "content-type": answer.type ?? "" } });
  return Response.json(sample(answer.schema), { status: answer.status });
};
