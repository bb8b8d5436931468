// `phone.e164`, `segmentsOf` and `keywordOf` of the toolkit. The hazards: a number of somebody else, an emoji cut in two, a text
// that is sent to a person who said STOP.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { keywordOf, phone, segmentsOf } from "agentphone-wasm/toolkit";
import * as library from "libphonenumber-js";
import { parsePhoneNumberFromString as parse } from "libphonenumber-js/max";
import { choices, seeded } from "../fuzz/chance.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const { pick, chance, times, text, below, json } = choices(seeded(15));

describe("phone.e164", () => {
  for (const written of [
    "4155550100",
    "(415) 555-0100",
    "415.555.0100",
    "415-555-0100",
    "1-415-555-0100",
    "+1 (415) 555-0100",
    "+14155550100",
    "tel:+1-415-555-0100",
    " 415 555 0100 ",
    "415\u00a0555\u20110100",
    "\u202a+1 415-555-0100\u202c",
    "+1 ４１５ ５５５ ０１００",
    "415–555–0100",
  ])
    test(`${JSON.stringify(written)} is a number`, () => assert.equal(phone.e164(written), "+14155550100"));

  for (const [written, why] of [
    ["", "empty"],
    ["555-0100", "no area code"],
    ["415-555-010", "too short"],
    ["415-555-01000", "too long"],
    ["+1 415 555 01000", "too long, with the country"],
    ["115-555-0100", "an area code with a 1"],
    ["015-555-0100", "an area code with a 0"],
    ["911-555-0100", "an area code of services"],
    ["495-555-0100", "an area code set aside"],
    ["415-155-0100", "an exchange with a 1"],
    ["415-911-0100", "an exchange of services"],
    ["415-555-0100 x12", "an extension"],
    ["415-555-0100;ext=12", "an extension, as a URI has it"],
    ["call 415-555-0100", "a sentence"],
    ["1-800-FLOWERS", "letters"],
    ["+0 415 555 0100", "no such country"],
    ["+123", "a plus and too little"],
    ["++14155550100", "two plus signs"],
    ["4155550100,4155550101", "two numbers"],
    ["ada@", "half an address"],
    ["@example.com", "the other half"],
    ["grp_", "no group"],
    ["011 44 20 7946 0958", "dialled abroad, without the library"],
    ["+44 (0)20 7946 0958", "a zero that only the library can drop"],
  ])
    test(`${why} is refused, and not shown`, () => {
      assert.throws(
        () => phone.e164(written),
        (/** @type {Foreign} */ error) => {
          assert.equal(error.code, "INVALID_ARGUMENT");
          assert.ok(written.length < 4 || !error.message.includes(written), error.message);
          return true;
        },
      );
    });

  for (const as of ["ada@example.com", "Ada.L+x@mail.example.co.uk", "grp_abc123", "72975", "242733"])
    test(`${as} is a recipient as it is`, () => assert.equal(phone.e164(` ${as} `), as));

  test("other countries: complete numbers as they are, all else through the library", () => {
    assert.equal(phone.e164("+44 20 7946 0958"), "+442079460958");
    assert.throws(() => phone.e164("020 7946 0958", { country: "GB" }), /need libphonenumber-js/);
    for (const given of [library, library.parsePhoneNumberFromString, library.default, { default: library.default }]) {
      assert.equal(phone.e164("020 7946 0958", { country: "GB", library: given }), "+442079460958");
      assert.equal(phone.e164("+44 (0)20 7946 0958", { library: given }), "+442079460958");
      assert.equal(phone.e164("030 901820", { country: "DE", library: given }), "+4930901820");
      assert.equal(phone.e164("011 44 20 7946 0958", { country: "US", library: given }), "+442079460958");
      assert.equal(phone.e164("(415) 555-0100", { country: "US", library: given }), "+14155550100");
    }
    for (const wrong of ["12", "030 901820 x5", "call 030 901820", "999999999999999"])
      assert.throws(() => phone.e164(wrong, { country: "DE", library }), { code: "INVALID_ARGUMENT" });
    assert.throws(() => phone.e164("030 901820", { country: "DE", library: {} }), /library must be/);
  });

  test("a short code is one of the US alone, and a country has two letters", () => {
    assert.throws(() => phone.e164("72975", { country: "CA" }), { code: "INVALID_ARGUMENT" });
    for (const country of ["us", "USA", "", 1, null])
      assert.throws(() => phone.e164("4155550100", /** @type {Foreign} */ ({ country })), /country must be two/);
  });

  test("it agrees with libphonenumber-js on what North American numbers look like", () => {
    for (let left = 2000; left > 0; left -= 1) {
      const digits = Array.from({ length: 10 }, () => below(10)).join("");
      const written = pick([
        `(${digits.slice(0, 3)}) ${digits.slice(3, 6)}-${digits.slice(6)}`,
        `+1${digits}`,
        `1.${digits.slice(0, 3)}.${digits.slice(3)}`,
      ]);
      const theirs = parse(written, { defaultCountry: "US", extract: false });
      let ours;
      try {
        ours = phone.e164(written);
      } catch {
        // Theirs knows the codes that are in use, and accepts any exchange in some of them.
        assert.ok(!theirs?.isValid() || /^...([01]|.11)/.test(digits), written);
      }
      if (ours) assert.ok(theirs?.number === ours && theirs.isPossible(), written);
    }
  });

  test("anything gives E.164, a recipient as it is, or an error of ours", () => {
    for (let left = 5000; left > 0; left -= 1) {
      const given = /** @type {Foreign} */ (
        pick([text, () => times(16, () => pick([..."+0123456789()- .x@#\u202a٣"])).join(""), () => json(1)])()
      );
      const options = /** @type {Foreign} */ (
        chance(0.7) ? { country: pick(["US", "CA", "DE"]), library: pick([undefined, library]) } : json(1)
      );
      try {
        const found = phone.e164(given, options);
        assert.ok(/^\+[1-9]\d{6,14}$/.test(found) || /^\d{5,6}$/.test(found) || /@|^grp_/.test(found), found);
        assert.equal(phone.e164(found), found);
      } catch (error) {
        assert.equal(/** @type {Foreign} */ (error).code, "INVALID_ARGUMENT", `${JSON.stringify(given)} ${error}`);
      }
    }
  });
});

