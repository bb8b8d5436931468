// The public surface changes only where somebody means it: the reports in tests/types/api are those of the types that
// are built. A type or an argument that is gone breaks programs that compile today, and in 130 kB of declarations
// nobody sees it go.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { entries, kept, reports } from "../../scripts/api.mjs";

/** @type {{ [x: string]: string }} */
let made;
before(
  async () => {
    made = await reports();
  },
  { timeout: 300_000 },
);

/** The lines that one has beside the other, in order, as a diff marks them. */
const changed = (/** @type {string} */ before, /** @type {string} */ after) => {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const lost = old.filter((line) => !now.includes(line)).map((line) => `- ${line}`);
  const added = now.filter((line) => !old.includes(line)).map((line) => `+ ${line}`);
  return [...lost, ...added].join("\n");
};

describe("the public surface is the one that was reviewed", () => {
  for (const name of Object.keys(entries)) {
    test(name, () => {
      const file = join(kept, `${name}.api.md`);
      const reviewed = existsSync(file) ? readFileSync(file, "utf8") : "";
      assert.ok(
        reviewed === made[name],
        `${name}: if it is meant, run \`npm run api\` and commit tests/types/api\n${changed(reviewed, made[name])}`,
      );
    });
  }
});

test("no entry of the package is without a report", () => {
  const { exports } = JSON.parse(readFileSync(new URL("../../pkg/package.json", import.meta.url), "utf8"));
  const typed = new Set(JSON.stringify(exports).match(/dist\/[\w/-]+\.d\.cts/g));
  typed.delete("dist/wasm.d.cts"); // Written by hand in src/js/client, and shorter than a report of it.
  const written = (JSON.stringify(exports).match(/dist\/[\w/-]+\.d\.ts/g) ?? []).map((name) =>
    name.replace(/\.d\.ts$/, ".d.cts"),
  );
  assert.deepEqual(
    Object.values(entries)
      .map(({ types }) => types)
      .sort(),
    [...new Set([...typed, ...written])].sort(),
  );
});
