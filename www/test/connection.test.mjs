// @ts-check
// A server that stops and starts again: one sign says so, nothing is asked in vain, and the view heals by itself.

import assert from "node:assert/strict";
import { test } from "node:test";
import { AgentPhone } from "agentphone-wasm";
import { serveSandbox } from "../../sandbox/node/server.mjs";
import { launch } from "../../tests/support/browsers.mjs";
import { dist, openPage } from "./browser.mjs";

const LIMIT = { timeout: 90_000 };

test(
  "a server that stops is told once, with the time of what one sees, and all is there again when it is back",
  LIMIT,
  async (t) => {
    let server = await serveSandbox({ staticDir: dist, limits: false });
    const { port, url } = server;
    t.after(() => server.close());
    const browser = await launch();
    t.after(() => browser.close());
    const client = new AgentPhone({ apiKey: "sk_test", baseUrl: url });
    const agent = await client.agents.create({ name: "Before" });
    await client.numbers.buy({ agentId: agent.id });
    const { page } = await openPage(browser, `${url}/#/`);
    await page.waitForLoadState("networkidle");
    await server.close();
    const sign = page.getByText("The sandbox does not respond.");
    await sign.waitFor();
    await page.getByText(/What you see is as of \d/).waitFor();
    await page.getByText(/Trying again in \d+ seconds?\./).waitFor();
    assert.equal(await sign.count(), 1);
    // In the place of an error in each part of the view.
    await page.waitForTimeout(8000);
    assert.equal(await page.locator("main [data-code=CONNECTION_ERROR]").count(), 0);
    let asked = 0;
    page.on("request", (request) => {
      if (request.url().includes("/v1/")) asked += 1;
    });
    await page.waitForTimeout(4000);
    assert.ok(asked <= 4, `${asked} requests in vain`);
    server = await serveSandbox({ staticDir: dist, limits: false, port });
    await client.agents.create({ name: "After" });
    await sign.waitFor({ state: "detached", timeout: 25_000 });
    await page.goto(`${url}/#/agents`);
    await page.getByText("After", { exact: true }).waitFor();
    client.dispose();
  },
);

test("one request that is cut is no lost connection", LIMIT, async (t) => {
  const server = await serveSandbox({ staticDir: dist, limits: false });
  t.after(() => server.close());
  const browser = await launch();
  t.after(() => browser.close());
  const { page } = await openPage(browser, `${server.url}/#/agents`);
  await page.waitForLoadState("networkidle");
  server.faults.add({ match: { operation: "agents.list" }, cut: "before-headers" });
  await page.locator("main [data-code=CONNECTION_ERROR]").waitFor({ timeout: 30_000 });
  assert.equal(await page.getByText("does not respond. What you see").count(), 0);
});
