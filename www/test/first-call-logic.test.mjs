// @ts-check
// Which step of the guided first call is next, without a browser.

import assert from "node:assert/strict";
import { test } from "node:test";
import { callerOf, placeOf, STEPS, stepOf } from "../src/views/first-call/steps.js";

const NUMBER = { id: "num_1", phoneNumber: "+14155550111" };
const without = { id: "agt_1", name: "Mute", numbers: [] };
const withNumber = { id: "agt_2", name: "Desk", numbers: [NUMBER] };

test("each step follows from what there is, also where it was made elsewhere", () => {
  assert.equal(stepOf({ agents: [], call: null }), "agent");
  assert.equal(stepOf({ agents: [without], call: null }), "number");
  assert.equal(stepOf({ agents: [without, withNumber], call: null }), "call");
  for (const status of ["queued", "ringing", "in-progress"])
    assert.equal(stepOf({ agents: [withNumber], call: { status } }), "listen");
  assert.equal(stepOf({ agents: [withNumber], call: { status: "completed" } }), "done");
});

test("an agent that has a number goes before one that has none", () => {
  assert.equal(callerOf([without, withNumber])?.id, "agt_2");
  assert.equal(callerOf([without])?.id, "agt_1");
  assert.equal(callerOf([]), undefined);
});

test("one step is at hand, those before it are done, and at the end all are", () => {
  const places = (/** @type {import("../src/views/first-call/steps.js").Step} */ next) =>
    STEPS.map((step) => placeOf(step, next));
  assert.deepEqual(places("agent"), ["now", "later", "later", "later"]);
  assert.deepEqual(places("call"), ["done", "done", "now", "later"]);
  assert.deepEqual(places("done"), ["done", "done", "done", "done"]);
});
