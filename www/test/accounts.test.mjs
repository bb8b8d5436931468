// @ts-check
// Sub-accounts and the registration in a real browser: one knows in which account one acts, and what is paid
// before it is paid.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serious, start, tooWide } from "./browser.mjs";

/** @typedef {import("./browser.mjs").Page} Page */

const LIMIT = { timeout: 40_000 };
const MARKUP = "<b>Bakery</b> North";
const DESCRIPTION = "A bakery that tells its customers when their order is ready.";
const CONSENT = "Customers tick a box on the order form that asks to be texted.";
const SAMPLES = ["Your order is ready to be picked up.", "We open at seven tomorrow morning."];
/** @type {import("agentphone-wasm").RegistrationRequest} */
const FILED = {
  registration_type: "sole_proprietor",
  first_name: "Ada",
  last_name: "Baker",
  email: "ada@example.com",
  phone_number: "+14155550100",
  street_address: "1 Market Street",
  city: "San Francisco",
  state: "CA",
  zip_code: "94105",
  description: DESCRIPTION,
  use_cases: ["customer_care"],
  message_samples: SAMPLES,
  consent_flow: CONSENT,
  website_url: "https://example.com/",
  opt_in_image_url: "https://example.com/opt-in.png",
  create_sub_account: false,
};
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start();
});
after(() => site?.close());

/** @param {string} hash @param {Record<string, unknown>} [how] */
const open = (hash, how = {}) => site.open(hash, { keep: true, ...how });

/** @param {Page} page */
async function fillIn(page) {
  for (const [label, value] of [
    ["First name", "Ada"],
    ["Last name", "Baker"],
    ["Email", "ada@example.com"],
    ["Phone number", "(415) 555-0100"],
    ["Street and number", "1 Market Street"],
    ["City", "San Francisco"],
    ["State", "CA"],
    ["ZIP code", "94105"],
    ["What you do and what you send", DESCRIPTION],
    ["Example 1", SAMPLES[0] ?? ""],
    ["Example 2", SAMPLES[1] ?? ""],
    ["How people agree to be written to", CONSENT],
    ["Screenshot of how people agree", "https://example.com/opt-in.png"],
  ])
    await page.getByLabel(String(label), { exact: true }).fill(String(value));
  await page.getByLabel("Customer care").check();
}

