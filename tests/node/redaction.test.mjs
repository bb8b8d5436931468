// No text, number or key of a caller stands in what a server said, once it has been redacted; and the words of the
// answer that are not the caller's stay. By itself, without a client; errors.test.mjs looks at whole errors.

import assert from "node:assert/strict";
import { test } from "node:test";
import { textsOf } from "../../src/js/errors/private.js";
import { oneLine, redacted, redactedOf } from "../../src/js/errors/redact.js";

/** @import { Foreign } from "../support/foreign.js" */

/** The text without what was sent as a body, ids and queries, and without what is secret about a client. */
const redact = (
  /** @type {string} */ text,
  /** @type {string | undefined} */ sent,
  /** @type {Foreign} */ hidden = [],
  settings = {},
) => redactedOf([[text, 10_000]], { body: sent, hidden }, /** @type {Foreign} */ (settings), undefined)[0];
const KEY = "sk_live_Zq81LmW0tRx7Vb3N";
const withKey = (/** @type {string} */ text) => redact(text, undefined, [], { apiKey: KEY });

/** The same numbers at each run. */
const chance = (/** @type {number} */ seed) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
};

test("what the caller sent does not come back in a message", () => {
  const sent = String.raw`{"to_number":"+14155550100","body":"meet me at \"noon\"","voice":"hosted","n":{"x":["sk_1 2"]}}`;
  for (const [said, want] of [
    ["to_number +14155550100 is bad", "to_number [redacted] is bad"],
    ['bad text: meet me at "noon"!', 'bad text: [redacted]"!'],
    [String.raw`bad text: meet me at \"noon\"!`, String.raw`bad text: [redacted]\"!`],
    ["voice must be hosted", "voice must be hosted"],
    ["seen sk_1 2", "seen [redacted]"],
    ["call (415) 555-0100 now", "call ([redacted] now"],
    ["limit: 5 requests per 3600s, 2026-11-22T10:00:00Z", "limit: 5 requests per 3600s, 2026-11-22T10:00:00Z"],
    ["until 2026-11-22 10:00", "until 2026-11-22 10:00"],
  ]) {
    assert.equal(redact(said, sent), want);
  }
  assert.equal(redact("cannot send a b", String.raw`{"body":"a \n b"}`), "cannot send [redacted]");
  assert.equal(redact("no search=Ada%20Lovelace", undefined, ["Ada Lovelace"]), "no search=[redacted]");
  assert.equal(redact("bad key sk_live_x", undefined, [], { apiKey: "sk_live_x" }), "bad key [redacted]");
  assert.equal(redact("who is 李雷", undefined, ["李雷"]), "who is [redacted]");
  assert.equal(redact("bad key", undefined, [""], { apiKey: "key" }), "bad key");
});

test("a quotation that the server has cut is known by its beginning, its end and its middle", () => {
  const sent = JSON.stringify({ body: "the plan is secret and long, and nobody may hear of it before Monday" });
  assert.equal(redact("cannot send the plan is sec...", sent), "cannot send [redacted]...");
  assert.equal(redact("cannot send the plan", sent), "cannot send the plan");
  assert.equal(redact("cannot send ...t before Monday", sent), "cannot send ...[redacted]");
  assert.equal(redact("cannot send ...and nobody may hear of it...", sent), "cannot send ...[redacted]...");
});

test("a text of one plain word is private, unless its field holds words of the API's own", () => {
  for (const field of ["body", "name", "notes", "city", "search", "anything_new"])
    assert.equal(redact("hello is spam", JSON.stringify({ [field]: "hello" })), "[redacted] is spam", field);
  for (const sent of [
    '{"messages":[{"text":["hello"]}]}',
    '{"variables":{"first":"hello"}}',
    '{"variables":{"a hello":1}}',
  ])
    assert.match(redact("a hello is spam", sent), /^(a )?\[redacted\] is spam$/);
  for (const [field, word] of [
    ["voiceMode", "hosted"],
    ["type", "no-answer"],
    ["channel", "whatsapp"],
    ["country", "US"],
    ["language", "en-US"],
  ]) {
    assert.equal(redact(`${word} is wrong`, JSON.stringify({ [field]: word })), `${word} is wrong`);
    assert.equal(redact("Ada Lovelace is wrong", JSON.stringify({ [field]: "Ada Lovelace" })), "[redacted] is wrong");
  }
});

