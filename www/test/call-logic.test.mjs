// @ts-check
// What the page of a call computes, without a browser: when a turn is heard, who spoke how long, latency, cost, exports.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AgentPhone } from "agentphone-wasm";
import { createSandbox } from "agentphone-wasm/sandbox";
import { asJson, asText, asVtt, timestamp } from "../src/views/calls/transcript-export.js";
import {
  centsOf,
  latenciesOf,
  medianOf,
  partsWith,
  RATES,
  sharesOf,
  startsOf,
  stepOf,
  turnAt,
  turnsWith,
  voiceOf,
} from "../src/views/calls/turn-times.js";

const RATE = 8000;
const BEGAN = Date.parse("2026-11-29T10:00:00Z");
const at = (/** @type {number} */ seconds) => new Date(BEGAN + seconds * 1000).toISOString();
const TURNS = [
  { role: "agent", content: "Hello, this is <Rosie>.", createdAt: at(0) },
  { role: "user", content: "Rye bread? Rye (bread)", createdAt: at(2) },
  { role: "agent", content: "Yes & more.\nAnything else?", createdAt: at(5) },
];
/** Heard from 0 to 1, 2 to 4, and 5.5 to 6 of 8 seconds. */
const SAMPLES = Float32Array.from({ length: 8 * RATE }, (_, n) => {
  const time = n / RATE;
  return (time < 1 || (time >= 2 && time < 4) || (time >= 5.5 && time < 6)) && n % 2 === 0 ? 0.5 : 0.001;
});

describe("when a turn is heard", () => {
  test("turns begin by their times, never before the recording and never before the turn before", () => {
    assert.deepEqual(startsOf(TURNS, BEGAN), [0, 2, 5]);
    assert.deepEqual(startsOf(TURNS, BEGAN + 3000), [0, 0, 2]);
    const odd = [
      { createdAt: at(3) },
      { createdAt: null },
      { createdAt: "soon" },
      { createdAt: at(1) },
      { createdAt: at(9) },
    ];
    assert.deepEqual(
      startsOf(
        odd.map((turn) => ({ role: "user", content: "", ...turn })),
        BEGAN,
      ),
      [3, 3, 3, 3, 9],
    );
  });

  test("the turn at a time is the last that has begun", () => {
    const starts = [1, 2, 5];
    assert.deepEqual(
      [0, 0.5, 1, 1.5, 2, 4.999, 5, 99].map((time) => turnAt(starts, time)),
      [-1, -1, 0, 0, 1, 2, 2, 2],
    );
    assert.equal(turnAt([], 3), -1);
  });
});

describe("what the recording shows", () => {
  const voice = voiceOf(SAMPLES, RATE);
  const starts = startsOf(TURNS, BEGAN);

  test("shares are what is heard of each side, and add up to the length", () => {
    const { agent, other, silence } = sharesOf(TURNS, starts, voice);
    assert.ok(Math.abs(agent - 1.5) < 0.05, `${agent}`);
    assert.ok(Math.abs(other - 2) < 0.05, `${other}`);
    assert.ok(Math.abs(agent + other + silence - 8) < 0.05);
  });

  test("latency is the silence before the agent responds, and only then", () => {
    const latencies = latenciesOf(TURNS, starts, voice);
    assert.deepEqual([latencies[0], latencies[1]], [null, null]);
    assert.ok(Math.abs((latencies[2] ?? 0) - 1.5) < 0.05, `${latencies[2]}`);
  });

  test("a recording in which nothing is heard says nothing", () => {
    const still = voiceOf(new Float32Array(RATE * 8), RATE);
    assert.deepEqual(latenciesOf(TURNS, starts, still), [null, null, null]);
    const { agent, other } = sharesOf(TURNS, starts, still);
    assert.deepEqual([agent, other], [0, 0]);
    assert.deepEqual(voiceOf(new Float32Array(0), RATE).voice, []);
  });

  test("the median leaves out what is not known", () => {
    assert.equal(medianOf([null, 3, 1, null, 2]), 2);
    assert.equal(medianOf([4, 1]), 1);
    assert.equal(medianOf([null]), undefined);
  });
});

