// @ts-check
// What tables decide without a browser: order, spans of time, words, and CSV.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { csvLine } from "../src/ui/csv.js";
import { digitsOf } from "../src/ui/digits.js";
import { nextSort, readSort, sorted } from "../src/ui/sorting.js";
import { hasWords, isWithin, spanOf } from "../src/views/calls/call-filters.js";

describe("order", () => {
  const by = (/** @type {any} */ item) => item;

  test("numbers by size, texts as people order them, what is absent last either way", () => {
    assert.deepEqual(sorted([10, 9, null, 100, Number.NaN], by, false), [9, 10, 100, null, Number.NaN]);
    assert.deepEqual(sorted([10, null, 9, 100], by, true), [100, 10, 9, null]);
    assert.deepEqual(sorted(["b10", "Ärger", "B9", "", "a"], by, false), ["a", "Ärger", "B9", "b10", ""]);
    assert.deepEqual(sorted(["a", undefined, "b"], by, true), ["b", "a", undefined]);
  });

  test("equal rows keep their order, and the list itself is not touched", () => {
    const list = [1, 2, 3].map((n) => ({ n, same: 0 }));
    assert.deepEqual(
      sorted(list, ({ same }) => same, true).map(({ n }) => n),
      [1, 2, 3],
    );
    const given = [2, 1];
    sorted(given, by, false);
    assert.deepEqual(given, [2, 1]);
  });

  test("a column goes through greatest first, smallest first, and back", () => {
    assert.equal(nextSort("", "Length"), "-Length");
    assert.equal(nextSort("-Length", "Length"), "Length");
    assert.equal(nextSort("Length", "Length"), "");
    assert.equal(nextSort("-Length", "Agent"), "-Agent");
    assert.deepEqual(readSort("-Length"), { by: "Length", down: true });
  });
});

describe("spans of time", () => {
  const now = new Date(2026, 10, 29, 15, 30).getTime();
  const day = (/** @type {number} */ of) => new Date(2026, 10, of).getTime();

  test("each period begins and ends at midnight where the user is", () => {
    assert.deepEqual(spanOf("today", "", "", now), { after: day(29) });
    assert.deepEqual(spanOf("yesterday", "", "", now), { after: day(28), before: day(29) });
    assert.deepEqual(spanOf("7d", "", "", now), { after: day(23) });
    assert.deepEqual(spanOf("30d", "", "", now), { after: new Date(2026, 9, 31).getTime() });
    assert.deepEqual(spanOf("custom", "2026-11-01", "2026-11-02", now), { after: day(1), before: day(3) });
    assert.deepEqual(spanOf("custom", "", "2026-11-02", now), { before: day(3) });
  });

  test("what an address has that means nothing is no span", () => {
    assert.deepEqual(spanOf("", "", "", now), {});
    assert.deepEqual(spanOf("soon", "x", "y", now), {});
    assert.deepEqual(spanOf("custom", "x", "2026-1-1", now), {});
  });

  test("a span has its beginning and not its end", () => {
    const span = { after: day(28), before: day(29) };
    assert.ok(isWithin(new Date(day(28)).toISOString(), span));
    assert.ok(!isWithin(new Date(day(29)).toISOString(), span));
    assert.ok(!isWithin("never", span));
    assert.ok(isWithin(new Date(day(1)).toISOString(), {}));
  });
});

test("names, agents, numbers and last words are searched, all words at once", () => {
  const call = {
    startedAt: "",
    status: "completed",
    fromNumber: "+14155550100",
    toNumber: "+14155550101",
    agentName: "Bakery desk",
    lastTranscriptSnippet: "See you on Sunday.",
  };
  const nameOf = (/** @type {string} */ phone) => (phone.endsWith("0100") ? "Ada Byron" : undefined);
  for (const yes of ["byron", "BAKERY sunday", "ada 0101", " see you "]) assert.ok(hasWords(call, yes, nameOf), yes);
  for (const no of ["monday", "ada monday"]) assert.ok(!hasWords(call, no, nameOf), no);
  assert.equal(digitsOf("(415) 555-01"), "41555501");
  assert.equal(digitsOf("Ada 4"), "");
});

test("CSV quotes what it must, and nothing in it is run as a formula", () => {
  assert.equal(csvLine(["a", 'say "x"', "b,c", "two\nlines", null, 3]), 'a,"say ""x""","b,c","two\nlines",,3\r\n');
  assert.equal(csvLine(["=1+1", "@x", "+cmd", "-", "\tx"]), "'=1+1,'@x,'+cmd,'-,'\tx\r\n");
  assert.equal(csvLine(["+14155550100", "-5", "+(1) 2"]), "+14155550100,-5,+(1) 2\r\n");
});
