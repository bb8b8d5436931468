// @ts-check
// Conversations as they are read: what comes in shows up without taking anybody's place or words away, filters and
// threads have addresses, and what others wrote stays text.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sound, start } from "./browser.mjs";
import { ADA, box, inbound, log, thread } from "./threads.mjs";

const LIMIT = { timeout: 40_000 };
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start();
});
after(() => site?.close());

const open = (/** @type {string} */ hash, how = {}) => site.open(hash, { keep: true, ...how });

test(
  "older texts are read as one scrolls up, and what comes meanwhile moves nothing and takes no words away",
  LIMIT,
  async () => {
    const { id, number } = await thread(site, "sms", "The very first");
    for (let index = 1; index <= 120; index += 1) {
      inbound(site, { to: number.phoneNumber, from: ADA, body: `Line ${index}` });
      // Pages go by time: two of one millisecond are one place.
      await new Promise((done) => setTimeout(done, 2));
    }
    const { page, close } = await open(`/conversations/${id}`);
    const texts = log(page);
    await texts.getByText("Line 120", { exact: true }).waitFor();
    assert.equal(await texts.getByText("The very first").count(), 0);
    await box(page).fill("Half a sent");
    await texts.evaluate((element) => (element.scrollTop = 0));
    await texts.getByText("Line 40", { exact: true }).waitFor();
    const place = () =>
      texts
        .getByText("Line 72", { exact: true })
        .evaluate((element) => Math.round(element.getBoundingClientRect().top));
    const before = await place();
    inbound(site, { to: number.phoneNumber, from: ADA, body: "Something new" });
    const fresh = page.getByRole("button", { name: "New messages" });
    await fresh.waitFor();
    assert.ok(Math.abs((await place()) - before) <= 2, "what is read stays where it is");
    assert.equal(await box(page).inputValue(), "Half a sent");
    await fresh.click();
    await page.waitForFunction(() => {
      const element = document.querySelector("[role=log]");
      return element !== null && element.scrollHeight - element.scrollTop - element.clientHeight < 4;
    });
    await page.waitForFunction(() => {
      const element = document.querySelector("[role=log]");
      if (element !== null) element.scrollTop = 0;
      return document.body.textContent?.includes("The very first");
    });
    await close();
  },
);

test("what others write stays text, and an address that is no web address is no link", LIMIT, async () => {
  const { id, number } = await thread(site, "sms", "<img src=x onerror=alert(1)><b>hi</b>");
  site.sandbox.inbound.message(
    /** @type {any} */ ({ to: number.phoneNumber, from: ADA, mediaUrls: ["javascript:alert(1)"] }),
  );
  const { page, complaints, close } = await open(`/conversations/${id}`);
  await log(page).getByText("<img src=x onerror=alert(1)><b>hi</b>").waitFor();
  await log(page).getByRole("list").waitFor();
  assert.equal(await page.locator("[href^='javascript:']").count(), 0);
  assert.deepEqual(complaints, []);
  await close();
});

test("on an iMessage line one reacts, is reacted to, and replies to a text", LIMIT, async () => {
  const { id, first } = await thread(site, "imessage");
  const { page, close } = await open(`/conversations/${id}`);
  const text = log(page).locator(`[data-id="${first}"]`);
  await text.hover();
  await text.getByRole("button", { name: "React" }).click();
  await page.getByRole("button", { name: "Love" }).press("Enter");
  await text.locator("[data-reaction=love]").getByText("Love by you").waitFor();
  await text.hover();
  await text.getByRole("button", { name: "Reply to this" }).click();
  await page.getByText("Reply to “Do you have rye bread?”").waitFor();
  await box(page).fill("Yes!");
  await page.keyboard.press("Enter");
  const answer = log(page).locator("[data-direction=outbound]");
  await answer.getByRole("blockquote").getByText("Do you have rye bread?").waitFor();
  await page.getByRole("button", { name: "Simulate reaction" }).click();
  await answer.locator("[data-reaction=love]").waitFor();
  const operations = site.sandbox.ledger().byOperation;
  assert.ok((operations["conversations.typing"]?.performed ?? 0) >= 1, "they see that somebody writes");
  await close();
});

test("the other side answers in a sandbox, in a group too", LIMIT, async () => {
  const { number } = await thread(site, "imessage");
  const { conversation_id: id } = await site.client.messages.send({
    number_id: number.id,
    recipients: [ADA, "+14155550103"],
    body: "Shall we meet?",
  });
  const { page, close } = await open(`/conversations/${id}`);
  await page.getByLabel(/^Sandbox: as/).fill("On Friday");
  await page.getByRole("button", { name: "Simulate reply" }).click();
  await log(page).locator("[data-direction=inbound]").getByText("On Friday").waitFor();
  await page.getByRole("button", { name: "About this conversation" }).click();
  const about = page.getByRole("dialog");
  await about.getByText("(415) 555-0103").first().waitFor();
  await about.getByRole("textbox", { name: "Name" }).fill("Friends of bread");
  await about.getByRole("button", { name: "Rename" }).click();
  await page.getByRole("heading", { level: 2, name: "Friends of bread" }).waitFor();
  await close();
});

