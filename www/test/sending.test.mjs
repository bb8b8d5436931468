// @ts-check
// Texts as they are sent: each reaches somebody once, and is kept in the box when it does not.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { start } from "./browser.mjs";
import { box, inbound, log, thread } from "./threads.mjs";

const LIMIT = { timeout: 40_000 };
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start();
});
after(() => site?.close());

const open = (/** @type {string} */ hash, how = {}) => site.open(hash, { keep: true, ...how });
const sent = () => site.sandbox.ledger().textsSent;
/** @typedef {import("./browser.mjs").Page} Page */

test(
  "a thread is found in the list, answered by keyboard alone, and shows what became of the text",
  LIMIT,
  async () => {
    await thread(site);
    const { page, complaints, close } = await open("/conversations");
    await page.getByRole("link", { name: /\(415\) 555-0102/ }).focus();
    await page.keyboard.press("Enter");
    await log(page).getByText("Do you have rye bread?").waitFor();
    // From the heading over what is beside it to the texts, and on to the box.
    await page.waitForFunction(() => document.activeElement?.tagName === "H2");
    for (
      let step = 0;
      step < 9 && !(await box(page).evaluate((element) => element === document.activeElement));
      step += 1
    )
      await page.keyboard.press("Tab");
    await page.keyboard.type("We do.");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("Until six.");
    await page.keyboard.press("Enter");
    const text = log(page).locator("[data-direction=outbound]");
    await text.getByText("We do.").waitFor();
    await text.getByText("Delivered").waitFor();
    assert.equal(await box(page).inputValue(), "");
    assert.equal(sent(), 1);
    assert.deepEqual(complaints, []);
    await close();
  },
);

test("a text whose answer is lost goes out once, and leaves the box when it comes to light", LIMIT, async () => {
  const { id } = await thread(site);
  const { page, close } = await open(`/conversations/${id}`);
  await page.route("**/v1/numbers/*/messages*", (route) =>
    route.fulfill({ json: { data: [], hasMore: false, total: 0 } }),
  );
  site.sandbox.faults.add({ match: { operation: "messages.send" }, cut: "before-headers", times: 1 });
  await box(page).fill("Your table is ready.");
  await page.keyboard.press("Enter");
  await page.getByText("Not found so far; we keep looking.").waitFor();
  assert.equal(await box(page).inputValue(), "Your table is ready.");
  assert.equal(sent(), 1);
  // Pressed again without looking.
  await box(page).press("Enter");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await page.getByText("It is not known whether the text was sent.").waitFor();
  assert.equal(sent(), 1);
  await page.unroute("**/v1/numbers/*/messages*");
  await page.getByText("It was sent.").waitFor();
  assert.equal(await box(page).inputValue(), "");
  assert.equal(await log(page).locator("[data-direction=outbound]").count(), 1);
  // The same words may be meant a second time.
  await box(page).fill("Your table is ready.");
  await page.keyboard.press("Enter");
  await log(page).locator("[data-direction=outbound]").nth(1).waitFor();
  assert.equal(sent(), 2);
  await close();
});

test("a new message whose answer is lost goes out once", LIMIT, async () => {
  await thread(site);
  const { page, close } = await open("/conversations?compose=1&to=%2B14155550177");
  const dialog = page.getByRole("dialog", { name: "New message" });
  site.sandbox.faults.add({ match: { operation: "messages.send" }, cut: "before-headers", times: 1 });
  await dialog.getByLabel("Message").fill("Your order is ready.");
  await dialog.getByRole("button", { name: "Send" }).click();
  await dialog.getByText("It was sent.").waitFor();
  assert.equal(await dialog.getByRole("button", { name: "Send" }).count(), 0);
  await dialog.getByRole("link", { name: "Look at the conversations" }).click();
  await page.getByRole("link", { name: /\(415\) 555-0177/ }).waitFor();
  assert.equal(await dialog.count(), 0);
  assert.equal(sent(), 1);
  await close();
});

test("a rule of messaging or an empty wallet is told by its code, and the text stays in the box", LIMIT, async () => {
  const { id } = await thread(site);
  const { page, close } = await open(`/conversations/${id}`);
  await box(page).fill("Are you still there?");
  for (const [status, code] of /** @type {const} */ ([
    [409, "CONVERSATION_STREAK_LIMIT"],
    [409, "CONVERSATION_AWAITING_REPLY"],
    [402, "INSUFFICIENT_BALANCE"],
  ])) {
    site.sandbox.faults.add({ match: { operation: "messages.send" }, status, code, times: 1 });
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByRole("alert").getByText(code, { exact: true }).waitFor();
    assert.equal(await box(page).inputValue(), "Are you still there?");
  }
  assert.equal(sent(), 0);
  // Surely not sent: the next try needs no question.
  await page.getByRole("button", { name: "Send" }).click();
  await log(page).locator("[data-direction=outbound]").getByText("Are you still there?").waitFor();
  assert.equal(sent(), 1);
  await close();
});

