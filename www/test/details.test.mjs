// @ts-check
// The views of one object: what was deleted elsewhere is not edited any more, and each tab has a name of its own.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, start } from "./browser.mjs";

const LIMIT = { timeout: 40_000 };
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start();
});
after(() => site?.close());

const agent = () => site.client.agents.create({ name: "Front desk", voiceMode: "hosted", systemPrompt: "Be brief." });
const contact = () => site.client.contacts.create({ phoneNumber: "+14155550100", name: "Ada Baker" });

test("an agent that was deleted elsewhere is no form any more, and no changes hold one back", LIMIT, async () => {
  site.sandbox.reset();
  const { id } = await agent();
  const { page, close } = await site.open(`/agents/${id}`, { keep: true });
  await page.getByLabel("Name", { exact: true }).fill("Night desk");
  await site.client.agents.delete(id);
  await page.getByText("This agent was deleted.").waitFor();
  assert.equal(await page.getByRole("button", { name: /Save changes|Delete|Call from/ }).count(), 0);
  await page.getByRole("alert").getByRole("link", { name: "All agents" }).click();
  await page.getByRole("heading", { level: 1, name: "Agents" }).waitFor();
  assert.equal(await page.getByRole("dialog").count(), 0);
  await close();
});

test("a contact that was deleted elsewhere is neither shown nor edited for good", LIMIT, async () => {
  site.sandbox.reset();
  const { id } = await contact();
  const { page, close } = await site.open(`/contacts/${id}`, { keep: true });
  await page.getByRole("button", { name: "Edit" }).waitFor();
  await site.client.contacts.delete(id);
  await page.getByText("This contact was deleted.").waitFor();
  assert.equal(await page.getByRole("button", { name: /Edit|Delete/ }).count(), 0);
  await close();
});

test("an address of something that is not there says so and leads on", LIMIT, async () => {
  site.sandbox.reset();
  for (const [list, kind] of /** @type {const} */ ([
    ["agents", "agent"],
    ["contacts", "contact"],
    ["numbers", "number"],
    ["calls", "call"],
    ["conversations", "conversation"],
  ])) {
    const { page, close } = await site.open(`/${list}/nothing`, { keep: true });
    await page.getByText(`No ${kind} at this address.`).waitFor();
    await page
      .getByRole("link", { name: `All ${list}` })
      .first()
      .waitFor();
    // No button that could only fail again.
    assert.equal(await page.getByRole("button", { name: "Try again" }).count(), 0, list);
    await close();
  }
});

test("whoever deletes a contact is told that taking it back makes another one", LIMIT, async () => {
  site.sandbox.reset();
  const { id } = await contact();
  const { page, close } = await site.open(`/contacts/${id}`, { keep: true });
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByText("Undo creates the contact anew, with another id").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("Ada Baker is back, with a new id.").waitFor();
  assert.ok(!page.url().includes(id));
  await close();
});

test("tabs of different objects can be told apart by their titles", LIMIT, async () => {
  site.sandbox.reset();
  const desk = await agent();
  const number = await site.client.numbers.buy({ country: "US", agentId: desk.id });
  const call = await site.client.calls.create({ agentId: desk.id, toNumber: "+15005550003" });
  const { id } = await contact();
  site.sandbox.inbound.message({ to: number.phoneNumber, from: "+14155550100", body: "Hello" });
  const [conversation] = (await site.client.conversations.list()).data;
  for (const [hash, title] of /** @type {const} */ ([
    [`/agents/${desk.id}`, "Front desk"],
    [`/numbers/${number.id}`, number.phoneNumber.slice(-4)],
    [`/calls/${call.id}`, "Call to (500) 555-0003"],
    [`/contacts/${id}`, "Ada Baker"],
    [`/conversations/${conversation?.id}`, "Ada Baker"],
    ["/agents/nothing", "Agent"],
    ["/webhooks", "Webhooks"],
  ])) {
    const { page, close } = await site.open(hash, { keep: true });
    await eventually(async () => (await page.title()).includes(title));
    assert.match(await page.title(), / · AgentPhone console$/);
    await close();
  }
});
