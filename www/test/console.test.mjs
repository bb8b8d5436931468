// @ts-check
// The frame of the console in a real browser: it loads under its policy, finds its way, and can be used by
// keyboard, on a phone and in the dark.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { dist, sound, start } from "./browser.mjs";

const LIMIT = { timeout: 40_000 };
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start();
});
after(() => site?.close());

test("the console loads under a strict policy without a complaint", LIMIT, async () => {
  const { page, response, complaints, close } = await site.open("/");
  const policy = response?.headers()["content-security-policy"] ?? "";
  assert.match(policy, /script-src 'self' 'wasm-unsafe-eval'/);
  assert.equal(await page.locator("style, script:not([src]), [onclick]").count(), 0);
  assert.deepEqual(complaints, []);
  await close();
});

test(
  "the typeface comes with the page from the same host, one file of it at first, and with its licence",
  LIMIT,
  async () => {
    /** @type {string[]} */
    const fonts = [];
    const { page, complaints, close } = await site.open("/", {
      prepare: async (opening) =>
        void opening.on("request", (request) => {
          if (request.resourceType() === "font") fonts.push(request.url());
        }),
    });
    await page.waitForLoadState("networkidle");
    assert.ok(await page.evaluate(() => document.fonts.check('600 16px "Geist"')));
    assert.equal(await page.locator("link[rel=preload][as=font]").count(), 1);
    assert.equal(fonts.length, 1, fonts.join());
    assert.ok(fonts[0]?.startsWith(`${site.url}/assets/geist-latin-`), fonts[0]);
    // A file that is loaded and then not used would be one.
    assert.deepEqual(complaints, []);
    await close();
    const licences = readFileSync(join(dist, "licences.md"), "utf8");
    assert.match(licences, /^## @fontsource-variable\/geist - \d[\d.]* \(OFL-1\.1\)$/m);
    assert.match(licences, /SIL OPEN FONT LICENSE Version 1\.1/);
  },
);

test("a first call is one form away, and is watched as it speaks", LIMIT, async () => {
  const { page, complaints, close } = await site.open("/");
  await page.getByRole("button", { name: "Place a call" }).click();
  await page.getByRole("button", { name: "Set up and call" }).click();
  await page.waitForURL(/#\/calls\/\w/);
  await page.getByText("Completed").first().waitFor();
  assert.equal(site.sandbox.ledger().callsPlaced, 1);
  assert.deepEqual(complaints, []);
  await close();
});

test("an address that leads nowhere says so", LIMIT, async () => {
  const { page, close } = await site.open("/");
  await page.goto(`${site.url}/#/nowhere`);
  await page.getByText("Nothing at this address.").waitFor();
  await close();
});

for (const hash of [
  "/",
  "/calls",
  "/conversations",
  "/contacts",
  "/agents",
  "/numbers",
  "/webhooks",
  "/requests",
  "/sub-accounts",
  "/registration",
  "/in-doubt",
  "/lab",
]) {
  test(
    `an empty ${hash} has no serious fault for who listens or types, fits a phone, and is as good in the dark`,
    LIMIT,
    async () => {
      const { page, complaints, close } = await site.open(hash, { viewport: { width: 360, height: 740 } });
      await sound(page);
      assert.deepEqual(complaints, []);
      await close();
    },
  );
}

test("views use the words of the trade, which nobody has to translate", LIMIT, async () => {
  site.sandbox.reset();
  const agent = await site.client.agents.create({ name: "Desk", voiceMode: "hosted", systemPrompt: "Be brief." });
  const number = await site.client.numbers.buy({ country: "US", agentId: agent.id });
  const contact = await site.client.contacts.create({ phoneNumber: "+14155550100", name: "Ada" });
  await site.client.subAccounts.create({ name: "North" });
  const odd =
    /Either way|Who it is\n|What it says|Who decides|When nobody can talk|What reaches it|Written down|Only by you|Somebody (calls|texts)|They text|Act in it|Leave it|Whose|Check what comes|To be tried|reckoned|Numbers, of|Told truly|It hits|This is needed|another look/;
  const { page, close } = await site.open("/", { keep: true });
  for (const hash of [
    "/",
    "/agents",
    `/agents/${agent.id}`,
    `/numbers/${number.id}`,
    `/contacts/${contact.id}`,
    "/webhooks",
    "/sub-accounts",
    "/in-doubt",
    "/lab",
  ]) {
    await page.goto(`${site.url}/#${hash}`);
    await page.locator("main h1").waitFor();
    await page.waitForLoadState("networkidle");
    assert.doesNotMatch(await page.evaluate(() => document.getElementById("app")?.textContent ?? ""), odd, hash);
  }
  await close();
});
