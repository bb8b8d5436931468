// No text, number or key of a caller stands in what a server said, once it has been redacted; and the words of the
// answer that are not the caller's stay. By itself, without a client; errors.test.mjs looks at whole errors.

import assert from "node:assert/strict";
import { test } from "node:test";
import { oneLine, redactor } from "../../src/js/redact.js";

const redact = (text, sent, secrets = []) => redactor(sent, secrets)(text);

/** The same numbers at each run. */
const chance = (seed) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
};

test("what the caller sent does not come back in a message", () => {
  const sent = String.raw`{"to_number":"+14155550100","body":"meet me at \"noon\"","voice":"hosted","n":{"x":["sk_1 2"]}}`;
  for (const [said, want] of [
    ["to_number +14155550100 is bad", "to_number [redacted] is bad"],
    ['bad text: meet me at "noon"!', "bad text: [redacted]!"],
    [String.raw`bad text: meet me at \"noon\"!`, "bad text: [redacted]!"],
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
  assert.equal(redact("bad key sk_live_x", undefined, ["sk_live_x"]), "bad key [redacted]");
  assert.equal(redact("who is 李雷", undefined, ["李雷"]), "who is [redacted]");
  assert.equal(redact("bad key", undefined, [undefined, "", "key"]), "bad key");
});

test("a quotation that the server has cut is known by its beginning", () => {
  const sent = JSON.stringify({ body: "the plan is secret and long" });
  assert.equal(redact("cannot send the plan is sec...", sent), "cannot send [redacted]...");
  assert.equal(redact("cannot send the plan", sent), "cannot send the plan");
});

test("a text of one plain word is private where the field is", () => {
  assert.equal(redact("hello is spam", '{"body":"hello"}'), "[redacted] is spam");
  assert.equal(redact("hosted is wrong", '{"voiceMode":"hosted"}'), "hosted is wrong");
  assert.equal(redact("hello is spam", '{"messages":[{"text":["hello"]}]}'), "[redacted] is spam");
});

test("a phone number is known however it is written", () => {
  for (const number of ["+14155550100", "(415) 555-0100", "415.555.0100", "+1 415\u2011555\u20110100", "+1\u00a0415\u00a0555\u00a00100", "4155550"]) {
    const said = redact(`from ${number} to you`, undefined);
    assert.ok(!/\d/.test(said) && said.includes("[redacted]") && said.endsWith(" to you"), said);
  }
  for (const said of ["HTTP 402", "after 3600 seconds", "555-010", "2026-11-22"]) assert.equal(redact(said, undefined), said);
});

test("no text that was sent survives", () => {
  const next = chance(5);
  const pick = (alphabet, least, most) => Array.from({ length: least + Math.floor(next() * (most - least)) }, () => alphabet[Math.floor(next() * alphabet.length)]).join("");
  for (let round = 0; round < 2000; round += 1) {
    const body = pick([..."abcdefgz\"\\\n é😀"], 3, 30);
    const said = `${pick([..."abcdefgz "], 0, 9)}: ${body} rejected`;
    assert.ok(!redact(said, JSON.stringify({ body })).includes(body), JSON.stringify([body, said]));
  }
});

test("no text breaks it", () => {
  const next = chance(6);
  for (let round = 0; round < 2000; round += 1) {
    const text = Array.from({ length: Math.floor(next() * 80) }, () => String.fromCharCode(Math.floor(next() * (round % 2 ? 200 : 65_536)))).join("");
    redact(text, JSON.stringify({ body: text, list: [text, 5, null], nothing: null }), [text]);
  }
});

test("a message of many lines becomes one, keeps its words and ends with an ellipsis where it is cut", () => {
  assert.equal(oneLine("  a\n\tb \u0007c "), "a b c");
  assert.equal(oneLine("ééééé", 3), "ééé…");
  assert.equal(oneLine("😀😀", 1), "😀…");
  assert.equal(oneLine("ab cd", 3), "ab…");
  assert.equal(oneLine("abc", 3), "abc");
});