describe("segmentsOf", () => {
  for (const [what, written, encoding, units, segments] of /** @type {[string, string, string, number, number][]} */ ([
    ["nothing", "", "gsm-7", 0, 0],
    ["a letter", "a", "gsm-7", 1, 1],
    ["160 letters", "a".repeat(160), "gsm-7", 160, 1],
    ["161 letters", "a".repeat(161), "gsm-7", 161, 2],
    ["306 letters", "a".repeat(306), "gsm-7", 306, 2],
    ["307 letters", "a".repeat(307), "gsm-7", 307, 3],
    [
      "the whole alphabet",
      "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./09:;<=>?¡AZÄÖÑÜ§¿azäöñüà",
      "gsm-7",
      71,
      1,
    ],
    ["escaped characters", "€[]{}~|\\^\f", "gsm-7", 20, 1],
    ["80 escaped characters", "€".repeat(80), "gsm-7", 160, 1],
    ["81 escaped characters, none of them in two segments", "€".repeat(81), "gsm-7", 162, 2],
    ["an escape at the border", `${"a".repeat(152)}€${"a".repeat(152)}`, "gsm-7", 306, 3],
    ["a cedilla that is not in it", "ç", "ucs-2", 1, 1],
    ["a backtick", "`", "ucs-2", 1, 1],
    ["70 of Unicode", "ж".repeat(70), "ucs-2", 70, 1],
    ["71 of Unicode", "ж".repeat(71), "ucs-2", 71, 2],
    ["134 of Unicode", "ж".repeat(134), "ucs-2", 134, 2],
    ["135 of Unicode", "ж".repeat(135), "ucs-2", 135, 3],
    ["an emoji at the border", `${"ж".repeat(66)}😀${"ж".repeat(66)}`, "ucs-2", 134, 3],
    ["35 emoji", "😀".repeat(35), "ucs-2", 70, 1],
  ]))
    test(`${what}: ${encoding}, ${units}, ${segments}`, () => {
      const found = segmentsOf(written);
      assert.deepEqual([found.encoding, found.units, found.segments], [encoding, units, segments]);
    });

  test("a text is sent as one up to 1600, and costs by the message", () => {
    const one = segmentsOf("a".repeat(1600));
    assert.deepEqual([one.pieces.length, one.price, one.segments], [1, 0.02, 11]);
    const two = segmentsOf(`${"a".repeat(1600)}a`);
    assert.deepEqual([two.pieces.length, two.price], [2, 0.04]);
    assert.equal(segmentsOf("a".repeat(100_000)).pieces.length, 63);
    assert.deepEqual([segmentsOf("").pieces, segmentsOf("").price], [[], 0]);
  });

  test("it is cut between words, and not at a space that holds", () => {
    const cut = (/** @type {string} */ written, maxLength = 20) =>
      segmentsOf(written, { maxLength }).pieces.map((piece) => piece.text);
    assert.deepEqual(cut("one two three four five six"), ["one two three four", "five six"]);
    assert.deepEqual(cut("one two three four   five"), ["one two three four", "five"]);
    assert.deepEqual(cut("aaaaaaaaaaaaaaaaaaaa bb"), ["aaaaaaaaaaaaaaaaaaaa", "bb"]);
    assert.deepEqual(cut("a word bbbbbbbbbb\u00a0cccccc"), ["a word", "bbbbbbbbbb\u00a0cccccc"]);
    assert.deepEqual(cut(`see ${"x".repeat(30)} ok`), ["see", "x".repeat(20), `${"x".repeat(10)} ok`]);
  });

  const FAMILY = "👨‍👩‍👧‍👦";
  test("an emoji of many parts stays whole, a flag too, and a letter with its marks", () => {
    for (const whole of [FAMILY, "👍🏽", "🇨🇦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "e\u0301\u0323", "❤️"]) {
      const { pieces } = segmentsOf(whole.repeat(40), { maxSegments: 1 });
      assert.ok(pieces.length > 1);
      for (const piece of pieces) assert.equal(piece.text.replaceAll(whole, ""), "", JSON.stringify(piece.text));
    }
  });

  test("each piece has its own encoding", () => {
    const { pieces, unicode } = segmentsOf(`${"plain words ".repeat(13)}🎉 done`, { maxSegments: 1 });
    assert.deepEqual(
      pieces.map(({ encoding }) => encoding),
      ["gsm-7", "ucs-2"],
    );
    assert.deepEqual(unicode, ["🎉"]);
  });

  const graphemes = (/** @type {string} */ written) =>
    Array.from(new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(written), ({ segment }) => segment);

  test("whatever is written: the pieces are all of it, each fits, and no character is cut", () => {
    for (let left = 600; left > 0; left -= 1) {
      const written = times(60, () =>
        pick([text, () => pick([FAMILY, "👍🏽", "🇨🇦", "e\u0301", " ", "\n", "word", "€", "ж"])])(),
      ).join(pick(["", " "]));
      const maxLength = pick([20, 33, 160, 1600]);
      const maxSegments = pick([1, 2, 3, 1600]);
      const { pieces, price } = segmentsOf(written, { maxLength, maxSegments });
      const solid = (/** @type {string} */ one) => one.replaceAll(/\s/g, "");
      assert.equal(solid(pieces.map((piece) => piece.text).join("")), solid(written));
      assert.equal(price, Math.round(pieces.length * 2) / 100);
      const whole = graphemes(written);
      let at = 0;
      for (const piece of pieces) {
        assert.ok(piece.text.length <= maxLength && piece.segments <= maxSegments, JSON.stringify(piece));
        assert.deepEqual({ ...piece, text: undefined }, { ...measure(piece.text), text: undefined });
        // All of these fit whole: a piece consists of characters of the text, in their order.
        at = written.indexOf(piece.text, at);
        assert.ok(at >= 0);
        const borders = new Set([0]);
        whole.reduce((sum, one) => (borders.add(sum + one.length), sum + one.length), 0);
        assert.ok(borders.has(at) && borders.has(at + piece.text.length), JSON.stringify(piece.text));
        at += piece.text.length;
      }
    }
  });

  /** What `segmentsOf` says of a text as a whole. */
  const measure = (/** @type {string} */ written) => {
    const { encoding, units, segments } = segmentsOf(written);
    return { encoding, units, segments };
  };

  test("a letter under more marks than a text holds is cut between them, and in no surrogate pair", () => {
    const { pieces } = segmentsOf(`a${"\u0301".repeat(3000)}${"😀\u200d".repeat(500)}`, { maxLength: 1600 });
    assert.equal(pieces.map((piece) => piece.text).join("").length, 3001 + 1500);
    for (const piece of pieces) assert.ok(piece.text.isWellFormed?.() ?? true);
  });

  test("a long text is read as the host reads it, wherever it is looked at in parts", () => {
    for (const whole of [FAMILY, "👍🏽", "🇨🇦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "e\u0301", "❤️", "a", "\r\n", `a${"\u0301".repeat(700)}`]) {
      for (let shift = 0; shift < 30; shift += 1) {
        const written = "x".repeat(490 + shift) + whole.repeat(9);
        // A piece ends where a part of the text does: a character that is on both sides would be cut there.
        const { pieces } = segmentsOf(written, { maxLength: 32 });
        const borders = new Set([0]);
        graphemes(written).reduce((sum, one) => (borders.add(sum + one.length), sum + one.length), 0);
        let at = 0;
        for (const piece of pieces) {
          at = written.indexOf(piece.text, at);
          // A character longer than a text has to be cut.
          if (whole.length < 32)
            assert.ok(borders.has(at) && borders.has(at + piece.text.length), JSON.stringify(piece.text));
          at += piece.text.length;
        }
      }
    }
  });

  test("without Intl.Segmenter, as in older Firefoxes", () => {
    const host = /** @type {Foreign} */ (Intl);
    const { Segmenter } = host;
    try {
      host.Segmenter = undefined;
      for (const whole of [FAMILY, "👍🏽", "🇨🇦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "e\u0301", "❤️"])
        for (const piece of segmentsOf(whole.repeat(40), { maxSegments: 1 }).pieces)
          assert.equal(piece.text.replaceAll(whole, ""), "", JSON.stringify(piece.text));
      const written = times(50, text).join(" ");
      assert.equal(
        segmentsOf(written)
          .pieces.map((piece) => piece.text)
          .join(" ").length > 0,
        written.trim().length > 0,
      );
    } finally {
      host.Segmenter = Segmenter;
    }
  });

  test("wrong arguments are named", () => {
    for (const given of [1, null, undefined, {}, ["a"]])
      assert.throws(() => segmentsOf(/** @type {Foreign} */ (given)), /first argument must be a string/);
    for (const maxLength of [0, 19, 1601, 20.5, "100", Number.NaN])
      assert.throws(() => segmentsOf("a", /** @type {Foreign} */ ({ maxLength })), /maxLength must be a whole number/);
    assert.throws(() => segmentsOf("a", { maxSegments: 0 }), /maxSegments must be a whole number/);
    assert.throws(() => segmentsOf("a", /** @type {Foreign} */ ({ max: 1 })), /there is no option max/);
    assert.throws(() => segmentsOf("a".repeat(100_001)), /100000 characters or fewer/);
  });
});

describe("keywordOf", () => {
  for (const [keyword, ways] of /** @type {const} */ ([
    [
      "stop",
      [
        "STOP",
        "stop",
        "Stop!",
        " stop. ",
        "“STOP”",
        "STOP 🛑",
        "S.T.O.P.",
        "stop all",
        "STOPALL",
        "Unsubscribe",
        "cancel",
        "End.",
        "quit",
        "REVOKE",
        "opt out",
        "Opt-Out",
        "OPTOUT",
        "Arrêt",
        "ARRET",
        "stop stop stop",
        "ＳＴＯＰ",
        "stop\n\n",
        "*stop*",
        "\u202aSTOP\u202c",
      ],
    ],
    ["start", ["START", "unstop", "Opt in", "subscribe", "Start!!"]],
    ["help", ["HELP", "help?", "Info", "aide", "HELP ME".slice(0, 4)]],
  ]))
    for (const way of ways) test(`${JSON.stringify(way)} is ${keyword}`, () => assert.equal(keywordOf(way), keyword));

  for (const not of [
    "",
    " ",
    "!",
    "yes",
    "Don't stop",
    "please stop by at 5",
    "stop 5",
    "Can you help me?",
    "the end",
    "endless",
    "I quit my job",
    "start with soup",
    "cancel my order",
    "info@example.com",
    "stopp",
    "st",
    "undefined",
    "constructor",
  ])
    test(`${JSON.stringify(not)} is none`, () => assert.equal(keywordOf(not), undefined));

  test("who says it in two of the words, or with a page of spaces behind it, is not texted on", () => {
    for (const way of [
      "Stop! Unsubscribe!",
      "STOP/UNSUBSCRIBE",
      "END STOP",
      "stop,stop",
      "stop all stop all",
      `Stop.${" ".repeat(200)}`,
    ])
      assert.equal(keywordOf(way), "stop", way);
    for (const way of ["stop and start", "stop start", "help stop"]) assert.equal(keywordOf(way), undefined, way);
  });

  test("a keyword in a sentence is none, whatever surrounds it", () => {
    for (let left = 2000; left > 0; left -= 1) {
      const word = pick(["stop", "help", "start", "cancel", "end"]);
      const others = Array.from({ length: 1 + below(3) }, () => pick(["the", "bus", "please", "we", "at", "5", "now"]));
      const words = chance(0.5) ? [word, ...others] : [...others, word];
      assert.equal(keywordOf(words.join(pick([" ", ", ", "\n"]))), undefined, words.join(" "));
    }
  });

  test("a keyword in any case and among any marks is one", () => {
    for (let left = 2000; left > 0; left -= 1) {
      const word = [..."unsubscribe"].map((letter) => (chance(0.5) ? letter.toUpperCase() : letter)).join("");
      const marks = () => times(5, () => pick([..." .!?,;:-–—\"'“”()[]*_~\n\t🙏🛑\u200b\ufe0f"])).join("");
      assert.equal(keywordOf(`${marks()}${word}${marks()}`), "stop");
    }
  });

  test("anything at all gives a keyword, nothing, or an error of ours", () => {
    for (let left = 3000; left > 0; left -= 1) {
      const given = chance(0.8) ? text(30) : json(1);
      if (typeof given === "string") assert.ok([undefined, "stop", "start", "help"].includes(keywordOf(given)));
      else assert.throws(() => keywordOf(/** @type {Foreign} */ (given)), { code: "INVALID_ARGUMENT" });
    }
    assert.equal(keywordOf("stop ".repeat(1e6)), undefined);
  });
});