test("the cost of a call is what the sandbox bills, in both modes and for any length", async () => {
  for (const voiceMode of /** @type {const} */ (["hosted", "webhook"]))
    for (const talked of [400, 1000, 61_000, 185_300]) {
      const sandbox = createSandbox({ clock: "manual" });
      const client = new AgentPhone({ apiKey: "sk_test", fetch: sandbox.fetch });
      const agent = await client.agents.create({ name: "A", voiceMode, systemPrompt: "Be brief." });
      await client.numbers.buy({ country: "US", agentId: agent.id });
      const before = sandbox.ledger().moneySpentCents;
      const { id } = await client.calls.create({ agentId: agent.id, toNumber: "+15005550007" });
      while ((await client.calls.get(id)).status !== "in-progress") await sandbox.clock.advance(100);
      await sandbox.clock.advance(talked);
      await client.calls.end(id);
      await sandbox.clock.advance(10_000);
      const { durationSeconds } = await client.calls.get(id);
      const spent = sandbox.ledger().moneySpentCents - before;
      assert.ok(spent > 0);
      assert.equal(centsOf(durationSeconds ?? 0, RATES[voiceMode] ?? 0), spent, `${voiceMode} ${talked}`);
      sandbox.close();
    }
});

describe("search in what was said", () => {
  test("words are found in any case, and characters of patterns are taken as they are", () => {
    assert.deepEqual(turnsWith(TURNS, " RYE (b"), [1]);
    assert.deepEqual(turnsWith(TURNS, "e"), [0, 1, 2]);
    assert.deepEqual(turnsWith(TURNS, "  "), []);
    assert.deepEqual(partsWith("Rye bread? Rye (bread)", "(BREAD"), ["Rye bread? Rye ", "(bread", ")"]);
    assert.deepEqual(partsWith("abc", ""), ["abc"]);
  });
});

describe("exports", () => {
  const told = {
    call: {
      id: "call_1",
      fromNumber: "+14155550100",
      toNumber: "+14155550101",
      startedAt: at(-4),
      status: "completed",
    },
    turns: TURNS,
    starts: [0, 2, 5],
    nameOf: (/** @type {{ role: string }} */ { role }) => (role === "agent" ? "Rosie" : "Ada & Co"),
    length: 8,
  };

  test("text has a line per turn with its time", () => {
    assert.match(asText(told), /^Call call_1\nFrom \+14155550100 to \+14155550101\n/);
    assert.match(asText(told), /\n\[00:00:02\] Ada & Co: Rye bread\? Rye \(bread\)\n/);
  });

  test("JSON is read back whole", () => {
    const { callId, transcript } = JSON.parse(asJson(told));
    assert.equal(callId, "call_1");
    assert.deepEqual(
      transcript.map((/** @type {any} */ { role, content, atSeconds }) => [role, content, atSeconds]),
      TURNS.map(({ role, content }, index) => [role, content, told.starts[index]]),
    );
  });

  test("WebVTT has no markup and no blank line of what was said, and its cues do not overlap", () => {
    const vtt = asVtt(told);
    assert.match(vtt, /^WEBVTT\n\n1\n00:00:00\.000 --> 00:00:02\.000\n<v Rosie>Hello, this is &lt;Rosie&gt;\.\n\n2\n/);
    assert.match(vtt, /<v Ada &amp; Co>/);
    assert.match(vtt, /\n00:00:05\.000 --> 00:00:08\.000\n<v Rosie>Yes &amp; more\. Anything else\?\n$/);
  });

  test("a time stamp carries over", () => {
    assert.equal(timestamp(59.9996), "00:01:00.000");
    assert.equal(timestamp(3661.25), "01:01:01.250");
  });
});

test("a time axis has few marks, at round times", () => {
  for (const length of [3, 30, 61, 600, 3600, 14_400]) {
    const step = stepOf(length, 8);
    assert.ok(length / step <= 8, `${length}: ${step}`);
  }
  assert.equal(stepOf(61, 8), 10);
});
