// What each check refuses and lets through, the words it refuses with, and that no value of a caller ever stands
// in them; what becomes of ids and queries in a URL. By themselves, without a client; the rows that use them are
// held against the contract in contract.test.mjs.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { escaped, filled } from "../../src/js/input/arguments.js";
import { firstProblem, isOfArray } from "../../src/js/input/checks.js";

/** @import { Foreign } from "../support/foreign.js" */

const [TEXT, LENGTH, PHONE, PHONE_OR_EMPTY, PHONES, RECIPIENT, DIGITS, COUNTRY, WORD, WHOLE, TENTHS, ITEMS, OBJECT] = [
  "text",
  "length",
  "phone",
  "phoneOrEmpty",
  "phones",
  "recipient",
  "digits",
  "country",
  "word",
  "whole",
  "tenths",
  "items",
  "object",
];
const [NEEDS, MAY, MAY_BE_NULL, ONE_OF, WHEN, BODY_OR_MEDIA] = [
  "needs",
  "may",
  "mayBeNull",
  "oneOf",
  "when",
  "bodyOrMedia",
];
const SENDER = [ONE_OF, ["agent_id", "number_id", "from_number"]];
const SAMPLES = [ITEMS, 2, 5, [LENGTH, 20, 1024]];
const TOOLS = [
  ITEMS,
  0,
  20,
  [
    OBJECT,
    [
      [NEEDS, "name", WORD, 1, 64],
      [MAY_BE_NULL, "timeoutMs", WHOLE, 1000, 120_000],
    ],
  ],
];

const said = (/** @type {import("../../src/js/input/checks.js").Check} */ check, /** @type {unknown} */ input) =>
  firstProblem([check], input) ?? "";
/** The words about a field that holds `value`, which is neither absent nor null. */
const of = (/** @type {Foreign} */ rule, /** @type {unknown} */ value) =>
  said([NEEDS, "field", ...rule], { field: value });

/** The same numbers at each run. */
const chance = (/** @type {number} */ seed) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
};

