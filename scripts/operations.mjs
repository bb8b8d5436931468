// What the command line knows about each operation: the rows of the client's own table, the fields in the
// contract, and the descriptions in the published types. `build-cli.mjs` writes it into `cli/dist/operations`, one
// file per resource, so that a command reads only its own. There is no list of commands to maintain.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parse } from "yaml";
import { buildModule, modules } from "./build-module.mjs";
import { declarations } from "./declarations.mjs";
import { resources } from "./reference.mjs";
import { root } from "./tools.mjs";

/** A part of the contract document. @typedef {any} Schema */
/** @typedef {import("../cli/src/operation.js").Operation} Operation */
/** @typedef {import("../cli/src/operation.js").Field} Field */
/** @typedef {import("../cli/src/operation.js").Resource} Resource */

const METHODS = ["get", "post", "put", "patch", "delete"];

/** `toNumber`, `to_number` and `to-number` are the same option. @param {string} name */
const kebab = (name) =>
  name
    .replaceAll(/([a-z0-9])(?=[A-Z])/g, "$1-")
    .replaceAll("_", "-")
    .toLowerCase();

/** The rows of the client's table: id, method, path, what it accepts, shape, pages, effect. @returns {Promise<string[][]>} */
const table = async () => {
  const { work } = modules.client;
  if (!existsSync(join(work, "agentphone.wasm"))) buildModule(modules.client);
  const glue = await import(pathToFileURL(join(work, "core.js")).href);
  glue.start(new WebAssembly.Module(readFileSync(join(work, "agentphone.wasm"))));
  return glue
    .table()
    .split("\n")
    .map((/** @type {string} */ line) => line.split(" "));
};

/** The contract and a function that resolves its references. */
const contract = () => {
  const document = parse(readFileSync(join(root, "contract", "openapi.yaml"), "utf8"));
  /** @param {Schema} schema @returns {Schema} */
  const resolve = (schema) => {
    if (schema?.$ref) return resolve(document.components.schemas[schema.$ref.split("/").at(-1)]);
    if (!schema?.allOf) return schema;
    const { allOf, ...own } = schema;
    return { ...resolve(allOf[0]), ...own };
  };
  const entries = Object.values(/** @type {Record<string, Schema>} */ (document.paths)).flatMap((path) =>
    METHODS.filter((method) => path[method]).map((method) => path[method]),
  );
  return { resolve, operations: new Map(entries.map((entry) => [entry.operationId, entry])) };
};

/** Types of a schema other than null. @param {Schema} schema @returns {string[]} */
const typesOf = (schema) => [schema?.type ?? []].flat().filter((type) => type !== "null");

/** How a field's option is parsed. @param {Schema} schema @param {(schema: Schema) => Schema} resolve @returns {Field["kind"]} */
const kindOf = (schema, resolve) => {
  if (schema["x-rule"] === "e164-list") return "texts";
  const [type] = typesOf(schema);
  if (type === "integer" || type === "number") return "number";
  if (type === "boolean") return "flag";
  if (type === "array") return typesOf(resolve(schema.items))[0] === "string" ? "texts" : "values";
  if (type === "object") return "map";
  return "text";
};

/** An example value. @param {Schema} schema @param {string} name @param {Field["kind"]} kind */
const exampleOf = (schema, name, kind) => {
  const { enum: values, "x-known-values": known, "x-rule": rule, pattern, minimum, format } = schema;
  if (rule?.startsWith("e164") || rule === "recipient") return "+14155550100";
  const [first] = values ?? known ?? [];
  if (first !== undefined) return String(first);
  if (kind === "number") return String(minimum ?? 1);
  if (kind === "map") return "name=Ann";
  if (kind === "values") return "'{}'";
  if (format === "uri" || /url$/i.test(name)) return "https://example.com/hook";
  if (format === "email" || /email$/i.test(name)) return "ann@example.com";
  if (/id$/i.test(name)) return `${kebab(name).replaceAll("-", "_").toUpperCase()}`;
  if (/code$/i.test(name)) return pattern?.includes("A-Z") ? "US" : "123456";
  if (/number$/i.test(name)) return "+14155550100";
  const text = name === "name" ? "Support" : "Your order is ready";
  return `"${text.padEnd(schema.minLength ?? 0, `. ${text}`)}"`;
};

