// @ts-check
// The webhooks' view in a real browser: set, shown its secret once, tried, replaced, removed; what became of
// deliveries; and the words about verifying, which are run.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { webhooks } from "agentphone-wasm";
import { launch } from "../../tests/support/browsers.mjs";
import { openPage, serious, start, tooWide } from "./browser.mjs";

/** @typedef {import("./browser.mjs").Page} Page */

const LIMIT = { timeout: 40_000 };
const URL_AWAY = "https://example.com/agentphone";
const MARKUP = "<b>nope</b><img src=x>";
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
/** The user's server; it answers with what it is told to. */
const receiver = { status: 200, body: "{}", url: "", asked: 0 };
const server = createServer((request, response) => {
  receiver.asked += 1;
  request.resume().on("end", () => {
    response.statusCode = receiver.status;
    response.end(receiver.body);
  });
});
before(async () => {
  site = await start();
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  receiver.url = `http://127.0.0.1:${address.port}/hook`;
});
after(async () => {
  server.close();
  await site?.close();
});

/** @param {number} [status] @param {string} [body] */
async function withWebhook(status = 200, body = "{}") {
  site.sandbox.reset();
  Object.assign(receiver, { status, body, asked: 0 });
  await site.client.webhooks.set({ url: receiver.url });
}

/** @param {string} hash @param {Record<string, unknown>} [how] */
const open = (hash, how = {}) => site.open(hash, { keep: true, ...how });
/** @param {Page} page */
const card = (page) => page.getByRole("region", { name: "The webhook of the project" });

test("a webhook is set; its secret is shown once and is nowhere in the page afterwards", LIMIT, async () => {
  const { page, complaints, close } = await site.open("/webhooks");
  await page.getByRole("button", { name: "Set a webhook" }).click();
  await page.getByLabel("Address").fill(URL_AWAY);
  await page.getByLabel("Earlier texts it carries").fill("5");
  await page.getByRole("button", { name: "Set the webhook" }).click();
  const dialog = page.getByRole("dialog", { name: "The new secret" });
  await dialog.waitFor();
  const stored = await site.client.webhooks.get();
  assert.deepEqual([stored?.url, stored?.contextLimit, stored?.timeout], [URL_AWAY, 5, 30]);
  const secret = stored?.secret ?? "";
  assert.match(await dialog.innerText(), new RegExp(secret));
  await dialog.getByRole("button", { name: "I have stored it" }).click();
  await card(page).getByText("Up to 5", { exact: true }).waitFor();
  await page.waitForLoadState("networkidle");
  assert.equal((await page.content()).includes(secret), false);
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]));
  assert.equal(kept.includes(secret), false);
  assert.deepEqual(complaints, []);
  await close();
});

test("replacing a webhook says that the old secret dies, and does nothing without a yes", LIMIT, async () => {
  await withWebhook();
  const before = await site.client.webhooks.get();
  const { page, close } = await open("/webhooks");
  await card(page).getByRole("button", { name: "Change" }).click();
  assert.equal(await page.getByLabel("Address").inputValue(), receiver.url);
  await page.getByLabel("Seconds to wait").fill("60");
  await page.getByRole("button", { name: "Replace the webhook" }).click();
  const question = page.getByRole("dialog", { name: "Replace the webhook?" });
  assert.match(await question.innerText(), /worthless at once/);
  await question.getByRole("button", { name: "Cancel" }).click();
  assert.deepEqual(await site.client.webhooks.get(), before);
  await page.getByRole("button", { name: "Replace the webhook" }).click();
  await question.getByRole("button", { name: "Replace it" }).click();
  await page.getByRole("dialog", { name: "The new secret" }).waitFor();
  const now = await site.client.webhooks.get();
  assert.equal(now?.timeout, 60);
  assert.notEqual(now?.secret, before?.secret);
  await close();
});

test("what the page and what the API refuses stands at its field", LIMIT, async () => {
  const { page, close } = await site.open("/webhooks");
  await page.getByRole("button", { name: "Set a webhook" }).click();
  await page.getByLabel("Address").fill("example.com");
  await page.getByLabel("Earlier texts it carries").fill("51");
  await page.getByLabel("Seconds to wait").fill("4");
  await page.getByRole("button", { name: "Set the webhook" }).click();
  for (const words of [/^An address, as in/, "A whole number from 0 to 50.", "A whole number from 5 to 120."])
    await page.getByText(words).waitFor();
  await page.getByLabel("Address").fill("https://bücher.example/");
  await page.getByLabel("Earlier texts it carries").fill("0");
  await page.getByLabel("Seconds to wait").fill("5");
  await page.getByRole("button", { name: "Set the webhook" }).click();
  await page.locator('[data-code="VALIDATION_ERROR"]').waitFor();
  assert.equal(await page.getByLabel("Address").getAttribute("aria-invalid"), "true");
  assert.equal(await site.client.webhooks.get(), null);
  await close();
});

