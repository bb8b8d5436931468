// @ts-check
// The address book: written, found, changed, deleted and brought back; a number that is taken is told with what to
// do, and what others wrote stays text.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, sound, start } from "./browser.mjs";

const LIMIT = { timeout: 40_000 };
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start();
});
after(() => site?.close());

const grace = () =>
  site.client.contacts.create({ phoneNumber: "+14155550101", name: "Grace <b>Hopper</b>", notes: "Prefers texts." });

test("a contact is written down by keyboard alone, its number in any usual form", LIMIT, async () => {
  const { page, complaints, close } = await site.open("/contacts");
  await page.getByRole("button", { name: "New contact" }).focus();
  await page.keyboard.press("Enter");
  // The dialog opens with the first field ready to be filled in.
  await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "name");
  await page.keyboard.type("Ada Lovelace");
  await page.keyboard.press("Tab");
  await page.keyboard.type("(415) 555-0102");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Ada Lovelace" }).waitFor();
  const { data } = await site.client.contacts.list();
  assert.deepEqual(
    data.map(({ phoneNumber, email }) => ({ phoneNumber, email })),
    [{ phoneNumber: "+14155550102", email: null }],
  );
  assert.deepEqual(complaints, []);
  await close();
});

test("a double click writes one contact, and no conflict with itself", LIMIT, async () => {
  const { page, close } = await site.open("/contacts?new=1&phone=%2B14155550103");
  await page.getByLabel("Name").fill("Linus");
  await page.getByRole("button", { name: "Save the contact" }).dblclick();
  await page.getByRole("heading", { level: 1, name: "Linus" }).waitFor();
  assert.equal((await site.client.contacts.list()).total, 1);
  assert.equal(await page.getByRole("alert").count(), 0);
  await close();
});

test("a number that somebody has is refused by its code, and leads to who has it", LIMIT, async () => {
  site.sandbox.reset();
  const contact = await grace();
  const { page, close } = await site.open("/contacts?new=1", { keep: true });
  await page.getByLabel("Name").fill("Somebody else");
  await page.getByRole("dialog").getByLabel("Number").fill("415 555 0101");
  await page.getByRole("button", { name: "Save the contact" }).click();
  await page.getByRole("alert").getByText("CONFLICT", { exact: true }).waitFor();
  assert.equal(await page.getByLabel("Name").inputValue(), "Somebody else", "what was typed is kept");
  await page.getByRole("link", { name: "open Grace <b>Hopper</b>" }).click();
  await page.getByRole("button", { name: "Discard", exact: true }).click();
  await page.waitForURL(new RegExp(`#/contacts/${contact.id}$`));
  await close();
});

test("the search is the server's, and stands in the address", LIMIT, async () => {
  site.sandbox.reset();
  for (let index = 0; index < 130; index += 1)
    await site.client.contacts.create({ phoneNumber: `+1415555${2000 + index}`, name: `Person ${index}` });
  const { page, close } = await site.open("/contacts?q=2129", { keep: true });
  await page.getByRole("link", { name: "Person 129" }).waitFor();
  assert.equal(await page.getByRole("row").count(), 2);
  await page.getByLabel("Search").fill("Person 12");
  await page.waitForURL(/q=Person\+12/);
  await page.getByText("11 in all").waitFor();
  await page.getByLabel("Search").fill("nobody at all");
  await page.getByRole("button", { name: "Show all contacts" }).click();
  await page.getByText("100 of 130").waitFor();
  assert.equal(await page.getByLabel("Search").inputValue(), "");
  await close();
});

test("a number is found as the console itself shows it, and as an address book gives it", LIMIT, async () => {
  site.sandbox.reset();
  await site.client.contacts.create({ name: "Ada Byron", phoneNumber: "+14155550142" });
  await site.client.contacts.create({ name: "Bo", phoneNumber: "+14155550143" });
  const { page, close } = await site.open("/contacts", { keep: true });
  const rows = page.getByRole("region", { name: "contacts" }).locator("tbody tr[aria-rowindex]");
  for (const typed of ["(415) 555-0142", "415.555.0142", "0142", "\u202a+1 (415) 555\u20110142\u202c", "ada"]) {
    await page.getByLabel("Search").fill(typed);
    await eventually(async () => (await rows.count()) === 1 && (await rows.getByText("Ada Byron").count()) === 1);
    await page.getByLabel("Search").fill("");
    await eventually(async () => (await rows.count()) === 2);
  }
  await close();
});

test("a contact is changed, and an emptied field is cleared", LIMIT, async () => {
  site.sandbox.reset();
  const contact = await grace();
  const { page, close } = await site.open(`/contacts/${contact.id}`, { keep: true });
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("Name").fill("Grace Murray Hopper");
  await page.getByLabel("Notes").fill("");
  await page.getByLabel("Email").fill("grace@example.com");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Grace Murray Hopper" }).waitFor();
  const now = await site.client.contacts.get(contact.id);
  assert.deepEqual([now.email, now.notes], ["grace@example.com", null]);
  await close();
});

test("a deleted contact comes back by undo", LIMIT, async () => {
  site.sandbox.reset();
  const contact = await grace();
  const { page, close } = await site.open(`/contacts/${contact.id}`, { keep: true });
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByText("No contacts yet.").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("heading", { level: 1, name: "Grace <b>Hopper</b>" }).waitFor();
  await page.getByText("Prefers texts.").waitFor();
  await close();
});

test("a contact tells what reaches it, and leads to calls and conversations", LIMIT, async () => {
  site.sandbox.reset();
  const contact = await grace();
  const number = await site.client.numbers.buy({});
  const sent = await site.client.messages.send({
    number_id: number.id,
    to_number: contact.phoneNumber,
    body: "Hello there",
  });
  const { page, close } = await site.open(`/contacts/${contact.id}`, { keep: true });
  const reach = page.getByRole("region", { name: "Channels" });
  await reach.getByText("SMS: yes").waitFor();
  await reach.getByText("iMessage: no").waitFor();
  await page.getByRole("button", { name: "Call", exact: true }).click();
  assert.equal(await page.getByRole("dialog").getByLabel("To").inputValue(), "(415) 555-0101");
  await page.keyboard.press("Escape");
  await page.getByText("Hello there").waitFor();
  await page.getByRole("link", { name: "With (415) 555-0150" }).click();
  await page.waitForURL(new RegExp(`#/conversations/${sent.conversation_id}$`));
  await close();
});

test("one question that fails leaves the rest of the page", LIMIT, async () => {
  site.sandbox.reset();
  const contact = await grace();
  site.sandbox.faults.add({ match: { operation: "contacts.capabilities" }, status: 403, code: "FORBIDDEN" });
  const { page, close } = await site.open(`/contacts/${contact.id}`, { keep: true });
  await page.getByRole("alert").getByText("FORBIDDEN", { exact: true }).waitFor();
  await page.getByText("Prefers texts.").waitFor();
  site.sandbox.faults.clear();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("SMS: yes").waitFor();
  await close();
});

test("contacts with data have no serious fault, light and dark, and fit a phone", LIMIT, async () => {
  site.sandbox.reset();
  const contact = await grace();
  for (const hash of ["/contacts", `/contacts/${contact.id}`, "/contacts?new=1"]) {
    const { page, complaints, close } = await site.open(hash, { keep: true, viewport: { width: 340, height: 740 } });
    await page.getByText("Grace <b>Hopper</b>").first().waitFor();
    await sound(page);
    assert.deepEqual(complaints, []);
    await close();
  }
});
