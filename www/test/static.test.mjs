// @ts-check
// The static build behind a plain web server: the sandbox runs in the page, nothing else is asked, and what was
// done is there after a reload.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serious } from "./browser.mjs";
import { OF_LISTS, provoke } from "./lab-page.mjs";
import { startStatic } from "./static-site.mjs";

const LIMIT = { timeout: 60_000 };
/** @type {Awaited<ReturnType<typeof startStatic>>} */
let site;
before(async () => {
  site = await startStatic();
});
after(() => site?.close());

test(
  "a call is placed and speaks with no server at all, and nothing but the page's own host is asked",
  LIMIT,
  async () => {
    /** @type {string[]} */
    const asked = [];
    const { page, complaints, close } = await site.open("/", {
      prepare: (p) => Promise.resolve(void p.context().on("request", (request) => asked.push(request.url()))),
    });
    await page.getByText(/A local AgentPhone inside this page/).waitFor();
    await page.getByRole("button", { name: "Place your first call" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Set up and call" }).click();
    await page.waitForURL(/#\/calls\/\w/);
    await page.getByText("Completed").first().waitFor();
    await page.getByRole("link", { name: "Overview" }).click();
    await page
      .getByRole("img", { name: /^Chart\. By day: 1 call / })
      .locator("canvas")
      .waitFor();
    assert.ok(asked.length > 5, asked.join("\n"));
    assert.deepEqual(
      asked.filter((url) => new URL(url).origin !== site.url),
      [],
    );
    assert.deepEqual(
      asked.filter((url) => new URL(url).pathname.startsWith("/v1/")),
      [],
      "the API is inside the page",
    );
    assert.deepEqual(complaints, []);
    await close();
  },
);

test("a reload keeps what was done, and another tab begins anew", LIMIT, async () => {
  const { page, close } = await site.open("/");
  await page.getByRole("button", { name: "Place your first call" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Set up and call" }).click();
  await page.waitForURL(/#\/calls\/\w/);
  const address = page.url();
  await page.reload();
  await page.waitForSelector("[data-mode=page]");
  assert.equal(page.url(), address);
  await page.getByText("Completed").first().waitFor();
  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByText("2 of 4 done").or(page.getByText("3 of 4 done")).waitFor();
  await close();
  const other = await site.open("/");
  await other.page.getByText("0 of 4 done").waitFor();
  await other.close();
});

test("every fault of the lab runs in the page, and none is told wrongly", { timeout: 120_000 }, async (t) => {
  const { page, complaints, close } = await site.open("/lab?retries=0");
  const faults = await page
    .getByLabel("What goes wrong")
    .locator("option")
    .evaluateAll((all) => all.map((o) => /** @type {HTMLOptionElement} */ (o).value));
  assert.ok(faults.length > 40);
  for (const fault of faults) {
    await t.test(fault, async () => {
      const operation = OF_LISTS.includes(fault) ? "calls.list" : "calls.create";
      const { verdict, why, counted, attempts } = await provoke(page, fault, operation);
      assert.notEqual(verdict, "bad", why);
      if (fault !== "burst") assert.equal(counted.Received, `${attempts.length} request by the sandbox`);
    });
  }
  assert.deepEqual(
    complaints.filter((line) => !line.startsWith("agentphone: ")),
    [],
  );
  await close();
});

for (const operation of [
  "messages.send",
  "numbers.buy",
  "webhooks.set",
  "numbers.release",
  "calls.list",
  "calls.transcript.stream",
]) {
  test(`${operation}: a lost answer, a late one and a refusal are told truly`, LIMIT, async () => {
    const { page, close } = await site.open("/lab");
    for (const fault of ["cut-before-headers", "stall-body", "503-retry-after"]) {
      const { verdict, why } = await provoke(page, fault, operation, { hits: "first" });
      assert.notEqual(verdict, "bad", `${fault}: ${why}`);
    }
    await close();
  });
}

test("the page-mode overview has no serious fault for who listens", LIMIT, async () => {
  const { page, close } = await site.open("/");
  await page.getByText("0 of 4 done").waitFor();
  assert.deepEqual(await serious(page), []);
  await close();
});

test("the fault lab compares inside the page: three texts by the official SDK, one by the client", LIMIT, async () => {
  const { page, close } = await site.open("/lab?fault=504-effect&operation=messages.send");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByRole("button", { name: "Compare with both" }).click();
  await page.getByRole("region", { name: "agentphone-wasm" }).getByText("1 text sent").waitFor();
  for (const name of ["Official SDK", "fetch in a retry loop"])
    await page.getByRole("region", { name, exact: true }).getByText("3 texts sent").waitFor();
  await close();
});
