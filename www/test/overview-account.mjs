// @ts-check
// An account with some of everything, for the tests of the overview.

/** @typedef {Awaited<ReturnType<typeof import("./browser.mjs").start>>} Site */

export const RECIPIENT = "+14155550100";
/** Soon over. */
export const FAST = "+15005550008";
/** Talks for an hour. */
const TALKER = "+15005550005";
const MARKUP = "<img src=x onerror=alert(1)><b>Bob</b>";

/** An agent with a number. @param {Site} site */
export async function caller(site, name = "Front desk") {
  const agent = await site.client.agents.create({ name, voiceMode: "hosted", systemPrompt: "Be brief." });
  const number = await site.client.numbers.buy({ agentId: agent.id });
  return { agent, number };
}

/** @param {Site} site */
export async function busyAccount(site) {
  site.sandbox.reset();
  const { agent, number } = await caller(site, MARKUP);
  const other = await caller(site, "Night watch");
  for (const toNumber of [FAST, TALKER]) await site.client.calls.create({ agentId: agent.id, toNumber });
  await site.client.calls.create({ agentId: other.agent.id, toNumber: FAST });
  for (const body of ["Your table is ready.", MARKUP])
    await site.client.messages.send({ agent_id: agent.id, to_number: RECIPIENT, body });
  site.sandbox.inbound.message({ to: number.phoneNumber, from: "+16465550123", body: "Are you open?" });
  return { agent, number, other };
}
