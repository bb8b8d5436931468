// Two hundred runs in each framework, with a third of the answers lost and a model that calls again at every chance. The hazard is the
// one that all of this is for: as many phones ring as were meant to.

import assert from "node:assert/strict";
import { test } from "node:test";
import { agentTools } from "agentphone-wasm/tools";
import { done, setting } from "../tools/setting.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const RUNS = 200;
/** Runs at once. */
const BESIDE = 10;

/** It calls, calls twice at once, asks, and calls once more, whatever it is told. @param {string} to */
const stubborn = (to) => {
  const place = { name: "place_call", input: { to, greeting: "Your table is ready." } };
  const steps = [[place], [place, place], [{ name: "find_call", input: { to } }], [place]];
  let step = 0;
  return () => steps[step++];
};

for (const framework of ["ai", "openai", "langchain", "mastra", "mcp"])
  test(`in ${framework}: calls placed are calls wanted`, { timeout: 240_000 }, async () => {
    /** @type {{ drive: import("./scripted.js").Drive }} */
    const { drive } = await import(`./drivers/${framework}.mjs`);
    const { sandbox, client, agentId } = await setting({ maxRetries: 0 }, { seed: 7 });
    const tools = agentTools(client, { agentId, only: ["place_call", "find_call"] });
    const id = sandbox.faults.add({ match: { operation: "calls.create" }, cut: "before-headers", probability: 1 / 3 });
    const answer = async () => assert.fail("nobody is to be asked");
    let next = 0;
    /** @type {Foreign[][]} */
    const told = [];
    const worker = async () => {
      for (let run = next++; run < RUNS; run = next++)
        told.push(await drive({ tools, model: stubborn(`+1415555${1000 + run}`), answer }));
    };
    await Promise.all(Array.from({ length: BESIDE }, worker));
    const hits = sandbox.faults.list().find((fault) => fault.id === id)?.hits ?? 0;
    assert.ok(hits > RUNS / 5 && hits < RUNS / 2, `${hits} answers were lost`);
    assert.equal(done(sandbox, "calls.create"), RUNS, "calls placed");
    assert.equal(told.length, RUNS);
    for (const results of told) {
      assert.equal(results.length, 5);
      const calls = new Set(results.map(({ result }) => result?.call_id ?? result?.calls?.[0]?.call_id));
      assert.equal(calls.size, 1, "each run is told of one call");
      assert.ok(results.every(({ status }) => status === "done" || status === "already_done"));
    }
  });