describe("a check", () => {
  test("lets absence and null pass only where they may", () => {
    for (const [kind, absent, nil] of [
      [NEEDS, "a is missing", "a is missing"],
      [MAY, "", "a must be a string"],
      [MAY_BE_NULL, "", ""],
    ]) {
      const check = [kind, "a", TEXT];
      assert.equal(said(check, {}), absent);
      assert.equal(said(check, { a: null }), nil);
      assert.equal(said(check, { a: "x", unknown: 1 }), "");
      assert.equal(said(check, { a: 1 }), "a must be a string");
    }
  });

  test("of an input that is no object refuses only what is needed", () => {
    for (const input of [null, 7, "text", [1]]) {
      assert.equal(said([NEEDS, "a", TEXT], input), "a is missing");
      assert.equal(said([MAY, "a", TEXT], input), "");
      assert.equal(said(SENDER, input), "exactly one of agent_id, number_id, from_number must be given");
    }
  });

  test("tells of a phone number that no carrier can ring before it costs anything", () => {
    const words = "field must be a phone number in E.164 form, such as +14155550100";
    for (const good of ["+14155550100", "+49301234567", "+123456789012345", "+12"])
      assert.equal(of([PHONE], good), "", good);
    for (const bad of [
      "",
      "+",
      "+1",
      "14155550100",
      "+04155550100",
      "+1 415 555 0100",
      "+1234567890123456",
      "+١٢٣",
      "+14155550100\n",
      14_155_550_100,
    ]) {
      assert.equal(of([PHONE], bad), words, `${bad}`);
    }
    assert.equal(of([PHONE_OR_EMPTY], ""), "");
    assert.equal(of([PHONE_OR_EMPTY], "tel"), `${words}, or empty`);
  });

  test("lets a text go wherever the API can send it", () => {
    for (const good of ["+14155550100", "(415) 555-0100", "415.555.0100", "72345", "a@b.test", "grp_1"])
      assert.equal(of([RECIPIENT], good), "", good);
    for (const bad of ["", "12", "Bob", "@b.test", "a@", "grp_", "agt_1", "+1415555O100"]) {
      assert.equal(
        of([RECIPIENT], bad),
        "field must be a phone number, a short code, an email address or a grp_ id",
        bad,
      );
    }
  });

  test("takes 25 numbers in either form and no 26th", () => {
    const numbers = (/** @type {number} */ count) => Array(count).fill("+14155550100");
    const rule = [PHONES, 1, 25];
    for (const count of [1, 25]) {
      assert.equal(of(rule, numbers(count)), "");
      assert.equal(of(rule, numbers(count).join(",")), "");
    }
    assert.equal(of(rule, numbers(26)), "field must be an array of 1 to 25 items");
    const words = "field must be 1 to 25 phone numbers in E.164 form, in an array or with commas between them";
    for (const bad of [numbers(26).join(","), "", "+12,", "+12, +13"]) assert.equal(of(rule, bad), words, bad);
    assert.equal(of(rule, ["+12", "13"]), "field[1] must be a phone number in E.164 form, such as +14155550100");
    assert.equal(of(rule, 7), "field must be an array of 1 to 25 items");
  });

  test("of a list alone lets a query hold an array", () => {
    assert.ok(isOfArray([[NEEDS, "a", PHONES, 1, 25]], "a"));
    assert.ok(isOfArray([[MAY, "a", ...SAMPLES]], "a"));
    assert.ok(!isOfArray([[NEEDS, "a", PHONES, 1, 25]], "b"));
    assert.ok(!isOfArray([[NEEDS, "a", TEXT]], "a"));
    assert.ok(!isOfArray([[ONE_OF, ["a"]]], "a"));
  });

  test("names the bounds of its rule", () => {
    for (const [rule, bad, words] of [
      [[LENGTH, 1, 100], "", "field must be a string of 1 to 100 characters"],
      [[LENGTH, 40, Infinity], "short", "field must be a string of at least 40 characters"],
      [[DIGITS, 3, 3], "41", "field must be a string of 3 digits"],
      [[COUNTRY], "usa", "field must be a country code of two capital letters"],
      [[WORD, 1, 64], "a b", "field must be a string of 1 to 64 letters, digits, _ or -"],
      [[WHOLE, 5, 120], 4, "field must be a whole number, 5 to 120"],
      [[WHOLE, 1, Infinity], 0, "field must be a whole number, at least 1"],
      [[WHOLE, 5, 120], 5.5, "field must be a whole number, 5 to 120"],
      [[TENTHS, 5, 20], 2.01, "field must be a number, 0.5 to 2"],
      [[TENTHS, 5, 20], "1", "field must be a number, 0.5 to 2"],
      [[ITEMS, 2, Infinity, [TEXT]], ["x"], "field must be an array of at least 2 items"],
      [[ITEMS, 2, 5, [TEXT]], {}, "field must be an array of 2 to 5 items"],
      [[OBJECT, []], [], "field must be an object"],
    ]) {
      assert.equal(of(rule, bad), words);
    }
  });

  test("tells a problem inside a list with its place", () => {
    const good = "twenty characters and more";
    assert.equal(of(SAMPLES, [good, good]), "");
    assert.equal(of(SAMPLES, [good, "short"]), "field[1] must be a string of 20 to 1024 characters");
    assert.equal(of(TOOLS, []), "");
    assert.equal(of(TOOLS, [{ name: "a-b_1" }, {}]), "field[1].name is missing");
    assert.equal(of(TOOLS, [{ name: "a", timeoutMs: null }]), "");
    assert.equal(
      of(TOOLS, [{ name: "a", timeoutMs: 999 }]),
      "field[0].timeoutMs must be a whole number, 1000 to 120000",
    );
  });

  test("lets a text have one sender and no second", () => {
    const words = "exactly one of agent_id, number_id, from_number must be given";
    assert.equal(said(SENDER, { agent_id: "a" }), "");
    assert.equal(said(SENDER, { agent_id: "a", number_id: null }), "");
    assert.equal(said(SENDER, { number_id: null }), words);
    assert.equal(said(SENDER, { agent_id: "a", from_number: "+12" }), words);
  });

  test("lets nothing empty be sent, and no carousel have a body", () => {
    for (const good of [
      { body: "x" },
      { media_url: "u" },
      { media_urls: ["u"], body: "x" },
      { media_urls: ["u", "v"] },
      { media_urls: ["u", "v"], body: "" },
    ]) {
      assert.equal(said([BODY_OR_MEDIA], good), "");
    }
    for (const bad of [{}, { body: "" }, { body: null, media_urls: [] }])
      assert.equal(said([BODY_OR_MEDIA], bad), "body or media_urls must be given");
    assert.equal(
      said([BODY_OR_MEDIA], { media_urls: ["u", "v"], body: "x" }),
      "body must be left out when media_urls has 2 or more items",
    );
  });

  test("asks for what a value asks for only then", () => {
    const words = "systemPrompt is needed when voiceMode is hosted";
    for (const [input, want] of [
      [{}, ""],
      [{ voiceMode: "webhook" }, ""],
      [{ voiceMode: 7 }, ""],
      [{ voiceMode: "hosted", systemPrompt: "x" }, ""],
      [{ voiceMode: "hosted" }, words],
      [{ voiceMode: "hosted", systemPrompt: null }, words],
      [{ voiceMode: "hosted", systemPrompt: "" }, words],
    ]) {
      assert.equal(said([WHEN, "voiceMode", ["hosted"], ["systemPrompt"]], input), want);
    }
  });

  test("is brought down by no input, and quotes none", () => {
    const next = chance(1);
    /** @returns {Foreign} */
    const any = (/** @type {number} */ depth) => {
      const pick = Math.floor(next() * (depth > 0 ? 9 : 6));
      const word = () =>
        Array.from({ length: Math.floor(next() * 12) }, () => "+0359az@_é"[Math.floor(next() * 10)]).join("");
      /** @returns {Foreign} */
      const list = () => Array.from({ length: Math.floor(next() * 6) }, () => any(depth - 1));
      const throwing = {
        get field() {
          throw new Error("no");
        },
      };
      return [
        () => null,
        () => next() < 0.5,
        () => (next() - 0.5) * 1e6,
        () => Math.floor(next() * 200),
        word,
        () => [undefined, throwing, 5n, Symbol("s")][Math.floor(next() * 4)],
        list,
        () => ({ field: any(depth - 1), name: any(depth - 1) }),
        () => ({ field: list() }),
      ][pick]();
    };
    const rules = [
      [TEXT],
      [LENGTH, 3, 5],
      [PHONE],
      [PHONE_OR_EMPTY],
      [PHONES, 1, 2],
      [RECIPIENT],
      [DIGITS, 3, 3],
      [COUNTRY],
      [WORD, 1, 4],
      [WHOLE, 2, Infinity],
      [TENTHS, 5, 20],
      SAMPLES,
      TOOLS,
    ];
    for (let round = 0; round < 300; round += 1) {
      const input = any(3);
      const secret = Array.from({ length: 12 }, () => String.fromCharCode(65 + Math.floor(next() * 26))).join("");
      for (const rule of rules) {
        for (const check of [[NEEDS, "field", ...rule], [MAY, "field", ...rule], SENDER, [BODY_OR_MEDIA]])
          said(check, input);
        for (const value of [secret, [secret, { name: secret, timeoutMs: secret }]])
          assert.ok(!of(rule, value).includes(secret));
      }
    }
  });

  test("counts a length in characters as JSON Schema counts them", () => {
    for (const [text, count] of /** @type {const} */ ([
      ["ab", 2],
      ["éé", 2],
      ["😀😀", 2],
      ["😀😀😀", 3],
      ["e\u0301", 2],
      ["x".repeat(9), 9],
      ["x".repeat(10), 10],
    ])) {
      assert.equal(of([LENGTH, 3, 9], text) === "", count >= 3 && count <= 9, text);
    }
  });

  test("of a length reads no more of a text than its bounds ask for, and makes no list of its characters", () => {
    const { codePointAt, [Symbol.iterator]: iterator, split } = String.prototype;
    let looks = 0;
    try {
      String.prototype.codePointAt = function (/** @type {number} */ at) {
        looks += 1;
        return codePointAt.call(this, at);
      };
      String.prototype[Symbol.iterator] = () => assert.fail("makes a list");
      String.prototype.split = function (/** @type {Foreign} */ by) {
        assert.ok(this.length < 1_000, "splits a text of any length");
        return split.call(this, by);
      };
      for (const text of ["x".repeat(10_000_000), "😀".repeat(5_000_000)]) {
        assert.equal(of([LENGTH, 1, 100], text), "field must be a string of 1 to 100 characters");
        assert.equal(of([LENGTH, 40, Infinity], text), "");
        assert.match(of([PHONES, 1, 25], text), /phone numbers/);
      }
      assert.ok(looks < 500, `${looks} characters`);
      assert.equal(of([LENGTH, 1, 100], "😀".repeat(100)), "");
    } finally {
      Object.assign(String.prototype, { codePointAt, split });
      String.prototype[Symbol.iterator] = iterator;
    }
  });

  test("counts nothing that is inherited", () => {
    assert.equal(said([NEEDS, "toString", TEXT], {}), "toString is missing");
    assert.equal(said([NEEDS, "field", TEXT], Object.create({ field: "x" })), "field is missing");
  });

  test("lets a number pass exactly within its bounds", () => {
    const next = chance(2);
    for (const value of [
      5,
      120,
      4.999,
      120.001,
      -0,
      Number.NaN,
      ...Array.from({ length: 500 }, () => next() * 210 - 10),
    ]) {
      const whole = Math.trunc(value);
      assert.equal(of([WHOLE, 5, 120], whole) === "", whole >= 5 && whole <= 120, `${whole}`);
      assert.equal(of([TENTHS, 5, 20], value) === "", value >= 0.5 && value <= 2, `${value}`);
      assert.ok(value === whole || of([WHOLE, 0, Infinity], value) !== "", `${value}`);
    }
  });
});