test("below a field of the caller's own making no word is the API's", () => {
  for (const field of ["variables", "metadata", "customTools", "parameters", "headers", "content"]) {
    assert.equal(
      redact("Pregnant is wrong", JSON.stringify({ [field]: { status: "Pregnant" } })),
      "[redacted] is wrong",
      field,
    );
    assert.equal(
      redact("Klingon is wrong", JSON.stringify({ [field]: [{ deep: { language: "Klingon" } }] })),
      "[redacted] is wrong",
      field,
    );
  }
});

test("a quotation that is cut inside a character, or written in Latin-1, is known all the same", () => {
  const search = "東京都千代田区の予約を明日の午後三時に変更してください";
  const whole = encodeURIComponent(search);
  for (let cut = 0; cut < 9; cut += 1) {
    const shown = redact(`cannot find ${whole.slice(0, whole.length - 3 * cut)} today`, undefined, [search]);
    assert.ok(!shown.includes("%E6%9D%B1%E4%BA%AC%E9%83%BD"), `${cut}: ${shown}`);
  }
  for (const quoted of [
    "M%FCller-L%FCdenscheidt",
    "M\\xfcller-L\\xfcdenscheidt",
    `${encodeURIComponent("Müller-Lüdenscheidt")}%ff`,
  ]) {
    assert.doesNotMatch(
      redact(`cannot find ${quoted} today`, undefined, ["Müller-Lüdenscheidt"]),
      /ller|denscheidt/i,
      quoted,
    );
  }
});

test("a short text is taken out where it is a word, not where it is a part of one", () => {
  assert.equal(redact("no: cannot send No to nobody", '{"body":"no"}'), "[redacted]: cannot send [redacted] to nobody");
  assert.equal(redact("Ada's adapter", '{"name":"Ada"}'), "[redacted]'s adapter");
  assert.equal(redact("pin 4711 of 47110", '{"variables":{"pin":4711}}'), "pin [redacted] of 47110");
});

