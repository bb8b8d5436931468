// How much work it is to take out of a server's text what the caller sent: an error must not cost more than the call.
import assert from "node:assert/strict";
import { test } from "node:test";
import { redacted } from "../../src/js/errors/redact.js";
import { Haystack } from "../../src/js/lib/pieces.js";
import { seeded } from "../fuzz/chance.mjs";

/** @import { Foreign } from "../support/foreign.js" */

/** How often `run` looks at a part of a text, or into a map. */
const looksOf = (/** @type {() => void} */ run) => {
  let looks = 0;
  const counting = (/** @type {(...args: Foreign[]) => unknown} */ method) =>
    /** @this {unknown} */ function (/** @type {unknown[]} */ ...args) {
      looks += 1;
      return method.apply(this, args);
    };
  const { get, has, set } = Map.prototype;
  const { charCodeAt, slice } = String.prototype;
  try {
    Object.assign(Map.prototype, { get: counting(get), has: counting(has), set: counting(set) });
    Object.assign(String.prototype, { charCodeAt: counting(charCodeAt), slice: counting(slice) });
    run();
  } finally {
    Object.assign(Map.prototype, { get, has, set });
    Object.assign(String.prototype, { charCodeAt, slice });
  }
  return looks;
};

test("the work grows with what is read and not with its square", () => {
  const work = (/** @type {number} */ numbers) => {
    const sent = Array.from({ length: numbers }, (_, at) => `+1415${String(5_550_000 + at)}`);
    const said = Array.from(
      { length: 100 },
      (_, at) => /** @type {[string, number]} */ ([sent.slice(at * 10, at * 10 + 25).join(" "), 300]),
    );
    return looksOf(() => assert.ok(!/\d/.test(redacted(said, { texts: sent, secrets: [] }).join(""))));
  };
  const [some, more] = [work(5_000), work(20_000)];
  assert.ok(more < 5 * some, `${some} looks for 5 000 numbers, ${more} for 20 000`);
});

test("the work grows with what is read and not with how many lengths there are of what was sent", () => {
  const sent = Array.from({ length: 60_000 }, (_, at) =>
    `${(at * 7_919).toString(36)}zzzzzzzzzzzz`.slice(0, 2 + (at % 18)),
  );
  const said = Array.from(
    { length: 100 },
    (_, at) => /** @type {[string, number]} */ ([sent.slice(at * 40, at * 40 + 60).join(" %41"), 300]),
  );
  const looks = looksOf(() => assert.match(redacted(said, { texts: sent, secrets: [] })[0], /redacted/));
  const read = [...sent, ...said.map(([text]) => text)].reduce((length, text) => length + text.length, 0);
  assert.ok(looks < 5 * read, `${looks} looks at ${read} characters`);
});

test("a piece is found wherever it is, however its hash collides, and each place is told once", () => {
  const next = seeded(7);
  const text = Array.from({ length: 5_000 }, () => "abc"[Math.floor(next() * 3)]).join("");
  for (const length of [1, 2, 3, 5, 12, 40]) {
    const pieces = [
      ...Array.from({ length: 300 }, () => Array.from({ length }, () => "abcd"[Math.floor(next() * 4)]).join("")),
      text.slice(99, 99 + length),
      text.slice(-length - 3),
    ];
    /** @type {number[]} */
    const found = [];
    new Haystack(text).find(length, pieces, (place) => found.push(place));
    const windows = new Set(
      pieces.flatMap((piece) =>
        Array.from({ length: piece.length - length + 1 }, (_, at) => piece.slice(at, at + length)),
      ),
    );
    const want = Array.from({ length: text.length - length + 1 }, (_, at) => at).filter((at) =>
      windows.has(text.slice(at, at + length)),
    );
    assert.deepEqual(
      found.sort((one, other) => one - other),
      want,
    );
  }
  for (const [text, length, pieces] of /** @type {[string, number, string[]][]} */ ([
    ["", 3, ["abc"]],
    ["ab", 3, ["abc"]],
    ["abc", 0, ["abc"]],
    ["abc", 3, ["", "ab"]],
  ])) {
    new Haystack(text).find(length, pieces, () => assert.fail("found"));
  }
});
