// @ts-check
// Earlier runs of the fault lab in a real browser: kept over a reload without a number of anybody, and two side by side.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sound, start } from "./browser.mjs";
import { finished, provoke } from "./lab-page.mjs";

const LIMIT = { timeout: 60_000 };
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start();
});
after(() => site?.close());

test("runs are kept over a reload, two are put beside each other, and what differs is marked", LIMIT, async () => {
  const { page, complaints, close } = await site.open("/lab");
  await provoke(page, "503-retry-after", "calls.create", { hits: "first" });
  await provoke(page, "INSUFFICIENT_BALANCE", "calls.create");
  await page.goto(`${site.url}/#/lab?fault=503-retry-after&operation=calls.create&retries=0`);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await finished(page);
  await page.reload();
  const past = page.getByRole("region", { name: "Earlier runs" });
  const boxes = past.getByRole("checkbox");
  await boxes.first().waitFor();
  const count = await boxes.count();
  assert.ok(count >= 2, String(count));
  await boxes.first().check();
  await boxes.last().check();
  const two = page.getByRole("region", { name: "Two runs side by side" });
  const retries = two.getByRole("row", { name: /^Retries/ });
  assert.deepEqual(await retries.getByRole("cell").allInnerTexts(), ["0", "2"]);
  await two.getByRole("row", { name: /^Performed/ }).waitFor();
  assert.equal(await two.locator("[data-kind=attempt]").count(), 3);
  await sound(page);
  assert.deepEqual(
    complaints.filter((one) => !one.includes("Failed to load resource")),
    [],
  );
  await past.getByRole("button", { name: "Forget them" }).click();
  await past.waitFor({ state: "detached" });
  await page.reload();
  await page.getByText("Nothing has been run yet.").waitFor();
  assert.equal(await page.getByRole("region", { name: "Earlier runs" }).count(), 0);
  await close();
});

test("what is kept holds no phone number, and a click chooses the same once more", LIMIT, async () => {
  const { page, close } = await site.open("/lab?fault=cut-before-headers&operation=messages.send");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await finished(page);
  const kept = await page.evaluate(() => sessionStorage.getItem("agentphone-lab-runs") ?? "");
  assert.match(kept, /messages\.send/);
  assert.doesNotMatch(kept, /555\D?01|\+1\d{3}|Your table/);
  await page.getByLabel("Operation").selectOption("calls.create");
  await page
    .getByRole("region", { name: "Earlier runs" })
    .getByRole("link", { name: /messages\.send/ })
    .click();
  await page.waitForURL(/operation=messages\.send/);
  assert.equal(await page.getByLabel("Operation").inputValue(), "messages.send");
  await close();
});