test("two clicks in one moment send one text", LIMIT, async () => {
  const { id } = await thread(site);
  const { page, close } = await open(`/conversations/${id}`);
  await box(page).fill("Once");
  await page.getByRole("button", { name: "Send" }).evaluate((/** @type {HTMLButtonElement} */ button) => {
    button.click();
    button.click();
  });
  await log(page).locator("[data-direction=outbound]").getByText("Once").waitFor();
  assert.equal(sent(), 1);
  await close();
});

test("a text that fails later says why", LIMIT, async () => {
  const { number } = await thread(site);
  const { conversation_id: id } = await site.client.messages.send({
    number_id: number.id,
    to_number: "+15005550303",
    body: "Hello?",
  });
  const { page, close } = await open(`/conversations/${id}`);
  await log(page).getByText("Landline or unreachable carrier 30006").waitFor();
  await log(page).getByText("Failed").waitFor();
  await close();
});

test("what is written stays with its thread while one looks at another", LIMIT, async () => {
  const { id, number } = await thread(site);
  const other = inbound(site, { to: number.phoneNumber, from: "+14155550103", body: "Another one" });
  const { page, close } = await open(`/conversations/${id}`);
  await box(page).fill("Not finished");
  await page.getByRole("link", { name: /\(415\) 555-0103/ }).click();
  await log(page).getByText("Another one").waitFor();
  assert.equal(await box(page).inputValue(), "");
  assert.match(page.url(), new RegExp(other.conversationId));
  await page.goBack();
  await log(page).getByText("Do you have rye bread?").waitFor();
  assert.equal(await box(page).inputValue(), "Not finished");
  await close();
});

test("letters and segments are counted, and media are links with their names", LIMIT, async () => {
  const { id } = await thread(site);
  const { page, close } = await open(`/conversations/${id}`);
  await box(page).fill("a".repeat(161));
  await page.getByText("161 · 2 segments · $0.02").waitFor();
  await box(page).fill("Žába");
  await page.getByText("4 · 66 left · $0.02").waitFor();
  await page.getByRole("button", { name: "Attach media" }).click();
  await page.getByLabel("Addresses of media").fill("https://example.com/menu%202026.pdf");
  await page.getByRole("button", { name: "Send" }).click();
  const link = log(page).getByRole("link", { name: "menu 2026.pdf" });
  await link.waitFor();
  assert.equal(await link.getAttribute("href"), "https://example.com/menu%202026.pdf");
  assert.equal(await link.getAttribute("rel"), "noopener noreferrer");
  await close();
});

test("somebody new is texted, and a number to send from is asked for first", LIMIT, async () => {
  const { page, close } = await site.open("/conversations");
  await page.getByRole("button", { name: "Send a text" }).click();
  await page.getByRole("link", { name: "Buy a number" }).click();
  await page.getByRole("button", { name: "Buy for $3.00" }).click();
  await page.getByRole("link", { name: "Send a text" }).waitFor();
  await page.goto(`${site.url}/#/conversations?compose=1&to=%2B14155550177`);
  const dialog = page.getByRole("dialog", { name: "New message" });
  await dialog.getByLabel("Message").fill("Your order is ready.");
  site.sandbox.faults.add({ match: { operation: "messages.send" }, status: 403, code: "INBOUND_ONLY", times: 1 });
  await dialog.getByRole("button", { name: "Send" }).click();
  await dialog.getByRole("alert").getByText("INBOUND_ONLY", { exact: true }).waitFor();
  assert.equal(await dialog.getByLabel("Message").inputValue(), "Your order is ready.");
  await dialog.getByRole("button", { name: "Send" }).click();
  await log(page).getByText("Your order is ready.").waitFor();
  assert.equal(sent(), 1);
  await close();
});

test("on a real account a text asks before it costs money, and nobody plays the other side", LIMIT, async () => {
  const { id } = await thread(site);
  const { page, close } = await open(`/conversations/${id}`, {
    prepare: async (/** @type {Page} */ page) => {
      await page.route("**/__sandbox/health", (route) => route.fulfill({ json: { ok: true, mode: "live" } }));
      await page.route("**/v1/**", (route) =>
        route.continue({ headers: { ...route.request().headers(), authorization: "Bearer sk_test" } }),
      );
    },
  });
  // Numbers read as people write them as soon as their library is there.
  await page.getByRole("heading", { level: 2, name: "(415) 555-0102" }).waitFor();
  await box(page).fill("Is it you?");
  await page.keyboard.press("Enter");
  const question = page.getByRole("dialog", { name: "Send a text to (415) 555-0102?" });
  await question.getByText("$0.02").waitFor();
  await question.getByRole("button", { name: "Cancel" }).click();
  assert.equal(sent(), 0);
  assert.equal(await box(page).inputValue(), "Is it you?");
  assert.equal(await page.getByRole("button", { name: /Simulate/ }).count(), 0);
  await close();
});
