// What redaction costs grows with what is read, and neither depth nor length breaks it: a server's text is cut before
// it is redacted, and where more was sent than can be looked for, nothing of the server's words is shown.

import assert from "node:assert/strict";
import { test } from "node:test";
import { redacted, redactedOf } from "../../src/js/errors/redact.js";
import { Haystack } from "../../src/js/lib/pieces.js";

/** @import { Foreign } from "../support/foreign.js" */

const KEY = "sk_live_Zq81LmW0tRx7Vb3N";

/** The text without what was sent as a body, ids and queries, and without what is secret about a client. */
const redact = (
  /** @type {string} */ text,
  /** @type {string | undefined} */ sent,
  /** @type {string[]} */ hidden = [],
  settings = {},
) => redactedOf([[text, 10_000]], { body: sent, hidden }, /** @type {Foreign} */ (settings), undefined)[0];

/** The same numbers at each run. */
const chance = (/** @type {number} */ seed) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
};

test("what is nested however deep is found, and the stack is not used up", () => {
  const deep = (/** @type {string} */ text, /** @type {number} */ levels) =>
    `{"tree":${"[".repeat(levels)}${JSON.stringify(text)}${"]".repeat(levels)}}`;
  for (const levels of [10, 2_000, 100_000])
    assert.equal(redact("cannot read Persephone", deep("Persephone", levels)), "cannot read [redacted]");
});

test("where more was sent than can be looked for, nothing of the server's words is shown", () => {
  assert.equal(redact("cannot read xyz", JSON.stringify({ body: "x".repeat(2_000_000) })), "[redacted]");
  assert.equal(redact("cannot read xyz", undefined, [], { apiKey: "x".repeat(200_000) }), "[redacted]");
  assert.equal(
    redact("cannot read xyz", undefined, [], { headers: { "x-note": "x".repeat(2_000_000) } }),
    "[redacted]",
  );
  assert.equal(
    redact("cannot read xyz", JSON.stringify({ list: Array.from({ length: 1_000 }, (_, at) => "?!".repeat(at + 1)) })),
    "[redacted]",
  );
});

test("a server's text is cut before it is redacted, and shows no half of a secret at the cut", () => {
  /** A text that counts how much of it is read. */
  const counted = (/** @type {string} */ text) => {
    let read = 0;
    const slice = (/** @type {number} */ from, /** @type {number} */ to) => (
      (read += Math.min(to, text.length) - from), text.slice(from, to)
    );
    return {
      text: new Proxy(Object(text), {
        get: (_, name) =>
          name === "slice" ? slice : name === "length" ? text.length : assert.fail(`read ${String(name)}`),
      }),
      read: () => read,
    };
  };
  for (const length of [10_000, 1_000_000]) {
    const { text, read } = counted("1!".repeat(length));
    const [shown] = redacted([[text, 300]], { texts: ["1!"], secrets: [] });
    assert.ok(shown.length <= 301 && shown.endsWith("…"), shown);
    assert.ok(read() < 2_000, `${read()} characters`);
  }
  for (let before = 550; before < 720; before += 1) {
    const [shown] = redacted([[`${"+14155550100 ".repeat(100).slice(0, before)} ${KEY} and more`.repeat(3), 300]], {
      texts: [],
      secrets: [KEY],
    });
    assert.ok(!/zq81|lmw0|trx7|vb3n/i.test(shown), shown);
  }
});

/** How often `run` looks at a part of a text, or into a map. */
const looksOf = (/** @type {Foreign} */ run) => {
  let looks = 0;
  const counting = (/** @type {Foreign} */ method) =>
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
    const said = Array.from({ length: 100 }, (_, at) => [sent.slice(at * 10, at * 10 + 25).join(" "), 300]);
    return looksOf(() =>
      assert.ok(!/\d/.test(redacted(/** @type {Foreign} */ (said), { texts: sent, secrets: [] }).join(""))),
    );
  };
  const [some, more] = [work(5_000), work(20_000)];
  assert.ok(more < 5 * some, `${some} looks for 5 000 numbers, ${more} for 20 000`);
});

test("the work grows with what is read and not with how many lengths there are of what was sent", () => {
  const sent = Array.from({ length: 60_000 }, (_, at) =>
    `${(at * 7_919).toString(36)}zzzzzzzzzzzz`.slice(0, 2 + (at % 18)),
  );
  const said = Array.from({ length: 100 }, (_, at) => [sent.slice(at * 40, at * 40 + 60).join(" %41"), 300]);
  const looks = looksOf(() =>
    assert.match(redacted(/** @type {Foreign} */ (said), { texts: sent, secrets: [] })[0], /redacted/),
  );
  const read = [...sent, ...said.map(([text]) => String(text))].reduce((length, text) => length + text.length, 0);
  assert.ok(looks < 5 * read, `${looks} looks at ${read} characters`);
});

test("a piece is found wherever it is, however its hash collides, and each place is told once", () => {
  const next = chance(7);
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
  for (const odd of [
    ["", 3, ["abc"]],
    ["ab", 3, ["abc"]],
    ["abc", 0, ["abc"]],
    ["abc", 3, ["", "ab"]],
  ])
    new Haystack(/** @type {Foreign} */ (odd[0])).find(
      /** @type {Foreign} */ (odd[1]),
      /** @type {Foreign} */ (odd[2]),
      () => assert.fail(),
    );
});