describe("an id in a path", () => {
  const thrown = (/** @type {string} */ template, /** @type {unknown[]} */ ids) => {
    try {
      return filled(template, ids, []);
    } catch (problem) {
      return problem;
    }
  };

  test("that would reach another resource is refused", () => {
    for (const [id, problem] of [
      ["", "is empty"],
      ["  ", "is empty"],
      ["a\ufffd", "is no well-formed text"],
      ["a\ud800", "is no well-formed text"],
      [".", 'must not be "." or ".."'],
      ["..", 'must not be "." or ".."'],
      [undefined, "is missing"],
      [null, "is missing"],
      [5, "must be a string, not a number"],
    ]) {
      assert.equal(thrown("/v1/numbers/{number_id}", [id]), `number_id ${problem}`);
    }
    assert.equal(thrown("/v1/a/{x}/b/{y}", ["1"]), "y is missing");
  });

  test("stays inside its segment, with a slash or a question mark in it", () => {
    assert.equal(
      filled("/v1/agents/{a}/n/{b}", ["x/../y?z#", "é %"], []),
      "/v1/agents/x%2F..%2Fy%3Fz%23/n/%C3%A9%20%25",
    );
  });

  test("never adds a segment or a query", () => {
    const next = chance(3);
    for (let round = 0; round < 2000; round += 1) {
      const id = Array.from(
        { length: 1 + Math.floor(next() * 6) },
        () =>
          [
            "/",
            "?",
            "#",
            "\\",
            ".",
            "%",
            " ",
            "é",
            "😀",
            "'",
            "(",
            "$&",
            String.fromCodePoint(33 + Math.floor(next() * 900)),
          ][Math.floor(next() * 13)],
      ).join("");
      const path = thrown("/v1/agents/{agent_id}/end", [id]);
      if (!(/** @type {Foreign} */ (path).startsWith("/"))) {
        assert.ok(id.trim() === "" || id === "." || id === "..", JSON.stringify(id));
        continue;
      }
      assert.match(/** @type {Foreign} */ (path), /^\/v1\/agents\/[A-Za-z0-9%._~-]+\/end$/);
      assert.equal(decodeURIComponent(/** @type {Foreign} */ (path).split("/")[3]), id);
    }
  });

  test("is hidden from messages, unless its field holds words of the API's own", () => {
    /** @type {Foreign[]} */
    const hidden = [];
    filled("/v1/{agent_id}/{contact_id}/{channel}", ["agt_1", "Ada", "whatsapp"], hidden);
    assert.deepEqual(hidden, ["agt_1", "Ada"]);
  });
});

test("a value cannot smuggle in another parameter", () => {
  assert.equal(escaped("a&limit=9 +1"), "a%26limit%3D9%20%2B1");
  assert.equal(escaped("!'()*~-._"), "%21%27%28%29%2A~-._");
  assert.equal(escaped("\ud800"), "%EF%BF%BD");
});