test("a test event tells what the server answered, and is among the deliveries", LIMIT, async () => {
  await withWebhook();
  const { page, close } = await open("/webhooks");
  await card(page).getByRole("button", { name: "Send a test event" }).click();
  await card(page).getByText("Your server answered 200").waitFor();
  assert.equal(receiver.asked, 1);
  receiver.status = 503;
  await card(page).getByRole("button", { name: "Send a test event" }).click();
  await card(page).getByText("Your server answered 503").waitFor();
  await page.getByRole("region", { name: "Deliveries" }).getByText("Failed").first().waitFor();
  await page.getByRole("region", { name: "All time" }).getByText("50%").waitFor();
  await close();
});

test("a delivery has an address: what the server said is text, and Escape leads back to its row", LIMIT, async () => {
  await withWebhook(500, MARKUP);
  await site.client.webhooks.test();
  const { data } = await site.client.webhooks.deliveries.list();
  const { page, close } = await open(`/webhooks?delivery=${data[0]?.id}`);
  const dialog = page.getByRole("dialog", { name: "agent.message" });
  await dialog.getByText(MARKUP).waitFor();
  await dialog.getByText("HTTP 500", { exact: true }).waitFor();
  assert.equal(await page.locator("main b, main img").count(), 0);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.match(page.url(), /#\/webhooks$/);
  const row = page.getByRole("region", { name: "Deliveries" }).getByRole("link").first();
  await row.focus();
  await page.keyboard.press("Enter");
  await dialog.waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.equal(await row.evaluate((link) => link === document.activeElement), true);
  await close();
});

test("deliveries are filtered by what the address says, also those of an agent's own webhook", LIMIT, async () => {
  await withWebhook();
  const agent = await site.client.agents.create({ name: "Own" });
  await site.client.agents.webhook.set(agent.id, { url: receiver.url });
  await site.client.webhooks.test();
  receiver.status = 410;
  await site.client.webhooks.test();
  await site.client.agents.webhook.test(agent.id);
  const { page, close } = await open("/webhooks?status=failed&hours=all");
  const rows = page.getByRole("region", { name: "Deliveries" }).getByRole("row");
  await page.getByText("1 of 2 fits").waitFor();
  assert.equal(await rows.count(), 2);
  await page.getByLabel("Status", { exact: true }).selectOption("pending");
  await page.getByText("No delivery fits").waitFor();
  assert.match(page.url(), /status=pending/);
  await page.getByRole("link", { name: "Deliveries of Own" }).click();
  await page.getByText("1 in all").waitFor();
  assert.equal(await page.getByLabel("Webhook", { exact: true }).inputValue(), agent.id);
  await close();
});

test("an agent's page says where its events go, and sets a webhook of its own", LIMIT, async () => {
  await withWebhook();
  const agent = await site.client.agents.create({ name: "Own" });
  const { page, close } = await open(`/agents/${agent.id}`);
  const own = page.getByRole("region", { name: "The webhook of Own" });
  await own.getByRole("link", { name: receiver.url }).waitFor();
  await own.getByRole("button", { name: "Set a webhook" }).click();
  await page.getByLabel("Address").fill(`${receiver.url}/own`);
  await page.getByRole("button", { name: "Set the webhook" }).click();
  await page.getByRole("dialog", { name: "The new secret" }).getByRole("button", { name: "I have stored it" }).click();
  await own.getByRole("button", { name: "Send a test event" }).click();
  await own.getByText("Your server answered 200").waitFor();
  await own.getByRole("button", { name: "Remove" }).click();
  await page
    .getByRole("dialog", { name: "Remove the webhook of Own?" })
    .getByRole("button", { name: "Remove the webhook" })
    .click();
  await own.getByRole("link", { name: receiver.url }).waitFor();
  assert.equal(await site.client.agents.webhook.get(agent.id), null);
  assert.notEqual(await site.client.webhooks.get(), null);
  await close();
});

test("a webhook is set, tried and removed with the keyboard alone", LIMIT, async () => {
  await withWebhook();
  await site.client.webhooks.delete();
  const { page, close } = await open("/webhooks");
  await page.getByRole("button", { name: "Set a webhook" }).focus();
  await page.keyboard.press("Enter");
  await page.getByLabel("Address").and(page.locator(":focus")).waitFor();
  await page.keyboard.type(receiver.url);
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "The new secret" }).waitFor();
  await page.keyboard.press("Escape");
  await card(page).getByRole("button", { name: "Send a test event" }).focus();
  await page.keyboard.press("Enter");
  await card(page).getByText("Your server answered 200").waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Remove the webhook of the project?" }).waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Remove the webhook" }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("Nothing is posted anywhere yet.").waitFor();
  await close();
});