/**
 * @param {string} name @param {Schema} given @param {boolean} required @param {string | undefined} description @param {(schema: Schema) => Schema} resolve @returns {Field}
 */
const fieldOf = (name, given, required, description, resolve) => {
  const schema = resolve(given);
  const items = schema.items ? resolve(schema.items) : undefined;
  const kind = kindOf(schema, resolve);
  const values = schema.enum ?? items?.enum;
  const known = schema["x-known-values"] ?? items?.["x-known-values"];
  const { minimum, maximum } = schema;
  return {
    name,
    flag: kebab(name),
    kind,
    ...(required && { required }),
    ...(values && { values: values.filter((/** @type {unknown} */ value) => value !== null) }),
    ...(known && { known }),
    ...(schema.minItems > 1 && { least: schema.minItems }),
    ...(schema.default !== undefined && { default: schema.default }),
    ...((minimum !== undefined || maximum !== undefined) && { bounds: [minimum ?? null, maximum ?? null] }),
    text: plain(description || schema.description || ""),
    example: exampleOf(items ? { ...schema, ...items } : schema, name, kind),
  };
};

/** Converts the prose of a doc comment for a terminal. @param {string} text */
const plain = (text) =>
  text
    .replaceAll("**", "")
    .replaceAll(/\s*\n\s*/g, " ")
    .trim();

/** The parts of a method's comment: the first paragraph, the others, and the sentences about price. @param {string} doc */
const wordsOf = (doc) => {
  const paragraphs = doc
    .replaceAll(/^```[^]*?^```$/gm, "")
    .split(/\n\s*\n/)
    .map((paragraph) =>
      plain(paragraph)
        .replace(/^Effect class: [^.]*\. /, "")
        .replace(/ Errors: .*$/, ""),
    )
    .filter(Boolean);
  const [summary = "", ...details] = paragraphs;
  const sentences = details.flatMap((paragraph) => paragraph.split(/(?<=[.;]) (?=[A-Za-z])/));
  const price = sentences.filter((sentence) => /\$\d/.test(sentence)).join(" ");
  return { summary, details, price: price.replaceAll(/; (?=[A-Z])/g, ". ").replace(/[;.]$/, "") };
};

/**
 * What the published types say about the fields of each input, by operation and field.
 * @param {import("./declarations.mjs").Declaration[]} declared @param {ReturnType<typeof resources>} tree
 */
