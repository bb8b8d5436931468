// @ts-check
// Errors in a real browser: at the field that is wrong, in plain words, with the rest behind "Details".

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serious, start } from "./browser.mjs";

const LIMIT = { timeout: 60_000 };
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start();
});
after(() => site?.close());

async function staffed() {
  site.sandbox.reset();
  const agent = await site.client.agents.create({ name: "Desk" });
  await site.client.numbers.buy({ country: "US", agentId: agent.id });
}

test(
  "what the API refuses of a call stands at the field, which has the focus; the rest can be copied",
  LIMIT,
  async () => {
    await staffed();
    const { page, close } = await site.open("/", {
      keep: true,
      permissions: ["clipboard-read", "clipboard-write"],
    });
    await page.getByRole("button", { name: "Place a call" }).first().click();
    const dialog = page.getByRole("dialog");
    const to = dialog.getByLabel("To");
    await to.fill("12");
    await dialog.getByRole("button", { name: "Call", exact: true }).click();
    const problem = dialog.getByRole("alert");
    await problem.getByText("Correct the marked field.").waitFor();
    assert.equal(await to.getAttribute("aria-invalid"), "true");
    await page.waitForFunction(() => document.activeElement?.getAttribute("aria-invalid") === "true");
    const described = await to.evaluate((field) =>
      (field.getAttribute("aria-describedby") ?? "")
        .split(" ")
        .map((id) => document.getElementById(id)?.textContent)
        .join(" "),
    );
    assert.match(described, /E\.164/);
    assert.doesNotMatch(await problem.innerText(), /E\.164|HTTP 400|calls\.create/);
    await problem.getByText("Details", { exact: true }).click();
    await problem.getByText("calls.create", { exact: true }).waitFor();
    await problem.getByRole("button", { name: "Copy" }).click();
    await problem.getByText("Copied").waitFor();
    const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
    assert.deepEqual([copied.code, copied.operation, copied.status], ["VALIDATION_ERROR", "calls.create", 400]);
    assert.deepEqual(await serious(page), []);
    await to.fill("+14155550100");
    await dialog.getByRole("button", { name: "Call", exact: true }).click();
    await page.waitForURL(/#\/calls\/\w/);
    await close();
  },
);

test("what is missing is said at its field in the console's words, and nothing is sent", LIMIT, async () => {
  await staffed();
  const { page, close } = await site.open("/contacts", { keep: true });
  await page.getByRole("button", { name: "New contact" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Email").fill("ana");
  await dialog.getByRole("button", { name: /^(Create|Add|Save)/ }).click();
  await dialog.getByText("3 fields must be corrected.").waitFor();
  assert.equal(await dialog.getByText("This is required.").count(), 2);
  await dialog.getByText("An email address, as in").waitFor();
  assert.equal((await site.client.contacts.list()).data.length, 0);
  assert.deepEqual(await serious(page), []);
  await close();
});
