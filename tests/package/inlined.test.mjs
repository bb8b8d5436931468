// A module that travels as text comes out byte for byte, and the text needs nothing from whatever reads it: a
// script tag, a minifier, a page in another encoding.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { decode } from "../../scripts/decode-wasm.mjs";
import { encode } from "../../scripts/inline.mjs";
import { root, targetDir } from "../../scripts/tools.mjs";

const everyPair = Uint8Array.from({ length: 65_536 * 2 }, (_, i) => (i % 2 ? i >> 1 : i >> 9));
const bodies = {
  "no byte at all": new Uint8Array(),
  "one byte": Uint8Array.of(0),
  "every byte value": Uint8Array.from({ length: 256 }, (_, i) => i),
  "every pair of byte values": everyPair,
  "a single value that repeats": new Uint8Array(1000).fill(255),
  "the values in falling frequency": Uint8Array.from({ length: 32_640 }, (_, i) => 255 - Math.floor(Math.sqrt(2 * i))),
  "the module": readFileSync(join(targetDir(), "pkg", "agentphone.wasm")),
  "the sandbox's module": readFileSync(join(root, "sandbox", "dist", "agentphone_sandbox_bg.wasm")),
};

describe("a module that travels as text", () => {
  for (const [name, bytes] of Object.entries(bodies)) {
    test(`comes out as it went in: ${name}`, () => {
      assert.ok(Buffer.from(bytes).equals(Buffer.from(decode(encode(bytes), bytes.length))));
    });
    test(`is plain ASCII that nothing has to escape: ${name}`, () => {
      assert.match(encode(bytes), /^[ -~]*$/);
      assert.doesNotMatch(encode(bytes), /["'`\\<]/);
    });
  }

  test("is hardly longer than the module", () => {
    const bytes = bodies["the module"];
    assert.ok(
      encode(bytes).length < bytes.length * 1.2,
      `${encode(bytes).length} characters for ${bytes.length} bytes`,
    );
  });
});

describe("the bundles hold that text whole, because a line break in it would hide what repeats", () => {
  for (const [file, module] of /** @type {const} */ ([
    ["index.js", "the module"],
    ["sandbox/index.js", "the sandbox's module"],
  ])) {
    test(file, () =>
      assert.ok(readFileSync(join(root, "pkg", "dist", file), "utf8").includes(`\n"${encode(bodies[module])}"\n`)),
    );
  }
});
