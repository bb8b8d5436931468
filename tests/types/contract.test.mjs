// The published types against types that openapi-typescript makes from the contract: what every method
// takes and gives, both ways, with null, absence and open sets of strings told apart. The compiler
// decides; each comparison stands on a line of its own, so that its error names the operation.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import openapi, { astToString } from "openapi-typescript";
import { itemsField, operations, takesInput } from "../support/contract.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const out = join(here, "out");

const methodOf = (/** @type {Foreign} */ { id }) =>
  `AgentPhone${id
    .split(".")
    .map((/** @type {string} */ name) => `["${name}"]`)
    .join("")}`;
const theirs = (/** @type {Foreign} */ { id }) => `operations["${id}"]`;

/** The type that a method takes beside the ids, made of what the contract has in body and query. */
const inputLine = (/** @type {Foreign} */ operation) => {
  const query =
    Object.keys(operation.query.properties).length > 0 && `NonNullable<${theirs(operation)}["parameters"]["query"]>`;
  const body = operation.body && `NonNullable<${theirs(operation)}["requestBody"]>["content"]["application/json"]`;
  const parts = [body, query].filter(Boolean).join(" & ");
  const all = `NonNullable<Parameters<${methodOf(operation)}>[${operation.ids.length}]>`;
  // It is read in camel case as well.
  const given = operation.id === "messages.send" ? "SendMessageRequest" : all;
  return `same<Plain<${query ? `Sent<${given}>` : given}>, Plain<${parts}>>(true);`;
};

/** Which arguments may be left out: the options, and the input where nothing in it is needed. */
const lengthLine = (/** @type {Foreign} */ operation) => {
  const ids = operation.ids.length;
  const needed = operation.bodyRequired || operation.query.required.length > 0;
  const lengths = !takesInput(operation) ? [ids, ids + 1] : needed ? [ids + 1, ids + 2] : [ids, ids + 1, ids + 2];
  return `same<Parameters<${methodOf(operation)}>["length"], ${lengths.join(" | ")}>(true);`;
};

/** Ids are texts. */
const idsLine = (/** @type {Foreign} */ operation) => {
  const ids = operation.ids.map(
    (/** @type {Foreign} */ _, /** @type {number} */ index) => `Parameters<${methodOf(operation)}>[${index}]`,
  );
  return `same<[${ids.join(", ")}], [${ids.map(() => "string").join(", ")}]>(true);`;
};

const answerLine = (/** @type {Foreign} */ operation) => {
  const { kind, status, type } = operation.answer;
  const given = `Awaited<ReturnType<${methodOf(operation)}>>`;
  const content = `${theirs(operation)}["responses"][${status}]["content"]["${type}"]`;
  if (kind === "empty") return `same<${given}, void>(true);`;
  if (kind === "untyped") return `same<${given}, unknown>(true);`;
  if (kind === "bytes")
    return `same<Plain<${given}> extends "any" ? true : unknown extends ${given} ? true : false, false>(true);`;
  if (kind === "events")
    return `same<Plain<ReturnType<${methodOf(operation)}> extends AsyncIterable<infer Event> ? Event : never>, Answer<${content}>>(true);`;
  if (operation.id === "calls.transcript.get") return `same<Plain<AsSent<${given}>>, Answer<${content}>>(true);`;
  if (operation.pages === "none") return `same<Plain<${given}>, Answer<${content}>>(true);`;
  const field = itemsField(operation);
  return `same<Plain<${given}["data"]>, Answer<${field ? `${content}["${field}"]` : content}>>(true);`;
};

const HEAD = `import type { AgentPhone, SendMessageRequest } from "agentphone-wasm";
import type { operations } from "./contract.js";
import { same } from "../compare.js";
import type { Answer, AsSent, Plain, Sent } from "../compare.js";
`;

const lines = operations.flatMap((operation) => [
  ...(takesInput(operation) ? [{ operation, what: "takes", code: inputLine(operation) }] : []),
  { operation, what: "is called with", code: idsLine(operation) },
  { operation, what: "needs", code: lengthLine(operation) },
  { operation, what: "gives", code: answerLine(operation) },
]);

/** Compiles a program and gives its errors by line. */
const compile = (/** @type {string} */ name, /** @type {string | NodeJS.ArrayBufferView} */ code) => {
  writeFileSync(join(out, `${name}.ts`), code);
  const config = { extends: "../tsconfig.json", include: [], files: [`${name}.ts`] };
  writeFileSync(join(out, `${name}.json`), JSON.stringify(config));
  const { stdout, stderr } = spawnSync("npx", ["tsc", "-p", join(out, `${name}.json`)], {
    cwd: root,
    encoding: "utf8",
  });
  const errors = new Map();
  for (const line of stdout.split("\n")) {
    const [, file, number] = line.match(/([\w.-]+)\((\d+),\d+\): error/) ?? [];
    if (file === `${name}.ts`) errors.set(Number(number), line);
    else if (file) errors.set(file, line);
  }
  return { errors, text: stdout + stderr };
};

/** @type {Foreign} */
let checked;
before(async () => {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const contract = await openapi(new URL("../../contract/openapi.yaml", import.meta.url), {
    defaultNonNullable: false,
  });
  writeFileSync(join(out, "contract.ts"), astToString(contract));
  checked = compile("operations", HEAD + lines.map(({ code }) => `${code}\n`).join(""));
});
after(() => rmSync(out, { recursive: true, force: true }));

describe("the published types and the contract", () => {
  test("compile", () => {
    const outside = [...checked.errors.keys()].filter((key) => typeof key === "string");
    assert.deepEqual(
      outside.map((key) => checked.errors.get(key)),
      [],
    );
  });

  const first = HEAD.split("\n").length;
  lines.forEach(({ operation, what, code }, index) => {
    test(`${operation.id} ${what} what the contract says`, () => {
      assert.equal(checked.errors.get(first + index), undefined, code);
    });
  });
});

test("a field that is missing, optional, nullable or closed in one of the two alone is found", () => {
  const pairs = [
    ["{ a: string }", "{ a: string; b?: string }"],
    ["{ a: string }", "{ a?: string }"],
    ["{ a: string | null }", "{ a: string }"],
    ["{ a: { b: string }[] }", "{ a: { b: number }[] }"],
    ['{ a: "x" | "y" }', "{ a: string }"],
    ["{ a: unknown }", "{ a: string }"],
    ["{ a: any }", "{ a: string }"],
    ["{ a: any }", "{ a: unknown }"],
    ["any", "{ a: string }"],
  ];
  const code = pairs.flatMap(([ours, contract]) => [
    `same<Plain<${ours}>, Answer<${contract}>>(true);`,
    `same<Plain<${ours}>, Plain<${contract}>>(true);`,
  ]);
  const { errors, text } = compile("faults", `${HEAD}${code.join("\n")}\n`);
  const first = HEAD.split("\n").length;
  assert.deepEqual(
    code.filter((_, index) => !errors.has(first + index)),
    [],
    text,
  );
});
