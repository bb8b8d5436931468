// The reference is generated: a page that is older than the types tells users of methods that are gone.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { migrationPage, withTable } from "../../scripts/migration.mjs";
import { reference, referencePage } from "../../scripts/reference.mjs";
import { root } from "../../scripts/tools.mjs";

const page = readFileSync(referencePage, "utf8");

test("the reference is not older than the types", () => {
  assert.equal(page, reference(), "run `npm run reference`");
});

test("no operation of the contract is missing from the reference", () => {
  const { paths } = parse(readFileSync(join(root, "contract", "openapi.yaml"), "utf8"));
  const ids = Object.values(paths).flatMap((path) =>
    Object.values(path).flatMap(({ operationId }) => operationId ?? []),
  );
  assert.ok(ids.length > 90, "the contract was read");
  assert.deepEqual(
    ids.filter((id) => !page.includes(`### \`client.${id}\``)),
    [],
  );
});

test("every resource has an example", () => {
  const chapters = page.split(/^## /m).filter((text) => text.startsWith("`client."));
  const bare = chapters.filter((text) => text.split("```ts").length - 1 <= text.split("\n### ").length - 1);
  assert.deepEqual(
    bare.map((text) => text.split("\n")[0]),
    [],
  );
});

test("the table of docs/migration.md has every operation under its names", () => {
  const page = readFileSync(migrationPage, "utf8");
  assert.equal(page, withTable(page), "npm run reference writes it anew");
  assert.match(page, /`calls.createOutboundCall` \| `calls.make` \| `POST \/v1\/calls` \| `calls.create` \|/);
});
