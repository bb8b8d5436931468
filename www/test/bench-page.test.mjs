// @ts-check
// The benchmark of the console is run by hand: what it needs of the console must not go missing unnoticed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bundleMeasures } from "../../benches/console-bundle.mjs";

test("the page on which the benchmark measures the console can be built", async () => {
  const { script, styles } = await bundleMeasures();
  assert.match(script, /measures/);
  assert.notEqual(styles, "");
});
