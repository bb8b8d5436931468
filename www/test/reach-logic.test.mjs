// @ts-check
// Several people at once, without a browser: who they are, for whom it is tried again, and what is said of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { endsAll, leftOf, peopleIn, tally } from "../src/views/reach/plan.js";

test("everybody is reached once, by a phone: addresses, short codes and browsers are left out", () => {
  const all = [
    { phone: "+14155550101" },
    { phone: undefined },
    { phone: null },
    { phone: "somebody@example.com", name: "Mail" },
    { phone: "12345" },
    { phone: "+14155550102", name: "Lin" },
    { phone: "+14155550101", name: "Ada" },
    { phone: "+14155550102", name: "Other" },
  ];
  assert.deepEqual(peopleIn(all), [
    { phone: "+14155550101", name: "Ada" },
    { phone: "+14155550102", name: "Lin" },
  ]);
});

test("a second try is for those alone who got nothing for certain", () => {
  const people = ["a", "b", "c", "d", "e"].map((phone) => ({ phone }));
  /** @type {Map<string, import("../src/views/reach/plan.js").Result>} */
  const results = new Map([
    ["a", { state: "done" }],
    ["b", { state: "refused" }],
    ["c", { state: "doubt" }],
    ["d", { state: "skipped" }],
  ]);
  assert.deepEqual(
    leftOf(people, results).map(({ phone }) => phone),
    ["b", "d", "e"],
  );
  assert.equal(tally(results.values(), "sent"), "1 sent, 1 failed, 1 without a response, 1 not tried");
  assert.equal(tally([], "sent"), "");
});

test("a refusal that would meet everybody ends it, and one of a single number does not", () => {
  assert.ok(endsAll("INSUFFICIENT_BALANCE") && endsAll("UNAUTHORIZED"));
  assert.ok(!endsAll("VALIDATION_ERROR") && !endsAll("CONVERSATION_AWAITING_REPLY") && !endsAll("CARRIER_ERROR"));
});
