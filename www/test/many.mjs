// @ts-check
// Many calls, made in a moment: what a sandbox has stored is written down, its one call multiplied, and read
// in again.

import { AgentPhone } from "agentphone-wasm";
import { createSandbox } from "agentphone-wasm/sandbox";

/** The number of the oldest of many calls; each later one has the next. */
export const FIRST = 4155550000;

/**
 * The state of a sandbox in which so many calls are over, a minute apart.
 * @param {number} count
 */
export async function pastCalls(count) {
  const sandbox = createSandbox({ clock: "manual", limits: false });
  const { client, agentId } = await setUp(sandbox);
  await client.calls.create({ agentId, toNumber: "+15005550008" });
  await sandbox.clock.advance(120_000);
  const state = JSON.parse(sandbox.state.save());
  sandbox.close();
  const account = state.world.accounts[0][1];
  const [call] = account.calls;
  const last = call.placed_at;
  account.calls = Array.from({ length: count }, (_, n) => {
    const back = (count - 1 - n) * 60_000;
    return {
      ...call,
      id: `cm${String(n).padStart(23, "0")}`,
      to: `+1${FIRST + n}`,
      placed_at: last - back,
      answered_at: call.answered_at - back,
      ended_at: call.ended_at - back,
      turns: call.turns.slice(-1),
    };
  });
  return JSON.stringify(state);
}

/**
 * The state of a sandbox in which so many people are on the phone, and say something every so often.
 * @param {number} count
 * @param {number} pauseMs
 */
export async function liveCalls(count, pauseMs) {
  const sandbox = createSandbox({ queuedMs: 1, ringingMs: 1, limits: false });
  const { client, agentId } = await setUp(sandbox);
  sandbox.script({
    lines: [{ caller: "And then?", agent: "Then we looked at the order again, and it had left the house on Tuesday." }],
    pauseMs,
    talkMs: 600_000,
    hangup: "nobody",
  });
  for (let n = 0; n < count; n += 1) await client.calls.create({ agentId, toNumber: `+1${FIRST + n}` });
  await new Promise((resolve) => setTimeout(resolve, 200));
  const state = sandbox.state.save();
  sandbox.close();
  return state;
}

/** @param {import("agentphone-wasm/sandbox").Sandbox} sandbox */
async function setUp(sandbox) {
  const client = new AgentPhone({ apiKey: "sk_test", fetch: sandbox.fetch });
  const { id: agentId } = await client.agents.create({
    name: "Front desk",
    voiceMode: "hosted",
    systemPrompt: "Be brief.",
  });
  await client.numbers.buy({ country: "US", agentId });
  return { client, agentId };
}

/**
 * Before the page loads: the sandbox inside it begins with this state.
 * @param {import("playwright-core").Page} page
 * @param {string} state
 */
export const beginWith = (page, state) =>
  page.addInitScript((text) => sessionStorage.setItem("agentphone-sandbox", text), state);
