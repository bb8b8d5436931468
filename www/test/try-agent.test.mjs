// @ts-check
// An agent in a real browser: tried by text and by a call, its figures, its variables, what is about to be saved, and its
// copy.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, serious, shiftsOf, sound, start, watchShifts } from "./browser.mjs";

const LIMIT = { timeout: 60_000 };
const PROMPT = "You answer for a bakery.";
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start();
});
after(() => site?.close());

/** @param {string} hash @param {Record<string, unknown>} [how] */
const open = (hash, how = {}) => site.open(hash, { keep: true, ...how });

/** An agent with a number. @param {Partial<import("agentphone-wasm").CreateAgentRequest>} [fields] */
async function staffed(fields = {}) {
  site.sandbox.reset();
  const agent = await site.client.agents.create({
    name: "Desk",
    voiceMode: "hosted",
    systemPrompt: PROMPT,
    beginMessage: "Hello, the bakery.",
    ...fields,
  });
  const number = await site.client.numbers.buy({ country: "US", agentId: agent.id });
  return { agent, number };
}

test("an agent is tried by text: the event's way to the webhook and the agent's answer are shown", LIMIT, async () => {
  const { agent, number } = await staffed();
  const { page, complaints, close } = await open(`/agents/${agent.id}`);
  const pane = page.getByRole("region", { name: "Try Desk" });
  await pane.getByLabel("Your text").fill("Are you open?");
  await pane.getByRole("button", { name: "Send" }).click();
  await pane.getByText("No webhook is set").waitFor();
  // Unreachable on purpose: what becomes of it is what is shown.
  await site.client.webhooks.set({ url: "http://127.0.0.1:9/hook" });
  await pane.getByLabel("Your text").fill("Hello again");
  await page.keyboard.press("Enter");
  await pane.getByRole("link", { name: "Posted to 127.0.0.1:9" }).waitFor();
  await pane.getByText("Pending").waitFor();
  await site.client.messages.send({ number_id: number.id, to_number: "+14155550100", body: "We are, until six." });
  await pane.getByRole("log").getByText("We are, until six.").waitFor();
  assert.deepEqual(await serious(page), []);
  await pane.getByRole("link", { name: "Posted to 127.0.0.1:9" }).click();
  const dialog = page.getByRole("dialog", { name: "agent.message" });
  await dialog.getByText('"Hello again"').waitFor();
  await dialog.getByText("Connection refused").first().waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test("an agent is tried by a call: it speaks first, answers what is said, and the call is hung up", LIMIT, async () => {
  const { agent } = await staffed();
  const { page, complaints, close } = await open(`/agents/${agent.id}`);
  const pane = page.getByRole("region", { name: "Try Desk" });
  await pane.getByRole("radio", { name: "Call" }).check();
  await pane.getByRole("button", { name: "Start a call" }).click();
  await pane.getByText("Hello, the bakery.").waitFor();
  await pane.getByLabel("You say").fill("Do you have rye bread?");
  await page.keyboard.press("Enter");
  await pane.getByRole("log").getByText("Do you have rye bread?").waitFor();
  await pane.getByText("Is there anything else").waitFor();
  await pane.getByRole("button", { name: "Hang up" }).click();
  await pane.getByRole("button", { name: "Call again" }).waitFor();
  const { data } = await site.client.agents.calls.list(agent.id);
  assert.deepEqual([data.length, data[0]?.status, data[0]?.direction], [1, "completed", "inbound"]);
  await eventually(async () =>
    /1\s*Last 30 days/.test(await page.getByRole("region", { name: "The last 30 days" }).innerText()),
  );
  assert.deepEqual(complaints, []);
  await close();
});

test("an agent without a number cannot be tried, and it says why", LIMIT, async () => {
  site.sandbox.reset();
  const agent = await site.client.agents.create({ name: "Desk" });
  const { page, close } = await open(`/agents/${agent.id}`);
  const pane = page.getByRole("region", { name: "Try Desk" });
  await pane.getByText("Attach a number first").waitFor();
  assert.equal(await pane.getByRole("button", { name: "Send" }).count(), 0);
  await close();
});

test("variables are found as one types, and those that stay in the text are named", LIMIT, async () => {
  const { agent } = await staffed();
  const { page, close } = await open(`/agents/${agent.id}`);
  const note = page.getByRole("region", { name: "Variables" });
  await page.getByLabel("System prompt").waitFor();
  assert.equal(await note.count(), 0);
  await page.getByLabel("System prompt").fill("You call {{name}} about {{ order }} and {shop}.");
  await note.getByText("{{name}}", { exact: true }).waitFor();
  await note.getByText("Write it without spaces").waitFor();
  await note.getByText("{shop}", { exact: true }).waitFor();
  assert.match(await note.getByRole("region").innerText(), /variables: \{ name: "…" \}/);
  assert.deepEqual(await serious(page), []);
  await close();
});

test("changes are reviewed before they are saved, and only they are sent", LIMIT, async () => {
  const { agent } = await staffed();
  const { page, close } = await open(`/agents/${agent.id}`);
  /** @type {unknown[]} */
  const sent = [];
  page.on("request", (request) => {
    if (request.method() === "PATCH") sent.push(request.postDataJSON());
  });
  await page.getByLabel("System prompt").fill("You answer for a small bakery.");
  await page.getByLabel("Said to a voicemail").fill("Call us back.");
  await page.getByRole("button", { name: "Review changes" }).click();
  const dialog = page.getByRole("dialog", { name: "2 changes of Desk" });
  assert.equal(await dialog.locator("ins").first().innerText(), "small ");
  await dialog.getByText("not set").waitFor();
  assert.deepEqual(await serious(page), []);
  await page.keyboard.press("Escape");
  assert.deepEqual(sent, []);
  await page.getByRole("button", { name: "Review changes" }).click();
  await dialog.getByRole("button", { name: "Save 2 changes" }).click();
  await page.getByText("Saved.").waitFor();
  assert.deepEqual(sent, [{ systemPrompt: "You answer for a small bakery.", voicemailMessage: "Call us back." }]);
  await close();
});

test("an agent is duplicated with its settings, once, and without its numbers", LIMIT, async () => {
  const { agent } = await staffed({ voiceSpeed: 1.3, modelTier: "max" });
  const { page, complaints, close } = await open(`/agents/${agent.id}`);
  await page.getByRole("button", { name: "Duplicate" }).click();
  const dialog = page.getByRole("dialog", { name: "Duplicate Desk" });
  assert.equal(await dialog.getByLabel("Name").inputValue(), "Desk copy");
  await dialog.getByLabel("Name").fill("");
  await dialog.getByRole("button", { name: "Duplicate" }).click();
  await dialog.getByText("An agent needs a name.").waitFor();
  await dialog.getByLabel("Name").fill("Night desk");
  await dialog.getByRole("button", { name: "Duplicate" }).dblclick();
  await page.getByRole("heading", { level: 1, name: "Night desk" }).waitFor();
  const { data } = await site.client.agents.list();
  const copy = data.find(({ name }) => name === "Night desk");
  assert.deepEqual(
    [data.length, copy?.systemPrompt, copy?.voiceSpeed, copy?.modelTier, copy?.numbers],
    [2, PROMPT, 1.3, "max", []],
  );
  assert.deepEqual(complaints, []);
  await close();
});

test("the list of agents is sorted by a column, in the address, and has figures", LIMIT, async () => {
  const { agent } = await staffed();
  await site.client.agents.create({ name: "Alpha" });
  await site.client.calls.create({ agentId: agent.id, toNumber: "+15005550001" });
  const { page, close } = await open("/agents");
  const rows = page.getByRole("region", { name: "Agents" }).getByRole("row");
  await rows.nth(2).waitFor();
  await page.getByRole("button", { name: "Name", exact: true }).click();
  await page.getByRole("button", { name: "Name", exact: true }).click();
  assert.match(page.url(), /sort=Name/);
  assert.match(await rows.nth(1).innerText(), /Alpha/);
  await page.getByRole("button", { name: "Calls, 30 days" }).click();
  await eventually(async () => /Desk/.test(await rows.nth(1).innerText()));
  await close();
});

for (const [width, height] of /** @type {const} */ ([
  [390, 844],
  [768, 1024],
  [1024, 768],
  [1440, 900],
  [2560, 1440],
]))
  test(
    `at ${width} pixels an agent fits, moves nothing while it loads, and is sound in light and dark`,
    LIMIT,
    async () => {
      const { agent } = await staffed();
      const { page, complaints, close } = await open(`/agents/${agent.id}`, {
        viewport: { width, height },
        prepare: watchShifts,
      });
      await page.getByRole("region", { name: "Try Desk" }).getByRole("button", { name: "Send" }).waitFor();
      await page.waitForLoadState("networkidle");
      const moved = await shiftsOf(page);
      assert.ok(moved <= 0.05, `${moved}`);
      await sound(page);
      assert.deepEqual(complaints, []);
      await close();
    },
  );
