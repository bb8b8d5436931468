// Plans from a file in a world of its own, and tells what became of its lines.

import assert from "node:assert/strict";
import { csvRows } from "agentphone-wasm-cli/campaign";
import { worldOf } from "./campaign-world.mjs";

/** @import { PlanOptions, Problem } from "agentphone-wasm-cli/campaign" */

export const inPieces = async function* (/** @type {Buffer | string} */ content, size = 7) {
  const bytes = Buffer.from(content);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
};

/**
 * Plans from a file; what was wrong, what the error was, and who is in the store.
 * @param {Buffer | string} content
 * @param {Partial<PlanOptions> & { agent?: Record<string, unknown> }} [options] `agent`: changes to the agent
 */
export const planned = async (content, { agent, ...options } = {}, rows = csvRows) => {
  const world = await worldOf();
  try {
    if (agent) await world.client.agents.update(world.agentId, agent);
    /** @type {string[]} */
    const problems = [];
    /** @type {Problem[]} */
    const told = [];
    const onProblem = (/** @type {Problem} */ problem) => {
      told.push(problem);
      problems.push(`${problem.line}:${problem.column} ${problem.code}`);
    };
    const error = await world.plan({ people: { rows: rows(inPieces(content)) }, onProblem, ...options }).then(
      () => undefined,
      (cause) => cause,
    );
    const campaign = await world.store.get("c1");
    const people = await world.store.people("c1", { limit: 100 });
    assert.equal(campaign === undefined, error !== undefined, "a campaign, or an error");
    assert.equal(world.placed().length, 0);
    return { problems, told, error, people, plan: campaign?.plan, settings: campaign?.settings };
  } finally {
    await world.close();
  }
};

export const codeOf = (/** @type {any} */ error) => error?.code;
