// @ts-check
// The fault lab in a real browser: examples, the search, a run beside those of the official SDK and of plain `fetch`, and
// the test to copy.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, serious, start, tooWide } from "./browser.mjs";
import { finished } from "./lab-page.mjs";

const COMPARE = "Compare with both";
const LIMIT = { timeout: 60_000 };
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start();
});
after(() => site?.close());

test("a lost response: plain fetch places three calls, the client one, and the view shows both", LIMIT, async () => {
  const { page, complaints, close } = await site.open("/lab");
  await page.getByRole("link", { name: /The lost response/ }).click();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await finished(page);
  await page.getByRole("button", { name: COMPARE }).click();
  const [ours, plain] = ["agentphone-wasm", "fetch in a retry loop"].map((name) =>
    page.getByRole("region", { name, exact: true }),
  );
  await plain?.getByText("3 calls placed").waitFor();
  await ours?.getByText("1 call placed").waitFor();
  await ours?.getByText("CONNECTION_ERROR, and that it may have happened").waitFor();
  const official = page.getByRole("region", { name: "Official SDK" });
  await official.getByText("1 call placed").waitFor();
  // It does not say that the call may have been placed, and the loop of its user would place it again.
  await official.getByText("AgentPhoneError: Failed to fetch").waitFor();
  assert.equal(site.sandbox.ledger().callsPlaced, 5);
  assert.deepEqual(site.sandbox.faults.list(), []);
  // The browser's own words for the broken connections are meant.
  assert.deepEqual(
    complaints.filter((one) => !one.includes("Failed to load resource")),
    [],
  );
  await close();
});

test("a 504 after the effect: the official SDK sends three texts, the client one", LIMIT, async () => {
  const { page, close } = await site.open("/lab");
  /** @type {string[]} */
  const loaded = [];
  page.on("request", (request) => loaded.push(request.url()));
  await page.getByRole("link", { name: /The gateway timeout/ }).click();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await finished(page);
  assert.ok(!loaded.some((url) => url.includes("official-sdk")), "it is loaded when it is compared with");
  await page.getByRole("button", { name: COMPARE }).click();
  const official = page.getByRole("region", { name: "Official SDK" });
  await official.getByText("Running…").waitFor();
  await official.getByText("3 texts sent").waitFor();
  await official.getByText("AgentPhoneError, HTTP 504").waitFor();
  await page.getByRole("region", { name: "agentphone-wasm" }).getByText("1 text sent").waitFor();
  await page.getByRole("region", { name: "fetch in a retry loop" }).getByText("3 texts sent").waitFor();
  assert.equal(site.sandbox.ledger().textsSent, 7);
  // What the others did stays with the run.
  await page.getByRole("region", { name: "Earlier runs" }).getByText("Official SDK: 3 texts sent").waitFor();
  assert.ok(loaded.some((url) => url.includes("official-sdk")));
  await close();
});

test("a console without the official SDK says so, and compares with fetch", LIMIT, async () => {
  const { page, close } = await site.open("/lab", {
    prepare: (page) => page.route("**/official-sdk-*.js", (route) => route.fulfill({ status: 404 })),
  });
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await finished(page);
  await page.getByRole("button", { name: COMPARE }).click();
  await page
    .getByRole("region", { name: "Official SDK" })
    .getByText(/Not part of this console/)
    .waitFor();
  await page.getByRole("region", { name: "fetch in a retry loop" }).getByText("3 calls placed").waitFor();
  assert.deepEqual(site.sandbox.faults.list(), []);
  await close();
});

test("a view that is left while another program waits gives the rest back at once", LIMIT, async () => {
  const { page, close } = await site.open("/lab?fault=504-effect&operation=calls.create");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await finished(page);
  await page.getByRole("button", { name: COMPARE }).click();
  await page.getByRole("region", { name: "Official SDK" }).getByText("Running…").waitFor();
  const before = site.sandbox.ledger().callsPlaced;
  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByRole("region", { name: "Live calls" }).waitFor();
  await eventually(async () => site.sandbox.faults.list().length === 0);
  // The SDK waits a second before each of its retries.
  await page.waitForTimeout(2500);
  assert.ok(site.sandbox.ledger().callsPlaced <= before + 1, "a retry is sent nowhere");
  await close();
});

test("where nothing happened yet plain fetch does as well, and it is said so", LIMIT, async () => {
  const { page, close } = await site.open("/lab");
  await page.getByRole("link", { name: /The busy server/ }).click();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await finished(page);
  await page.getByRole("button", { name: COMPARE }).click();
  await page.getByRole("region", { name: "fetch in a retry loop" }).getByText("1 call placed").waitFor();
  await close();
});

test("a read is not compared, and has a test to copy; a crowd has neither", LIMIT, async () => {
  const { page, close } = await site.open("/lab?operation=calls.list");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await finished(page);
  assert.equal(await page.getByRole("button", { name: COMPARE }).count(), 0);
  const code = page.getByRole("region", { name: "A test for vitest" });
  assert.match(await code.innerText(), /from "vitest"/);
  await page.getByRole("radio", { name: "node:test" }).check();
  assert.match(await page.getByRole("region", { name: "A test for node:test" }).innerText(), /from "node:test"/);
  await page.getByRole("link", { name: /The crowd/ }).click();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await finished(page);
  assert.equal(await page.getByRole("region", { name: "As a test" }).count(), 0);
  await close();
});

test("the search narrows the faults by group, keeps the chosen one, and Enter runs nothing", LIMIT, async () => {
  const { page, close } = await site.open("/lab");
  const choice = page.getByLabel("What goes wrong");
  const all = await choice.locator("option").count();
  await page.getByLabel("Search the faults").fill("retry-after");
  await eventually(async () => (await choice.locator("option").count()) < 8);
  const left = await choice.locator("option").allInnerTexts();
  assert.ok(left.includes("Cut before the headers") && left.includes("503 with Retry-After 1"), left.join());
  await page.keyboard.press("Enter");
  assert.equal(await page.getByText("Nothing has been run yet.").count(), 1);
  await page.getByLabel("Search the faults").fill("");
  await eventually(async () => (await choice.locator("option").count()) === all);
  await close();
});

test("the comparison and the test fit a phone and are sound in the light and the dark", LIMIT, async () => {
  const { page, close } = await site.open("/lab", { viewport: { width: 390, height: 844 } });
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await finished(page);
  await page.getByRole("button", { name: COMPARE }).click();
  await page.getByRole("region", { name: "fetch in a retry loop" }).getByText("3 calls placed").waitFor();
  assert.equal(await tooWide(page), 0);
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await serious(page), []);
  }
  await close();
});
