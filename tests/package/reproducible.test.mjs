// The tarball depends on the sources and the tools, and on nothing else of whoever packs it. The Rust code is not compiled
// again here; `npm run reproduce` does that, and tarball.test.mjs looks for the builder's folders in the modules.

import assert from "node:assert/strict";
import { test } from "node:test";
import { reproduce } from "../../scripts/reproduce.mjs";

test("two copies of the sources, in other folders and under another umask, locale and time zone, pack the same bytes", () => {
  const { digests, differing } = reproduce({ linked: true });
  assert.deepEqual(differing, []);
  assert.equal(digests[0], digests[1]);
});
