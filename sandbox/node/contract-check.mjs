// Checks responses against their schema in the contract, for tests. Supports the part of JSON Schema that the
// contract uses.

import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** A JSON Schema from the contract, or a received value. @typedef {any} Json */

const contract = parse(readFileSync(new URL("../../contract/openapi.yaml", import.meta.url), "utf8"));

/** The contract's paths with their operations. */
export const { paths } = contract;

const resolve = (/** @type {string} */ reference) =>
  reference
    .split("/")
    .slice(1)
    .reduce((node, part) => node[part.replaceAll("~1", "/")], contract);

/** @type {Record<string, (value: Json) => boolean>} */
const IS = {
  null: (value) => value === null,
  string: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  number: (value) => typeof value === "number",
  integer: (value) => Number.isInteger(value),
  array: (value) => Array.isArray(value),
  object: (value) => value !== null && typeof value === "object" && !Array.isArray(value),
};

/** What is wrong with a value, each issue with its location. @param {Json} schema @param {Json} value @returns {string[]} */
export function problems(schema, value, at = "") {
  if (schema.$ref) return problems(resolve(schema.$ref), value, at);
  const found = (schema.allOf ?? []).flatMap((/** @type {Json} */ part) => problems(part, value, at));
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices && !choices.some((/** @type {Json} */ part) => problems(part, value, at).length === 0))
    found.push(`${at}: fits none of ${choices.length} forms`);
  const types = schema.type === undefined ? [] : [schema.type].flat();
  if (types.length > 0 && !types.some((type) => IS[type](value)))
    return [...found, `${at}: ${JSON.stringify(value)} is no ${types}`];
  if (value === null) return found;
  if (schema.enum && !schema.enum.includes(value)) found.push(`${at}: ${value} is none of ${schema.enum}`);
  if (Array.isArray(value))
    return [...found, ...value.flatMap((item, i) => (schema.items ? problems(schema.items, item, `${at}[${i}]`) : []))];
  if (typeof value !== "object") return found;
  for (const name of schema.required ?? []) if (!(name in value)) found.push(`${at}.${name}: is missing`);
  for (const [name, inner] of Object.entries(value)) {
    const own = schema.properties?.[name] ?? schema.additionalProperties;
    if (own && typeof own === "object") found.push(...problems(own, inner, `${at}.${name}`));
  }
  return found;
}

/** What is wrong with the JSON response of an operation. @param {string} path @param {Json} value */
export function problemsOfResponse(path, value, method = "get") {
  const answers = /** @type {[string, Json][]} */ (Object.entries(paths[path][method].responses));
  const [, answer] = answers.find(([status]) => status.startsWith("2")) ?? [];
  const schema = (answer.$ref ? resolve(answer.$ref) : answer).content["application/json"].schema;
  return problems(schema, value, path);
}
