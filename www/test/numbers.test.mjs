// @ts-check
// The numbers' view: money is spent once and said before, nothing is given back by accident, and a number's page
// says what it can do and who answers it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sound, start } from "./browser.mjs";

const LIMIT = { timeout: 40_000 };
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start();
});
after(() => site?.close());

/** An agent, and a number that it answers. */
async function setUp(/** @type {"sms" | "imessage"} */ type = "sms") {
  site.sandbox.reset();
  const agent = await site.client.agents.create({ name: "Front desk", voiceMode: "hosted", systemPrompt: "Be brief." });
  const number = await site.client.numbers.buy({ agentId: agent.id, type, externalId: "<b>desk</b>" });
  return { agent, number };
}

test("a number is bought with the price said before, and a double click buys one", LIMIT, async () => {
  const { page, complaints, close } = await site.open("/numbers");
  await page.getByRole("button", { name: "Buy the first one" }).click();
  const dialog = page.getByRole("dialog", { name: "Buy a number" });
  await dialog.getByText("$3.00 each month").waitFor();
  await dialog.getByRole("searchbox", { name: "Area code" }).fill("415");
  await dialog.getByRole("button", { name: "(415) 555-0150: prefer area code 415" }).waitFor();
  await dialog.getByRole("button", { name: "Buy for $3.00" }).dblclick();
  await page.waitForURL(/#\/numbers\/(?!\?)\w+/);
  await page.getByRole("heading", { level: 1, name: "(415) 555-0150" }).waitFor();
  assert.equal(site.sandbox.ledger().numbersBought, 1);
  assert.deepEqual(complaints, []);
  await close();
});

test("two clicks in one moment buy one number", LIMIT, async () => {
  const { page, close } = await site.open("/numbers?tool=buy");
  await page.getByRole("button", { name: "Buy for $3.00" }).evaluate((/** @type {HTMLButtonElement} */ button) => {
    button.click();
    button.click();
  });
  await page.waitForURL(/#\/numbers\/\w+$/);
  assert.equal(site.sandbox.ledger().numbersBought, 1);
  await close();
});

test("a number whose answer is lost is bought once, and the dialog leads to it", LIMIT, async () => {
  const { page, close } = await site.open("/numbers?tool=buy");
  site.sandbox.faults.add({ match: { operation: "numbers.buy" }, cut: "before-headers", times: 1 });
  const buy = page.getByRole("button", { name: "Buy for $3.00" });
  await buy.click();
  await page.getByText("It was bought.").waitFor();
  assert.equal(await buy.count(), 0);
  await page.getByRole("link", { name: "Open the number" }).click();
  await page.waitForURL(/#\/numbers\/\w+$/);
  assert.equal(site.sandbox.ledger().numbersBought, 1);
  await close();
});

test("an address leads to what is on sale somewhere, and an area code is chosen by a click", LIMIT, async () => {
  const { page, close } = await site.open("/numbers?tool=buy&country=CA&area=604");
  const dialog = page.getByRole("dialog");
  assert.equal(await dialog.getByLabel("Country").inputValue(), "CA");
  assert.equal(await dialog.getByRole("searchbox", { name: "Area code" }).inputValue(), "604");
  await dialog
    .getByRole("button", { name: /\(604\)/ })
    .first()
    .waitFor();
  await dialog.getByLabel("Country").selectOption("US");
  await dialog
    .getByRole("button", { name: /\(212\)/ })
    .first()
    .click();
  await page.waitForURL(/area=212/);
  assert.equal(await dialog.getByRole("searchbox", { name: "Area code" }).inputValue(), "212");
  await close();
});

test("an empty wallet and the limit of numbers are told by their codes", LIMIT, async () => {
  const { page, close } = await site.open("/numbers?tool=buy");
  for (const [status, code] of /** @type {const} */ ([
    [402, "INSUFFICIENT_BALANCE"],
    [400, "VALIDATION_ERROR_NUMBER_LIMIT"],
  ])) {
    site.sandbox.faults.add({ match: { operation: "numbers.buy" }, status, code, times: 1 });
    await page.getByRole("button", { name: "Buy for $3.00" }).click();
    await page.getByRole("alert").filter({ hasText: code }).waitFor();
  }
  assert.equal(site.sandbox.ledger().numbersBought, 0);
  await close();
});

test("release names the number, says that it is for good, and does nothing without a yes", LIMIT, async () => {
  const { number } = await setUp();
  const { page, close } = await site.open(`/numbers/${number.id}`, { keep: true });
  const release = page.getByRole("button", { name: "Release", exact: true });
  // Before it has been looked up how numbers are written, a question asked shows it as the API does.
  await page.getByRole("heading", { name: "(415) 555-0150" }).waitFor();
  await release.click();
  const question = page.getByRole("dialog", { name: "Release (415) 555-0150?" });
  await question.getByText("cannot be taken back").waitFor();
  await page.keyboard.press("Escape");
  await question.waitFor({ state: "hidden" });
  assert.equal((await site.client.numbers.get(number.id)).status, "active");
  assert.equal(await release.evaluate((element) => element === document.activeElement), true, "the focus is back");
  await release.click();
  await question.getByRole("button", { name: "Release (415) 555-0150" }).click();
  await page.getByText("(415) 555-0150 was released.").waitFor();
  await page.getByText("No numbers yet.").waitFor();
  assert.equal((await site.client.numbers.get(number.id)).status, "released");
  await close();
});

test("a number changes its agent, loses it and gets it back", LIMIT, async () => {
  const { number, agent } = await setUp();
  const other = await site.client.agents.create({ name: "Delivery" });
  const { page, close } = await site.open(`/numbers/${number.id}`, { keep: true });
  const card = page.getByRole("region", { name: "Agent" });
  await card.getByRole("link", { name: "Front desk" }).waitFor();
  await card.getByLabel("Change to").selectOption(other.id);
  await card.getByRole("button", { name: "Change" }).click();
  await card.getByRole("link", { name: "Delivery" }).waitFor();
  assert.equal((await site.client.numbers.get(number.id)).agentId, other.id);
  await card.getByRole("button", { name: "Detach" }).click();
  await card.getByText("No agent").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await card.getByRole("link", { name: "Delivery" }).waitFor();
  assert.notEqual(agent.id, other.id);
  await close();
});

test("the contact card is written, kept and deleted", LIMIT, async () => {
  const { number } = await setUp("imessage");
  const { page, close } = await site.open(`/numbers/${number.id}`, { keep: true });
  await page.getByText("0 of 50").waitFor();
  await page.getByRole("button", { name: "Write a card" }).click();
  await page.getByLabel("Display name").fill("Ada <i>at</i> the bakery");
  await page.getByLabel("Address of the picture").fill("https://example.com/ada.png");
  await page.getByRole("button", { name: "Save the card" }).click();
  const card = page.getByRole("region", { name: "Contact card" });
  await card.getByText("Ada <i>at</i> the bakery").waitFor();
  assert.equal((await site.client.numbers.contactCard.get(number.id)).hasAvatar, true);
  await card.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete the card" }).click();
  await card.getByText("people see only the number").waitFor();
  await close();
});

test("the tag and the release by itself are changed", LIMIT, async () => {
  const { number } = await setUp();
  const { page, close } = await site.open(`/numbers/${number.id}`, { keep: true });
  await page.getByText("<b>desk</b>").waitFor();
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("Tag").fill("night line");
  await page.getByLabel("Release by itself").fill("2099-01-02T03:04");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("night line").waitFor();
  assert.match((await site.client.numbers.get(number.id)).expiresAt ?? "", /^2099-01-0/);
  await close();
});

test("a number's page leads to its calls and texts", LIMIT, async () => {
  const { number, agent } = await setUp();
  const call = await site.client.calls.create({ agentId: agent.id, toNumber: "+14155550111" });
  const sent = await site.client.messages.send({
    number_id: number.id,
    to_number: "+14155550112",
    body: "<img src=x> Your order is ready.",
  });
  const { page, complaints, close } = await site.open(`/numbers/${number.id}`, { keep: true });
  assert.equal(
    await page
      .getByRole("region", { name: "Latest calls" })
      .getByRole("link", { name: "(415) 555-0111" })
      .getAttribute("href"),
    `#/calls/${call.id}`,
  );
  const texts = page.getByRole("region", { name: "Latest texts" });
  await texts.getByText("<img src=x> Your order is ready.").waitFor();
  await texts.getByRole("link", { name: "(415) 555-0112" }).click();
  await page.waitForURL(new RegExp(`#/conversations/${sent.conversation_id}$`));
  assert.deepEqual(complaints, []);
  await close();
});

test("numbers are looked up, and too many are refused before they are asked for", LIMIT, async () => {
  const { page, close } = await site.open("/numbers?tool=lookup");
  await page.getByLabel("Numbers", { exact: true }).fill("415 555 0107, +14155550108");
  await page.getByRole("button", { name: "Look up" }).last().click();
  await page.getByRole("cell", { name: "VoIP" }).waitFor();
  await page.getByRole("cell", { name: "Landline" }).waitFor();
  await page
    .getByLabel("Numbers", { exact: true })
    .fill(Array.from({ length: 26 }, (_, index) => `+1415555${2000 + index}`).join("\n"));
  await page.getByRole("button", { name: "Look up" }).last().click();
  await page.getByText("25 numbers at most: there are 26.").waitFor();
  await close();
});

test("the main task is done by keyboard alone", LIMIT, async () => {
  const { page, close } = await site.open("/numbers");
  await page.getByRole("button", { name: "Buy a number" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("searchbox", { name: "Area code" }).focus();
  // Without a pause: what stands there is what is bought.
  await page.keyboard.type("212");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "(212) 555-0150" }).waitFor();
  assert.equal(site.sandbox.ledger().numbersBought, 1);
  await close();
});

/** As a real account looks to the page: the proxy says so, and holds the key. */
async function live(/** @type {import("./browser.mjs").Page} */ page) {
  await page.route("**/__sandbox/health", (route) => route.fulfill({ json: { ok: true, mode: "live" } }));
  await page.route("**/v1/**", (route) =>
    route.continue({ headers: { ...route.request().headers(), authorization: "Bearer sk_test" } }),
  );
}

test("on a real account buying asks first, with the price, and a no costs nothing", LIMIT, async () => {
  const { page, close } = await site.open("/numbers?tool=buy", { prepare: live });
  const buy = page.getByRole("button", { name: "Buy for $3.00" });
  await buy.click();
  const question = page.getByRole("dialog", { name: "Buy a number in US?" });
  await question.getByText("it costs $3.00 now and $3.00 each month").waitFor();
  await question.getByRole("button", { name: "Cancel" }).click();
  assert.equal(site.sandbox.ledger().numbersBought, 0);
  await buy.click();
  await question.getByRole("button", { name: "Yes, do it" }).click();
  await page.getByRole("heading", { level: 1, name: "(415) 555-0150" }).waitFor();
  assert.equal(site.sandbox.ledger().numbersBought, 1);
  await close();
});

test("a number that does not exist is told by its code, with a way on", LIMIT, async () => {
  const { page, close } = await site.open("/numbers/nobody");
  const problem = page.getByRole("alert");
  await problem.getByText("PHONE_NUMBER_NOT_FOUND", { exact: true }).waitFor();
  await problem.getByRole("link", { name: "All numbers" }).click();
  await page.getByText("No numbers yet.").waitFor();
  await close();
});

test("a refresh that fails keeps the list that was there", LIMIT, async () => {
  await setUp();
  const { page, close } = await site.open("/numbers", { keep: true });
  await page.getByRole("link", { name: "(415) 555-0150" }).waitFor();
  site.sandbox.faults.add({ match: { operation: "numbers.list" }, status: 403, code: "FORBIDDEN" });
  await page.getByRole("alert").filter({ hasText: "FORBIDDEN" }).waitFor();
  assert.equal(await page.getByRole("link", { name: "(415) 555-0150" }).count(), 1);
  site.sandbox.faults.clear();
  await close();
});

for (const where of ["list", "number", "buy"]) {
  test(`the ${where} with data has no serious fault, light and dark, and fits a phone`, LIMIT, async () => {
    const { number, agent } = await setUp("imessage");
    await site.client.calls.create({ agentId: agent.id, toNumber: "+15005550001" });
    await site.client.messages.send({
      number_id: number.id,
      to_number: "+14155550112",
      body: "A long text that goes on and on, to see whether anything sticks out of the page.",
    });
    const hash = where === "list" ? "/numbers" : where === "buy" ? "/numbers?tool=buy" : `/numbers/${number.id}`;
    const { page, complaints, close } = await site.open(hash, { keep: true, viewport: { width: 340, height: 740 } });
    await page.getByText("(212) 555-0150").or(page.getByText("(415) 555-0150")).first().waitFor();
    await sound(page);
    assert.deepEqual(complaints, []);
    await close();
  });
}
