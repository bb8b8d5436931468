// @ts-check
// What the palette takes a text for, and in which order it offers what fits, without a browser.

import assert from "node:assert/strict";
import { test } from "node:test";
import { cleaned, grouped, meaningOf, ranked, scoreOf } from "../src/app/palette-rank.js";

test("numbers, ids and words are told apart", () => {
  for (const phone of ["+14155550100", "(415) 555-0100", "415 555 0100", "+44 20 7946 0018", "4155550100"])
    assert.equal(meaningOf(phone), "phone", phone);
  for (const id of ["cm4htnz3pzet4eg5os5vrp62s", "call_0123456789", "a1b2c3d4-e5f6", "  req_abc123456 "])
    assert.equal(meaningOf(id), "id", id);
  for (const words of ["rye bread", "webhooks", "Ada", "42", "+1415", "0123456789abc def", "x".repeat(80)])
    assert.equal(meaningOf(words), "words", words);
  for (const nothing of ["", "  "]) assert.equal(meaningOf(nothing), "nothing");
});

test("an id from JSON or a log and a number from an address book are what they are without what is around them", () => {
  for (const pasted of [
    '"cm4htnz3pzet4eg5os5vrp62s",',
    "`cm4htnz3pzet4eg5os5vrp62s`",
    " 'cm4htnz3pzet4eg5os5vrp62s'; ",
  ])
    assert.equal(cleaned(pasted), "cm4htnz3pzet4eg5os5vrp62s");
  for (const pasted of [
    "\u202a+1 (415) 555-0100\u202c",
    "+1\u00a0415\u2011555\u20110100",
    "tel:+14155550100",
    '"+14155550100"',
  ])
    assert.equal(meaningOf(cleaned(pasted)), "phone", pasted);
  assert.equal(cleaned("(415) 555-0100"), "(415) 555-0100");
  assert.equal(cleaned("rye bread, please"), "rye bread, please");
});

test("what begins with the words comes before what has them somewhere, and what lacks one does not come", () => {
  const items = ["Recalled texts", "Place a call", "Calls", "Fault lab", "Call back"].map((name) => ({ name }));
  assert.deepEqual(
    ranked(items, "call", 9).map(({ name }) => name),
    ["Calls", "Call back", "Place a call", "Recalled texts"],
  );
  assert.deepEqual(ranked(items, "call place", 9), [{ name: "Place a call" }]);
  assert.deepEqual(ranked(items, "call", 2).length, 2);
  assert.deepEqual(ranked(items, "zzz", 9), []);
  assert.equal(ranked(items, "", 9).length, 5);
});

test("what stands beside the name is found too, after the names", () => {
  const items = [{ name: "Requests", also: "g r" }, { name: "g r rated" }];
  assert.deepEqual(
    ranked(items, "g r", 9).map(({ name }) => name),
    ["g r rated", "Requests"],
  );
  assert.ok(scoreOf("Ada Byron", "byron") > 0);
});

test("groups stay together, in the order of their first", () => {
  const items = ["b1", "a1", "b2"].map((name) => ({ group: name[0] ?? "", name }));
  assert.deepEqual(
    grouped(items).map(({ name }) => name),
    ["b1", "b2", "a1"],
  );
});
