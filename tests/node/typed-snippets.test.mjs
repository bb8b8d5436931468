// wasm-bindgen copies into a Rust user's front end those files of src/js that Rust names, and does not
// follow their imports. A file that is missed fails only where the front end is loaded; here it fails first.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/tools.mjs";

const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).filter((name) =>
  name.endsWith(".rs"),
);
const named = sources.flatMap((name) =>
  [...readFileSync(join(root, "src", name), "utf8").matchAll(/module = "\/src\/js\/([\w./-]+)"/g)].map(
    ([, file]) => file,
  ),
);

test("no file that Rust names imports one that a front end in Rust would not get", () => {
  assert.ok(named.includes("results/transcript.js"), `${named}`);
  for (const file of new Set(named)) {
    const text = readFileSync(join(root, "src", "js", file), "utf8");
    for (const [, imported] of text.matchAll(/^(?:import|export)[^;]*? from "(\.{1,2}\/[\w./-]+)"/gm)) {
      assert.ok(
        named.includes(posix.join(posix.dirname(file), imported)),
        `${file} imports ${imported}: name it in an extern block as well, as src/typed/transcript.rs does with turns.js`,
      );
    }
  }
});
