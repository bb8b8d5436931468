// Writes src/js/lib/field-names.js: the fields that the contract defines for each operation's input. `npm run
// fields` accepts a change of the contract; tests/node/unknown-fields.test.mjs fails if the file is older.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { root } from "./tools.mjs";

/** A part of the contract document. @typedef {any} Schema */

export const fieldNames = join(root, "src", "js", "lib", "field-names.js");

const METHODS = ["get", "post", "put", "patch", "delete"];

/** The content of the file, made from the contract. */
export const made = () => {
  const contract = parse(readFileSync(join(root, "contract", "openapi.yaml"), "utf8"));
  /** @returns {Schema} */
  const resolve = (/** @type {Schema} */ schema) =>
    schema?.$ref
      ? resolve(contract.components.schemas[schema.$ref.split("/").at(-1)])
      : schema?.allOf
        ? resolve(schema.allOf[0])
        : schema;
  /** The names of an object's fields. Those of objects in a list follow the list's name. @returns {string[]} */
  const names = (/** @type {Schema} */ schema) =>
    Object.entries(schema?.properties ?? {}).map(([name, field]) => {
      const items = resolve(resolve(field).items);
      return items?.properties ? `${name}(${names(items).join(" ")})` : name;
    });
  const lines = Object.values(/** @type {Record<string, Schema>} */ (contract.paths)).flatMap((path) =>
    METHODS.filter((method) => path[method]).flatMap((method) => {
      const { operationId, parameters = [], requestBody } = path[method];
      const body = resolve(requestBody?.content["application/json"].schema);
      const fields = [
        ...names(body),
        ...parameters
          .filter((/** @type {Schema} */ one) => one.in === "query")
          .map((/** @type {Schema} */ { name }) => name),
      ];
      return fields.length > 0 ? [[operationId, ...fields].join(" ")] : [];
    }),
  );
  return `// @ts-check
// Made by scripts/fields.mjs out of contract/openapi.yaml: a line for each operation that takes an input, with its id and
// the fields that the contract knows. \`hints.js\` reads it.

export const FIELD_NAMES = \`${lines.join("\n")}\`;
`;
};

if (process.argv[1] === join(root, "scripts", "fields.mjs")) writeFileSync(fieldNames, made());