test("the snippet verifies what is signed and refuses what is not", LIMIT, async () => {
  const { page, close } = await site.open("/webhooks");
  await page.getByText("Verify signatures").click();
  const shown = await page.getByRole("region", { name: "How a server verifies signatures" }).innerText();
  await close();
  const code = shown.replace('"agentphone-wasm"', JSON.stringify(import.meta.resolve("agentphone-wasm")));
  const { POST } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  const secret = "whsec_0123456789012345678901234567890123456789";
  process.env.AGENTPHONE_WEBHOOK_SECRET = secret;
  const body = JSON.stringify({
    event: "agent.message",
    channel: "sms",
    timestamp: new Date().toISOString(),
    agentId: null,
    data: { message: "Hello" },
    recentHistory: [],
  });
  const ask = (/** @type {Record<string, string>} */ headers) =>
    POST(new Request("https://example.com/", { method: "POST", headers, body }));
  assert.equal((await ask(webhooks.sign({ body, secret }))).status, 204);
  assert.equal((await ask(webhooks.sign({ body, secret: `${secret}x` }))).status, 400);
  assert.equal((await ask({})).status, 400);
});

test("in the sandbox of the page it says that the page answers by itself", LIMIT, async () => {
  const browser = await launch();
  // A server without a sandbox: the static build alone.
  const { page, close } = await openPage(browser, `${site.url}/#/webhooks`, {}, (page) =>
    page.route("**/__sandbox/health", (route) => route.fulfill({ json: { mode: "page" } })),
  );
  await page.getByText("the page answers its webhooks itself").waitFor();
  await page.getByRole("button", { name: "Set a webhook" }).click();
  await page.getByLabel("Address").fill(URL_AWAY);
  await page.getByRole("button", { name: "Set the webhook" }).click();
  await page.getByRole("button", { name: "I have stored it" }).click();
  await page.getByRole("button", { name: "Send a test event" }).click();
  await page.getByText("Delivered", { exact: true }).first().waitFor();
  await close();
  await browser.close();
});

test("what fails is said by its code, and old data stays", LIMIT, async () => {
  await withWebhook();
  await site.client.webhooks.test();
  const { page, close } = await open("/webhooks");
  const deliveries = page.getByRole("region", { name: "Deliveries" });
  await deliveries.getByRole("link").first().waitFor();
  site.sandbox.faults.add({ match: { operation: "webhooks.deliveries.list" }, status: 403, code: "FORBIDDEN" });
  await page.locator('main [data-code="FORBIDDEN"]').first().waitFor();
  assert.equal((await deliveries.getByRole("link").count()) > 0, true);
  site.sandbox.faults.add({
    match: { operation: "webhooks.test" },
    status: 429,
    code: "RATE_LIMIT_EXCEEDED",
    headers: { "retry-after": "3600" },
  });
  await card(page).getByRole("button", { name: "Send a test event" }).click();
  await page.locator('[data-code="RATE_LIMIT_EXCEEDED"]').waitFor();
  site.sandbox.faults.clear();
  await close();
});

test("with data on it the view is sound for who listens, in the light, the dark and on a phone", LIMIT, async () => {
  await withWebhook(500, MARKUP);
  const agent = await site.client.agents.create({
    name: "A name that is much too long for the little room that there is beside it",
  });
  await site.client.agents.webhook.set(agent.id, { url: `${URL_AWAY}/${"long/".repeat(20)}` });
  for (let n = 0; n < 3; n += 1) await site.client.webhooks.test();
  const { page, complaints, close } = await open("/webhooks", { viewport: { width: 340, height: 740 } });
  await page.getByRole("list", { name: "Agents with a webhook of their own" }).waitFor();
  await page.getByText("3 in all").waitFor();
  await page.getByText("Verify signatures").click();
  assert.equal(await tooWide(page), 0);
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: colorScheme === "dark" ? 1280 : 340, height: 800 });
    assert.deepEqual(await serious(page), []);
  }
  await card(page).getByRole("button", { name: "Change" }).click();
  await page.getByLabel("Seconds to wait").fill("");
  await page.getByRole("button", { name: "Replace the webhook" }).click();
  await page.getByText("A whole number from 5 to 120.").waitFor();
  assert.deepEqual(await serious(page), []);
  assert.deepEqual(complaints, []);
  await close();
});
