// The table of docs/migration.md: each operation with its names in the official SDKs, as an HTTP request, and here. The names come
// from contract/openapi.yaml; `npm run reference` rewrites the table, and a test fails if it is out of date.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { root } from "./tools.mjs";

/** A part of the contract document. @typedef {any} Schema */

const METHODS = ["get", "post", "put", "patch", "delete"];
const [BEGIN, END] = ["<!-- table -->", "<!-- end of the table -->"];

/** The page. */
export const migrationPage = join(root, "docs", "migration.md");

/** The table. */
const table = () => {
  const contract = parse(readFileSync(join(root, "contract", "openapi.yaml"), "utf8"));
  const code = (/** @type {string | undefined} */ text) => (text ? `\`${text}\`` : "–");
  const rows = Object.entries(/** @type {Record<string, Schema>} */ (contract.paths)).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => {
      const { operationId, "x-official-names": { ts, py } = /** @type {Schema} */ ({}) } = item[method];
      return `| ${code(ts)} | ${code(py)} | \`${method.toUpperCase()} ${path}\` | \`${operationId}\` |`;
    }),
  );
  return ["| TypeScript SDK | Python SDK | request | here |", "|---|---|---|---|", ...rows].join("\n");
};

/** The page with an up-to-date table. @param {string} page */
export const withTable = (page) => {
  const [before = "", rest = ""] = page.split(BEGIN);
  const [, after = ""] = rest.split(END);
  return `${before}${BEGIN}\n\n${table()}\n\n${END}${after}`;
};

/** Writes it. */
export const writeMigration = () => writeFileSync(migrationPage, withTable(readFileSync(migrationPage, "utf8")));
