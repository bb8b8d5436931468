// @ts-check
// What the console decides about lost responses, without a browser: its keys, its words, and when it looks again.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { endOf, makeKey, partsOf, printOf } from "../src/data/intent-key.js";
import { pauseAfter } from "../src/data/look-pauses.js";
import { meaningOf, placeOf, wordsOf } from "../src/ui/intent-words.js";

test("a key tells what it is for, and two are never the same", () => {
  const print = printOf(["calls.create", "+14155550100"]);
  const key = makeKey(print, "to a number ending in 0100");
  assert.deepEqual(partsOf(key), { print, note: "to a number ending in 0100" });
  const many = new Set(Array.from({ length: 1000 }, () => makeKey(print, "")));
  assert.equal(many.size, 1000);
});

test("a note of any length and with any characters makes a key that the client takes", () => {
  for (const note of ["", "a/b/c", "x".repeat(1000), "😀".repeat(300), "a\0b\n\u2028c\ud800", " “Grüße” "]) {
    const key = makeKey(printOf(note), note);
    assert.ok(key.length >= 1 && key.length <= 255, `${key.length}`);
    assert.doesNotMatch(key, /\p{Cc}|\p{Cs}/u);
    assert.equal(partsOf(key)?.print, printOf(note));
  }
  assert.equal(partsOf(makeKey("p", "a/b/c"))?.note, "a/b/c");
});

test("a key that the console did not make says nothing", () => {
  for (const key of ["", "order-42", "reminder/1/2/3", "console", "console/1"]) assert.equal(partsOf(key), undefined);
});

test("prints are equal for the same content only", () => {
  assert.equal(printOf({ a: 1, b: ["x"] }), printOf({ a: 1, b: ["x"] }));
  const contents = [undefined, null, "", "a", ["a"], { a: 1 }, { a: 2 }, "Grüße", ..."0123456789"];
  assert.equal(new Set(contents.map(printOf)).size, contents.length);
});

test("a recipient is told by its last digits, and never in full", () => {
  assert.equal(endOf("+1 (415) 555-0100"), "a number ending in 0100");
  for (const other of ["", "911", "ada1234567@example.com", "team"]) assert.equal(endOf(other), "");
});

test("it is looked at short intervals first, then every minute, and never without a pause", () => {
  const pauses = Array.from({ length: 100 }, (_, looks) => pauseAfter(looks));
  assert.ok(pauses.every((pause, at) => pause >= 1000 && pause >= (pauses[at - 1] ?? 0)));
  assert.equal(pauses.at(-1), 60_000);
});

test("each operation of a button and each state has words, and an unknown one is called by its name", () => {
  const states = ["sending", "unknown", "absent_so_far", "ambiguous", "placed", "refused", "not_placed"];
  const operations = ["calls.create", "messages.send", "numbers.buy", "agents.create", "subAccounts.create"];
  operations.push("webhooks.set", "agents.webhook.set", "registration.create", "credits.recording.enable");
  for (const operation of operations) {
    assert.notEqual(wordsOf(operation).what, operation);
    for (const state of states) assert.notEqual(meaningOf(state, operation).name, state);
  }
  assert.equal(wordsOf("later.invented").what, "later.invented");
  assert.equal(wordsOf("toString").what, "toString");
  assert.equal(meaningOf("later_invented", "calls.create").name, "later_invented");
  assert.match(meaningOf("unknown", "credits.recording.enable").means, /nothing that could be asked/);
});

test("an id never leads out of its place", () => {
  assert.equal(placeOf("calls.create", "a/../b?c#d"), "/calls/a%2F..%2Fb%3Fc%23d");
  assert.equal(placeOf("messages.send", "m1"), "/conversations");
});

test("no button with an effect forgets its key", () => {
  const src = fileURLToPath(new URL("../src/", import.meta.url));
  const files = /** @type {string[]} */ (readdirSync(src, { recursive: true })).filter((name) => /\.tsx?$/.test(name));
  const effect =
    /\.(calls\.create\w*|messages\.send|numbers\.buy|agents\.create|subAccounts\.create|sipTrunks\.(create|update)|webhooks?\.set|registration\.create|verification\.\w+|recording\.enable|feedback\.create|whatsapp\.\w+|signUp\.\w+)\(([^()]*)\)/g;
  const found = [];
  for (const name of files) {
    // The fault lab shows what happens without a key.
    if (name.includes("lab")) continue;
    for (const [call, , , passed] of readFileSync(join(src, name), "utf8").matchAll(effect)) {
      found.push(call);
      assert.match(passed ?? "", /(^|, )options$/, `${name}: ${call}`);
    }
  }
  assert.ok(found.length >= 11, `${found.length}`);
});
