// @ts-check
// The console on a real account: it asks before it spends, and never sees the key. A sandbox stands for the API. Who
// may use the proxy, and what it passes on, is tested beside its code in www/server.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
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
