// @ts-check
// One delivery in a real browser: what was sent and what came back, one more attempt, what it is about; the filters of the
// log; and the signature checker.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { webhooks } from "agentphone-wasm";
import { serveLive } from "../server/live.mjs";
import { dist, eventually, openPage, serious, shiftsOf, sound, start, watchShifts } from "./browser.mjs";

/** @typedef {import("./browser.mjs").Page} Page */

const LIMIT = { timeout: 60_000 };
const MARKUP = "<b>nope</b><img src=x>";
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
/** The user's server; it responds as configured. */
const receiver = {
  status: 200,
  body: "{}",
  url: "",
  got: /** @type {{ headers: Record<string, unknown>, body: string }[]} */ ([]),
};
const server = createServer((request, response) => {
  let body = "";
  request
    .setEncoding("utf8")
    .on("data", (piece) => (body += piece))
    .on("end", () => {
      receiver.got.push({ headers: request.headers, body });
      response.writeHead(receiver.status, { "x-served-by": "test" }).end(receiver.body);
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

/** @param {string} hash @param {Record<string, unknown>} [how] */
const open = (hash, how = {}) => site.open(hash, { keep: true, ...how });

/** An agent with a number and the project's webhook. */
async function staffed(status = 200, body = "{}") {
  site.sandbox.reset();
  Object.assign(receiver, { status, body, got: [] });
  const { secret } = await site.client.webhooks.set({ url: receiver.url });
  const agent = await site.client.agents.create({ name: "Desk", voiceMode: "hosted", systemPrompt: "Be brief." });
  await site.client.numbers.buy({ country: "US", agentId: agent.id });
  return { secret, agent };
}

/** A text comes in and is posted. */
async function texted() {
  site.sandbox.inbound.message({ body: "Are you open?" });
  await eventually(async () => (await site.client.webhooks.deliveries.list()).data[0]?.httpStatus != null);
  const { data } = await site.client.webhooks.deliveries.list();
  assert.ok(data[0]);
  return data[0];
}

test(
  "a delivery shows request and response side by side, is sent again, and leads to its conversation",
  LIMIT,
  async () => {
    await staffed(500, MARKUP);
    const { id } = await texted();
    const { page, complaints, close } = await open(`/webhooks?delivery=${id}`);
    const dialog = page.getByRole("dialog", { name: "agent.message" });
    const request = dialog.getByRole("region", { name: "Request", exact: true });
    await request.getByText("x-webhook-signature").waitFor();
    await request.getByText(String(receiver.got[0]?.headers["x-webhook-signature"])).waitFor();
    await request.getByText('"Are you open?"').waitFor();
    const response = dialog.getByRole("region", { name: "Response", exact: true });
    await response.getByText("x-served-by").waitFor();
    await response.getByText(MARKUP).waitFor();
    const [left, right] = [await request.boundingBox(), await response.boundingBox()];
    assert.ok(left && right && left.x + left.width <= right.x && left.y === right.y, "they are side by side");
    assert.deepEqual(await serious(page), []);

    Object.assign(receiver, { status: 200, body: "ok" });
    await dialog.getByRole("button", { name: "Resend" }).click();
    await dialog.getByRole("button", { name: /Attempt 2.*HTTP 200/s }).waitFor();
    await dialog.getByText("Success").first().waitFor();
    assert.equal(receiver.got[1]?.body, receiver.got[0]?.body);
    await dialog.getByRole("button", { name: /Attempt 1.*HTTP 500/s }).click();
    await response.getByText(MARKUP).waitFor();
    await dialog.getByRole("link", { name: "Open the conversation" }).click();
    await page.getByText("Are you open?").first().waitFor();
    assert.match(page.url(), /#\/conversations\//);
    assert.deepEqual(complaints, []);
    await close();
  },
);

test(
  "the log is filtered by event and by failure in the address, sorted, and a filter is taken off again",
  LIMIT,
  async () => {
    const { agent } = await staffed(200);
    await texted();
    receiver.status = 410;
    site.sandbox.inbound.call({ agentId: agent.id, script: { lines: [], hangup: "caller" } });
    await eventually(async () =>
      (await site.client.webhooks.deliveries.list()).data.some(
        (one) => one.eventType === "agent.call_ended" && one.httpStatus === 410,
      ),
    );
    const { page, close } = await open("/webhooks?status=trouble&sort=-When");
    const log = page.getByRole("region", { name: "Deliveries", exact: true });
    await log.getByText("agent.call_ended").waitFor();
    assert.equal(await log.getByText("agent.message").count(), 0);
    await page.getByLabel("Event", { exact: true }).selectOption("agent.message");
    await page.getByText("No delivery fits").waitFor();
    assert.match(page.url(), /event=agent\.message/);
    await page.getByRole("button", { name: "Remove the filter Status" }).click();
    await log.getByText("agent.message").waitFor();
    assert.doesNotMatch(page.url(), /status=/);
    await page.getByRole("button", { name: "Reset" }).click();
    await page.getByText("2 in all").waitFor();
    await page.getByRole("button", { name: "Event", exact: true }).click();
    assert.match(page.url(), /sort=-Event/);
    assert.match(await log.getByRole("row").nth(1).innerText(), /agent\.message/);
    await close();
  },
);

test("the checker says what is wrong with a pasted delivery, and sends it nowhere", LIMIT, async () => {
  const { secret } = await staffed();
  const body = JSON.stringify({ event: "agent.message", channel: "sms", data: { message: "Hi" } });
  const headers = Object.entries(webhooks.sign({ body, secret }))
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
  const { page, complaints, close } = await open("/webhooks");
  await page.getByRole("link", { name: "Check a signature" }).click();
  await page.waitForLoadState("networkidle");
  const dialog = page.getByRole("dialog", { name: "Check a signature" });
  const result = dialog.getByRole("status", { name: "Result" });
  /** @type {string[]} */
  const sent = [];
  page.on("request", (request) => sent.push(`${request.url()} ${request.postData() ?? ""}`));
  await dialog.getByLabel("Headers").fill(headers);
  await dialog.getByLabel("Body").fill(body);
  await result.getByText("The secret is missing").waitFor();
  await dialog.getByLabel("Secret").fill("whsec_wrong");
  await result.getByText("It does not verify.").waitFor();
  await dialog.getByLabel("Secret").fill(secret.slice(6));
  await result.getByText("The secret lacks its prefix").waitFor();
  await dialog.getByLabel("Secret").fill(secret);
  await result.getByText("Genuine: the signature is right.").waitFor();
  await dialog.getByLabel("Body").fill(JSON.stringify(JSON.parse(body), null, 2));
  await result.getByText("parsed as JSON").waitFor();
  await result.getByText("express.raw").waitFor();
  assert.deepEqual(await serious(page), []);
  assert.deepEqual(
    sent.filter((one) => one.includes(secret.slice(6)) || one.includes('"Hi"')),
    [],
  );
  // What was pasted is not thrown away without a question.
  await page.keyboard.press("Escape");
  await dialog.getByText("Discard what you have entered?").waitFor();
  await dialog.getByRole("button", { name: "Discard" }).click();
  await dialog.waitFor({ state: "detached" });
  assert.match(page.url(), /#\/webhooks$/);
  assert.deepEqual(complaints, []);
  await close();
});

test("a delivery is checked with the account's own secrets, which stay out of the page", LIMIT, async () => {
  const { secret, agent } = await staffed(500);
  const own = await site.client.agents.webhook.set(agent.id, { url: receiver.url });
  await site.client.agents.webhook.test(agent.id);
  const { data } = await site.client.agents.webhook.deliveries.list(agent.id);
  const { page, close } = await open(`/webhooks?agent=${agent.id}&delivery=${data[0]?.id}`);
  await page.getByRole("button", { name: "Check the signature" }).click();
  const dialog = page.getByRole("dialog", { name: "Check a signature" });
  assert.match(await dialog.getByLabel("Headers").inputValue(), /x-webhook-signature: sha256=/);
  await dialog.getByRole("button", { name: "Try the secrets of this account" }).click();
  await dialog.getByText("It is signed with the secret of the agent Desk.").waitFor();
  const shown = await page.content();
  assert.equal(shown.includes(secret) || shown.includes(own.secret), false);
  await close();
});

test(
  "on a real account a delivery shows what the API's log has, and nothing that only a sandbox can do",
  LIMIT,
  async (t) => {
    const { agent } = await staffed(500, MARKUP);
    await texted();
    const { data } = await site.client.webhooks.deliveries.list();
    const key = "sk_live_a_key_that_only_the_proxy_may_have";
    const proxy = await serveLive({ apiKey: key, baseUrl: site.url, staticDir: dist });
    t.after(() => proxy.close());
    const { page, complaints, close } = await openPage(site.browser, proxy.address);
    await page.evaluate((to) => (location.hash = to), `#/webhooks?delivery=${data[0]?.id}`);
    const dialog = page.getByRole("dialog", { name: "agent.message" });
    await dialog.getByText("log has no requests").waitFor();
    await dialog.getByText(MARKUP).waitFor();
    assert.equal(await dialog.getByRole("button", { name: "Resend" }).count(), 0);
    await page.keyboard.press("Escape");
    await page.evaluate((to) => (location.hash = to), `#/agents/${agent.id}`);
    await page.getByRole("region", { name: "The last 30 days" }).waitFor();
    assert.equal(await page.getByRole("region", { name: "Try Desk" }).count(), 0);
    assert.deepEqual(complaints, []);
    await close();
  },
);

test("a delivery is opened, looked through and sent again with the keyboard alone", LIMIT, async () => {
  await staffed(500);
  await texted();
  const { page, close } = await open("/webhooks");
  const row = page.getByRole("region", { name: "Deliveries", exact: true }).getByRole("link").first();
  await row.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "agent.message" });
  const tabTo = async (/** @type {import("playwright-core").Locator} */ what) => {
    for (let n = 0; n < 20; n += 1) {
      if (await what.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press("Tab");
    }
    assert.fail("cannot be reached with the Tab key");
  };
  const resend = dialog.getByRole("button", { name: "Resend" });
  await resend.waitFor();
  await tabTo(resend);
  await page.keyboard.press("Enter");
  await dialog.getByRole("button", { name: /Attempt 2/ }).waitFor();
  const first = dialog.getByRole("button", { name: /Attempt 1/ });
  await tabTo(first);
  await page.keyboard.press("Space");
  assert.equal(await first.getAttribute("aria-pressed"), "true");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.equal(await row.evaluate((link) => link === document.activeElement), true);
  await close();
});

for (const [width, height] of /** @type {const} */ ([
  [390, 844],
  [768, 1024],
  [1024, 768],
  [1440, 900],
  [2560, 1440],
]))
  test(`at ${width} pixels nothing sticks out, in the view, in a delivery and in the checker`, LIMIT, async () => {
    await staffed(500, "x".repeat(3000));
    const { id } = await texted();
    for (const [hash, ready] of /** @type {const} */ ([
      ["/webhooks", "Deliveries"],
      [`/webhooks?delivery=${id}`, "x-webhook-signature"],
      ["/webhooks?check=1", "The result appears here"],
    ])) {
      const { page, close } = await open(hash, { viewport: { width, height } });
      await page.getByText(ready).first().waitFor();
      await sound(page);
      const over = await page.evaluate(() => {
        const dialog = document.querySelector("dialog");
        return dialog === null ? 0 : dialog.scrollWidth - dialog.clientWidth;
      });
      assert.equal(over, 0, hash);
      await close();
    }
  });

test("nothing moves while the view loads, with data and without, on a desk and on a phone", LIMIT, async () => {
  for (const full of [true, false])
    for (const viewport of [
      { width: 1440, height: 900 },
      { width: 390, height: 844 },
    ]) {
      if (full) {
        await staffed(500);
        await texted();
      } else site.sandbox.reset();
      const { page, close } = await open("/webhooks", { viewport, prepare: watchShifts });
      await page
        .getByText(full ? "in all" : "No deliveries")
        .first()
        .waitFor();
      await page.waitForLoadState("networkidle");
      const moved = await shiftsOf(page);
      assert.ok(moved <= 0.05, `${moved} at ${viewport.width}, ${full ? "with data" : "empty"}`);
      await close();
    }
});

test("on a phone the button for the filters is beside the heading, and what it opens below both", LIMIT, async () => {
  await staffed();
  const { page, close } = await open("/webhooks", { viewport: { width: 390, height: 844 } });
  const heading = page.getByRole("heading", { name: "Deliveries" });
  const button = page.getByRole("button", { name: "Filters" });
  const inOneRow = async () => {
    const [left, right] = [await heading.boundingBox(), await button.boundingBox()];
    assert.ok(
      left &&
        right &&
        left.x + left.width <= right.x &&
        left.y < right.y + right.height &&
        right.y < left.y + left.height,
    );
    return right.y + right.height;
  };
  await inOneRow();
  await button.click();
  const end = await inOneRow();
  const field = await page.getByLabel("When").boundingBox();
  assert.ok(field && field.y >= end, "the fields are below");
  await close();
});