test("metadata is checked before it is sent, saved, and cleared", LIMIT, async () => {
  const { id } = await thread(site);
  const { page, close } = await open(`/conversations/${id}`);
  await page.getByRole("button", { name: "About this conversation" }).click();
  const save = page.getByRole("button", { name: "Save the metadata" });
  const field = page.getByRole("textbox", { name: "Metadata" });
  await field.fill("[1]");
  await save.click();
  await page.getByText("It has to be an object").waitFor();
  await field.fill('{ "step": "booked" }');
  await save.click();
  await page.getByText("The metadata was saved.").waitFor();
  assert.deepEqual((await site.client.conversations.get(id)).metadata, { step: "booked" });
  await close();
});

test("filters stand in the address: words, agent, kind", LIMIT, async () => {
  const { number, agent } = await thread(site);
  const other = await site.client.agents.create({ name: "Delivery" });
  await site.client.contacts.create({ phoneNumber: ADA, name: "Ada Lovelace" });
  for (let index = 0; index < 70; index += 1)
    inbound(site, { to: number.phoneNumber, from: `+1415555${2000 + index}`, body: "A question" });
  const { page, close } = await open("/conversations?q=lovelace");
  const rows = page.getByRole("region", { name: "Conversations" }).getByRole("link");
  // Below the first page: it is read on until it is found.
  await page.getByRole("link", { name: /Ada Lovelace/ }).waitFor();
  assert.equal(await rows.count(), 1);
  await page.goto(`${site.url}/#/conversations?agent=${other.id}`);
  await page.getByText("No conversation fits.").waitFor();
  await page.getByLabel("Agent", { exact: true }).selectOption(agent.id);
  await page.getByRole("link", { name: /555-2069/ }).waitFor();
  await page.getByLabel("Show").selectOption("group");
  await page.waitForURL(/show=group/);
  await page.getByText("No conversation fits.").waitFor();
  await close();
});

test("what came since one looked is marked as new until it is opened", LIMIT, async () => {
  const { id, number } = await thread(site);
  const { page, close } = await open("/conversations");
  await page.getByRole("link", { name: /\(415\) 555-0102/ }).waitFor();
  inbound(site, { to: number.phoneNumber, from: ADA, body: "One more thing" });
  const row = page.getByRole("link", { name: /\(new\)/ });
  await row.getByText("One more thing").waitFor();
  await row.click();
  await log(page).getByText("One more thing").waitFor();
  await page.goto(`${site.url}/#/conversations`);
  await page.getByRole("link", { name: /One more thing/ }).waitFor();
  assert.equal(await row.count(), 0);
  assert.ok(id);
  await close();
});

test("a thread that does not exist is told by its code, beside the list", LIMIT, async () => {
  await thread(site);
  const { page, close } = await open("/conversations/nobody");
  await page.getByRole("alert").getByText("NOT_FOUND", { exact: true }).waitFor();
  await page.getByRole("link", { name: /\(415\) 555-0102/ }).click();
  await log(page).getByText("Do you have rye bread?").waitFor();
  await close();
});

test("a refresh that fails keeps the texts that were there", LIMIT, async () => {
  const { id } = await thread(site);
  const { page, close } = await open(`/conversations/${id}`);
  await log(page).getByText("Do you have rye bread?").waitFor();
  site.sandbox.faults.add({ match: { operation: "conversations.messages.list" }, status: 403, code: "FORBIDDEN" });
  await log(page).getByText("FORBIDDEN", { exact: true }).waitFor();
  assert.equal(await log(page).getByText("Do you have rye bread?").count(), 1);
  site.sandbox.faults.clear();
  await log(page).getByText("FORBIDDEN", { exact: true }).waitFor({ state: "hidden" });
  await close();
});

test("a phone shows the list or the thread, and the way back", LIMIT, async () => {
  const { id } = await thread(site);
  const { page, close } = await open(`/conversations/${id}`, { viewport: { width: 340, height: 740 } });
  await log(page).getByText("Do you have rye bread?").waitFor();
  assert.equal(await page.getByLabel("Find").isVisible(), false);
  await page.getByRole("heading", { level: 1 }).getByRole("link", { name: "Conversations" }).click();
  await page.getByLabel("Find").waitFor();
  assert.equal(await log(page).count(), 0);
  await close();
});

test("conversations with data have no serious fault, light and dark, and fit a phone", LIMIT, async () => {
  const { id, number } = await thread(
    site,
    "imessage",
    "A long text that goes on and on, to see whether anything sticks out of the page: Donaudampfschifffahrtsgesellschaftskapitänswitwe.",
  );
  await site.client.messages.send({
    number_id: number.id,
    to_number: ADA,
    media_urls: ["https://example.com/a-file-with-a-rather-long-name-of-its-own.pdf"],
  });
  for (const [hash, width] of /** @type {const} */ ([
    ["/conversations", 340],
    [`/conversations/${id}`, 340],
    [`/conversations/${id}`, 1280],
    ["/conversations?compose=1", 340],
  ])) {
    const { page, complaints, close } = await open(hash, { viewport: { width, height: 740 } });
    await page.getByText("(415) 555-0102").or(page.getByLabel("To")).first().waitFor();
    await sound(page);
    assert.deepEqual(complaints, []);
    await close();
  }
});