test("a sub-account is made, renamed and deleted after a question that names it", LIMIT, async () => {
  const { page, complaints, close } = await site.open("/sub-accounts");
  await page.getByText("No sub-accounts yet").waitFor();
  await page.getByRole("button", { name: "New sub-account" }).first().click();
  await page.getByRole("button", { name: "Create sub-account" }).click();
  await page.getByText("It needs a name.").waitFor();
  await page.getByRole("dialog").getByLabel("Name").fill(MARKUP);
  await page.getByRole("button", { name: "Create sub-account" }).dblclick();
  await page.getByRole("cell", { name: MARKUP, exact: true }).waitFor();
  assert.equal((await site.client.subAccounts.list()).data.length, 1);
  assert.equal(await page.locator("main b").count(), 0);
  await page.getByRole("button", { name: `Rename ${MARKUP}` }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("South");
  await page.getByRole("dialog").getByRole("button", { name: "Rename", exact: true }).click();
  await page.getByRole("cell", { name: "South", exact: true }).waitFor();
  await page.getByRole("button", { name: "Delete South" }).click();
  await page.getByRole("dialog", { name: "Delete South?" }).getByRole("button", { name: "Delete South" }).click();
  await page.getByText("No sub-accounts yet").waitFor();
  assert.equal((await site.client.subAccounts.list()).data.length, 0);
  assert.deepEqual(complaints, []);
  await close();
});

test(
  "acting in a sub-account shows only what is in it, makes things in it, and says so everywhere",
  LIMIT,
  async () => {
    site.sandbox.reset();
    const { id = "" } = await site.client.subAccounts.create({ name: "North" });
    await site.client.agents.create({ name: "Of the main account" });
    const inside = site.client.withSubAccount(id);
    await inside.agents.create({ name: "Of the sub-account" });
    const { page, close } = await open("/sub-accounts");
    await page.getByRole("button", { name: "Switch to: North" }).click();
    const sign = page.getByText("You act in the sub-account North.");
    await sign.waitFor();
    await page.getByRole("link", { name: "Agents" }).click();
    await page.getByRole("link", { name: "Of the sub-account" }).waitFor();
    assert.equal(await page.getByText("Of the main account").count(), 0);
    await sign.waitFor();
    await page.getByRole("button", { name: "New agent" }).click();
    await page.getByLabel("Name").fill("Made inside");
    await page.getByLabel("System prompt").fill("Be brief.");
    await page.getByRole("button", { name: "Create agent" }).click();
    await page.getByRole("heading", { level: 1, name: "Made inside" }).waitFor();
    assert.deepEqual(
      (await inside.agents.list()).data.map(({ name }) => name),
      ["Made inside", "Of the sub-account"],
    );
    await page.getByRole("link", { name: "Agents" }).first().click();
    await page.getByRole("button", { name: "Back to the main account" }).click();
    await page.getByRole("link", { name: "Of the main account" }).waitFor();
    assert.equal(await page.getByText("Of the sub-account").count(), 0);
    assert.equal(await sign.count(), 0);
    await close();
  },
);

test(
  "a sub-account is made while one acts in another, and deleting the one that one is in leads out of it",
  LIMIT,
  async () => {
    site.sandbox.reset();
    await site.client.subAccounts.create({ name: "North" });
    const { page, close } = await open("/sub-accounts");
    await page.getByRole("button", { name: "Switch to: North" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "New sub-account" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByLabel("Name").and(page.locator(":focus")).waitFor();
    await page.keyboard.type("South");
    await page.keyboard.press("Enter");
    await page.getByRole("cell", { name: "South", exact: true }).waitFor();
    await page.getByRole("button", { name: "Delete North" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Delete North" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("cell", { name: /^North/ }).waitFor({ state: "detached" });
    assert.equal(await page.getByText("You act in the sub-account").count(), 0);
    await page.goto(`${site.url}/#/sub-accounts?q=nobody`);
    await page.getByText("No sub-account fits").waitFor();
    await close();
  },
);

test("a registration says what is wrong with each field before anybody pays", LIMIT, async () => {
  const { page, close } = await site.open("/registration");
  await page.getByText("Nothing is filed yet.").waitFor();
  await page.getByText("0 of at least 40").first().waitFor();
  await page.getByLabel("What you do and what you send").fill("Short");
  await page.getByText("5 of at least 40").waitFor();
  await page.getByRole("button", { name: "File for $25.00" }).click();
  assert.equal(await page.getByLabel("First name").evaluate((field) => field === document.activeElement), true);
  for (const label of [
    "First name",
    "Email",
    "What you do and what you send",
    "Example 2",
    "How people agree to be written to",
  ])
    assert.equal(await page.getByLabel(label, { exact: true }).getAttribute("aria-invalid"), "true", label);
  await page.getByText("Choose at least one.").waitFor();
  for (const use of ["Customer care", "Fraud alert", "Marketing", "Security alert", "Delivery notification"])
    await page.getByLabel(use).check();
  assert.equal(await page.getByLabel("Polling voting").isDisabled(), true);
  for (let n = 3; n <= 5; n += 1) await page.getByRole("button", { name: "Another example" }).click();
  assert.equal(await page.getByRole("button", { name: "Another example" }).count(), 0);
  await page.getByRole("radio", { name: /Standard brand/ }).check();
  await page.getByRole("button", { name: "File for $25.00" }).click();
  assert.equal(await page.getByLabel("Tax number (EIN)").getAttribute("aria-invalid"), "true");
  assert.equal(site.sandbox.ledger().moneySpentCents, 0);
  assert.equal((await site.client.registration.status()).campaign_status, "none");
  await close();
});

test("a registration is filed, seen on its course, and changed while it is under review", LIMIT, async () => {
  const { page, complaints, close } = await site.open("/registration");
  await fillIn(page);
  await page.getByLabel("Give it a sub-account of its own").uncheck();
  await page.getByRole("button", { name: "File for $25.00" }).dblclick();
  await page.getByRole("heading", { name: "What was filed" }).waitFor();
  assert.equal(site.sandbox.ledger().moneySpentCents, 2500);
  assert.match(await page.locator('[aria-current="step"]').innerText(), /Brand review/);
  const filed = await site.client.registration.get();
  assert.deepEqual(
    [filed.phone_number, filed.use_cases, filed.message_samples, "ein" in filed],
    ["+14155550100", ["customer_care"], SAMPLES, false],
  );

  /** @type {unknown[]} */
  const sent = [];
  page.on("request", (request) => {
    if (request.method() !== "GET") sent.push(request.postDataJSON());
  });
  await page.getByRole("button", { name: "Change it" }).click();
  await page.getByLabel("Website (optional)").fill("https://example.com/shop");
  await page.getByRole("button", { name: "Save the changes" }).click();
  await page.getByRole("link", { name: "https://example.com/shop" }).waitFor();
  await page.getByRole("button", { name: "Change it" }).click();
  await page.getByLabel("Website (optional)").fill("");
  await page.getByRole("button", { name: "Save the changes" }).click();
  await page.getByRole("button", { name: "Change it" }).waitFor();
  assert.deepEqual(sent, [{ website_url: "https://example.com/shop" }, { website_url: null }]);
  assert.equal(site.sandbox.ledger().moneySpentCents, 2500);
  assert.deepEqual(complaints, []);
  await close();
});

test("on a real account the price is asked before it is paid, and a no files nothing", LIMIT, async () => {
  const live = (/** @type {Page} */ page) =>
    Promise.all([
      page.route("**/__sandbox/health", (route) => route.fulfill({ json: { mode: "live" } })),
      // As the proxy does, which holds the key.
      page.route("**/v1/**", (route) =>
        route.continue({ headers: { ...route.request().headers(), authorization: "Bearer sk_test" } }),
      ),
    ]);
  const { page, close } = await site.open("/registration", { prepare: live });
  await page.getByText("High volume").waitFor();
  await page.getByRole("radio", { name: /High volume \$70\.00/ }).check();
  await page.getByRole("radio", { name: /Sole proprietor \$25\.00/ }).check();
  await fillIn(page);
  await page.getByRole("radio", { name: /High volume/ }).check();
  await page.getByRole("button", { name: "File for $70.00" }).waitFor();
  await page.getByRole("radio", { name: /Sole proprietor/ }).check();
  await page.getByRole("button", { name: "File for $25.00" }).click();
  const question = page.getByRole("dialog", { name: "File the registration?" });
  assert.match(await question.innerText(), /costs \$25\.00/);
  await question.getByRole("button", { name: "Cancel" }).click();
  assert.equal(site.sandbox.ledger().moneySpentCents, 0);
  assert.equal(await page.getByLabel("First name").inputValue(), "Ada");
  await page.getByRole("button", { name: "File for $25.00" }).click();
  await question.getByRole("button", { name: "Yes, do it" }).click();
  await page.getByRole("heading", { name: "What was filed" }).waitFor();
  assert.equal(site.sandbox.ledger().moneySpentCents, 2500);
  await close();
});

test(
  "what the API refuses is said by its code, at the field where it names one, and nothing typed is lost",
  LIMIT,
  async () => {
    const { page, close } = await site.open("/registration");
    await fillIn(page);
    site.sandbox.faults.add({
      match: { operation: "registration.create" },
      status: 402,
      code: "INSUFFICIENT_BALANCE",
      times: 1,
    });
    await page.getByRole("button", { name: "File for $25.00" }).click();
    await page.locator('[data-code="INSUFFICIENT_BALANCE"]').waitFor();
    await page.getByLabel("Phone number", { exact: true }).fill("nonsense");
    await page.getByRole("button", { name: "File for $25.00" }).click();
    await page.locator('[data-code="INVALID_ARGUMENT"]').waitFor();
    assert.equal(await page.getByLabel("Phone number", { exact: true }).getAttribute("aria-invalid"), "true");
    assert.equal(await page.getByLabel("First name").inputValue(), "Ada");
    await page.getByRole("navigation").getByRole("link", { name: "Agents" }).click();
    await page.getByRole("dialog", { name: "Leave without saving?" }).getByRole("button", { name: "Cancel" }).click();
    assert.equal(await page.getByLabel("First name").inputValue(), "Ada");
    assert.equal(site.sandbox.ledger().moneySpentCents, 0);
    await close();
  },
);

test("what carriers turn down is filed again from what was filed", LIMIT, async () => {
  site.sandbox.reset();
  const rejected = { campaign_status: "rejected", message: "The carriers rejected the campaign", stage: null };
  const { page, close } = await open("/registration", {
    prepare: async (/** @type {Page} */ page) => {
      // Its review takes a week of the sandbox's time, which is real here.
      await page.route("**/v1/register/status", (route) => route.fulfill({ json: rejected }));
      await page.route("**/v1/register", (route) =>
        route.request().method() === "GET" ? route.fulfill({ json: { ...FILED, ...rejected } }) : route.continue(),
      );
    },
  });
  await page.getByText("file again").waitFor();
  assert.equal(await page.getByLabel("First name").inputValue(), "Ada");
  await page.getByRole("button", { name: "File for $25.00" }).waitFor();
  await close();
});

test(
  "with data on them both views are sound for who listens, in the light, the dark and on a phone",
  LIMIT,
  async () => {
    site.sandbox.reset();
    await site.client.subAccounts.create({ name: MARKUP });
    await site.client.subAccounts.create({
      name: "A customer with a name that is much too long for the little room that a phone has for it",
    });
    const look = async (/** @type {string} */ hash, /** @type {(page: Page) => Promise<unknown>} */ prepare) => {
      const { page, complaints, close } = await open(hash, { viewport: { width: 340, height: 740 } });
      await prepare(page);
      assert.equal(await tooWide(page), 0, hash);
      for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width: colorScheme === "dark" ? 1280 : 340, height: 800 });
        assert.deepEqual(await serious(page), [], hash);
      }
      assert.deepEqual(complaints, []);
      await close();
    };
    await look("/sub-accounts", async (page) => {
      await page.getByRole("button", { name: `Switch to: ${MARKUP}` }).click();
      await page.getByText("You act in the sub-account").waitFor();
    });
    await look("/registration", async (page) => {
      await page.getByRole("radio", { name: /Standard brand/ }).check();
      await page.getByRole("button", { name: /^File for/ }).click();
      await page.getByText("Choose at least one.").waitFor();
    });
    await site.client.registration.create(FILED);
    await look("/registration", (page) => page.getByRole("heading", { name: "What was filed" }).waitFor());
  },
);
