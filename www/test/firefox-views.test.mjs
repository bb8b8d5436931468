// @ts-check
// The views of webhooks and agents, the fault lab and errors in Firefox: dialogs, forms and streams of another engine.

import assert from "node:assert/strict";
import { test } from "node:test";
import { AgentPhone } from "agentphone-wasm";
import puppeteer from "puppeteer-core";
import { serveSandbox } from "../../sandbox/node/server.mjs";
import { findFirefox } from "../../tests/support/browsers.mjs";
import { dist } from "./browser.mjs";

const executablePath = findFirefox();
const how = {
  timeout: 180_000,
  skip: executablePath === undefined ? "neither firefox-esr nor firefox is in PATH" : false,
};

test("a delivery, its check, a try, a review, a refusal and a comparison work without a complaint", how, async (t) => {
  const sandbox = await serveSandbox({ staticDir: dist, limits: false });
  t.after(() => sandbox.close());
  const client = new AgentPhone({ apiKey: "sk_test", baseUrl: sandbox.url });
  const agent = await client.agents.create({ name: "Desk", voiceMode: "hosted", systemPrompt: "Be brief." });
  await client.numbers.buy({ country: "US", agentId: agent.id });
  await client.webhooks.set({ url: "http://127.0.0.1:9/hook" });
  await client.webhooks.test();
  const { data } = await client.webhooks.deliveries.list();

  const browser = await puppeteer.launch({
    browser: "firefox",
    headless: true,
    ...(executablePath === undefined ? {} : { executablePath }),
  });
  t.after(() => browser.close());
  const page = await browser.newPage();
  page.setDefaultTimeout(30_000);
  /** @type {string[]} */
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  /** Waits until a text is in the page. @param {string} text */
  const shown = (text) =>
    page.waitForFunction((wanted) => document.getElementById("app")?.textContent?.includes(wanted), {}, text);
  /** Replaces a field's text. @param {string} field @param {string} text */
  const type = async (field, text) => {
    await page.waitForSelector(field);
    await page.$eval(field, (element) => /** @type {HTMLInputElement} */ (element).select());
    await page.type(field, text);
  };
  /** @param {string} hash */
  const go = async (hash) => {
    await page.goto(`${sandbox.url}/#${hash}`);
    await page.waitForSelector("main h1");
  };

  await go(`/webhooks?delivery=${data[0]?.id}`);
  await shown("x-webhook-signature");
  await page.locator("dialog ::-p-aria(Resend)").click();
  await shown("Attempt 2");
  await page.locator("dialog ::-p-aria(Check the signature)").click();
  await page.locator("dialog ::-p-aria(Try the secrets of this account)").click();
  await shown("It is signed with the secret of the project.");

  await go(`/agents/${agent.id}`);
  await type('form[aria-label="Text to the agent"] input', "Are you open?");
  await page.keyboard.press("Enter");
  await shown("Posted to 127.0.0.1:9");
  await type("form.settings textarea[aria-required]", "Be kind. {{name}}");
  await shown("Each call gives them values");
  await page.locator("::-p-text(Review changes)").click();
  await page.locator("dialog ::-p-text(Save 1 change)").click();
  await shown("Saved.");
  assert.equal((await client.agents.get(agent.id)).systemPrompt, "Be kind. {{name}}");

  await page.locator(".top ::-p-aria(Place a call)").click();
  await type("dialog input[name=to]", "12");
  await page.locator("dialog button[type=submit]").click();
  await page.waitForSelector("dialog [aria-invalid=true]");
  await page.keyboard.press("Escape");
  await page.locator("dialog button.danger").click();

  await go("/lab");
  await page.locator("[aria-label='What to provoke'] button[type=submit]").click();
  await page.waitForSelector("[aria-busy=false] [data-verdict]");
  await page.locator("::-p-text(Compare with both)").click();
  // The official SDK ran before.
  await page.waitForSelector("section[aria-label='Official SDK'] dl");
  await shown("3 calls placed");
  assert.deepEqual(complaints, []);
});
