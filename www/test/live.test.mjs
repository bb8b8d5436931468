// @ts-check
// The console on a real account: it asks before it spends, and never sees the key. A sandbox stands for the API. Who
// may use the proxy, and what it passes on, is tested beside its code in www/server.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AgentPhone } from "agentphone-wasm";
import { memoryLedger } from "agentphone-wasm/ledger";
import { serveSandbox } from "../../sandbox/node/server.mjs";
import { launch } from "../../tests/support/browsers.mjs";
import { serveLive } from "../server/live.mjs";
import { dist, openPage, sound } from "./browser.mjs";

const KEY = "sk_live_a_key_that_only_the_proxy_may_have";
const LIMIT = { timeout: 60_000 };

describe("the console on it", () => {
  test("asks before it spends, says that it is real, and never sees the key", LIMIT, async (t) => {
    const sandbox = await serveSandbox({ limits: false });
    t.after(() => sandbox.close());
    const proxy = await serveLive({ apiKey: KEY, baseUrl: sandbox.url, staticDir: dist });
    t.after(() => proxy.close());
    const browser = await launch();
    t.after(() => browser.close());
    /** @type {string[]} */
    const texts = [];
    const { page, complaints } = await openPage(browser, proxy.address, {}, async (opening) => {
      opening.on(
        "response",
        (response) =>
          void response.text().then(
            (text) => texts.push(text),
            () => {},
          ),
      );
      opening.on("request", (request) => texts.push(JSON.stringify(request.headers())));
    });
    await page.locator("[data-mode=live]").waitFor();
    assert.ok(!page.url().includes("key="), "the secret is out of the address");
    // An agent with a number, so that a call can be placed.
    const api = { headers: { authorization: "Bearer sk_test", "content-type": "application/json" }, method: "POST" };
    const made = await (await fetch(`${sandbox.url}/v1/agents`, { ...api, body: '{"name":"Ada"}' })).json();
    await fetch(`${sandbox.url}/v1/numbers`, { ...api, body: JSON.stringify({ agentId: made.id }) });

    await page.getByRole("button", { name: "Place a call", exact: true }).click();
    await page.getByLabel("To", { exact: true }).fill("(415) 555-0100");
    await page.getByRole("button", { name: "Call", exact: true }).click();
    const question = page.getByRole("dialog", { name: /^Call .*\?$/ });
    await question.waitFor();
    await question.getByRole("button", { name: "Cancel" }).click();
    assert.equal(sandbox.ledger().callsPlaced, 0);
    await page.getByRole("button", { name: "Call", exact: true }).click();
    await page.getByRole("button", { name: "Yes, do it" }).click();
    await page.waitForURL(/#\/calls\/\w/);
    assert.equal(sandbox.ledger().callsPlaced, 1);
    assert.ok(!texts.some((text) => text.includes(KEY)), "the key reached the page");
    assert.ok(!(await page.content()).includes(KEY));
    assert.equal(await page.getByText("Fault lab").count(), 0);
    assert.deepEqual(complaints, []);
  });

  test(
    "a locked tab says what to do without serious faults, in the light, in the dark and on a phone",
    LIMIT,
    async (t) => {
      const proxy = await serveLive({ apiKey: KEY, baseUrl: "http://127.0.0.1:1", staticDir: dist });
      t.after(() => proxy.close());
      const browser = await launch();
      t.after(() => browser.close());
      const { page } = await openPage(browser, proxy.address.slice(0, -1), { viewport: { width: 320, height: 600 } });
      await page.getByText("The address that you opened is incomplete").waitFor();
      await sound(page);
    },
  );
});

describe("what is in doubt on it", () => {
  test("is there again in the next run, and what the command line sent is there, too", LIMIT, async (t) => {
    const sandbox = await serveSandbox({ limits: false });
    t.after(() => sandbox.close());
    const ledger = memoryLedger();
    const browser = await launch();
    t.after(() => browser.close());
    const client = new AgentPhone({
      apiKey: KEY,
      baseUrl: sandbox.url,
      ledger,
      settle: { within: 0 },
      logLevel: "off",
    });
    const agent = await client.agents.create({ name: "Ada" });
    await client.numbers.buy({ agentId: agent.id });
    /** @param {(page: import("playwright-core").Page) => Promise<void>} work */
    const run = async (work) => {
      const proxy = await serveLive({ apiKey: KEY, baseUrl: sandbox.url, staticDir: dist, ledger });
      try {
        const { page } = await openPage(browser, proxy.address);
        await page.locator("[data-mode=live]").waitFor();
        await work(page);
      } finally {
        await proxy.close();
      }
    };
    const doubts = (/** @type {import("playwright-core").Page} */ page) =>
      page.getByRole("list", { name: "In doubt" }).getByRole("listitem");
    await run(async (page) => {
      await page.getByRole("button", { name: "Place a call", exact: true }).click();
      // The sandbox closes the connection and places nothing, which only it can know.
      await page.getByLabel("To", { exact: true }).fill("+15005550202");
      await page.getByRole("button", { name: "Call", exact: true }).click();
      await page.getByRole("button", { name: "Yes, do it" }).click();
      await page.getByText("Not found so far; we keep looking.").waitFor();
    });
    const states = [];
    for await (const { state } of client.effects.pending()) states.push(state);
    assert.deepEqual(states, ["absent_so_far"], "the command line sees it");
    const lost = { agentId: agent.id, toNumber: "+15005550202" };
    await assert.rejects(client.calls.create({ ...lost, toNumber: "+15005550220" }, { idempotencyKey: "order-42" }), {
      outcomeUnknown: true,
    });
    await run(async (page) => {
      await page.getByRole("link", { name: /^In doubt/ }).click();
      await doubts(page).nth(1).waitFor();
      assert.equal(await doubts(page).count(), 2);
      assert.equal(await page.getByText("Find out before you stop it.").count(), 0);
    });
    assert.deepEqual(sandbox.ledger().callsPlaced, 1, "the one that is not listed for a minute");
  });
});