const inputTexts = (declared, tree) => {
  const types = new Map(declared.map((one) => [one.name, one]));
  /** @param {string} name @returns {[string, string][]} */
  const membersOf = (name) => {
    const type = types.get(name);
    if (type === undefined) return [];
    const parents = /^export interface \w+ extends ([^{]+)\{/.exec(type.text)?.[1]?.match(/\w+/g) ?? [];
    return [
      ...parents.flatMap(membersOf),
      .../** @type {[string, string][]} */ (type.members.map((one) => [one.name.replaceAll('"', ""), one.doc])),
    ];
  };
  return new Map(
    tree.flatMap(({ path, methods }) =>
      methods.flatMap(({ name, text }) => {
        const [, type = ""] = /\b(?:body|query)\??: (\w+)/.exec(text) ?? [];
        const id = `${path}.${name}`.replace(/^client\./, "");
        return membersOf(type).map(([field, doc]) => /** @type {[string, string]} */ ([`${id} ${field}`, doc]));
      }),
    ),
  );
};

/** The names of an object's plain fields, in the contract's order: the columns of a table. @param {Schema} schema @param {(schema: Schema) => Schema} resolve @returns {string[]} */
const columnsOf = (schema, resolve) => {
  const { properties = {}, required = [] } = resolve(schema) ?? {};
  const scalar = Object.entries(properties).filter(([, given]) => {
    const types = typesOf(resolve(given));
    return types.length > 0 && !types.includes("object") && !types.includes("array");
  });
  const rank = (/** @type {string} */ name) => (name === "id" ? 0 : required.includes(name) ? 1 : 2);
  return scalar.map(([name]) => name).sort((a, b) => rank(a) - rank(b));
};

/** The schema of the items of a list, or of the object, in a successful response. @param {Schema} entry @param {(schema: Schema) => Schema} resolve */
const resultOf = (entry, resolve) => {
  const [, response] = Object.entries(entry.responses).find(([code]) => code.startsWith("2")) ?? [];
  const schema = resolve(response?.content?.["application/json"]?.schema);
  if (!schema) return undefined;
  const list = schema.items ?? schema.properties?.data?.items ?? schema.properties?.items?.items;
  return list ?? schema.oneOf?.[0] ?? schema;
};

/** Every resource with its operations. @returns {Promise<Resource[]>} */
export const operations = async () => {
  const { resolve, operations: known } = contract();
  const declared = declarations();
  const tree = resources(declared, "AgentPhone", "client", "");
  const words = new Map(
    tree.flatMap(({ path, methods }) =>
      methods.map(({ name, doc }) => [`${path}.${name}`.replace(/^client\./, ""), doc]),
    ),
  );
  const texts = inputTexts(declared, tree);
  const docs = new Map(tree.map(({ path, doc }) => [path.replace(/^client\./, ""), doc]));
  /** @type {Map<string, Resource & { operations: Operation[] }>} */
  const found = new Map();
  for (const [id = "", method = "", path = "", accepts, shape, pages, effect] of await table()) {
    const entry = known.get(id);
    if (entry === undefined) throw new Error(`the contract has no operation ${id}`);
    const body = resolve(entry.requestBody?.content["application/json"].schema);
    const query = (entry.parameters ?? []).filter((/** @type {Schema} */ one) => one.in === "query");
    const { summary, details, price } = wordsOf(words.get(id) ?? "");
    const [resource = "", ...rest] = id.split(".");
    const columns = columnsOf(resultOf(entry, resolve), resolve);
    /** @type {Operation} */
    const operation = {
      id,
      words: id.split(".").map(kebab),
      method,
      path,
      ids: [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => kebab(name)),
      accepts: /** @type {Operation["accepts"]} */ (accepts),
      shape: /** @type {Operation["shape"]} */ (shape),
      pages: /** @type {Operation["pages"]} */ (pages),
      effect: effect === "effect",
      side: entry["x-side-effect"],
      deletes: method === "DELETE",
      keyed: entry.security?.length !== 0,
      summary: summary || plain(entry.summary ?? rest.join(" ")),
      details,
      ...(price && { price }),
      fields: [
        ...Object.entries(/** @type {Record<string, Schema>} */ (body?.properties ?? {}))
          .filter(([, schema]) => !schema.deprecated)
          .map(([name, schema]) =>
            fieldOf(name, schema, (body.required ?? []).includes(name), texts.get(`${id} ${name}`), resolve),
          ),
        ...query.map((/** @type {Schema} */ one) =>
          fieldOf(one.name, one.schema, one.required, texts.get(`${id} ${one.name}`) ?? one.description, resolve),
        ),
      ],
      ...(body?.["x-exactly-one"] && { exactlyOne: body["x-exactly-one"] }),
      ...(body?.["x-body-or-media"] && { exampleNeeds: ["body"] }),
      columns,
    };
    const text = plain(docs.get(resource) ?? "").split(/(?<=\.) /)[0] ?? "";
    const own = found.get(resource) ?? { name: kebab(resource), summary: text, operations: [] };
    own.operations.push(operation);
    found.set(resource, own);
  }
  return [...found.values()];
};
