// @ts-check
// What the tests of conversations share: a thread that Ada began, and the ways to its parts.

/** @typedef {import("./browser.mjs").Page} Page */
/** @typedef {Awaited<ReturnType<typeof import("./browser.mjs").start>>} Site */

export const ADA = "+14155550102";

/**
 * Somebody texts.
 * @param {Site} site
 * @param {{ to: string, from: string, body: string, group?: string }} message
 */
export const inbound = (site, message) =>
  /** @type {{ conversationId: string, id: string }} */ (
    /** @type {unknown} */ (site.sandbox.inbound.message(message))
  );

/**
 * A thread that Ada began, on a sandbox that has forgotten everything else.
 * @param {Site} site
 * @param {"sms" | "imessage"} [type]
 */
export async function thread(site, type = "sms", body = "Do you have rye bread?") {
  site.sandbox.reset();
  const agent = await site.client.agents.create({ name: "Front desk" });
  const number = await site.client.numbers.buy({ agentId: agent.id, type });
  const { conversationId, id } = inbound(site, { to: number.phoneNumber, from: ADA, body });
  return { agent, number, id: conversationId, first: id };
}

export const box = (/** @type {Page} */ page) => page.getByRole("textbox", { name: "Message", exact: true });
export const log = (/** @type {Page} */ page) => page.getByRole("log");
