// The names under which things are remembered. The hazards: two things under one name, one thing under two.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { sha256 } from "../../src/js/policy/sha256.js";
import { digestOf, random } from "../../src/js/policy/store.js";

test("the digest is SHA-256, at every length around its blocks and beyond", () => {
  const lengths = [...Array(300).keys(), 1000, 4096, 100_003];
  for (const length of lengths) {
    const bytes = new Uint8Array(length).map((_, at) => at * 7 + length);
    assert.deepEqual(Buffer.from(sha256(bytes)), createHash("sha256").update(bytes).digest(), `${length} bytes`);
  }
});

test("names are what they were, at every length: a ledger outlives a release", () => {
  for (let length = 0; length < 100; length += 1) {
    const text = "ü".repeat(length);
    const expected = createHash("sha256")
      .update(JSON.stringify([text, length]))
      .digest("base64url");
    assert.equal(digestOf(text, length), expected);
  }
});

test("no name is made twice", () => {
  const names = Array.from({ length: 1000 }, random);
  assert.equal(new Set(names).size, 1000);
  for (const name of names) assert.match(name, /^[\w-]{16}$/);
});

test("the order of fields makes no difference, and everything else does", () => {
  const one = digestOf("tool", { to: "1", text: "a", list: [{ x: 1, y: 2 }] });
  assert.equal(digestOf("tool", { list: [{ y: 2, x: 1 }], text: "a", to: "1" }), one);
  assert.match(one, /^[\w-]{43}$/);
  const others = [
    digestOf("tool", { to: "1", text: "b", list: [{ x: 1, y: 2 }] }),
    digestOf("tool", { to: "1", text: "a", list: [{ x: 1 }, { y: 2 }] }),
    digestOf("tool", { to: 1, text: "a", list: [{ x: 1, y: 2 }] }),
    digestOf("too", "l", { to: "1", text: "a", list: [{ x: 1, y: 2 }] }),
    digestOf("tool", [["to", "1"]]),
    digestOf("tool", { to: "1" }),
    digestOf("tool", ["object", ["to", "1"]]),
    digestOf("tool", "ü"),
    digestOf("tool", "u\u0308"),
  ];
  assert.equal(new Set([one, ...others]).size, others.length + 1);
});