test("a text of the caller is known however it is quoted", () => {
  const body = 'Grüße an "Zoë" & <Björn>: 50% aus\nMünchen';
  const json = JSON.stringify(body);
  const sent = JSON.stringify({ body });
  const ascii = json.replace(/[^\0-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  for (const [how, quoted] of Object.entries({
    "as it is": body,
    "in JSON": json,
    "in JSON of ASCII": ascii,
    "in JSON twice": JSON.stringify(json),
    "in a URL": encodeURIComponent(body),
    "in a form": new URLSearchParams({ body }).toString().slice(5),
    "in a URL twice": encodeURIComponent(encodeURIComponent(body)),
    "in HTML": body
      .replaceAll("&", "&amp;")
      .replaceAll('"', "&quot;")
      .replaceAll("<", "&lt;")
      .replaceAll("ü", "&#252;"),
    "in HTML by hexadecimal numbers": body.replaceAll("ü", "&#xFC;"),
    "by Python": Buffer.from(body)
      .toString("latin1")
      .replace(/[^\0-\x7f]/g, (c) => `\\x${c.charCodeAt(0).toString(16)}`),
    "in capitals": body.toUpperCase(),
    "without accents": body.normalize("NFD").replace(/\p{M}/gu, ""),
    decomposed: body.normalize("NFD"),
    "on one line": body.replace(/\s+/g, " "),
    wrapped: body.replace(/ /g, "\n   "),
    "without spaces": body.replace(/\s/g, ""),
    "with zero-width spaces": [...body].join("\u200b"),
    "with other quotation marks": body.replaceAll('"', "“"),
  })) {
    const shown = redact(`cannot send ${quoted} today`, sent);
    assert.ok(shown.includes("[redacted]") && /^cannot send .* today$/.test(shown), `${how}: ${shown}`);
    assert.ok(!/gr|zo|bj|nchen|%c3|u00|aus/i.test(shown.replaceAll("[redacted]", "")), `${how}: ${shown}`);
  }
});

test("a key is known in any case, without its beginning, by its end, and broken", () => {
  for (const [how, said] of Object.entries({
    whole: KEY,
    "in small letters": KEY.toLowerCase(),
    "in capitals": KEY.toUpperCase(),
    "without its kind": KEY.slice(8),
    "its end": KEY.slice(-8),
    "its middle": KEY.slice(12, 20),
    "its beginning": KEY.slice(0, 15),
    "on two lines": `${KEY.slice(0, 13)}\n${KEY.slice(13)}`,
    "with a zero-width space": `${KEY.slice(0, 15)}\u200b${KEY.slice(15)}`,
    "with a soft hyphen": [...KEY].join("\u00ad"),
    "in groups": KEY.slice(8).replace(/(.{4})/g, "$1 "),
    "in a URL": `key%3D${KEY}`,
    "as a bearer": `Bearer ${KEY}`,
  })) {
    const shown = withKey(`bad key ${said} given`);
    assert.ok(
      shown.includes("[redacted]") && shown.startsWith("bad key") && shown.endsWith(" given"),
      `${how}: ${shown}`,
    );
    assert.ok(!/zq81|lmw0|trx7|vb3n/i.test(shown), `${how}: ${shown}`);
  }
  assert.equal(withKey("key ****VB3N, use sk_live_ keys"), "key ****[redacted], use sk_live_ keys");
});

test("values of headers and the sub-account's id are private", () => {
  const settings = {
    subAccount: "sub_77ab",
    headers: {
      "x-api-token": "Qw3rTy9o",
      "x-tenant": "acme-hospital",
      cookie: "session=ab12cd34ef",
      accept: "application/json",
      "x-none": null,
    },
  };
  for (const secret of ["sub_77ab", "Qw3rTy9o", "acme-hospital", "session=ab12cd34ef", "ab12cd34ef", "y9o qw3rty"]) {
    assert.ok(!redact(`no ${secret} here`, undefined, [], settings).includes(secret), secret);
  }
  assert.equal(redact("application/json is expected", undefined, [], settings), "application/json is expected");
});

test("what the caller calls headers and the path of a proxy are private, and so is a user agent of the caller's own", () => {
  const settings = {
    baseUrl: "https://gateway.example/proxy/v2/acme-hospital/Zo%C3%AB%20Ltd",
    headers: {
      "x-acme-ward": "7",
      "user-agent": "acme-dialer/3.1",
      accept: "application/json",
      "content-type": "application/json",
      "idempotency-key": "k-1",
    },
  };
  for (const [said, want] of [
    ["no route /proxy/v2/acme-hospital/Zo%C3%AB%20Ltd/v1/calls", "no route /proxy/v2/[redacted]/[redacted]/v1/calls"],
    ["header X-Acme-Ward is bad", "header [redacted] is bad"],
    ["acme-dialer/3.1 is blocked", "[redacted] is blocked"],
    [
      "accept and idempotency-key: application/json, this API's proxy",
      "accept and idempotency-key: application/json, this API's proxy",
    ],
  ])
    assert.equal(redact(said, undefined, [], settings), want);
  assert.equal(
    redact("api.agentphone.ai refused it", undefined, [], { baseUrl: "https://api.agentphone.ai" }),
    "api.agentphone.ai refused it",
  );
});

test("a key is known by five characters where it is cut, and in base64 and hexadecimal", () => {
  const body = KEY.slice(8);
  for (let at = 0; at + 5 <= body.length; at += 1) {
    const piece = body.slice(at, at + 5);
    for (const cut of [`${piece}...`, `…${piece}`, `x${piece} y`, ` ${piece}x`])
      assert.ok(!withKey(`bad key ${cut}`).includes(piece), cut);
  }
  assert.match(withKey("an xLmW0tx is no key"), /LmW0t/, "five letters inside of a word");
  assert.match(withKey("an LmW 0tx is no key"), /LmW 0t/, "five letters of two words");
  for (const before of ["", "u:", "user:", "Bearer ", "Authorization: Bearer "]) {
    for (const after of ["", ":", ", and more"]) {
      for (const encoding of ["base64", "base64url", "hex"]) {
        const encoded = Buffer.from(before + KEY + after).toString(/** @type {Foreign} */ (encoding));
        for (const said of [encoded, encoded.slice(0, -7), encoded.replace(/(.{20})/g, "$1\n")]) {
          const shown = withKey(`echo ${said} end`);
          const left = shown
            .replaceAll("[redacted]", " ")
            .split(/\s+/)
            .map(
              /** @type {Foreign} */ (
                (/** @type {Foreign} */ part) => Buffer.from(part, /** @type {Foreign} */ (encoding)).toString("latin1")
              ),
            )
            .join(" ");
          for (let at = 0; at + 8 <= body.length; at += 1)
            assert.ok(!left.includes(body.slice(at, at + 8)), `${encoding} of ${JSON.stringify(before)}: ${shown}`);
        }
      }
    }
  }
});

test("a text is known in the escapes of more languages, and with entities of HTML without their semicolon", () => {
  const body = 'Grüße an "Zoë" 😀 & <Björn>';
  const escaped = (/** @type {(character: string, code?: number) => string} */ write) =>
    body.replace(/[^a-z ]/gi, (character) => write(character, character.codePointAt(0)));
  const each = (/** @type {(code: number) => string} */ write) =>
    Array.from(body, (character) =>
      /[a-z ]/i.test(character) ? character : write(/** @type {Foreign} */ (character.codePointAt(0))),
    ).join("");
  const octal = (/** @type {number} */ byte) => `\\${byte.toString(8).padStart(3, "0")}`;
  for (const [how, quoted] of Object.entries({
    "\\u{…}": each((/** @type {number} */ code) => `\\u{${code.toString(16)}}`),
    "\\U…": each((/** @type {number} */ code) => `\\U${code.toString(16).padStart(8, "0")}`),
    "\\x{…}": each((/** @type {number} */ code) => `\\x{${code.toString(16)}}`),
    octal: each((/** @type {number} */ code) => [...Buffer.from(String.fromCodePoint(code))].map(octal).join("")),
    "%u": escaped((_, code = 0) => `%u${code.toString(16).padStart(4, "0")}`),
    "&#…": each((/** @type {number} */ code) => `&#${code}`),
    "&#0…;": each((/** @type {number} */ code) => `&#000${code};`),
    "&#x…": each((/** @type {number} */ code) => `&#x${code.toString(16)}`).replace(
      /(&#x[\da-f]+?)(?=[Be](?:j| |$))/g,
      "$1;",
    ),
    names: body
      .replaceAll("&", "&amp")
      .replaceAll('"', "&quot")
      .replaceAll("ü", "&uuml;")
      .replaceAll("ß", "&szlig;")
      .replaceAll("ë", "&euml")
      .replaceAll("ö", "&ouml;")
      .replaceAll("<", "&lt")
      .replaceAll(">", "&gt"),
  })) {
    const shown = redact(`cannot send ${quoted} today`, JSON.stringify({ body }));
    assert.ok(
      !/gr|zo|bj|rn|an/i.test(shown.slice("cannot send ".length).replaceAll("[redacted]", "")),
      `${how}: ${shown}`,
    );
  }
});

test("a phone number is known with any sign between its digits, and in digits of any form", () => {
  for (const sign of [..."_*~#=&%$@?<>;+^|\\/¦→★❤️", "&nbsp;", " - ", "&#45;"]) {
    const number = ["415", "555", "0100"].join(sign);
    for (const said of [`from ${number} to you`, `from ${[..."4155550100"].join(sign)} to you`])
      assert.doesNotMatch(redact(said, undefined), /\d/, said);
  }
  for (const number of [
    "④①⑤⑤⑤⑤⓪①⓪⓪",
    "４１５５５５０１００",
    "⁴¹⁵⁵⁵⁵⁰¹⁰⁰",
    "❹❶❺❺❺❺⓿❶⓿⓿",
    "𝟜𝟙𝟝𝟝𝟝𝟝𝟘𝟙𝟘𝟘",
    "4️⃣1️⃣5️⃣5️⃣5️⃣5️⃣0️⃣1️⃣0️⃣0️⃣",
    "四一五五五五〇一〇〇",
    "1-④①⑤-5550100",
  ]) {
    assert.equal(redact(`from ${number} to you`, undefined), "from [redacted] to you", number);
  }
  for (const said of ['codes ["422","404","500"]', "[1] [2] [3] [4] [5] [6] [7]", "1; 2; 3; 4; 5; 6; 7"])
    assert.equal(redact(said, undefined), said);
});

test("a phone number is known however it is written", () => {
  const signs = ["_", ",", "*", "~", "·", "•", "|", "/", "'", "\u2212", "\u00ad", "\u200b", " \u2013 ", ". ", ")("];
  const numbers = [
    "+14155550100",
    "(415) 555-0100",
    "415.555.0100",
    "+1 415\u2011555\u20110100",
    "+1\u00a0415\u00a0555\u00a00100",
    "4155550",
    "４１５５５５０１００",
    "٤١٥٥٥٥٠١٠٠",
  ];
  for (const number of [
    ...numbers,
    ...signs.flatMap((sign) => [["415", "555", "0100"].join(sign), [..."4155550100"].join(sign)]),
  ]) {
    const said = redact(`from ${number} to you`, undefined);
    assert.ok(!/\p{Nd}/u.test(said) && said.includes("[redacted]") && said.endsWith(" to you"), `${number}: ${said}`);
  }
  for (const said of [
    "HTTP 402",
    "after 3600 seconds",
    "555-010",
    "2026-11-22",
    "at 10:00:00.123456",
    "until 2026-11-22T10:00:00.123456+00:00",
    "1, 2, 3, 4, 5, 6, 7",
    "2026-11-22 10:00:00, 422",
  ])
    assert.equal(redact(said, undefined), said);
  assert.equal(redact("2026-11-22 415 555 0100", undefined), "2026-11-22 [redacted]");
});

test("no text that was sent survives", () => {
  const next = chance(5);
  const pick = (/** @type {Foreign} */ alphabet, /** @type {number} */ least, /** @type {number} */ most) =>
    Array.from(
      { length: least + Math.floor(next() * (most - least)) },
      () => alphabet[Math.floor(next() * alphabet.length)],
    ).join("");
  for (let round = 0; round < 2000; round += 1) {
    const body = pick([...'abcdefgz"\\\n é😀'], 3, 30);
    const said = `${pick([..."abcdefgz "], 0, 9)}: ${body} rejected`;
    assert.ok(!redact(said, JSON.stringify({ body })).includes(body), JSON.stringify([body, said]));
  }
});

test("no text breaks it", () => {
  const next = chance(6);
  for (let round = 0; round < 2000; round += 1) {
    const text = Array.from({ length: Math.floor(next() * 80) }, () =>
      String.fromCharCode(Math.floor(next() * (round % 2 ? 200 : 65_536))),
    ).join("");
    redact(text, JSON.stringify({ body: text, list: [text, 5, null], nothing: null }), [text], {
      apiKey: text,
      headers: { cookie: text, "x-y": text },
    });
  }
});

test("each of several texts is redacted by itself", () => {
  const hidden = { texts: ["secret plan"], secrets: [] };
  assert.deepEqual(
    redacted(
      [
        ["a secret", 80],
        ["plan", 80],
        ["", 80],
        ["the secret plan", 80],
      ],
      hidden,
    ),
    ["a secret", "plan", "", "the [redacted]"],
  );
});

test("the private texts of a body are its strings, its longer numbers and names that nobody would give to a field", () => {
  const body = JSON.stringify({
    a: "x",
    b: [12, 4711, { "c d": true, type: "voice", timeoutMs: 5000 }],
    voiceMode: "hosted",
  });
  assert.deepEqual(textsOf(body)?.sort(), ["4711", "c d", "x"]);
});

test("a message of many lines becomes one, keeps its words and ends with an ellipsis where it is cut", () => {
  assert.equal(oneLine("  a\n\tb \u0007c "), "a b c");
  assert.equal(oneLine("ééééé", 3), "ééé…");
  assert.equal(oneLine("😀😀", 1), "😀…");
  assert.equal(oneLine("ab cd", 3), "ab…");
  assert.equal(oneLine("abc", 3), "abc");
});

test("what cannot be seen, or turns the direction of a text, does not stay in a message", () => {
  assert.equal(oneLine("pay\u202e\u2066 \u200bme\u200d\ufeff\u00ad now\u2800\u3164!\u{e0041}\ud800"), "pay me now !");
  assert.equal(oneLine("\u200b\u2060"), "");
});
