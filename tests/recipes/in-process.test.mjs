// Inngest and Temporal, whose own test environments run a step here: tried again after the phone rang, it finds the call.

import assert from "node:assert/strict";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { noPostgres } from "../ledger/servers.mjs";
import { load, project, setting, TO } from "./recipes.mjs";

/** @import { Foreign } from "../support/foreign.js" */
/** @typedef {(agentId: string) => Promise<unknown>} Step Runs the step once. */

/** The response to the first request is lost, and so is everything that is asked afterwards, until the step has failed. */
const LOST = [
  { match: { operation: "calls.create" }, cut: /** @type {const} */ ("before-headers"), times: 1 },
  { match: { operation: "calls.list" }, status: 503 },
];

/** Engines pass on errors as objects of their own. @param {RegExp} words */
const says = (words) => (/** @type {Foreign} */ error) => {
  assert.match(error.message, words);
  return true;
};

/** What an engine must see of its step. @param {string} engine @param {(imported: (name: string) => Promise<Foreign>) => Promise<Step>} prepare */
const behaves = (engine, prepare) =>
  describe(engine, { skip: noPostgres }, () => {
    /** @type {Awaited<ReturnType<typeof setting>>} */
    let set;
    /** @type {Step} */
    let step;
    const imported = (/** @type {string} */ name) => import(`${pathToFileURL(set.folder)}/${name}.js`);
    beforeEach(async () => {
      set = await setting();
      Object.assign(process.env, set.env);
      step = await prepare(imported);
    });
    afterEach(async () => {
      await (await imported("client")).pool.end();
      await set.close();
    });

    test("the step is tried again after the phone rang, and one call was placed", async () => {
      const { sandbox, agentId, client } = set;
      const rules = LOST.map((rule) => sandbox.faults.add(rule));
      await assert.rejects(step(agentId), says(/^calls\.create: the connection failed/));
      assert.equal(sandbox.ledger().callsPlaced, 1);
      for (const rule of rules) sandbox.faults.remove(rule);
      const id = await step(agentId);
      const [call] = (await client.calls.list()).data;
      assert.equal(id, call?.id);
      assert.equal(await step(agentId), id);
      assert.equal(sandbox.ledger().callsPlaced, 1);
    });

    test("what would fail each time ends the workflow", async () => {
      await assert.rejects(step("agt_nobody"), (/** @type {Foreign} */ error) => {
        assert.ok(error.nonRetryable === true || error.name === "NonRetriableError", error.name);
        return says(/calls\.create: Agent not found/)(error);
      });
    });
  });

behaves("Inngest", async (imported) => {
  const { InngestTestEngine } = await load("@inngest/test");
  const { reminder } = await imported("inngest");
  return async (agentId) => {
    const data = { order: "42", agentId, toNumber: TO };
    const engine = new InngestTestEngine({ function: reminder, events: [{ name: "order/due", data }] });
    const { result, error } = await engine.executeStep("remind");
    if (error) throw error;
    return result;
  };
});

behaves("Temporal", async (imported) => {
  const { MockActivityEnvironment } = await load("@temporalio/testing");
  const { remind } = await imported("activities");
  const workflowExecution = { workflowId: "reminder-order-42", runId: "1" };
  return (agentId) => new MockActivityEnvironment({ workflowExecution }).run(remind, agentId, TO);
});

test("the workflow of Temporal compiles for its sandbox, without the client", async () => {
  const { bundleWorkflowCode } = await load("@temporalio/worker");
  const { folder, remove } = project();
  try {
    const logger = new Proxy({}, { get: () => () => {} });
    const { code } = await bundleWorkflowCode({ workflowsPath: join(folder, "workflows.ts"), logger });
    assert.match(code, /proxyActivities/);
    assert.doesNotMatch(code, /agentphone|postgres/i);
  } finally {
    remove();
  }
});
