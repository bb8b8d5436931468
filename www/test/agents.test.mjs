// @ts-check
// The agents' views in a real browser: made, changed, given numbers, deleted; nothing typed is lost, nothing
// untouched is sent.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serious, start, tooWide } from "./browser.mjs";

/** @typedef {import("./browser.mjs").Page} Page */

const LIMIT = { timeout: 40_000 };
const PROMPT = "You answer for a bakery.";
const MARKUP = "<b>Bold</b> & <img src=x>";
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start();
});
after(() => site?.close());

/** An agent on a sandbox that knows nothing else. @param {Partial<import("agentphone-wasm").CreateAgentRequest>} [fields] */
function newAgent(fields = {}) {
  site.sandbox.reset();
  return site.client.agents.create({ name: "Front desk", voiceMode: "hosted", systemPrompt: PROMPT, ...fields });
}

/** @param {string} hash @param {Record<string, unknown>} [how] */
const open = (hash, how = {}) => site.open(hash, { keep: true, ...how });

/** What the page asks for to be changed. @param {Page} page */
function watchChanges(page) {
  /** @type {unknown[]} */
  const bodies = [];
  page.on("request", (request) => {
    if (request.method() === "PATCH" || request.method() === "PUT") bodies.push(request.postDataJSON());
  });
  return bodies;
}

test("an agent is made in the dialog, which says what is missing where it is missing", LIMIT, async () => {
  const { page, complaints, close } = await site.open("/agents");
  await page.getByText("No agents yet.").waitFor();
  await page.getByRole("button", { name: "New agent" }).last().click();
  const dialog = page.getByRole("dialog", { name: "New agent" });
  await dialog.getByRole("button", { name: "Create agent" }).click();
  await dialog.getByText("An agent needs a name.").waitFor();
  await dialog.getByText("A hosted agent needs a system prompt.").waitFor();
  assert.equal(await dialog.getByLabel("Name").evaluate((field) => field === document.activeElement), true);
  await dialog.getByLabel("Name").fill("Front desk");
  await dialog.getByLabel("System prompt").fill(PROMPT);
  await dialog.getByLabel("Voice", { exact: true }).selectOption({ label: "Willa · female, British · cartesia" });
  await dialog.getByRole("button", { name: "Create agent" }).dblclick();
  await page.getByRole("heading", { level: 1, name: "Front desk" }).waitFor();
  const { data } = await site.client.agents.list();
  assert.deepEqual(
    data.map(({ name, voiceMode, systemPrompt, voice }) => [name, voiceMode, systemPrompt, voice]),
    [["Front desk", "hosted", PROMPT, "cartesia-Willa"]],
  );
  assert.deepEqual(complaints, []);
  await close();
});

test("an agent is made, changed and saved with the keyboard alone", LIMIT, async () => {
  const { page, close } = await site.open("/agents");
  await page.getByRole("button", { name: "New agent" }).first().focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByLabel("Name").and(page.locator(":focus")).waitFor();
  await page.keyboard.type("Typed");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.type(PROMPT);
  await page.getByRole("dialog").getByLabel("First words").focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Typed" }).waitFor();
  await page.getByLabel("Name").focus();
  await page.keyboard.type(" twice");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Typed twice" }).waitFor();
  await close();
});

test("only what was changed is sent, and what was cleared is sent as null", LIMIT, async () => {
  const agent = await newAgent({
    voicemailMessage: "Call again.",
    beginMessage: "Hello",
    voiceSpeed: 1.5,
    transferNumber: "+14155550111",
    interruptionSensitivity: 0.4,
  });
  const { page, close } = await open(`/agents/${agent.id}`);
  const sent = watchChanges(page);
  await page.getByLabel("Description").fill("For the bakery");
  await page.getByLabel("Said to a voicemail").fill("");
  await page.getByLabel("Transfer calls to").fill("(415) 555-0122");
  await page.getByText("How it speaks and listens").click();
  await page.getByRole("button", { name: "Speed of speech: back to 1×" }).click();
  // Changed and changed back is not changed.
  await page.getByLabel("First words").fill("Good day");
  await page.getByLabel("First words").fill("Hello");
  await page.getByText("Not saved yet: Description, Said to a voicemail, Transfer calls to, Speed of speech").waitFor();
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.getByText("No unsaved changes.").waitFor();
  assert.deepEqual(sent, [
    { description: "For the bakery", voicemailMessage: null, transferNumber: "+14155550122", voiceSpeed: null },
  ]);
  const stored = await site.client.agents.get(agent.id);
  assert.deepEqual(
    [
      stored.description,
      stored.voicemailMessage,
      stored.transferNumber,
      stored.voiceSpeed,
      stored.beginMessage,
      stored.interruptionSensitivity,
    ],
    ["For the bakery", null, "+14155550122", 1, "Hello", 0.4],
  );
  await close();
});

test("what is being typed outlives a newer reading, and what is not being typed follows it", LIMIT, async () => {
  const agent = await newAgent({ beginMessage: "Hello" });
  const { page, close } = await open(`/agents/${agent.id}`);
  const sent = watchChanges(page);
  await page.getByLabel("Description").fill("Half a sent");
  await site.client.agents.update(agent.id, {
    name: "Renamed elsewhere",
    description: "Written elsewhere",
    beginMessage: "Good day",
  });
  await page.getByRole("heading", { level: 1, name: "Renamed elsewhere" }).waitFor();
  assert.equal(await page.getByLabel("Description").inputValue(), "Half a sent");
  assert.equal(await page.getByLabel("First words").inputValue(), "Good day");
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.getByText("No unsaved changes.").waitFor();
  assert.deepEqual(sent, [{ description: "Half a sent" }]);
  await close();
});

test("leaving with unsaved changes is warned of, by a link and by a step back", LIMIT, async () => {
  const agent = await newAgent();
  const { page, close } = await open("/agents");
  await page.getByRole("link", { name: "Front desk" }).click();
  await page.getByLabel("Description").fill("Unsaved");
  const question = page.getByRole("dialog", { name: "Leave without saving?" });
  await page.getByRole("navigation").getByRole("link", { name: "Numbers" }).click();
  await question.getByRole("button", { name: "Cancel" }).click();
  assert.equal(await page.getByLabel("Description").inputValue(), "Unsaved");
  assert.match(page.url(), new RegExp(`#/agents/${agent.id}$`));
  await page.evaluate(() => history.back());
  await question.getByRole("button", { name: "Cancel" }).click();
  assert.equal(await page.getByLabel("Description").inputValue(), "Unsaved");
  await page.getByRole("navigation").getByRole("link", { name: "Webhooks" }).click();
  await question.getByRole("button", { name: "Leave", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Webhooks" }).waitFor();
  await page.getByRole("navigation").getByRole("link", { name: "Agents" }).click();
  await page.getByRole("heading", { level: 1, name: "Agents" }).waitFor();
  await close();
});

test("going into another account with unsaved changes is warned of, and a no stays", LIMIT, async () => {
  const agent = await newAgent();
  const { id = "" } = await site.client.subAccounts.create({ name: "North" });
  const { page, close } = await open(`/agents/${agent.id}`);
  await page.getByLabel("Description").fill("Unsaved");
  await page.getByLabel("Account").selectOption(id);
  const question = page.getByRole("dialog", { name: "Leave without saving?" });
  await question.getByRole("button", { name: "Cancel" }).click();
  assert.equal(await page.getByLabel("Account").inputValue(), "");
  assert.equal(await page.getByLabel("Description").inputValue(), "Unsaved");
  await page.getByLabel("Account").selectOption(id);
  await question.getByRole("button", { name: "Leave", exact: true }).click();
  await page.locator('main [data-code="NOT_FOUND"]').first().waitFor();
  await close();
});

test("discarding brings back what is stored, takes the problem away, and keeps the focus", LIMIT, async () => {
  const agent = await newAgent({ description: "Stored" });
  const { page, close } = await open(`/agents/${agent.id}`);
  await page.getByLabel("Description").fill("Typed");
  await page.getByLabel("System prompt").fill("");
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.getByText("One field must be corrected.").waitFor();
  await page.getByRole("button", { name: "Discard" }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("No unsaved changes.").waitFor();
  assert.equal(await page.getByLabel("Description").inputValue(), "Stored");
  assert.equal(await page.getByLabel("System prompt").inputValue(), PROMPT);
  assert.equal(await page.getByText("One field must be corrected.").count(), 0);
  assert.equal(
    await page.getByRole("button", { name: "Save changes" }).evaluate((button) => button === document.activeElement),
    true,
  );
  await close();
});

test(
  "a tool with broken JSON is not taken, a sound one is stored whole, and the others stay as they were",
  LIMIT,
  async () => {
    const other = {
      name: "hours",
      description: "Opening hours",
      url: "https://example.com/hours",
      headers: { "X-Key": "1" },
      speakDuringExecution: true,
    };
    const agent = await newAgent({ customTools: [other] });
    const { page, close } = await open(`/agents/${agent.id}`);
    await page.getByRole("button", { name: "Add a tool" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("look up");
    await dialog.getByLabel("Description").fill("Looks up an order.");
    await dialog.getByLabel("Address").fill("http://example.com/orders");
    await dialog.getByLabel("Timeout in milliseconds").fill("999");
    await dialog.getByLabel("Parameters, as a JSON Schema").fill('{ "type": ');
    await dialog.getByRole("button", { name: "Add the tool" }).click();
    for (const words of [
      /^Letters, digits/,
      /^An address that begins with https/,
      /^A whole number from 1000/,
      /^This is no JSON/,
    ])
      await dialog.getByText(words).waitFor();
    await dialog.getByLabel("Name").fill("hours");
    await dialog.getByLabel("Address").fill("https://example.com/orders");
    await dialog.getByLabel("Timeout in milliseconds").fill("5000");
    await dialog.getByLabel("Parameters, as a JSON Schema").fill('{ "type": "object" }');
    await dialog.getByRole("button", { name: "Add the tool" }).click();
    await dialog.getByText("Another tool of this agent has that name.").waitFor();
    await dialog.getByLabel("Name").fill("look_up");
    await dialog.getByRole("button", { name: "Add the tool" }).click();
    await dialog.waitFor({ state: "detached" });
    assert.equal(
      (await site.client.agents.get(agent.id)).customTools?.length,
      1,
      "nothing is stored before it is saved",
    );
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByText("No unsaved changes.").waitFor();
    assert.deepEqual((await site.client.agents.get(agent.id)).customTools, [
      other,
      {
        name: "look_up",
        description: "Looks up an order.",
        url: "https://example.com/orders",
        method: "POST",
        timeoutMs: 5000,
        parameters: { type: "object" },
      },
    ]);
    await close();
  },
);

test("no more tools than the API takes", LIMIT, async () => {
  const tools = Array.from({ length: 20 }, (_, n) => ({
    name: `tool_${n}`,
    description: "Does it",
    url: "https://example.com/",
  }));
  const agent = await newAgent({ customTools: tools });
  const { page, close } = await open(`/agents/${agent.id}`);
  await page.getByText("20 of at most 20").waitFor();
  assert.equal(await page.getByRole("button", { name: "Add a tool" }).isDisabled(), true);
  await page.getByRole("button", { name: "Take away the tool tool_3" }).click();
  assert.equal(await page.getByRole("button", { name: "Add a tool" }).isDisabled(), false);
  await close();
});

test("what the API refuses is told at the field and by its code, and what was typed stays", LIMIT, async () => {
  const agent = await newAgent();
  const { page, close } = await open(`/agents/${agent.id}`);
  await page.getByLabel("Transfer calls to").fill("+0000");
  await page.getByRole("button", { name: "Save changes" }).click();
  const form = page.getByRole("form", { name: "Settings" });
  await form.locator('[data-code="INVALID_ARGUMENT"]').waitFor();
  const field = page.getByLabel("Transfer calls to");
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  assert.match(await form.locator(".field", { has: field }).innerText(), /E\.164/);
  assert.equal(await field.inputValue(), "+0000");

  site.sandbox.faults.add({ match: { operation: "agents.update" }, status: 400, code: "VALIDATION_ERROR", times: 1 });
  await field.fill("");
  await page.getByLabel("Description").fill("Again");
  await page.getByRole("button", { name: "Save changes" }).click();
  await form.locator('[data-code="VALIDATION_ERROR"]').waitFor();
  assert.equal(await page.getByLabel("Description").inputValue(), "Again");
  site.sandbox.faults.clear();
  await close();
});

test("a number is attached, detached after a question that names it, and put back by undo", LIMIT, async () => {
  const agent = await newAgent();
  const number = await site.client.numbers.buy({});
  const numbers = async () => ((await site.client.agents.get(agent.id)).numbers ?? []).map(({ id }) => id);
  const { page, close } = await open(`/agents/${agent.id}`);
  assert.equal(await page.getByRole("button", { name: "Call from this agent" }).isDisabled(), true);
  await page.getByRole("button", { name: "Attach" }).click();
  await page.getByRole("list", { name: "Its numbers" }).waitFor();
  assert.deepEqual(await numbers(), [number.id]);
  await page.getByRole("button", { name: /^Detach/ }).click();
  const question = page.getByRole("dialog", { name: /^Detach \(\d{3}\) \d{3}-\d{4}\?$/ });
  await question.getByRole("button", { name: /^Detach/ }).click();
  await page.getByText("It has no number yet").waitFor();
  assert.deepEqual(await numbers(), []);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("list", { name: "Its numbers" }).waitFor();
  assert.deepEqual(await numbers(), [number.id]);
  await close();
});

test("a call from the agent's page is the agent's, and a double click places one", LIMIT, async () => {
  const agent = await newAgent();
  await site.client.agents.create({ name: "Another" });
  await site.client.numbers.buy({ agentId: agent.id });
  const { page, close } = await open(`/agents/${agent.id}`);
  await page.getByRole("button", { name: "Call from this agent" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Call", exact: true }).dblclick();
  await page.waitForURL(/#\/calls\//);
  assert.equal(site.sandbox.ledger().callsPlaced, 1);
  const { data } = await site.client.agents.calls.list(agent.id);
  assert.equal(data.length, 1);
  await page.goto(`${site.url}/#/agents/${agent.id}`);
  await page.getByRole("list", { name: "Latest calls" }).getByRole("link").first().waitFor();
  await close();
});

test("deleting asks first, names the agent and what goes with it, and leaves the numbers", LIMIT, async () => {
  const agent = await newAgent();
  await site.client.numbers.buy({ agentId: agent.id });
  const { page, complaints, close } = await open(`/agents/${agent.id}`);
  await page.getByLabel("Description").fill("Unsaved changes do not hinder it");
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  const question = page.getByRole("dialog", { name: "Delete Front desk?" });
  assert.match(await question.innerText(), /webhook.*Its 1 number stays in the account/s);
  await page.keyboard.press("Escape");
  assert.equal((await site.client.agents.list()).data.length, 1);
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await question.getByRole("button", { name: "Delete Front desk" }).click();
  await page.getByText("No agents yet.").waitFor();
  assert.equal((await site.client.agents.list()).data.length, 0);
  assert.equal((await site.client.numbers.list()).data.length, 1);
  assert.deepEqual(complaints, []);
  await close();
});

test("many voices are searched, and the agent's own stays in sight", LIMIT, async () => {
  const agent = await newAgent({ voice: "of-my-own" });
  const voices = Array.from({ length: 60 }, (_, n) => ({
    voice_id: `v${n}`,
    voice_name: `Voice ${n}`,
    provider: "openai",
    gender: n % 2 ? "male" : "female",
    accent: n === 7 ? "Scottish" : "American",
    preview_audio_url: null,
  }));
  const { page, close } = await open(`/agents/${agent.id}`, {
    prepare: (/** @type {Page} */ page) =>
      page.route("**/v1/**/voices*", (route) => route.fulfill({ json: { data: voices } })),
  });
  await page.getByText("60 of 60 voices").waitFor();
  await page.getByLabel("Search the voices").fill("scottish male");
  await page.getByText("1 of 60 voices").waitFor();
  const choice = page.getByLabel("Voice", { exact: true });
  assert.deepEqual(await choice.locator("option").allInnerTexts(), ["of-my-own", "Voice 7 · male, Scottish · openai"]);
  await choice.selectOption("v7");
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.getByText("No unsaved changes.").waitFor();
  assert.equal((await site.client.agents.get(agent.id)).voice, "v7");
  await close();
});

test("the list's filters live in the address, and markup in a name stays text", LIMIT, async () => {
  await newAgent({ name: MARKUP });
  await site.client.agents.create({ name: "Reminders" });
  const { page, close } = await open("/agents?mode=webhook");
  await page.getByRole("link", { name: "Reminders" }).waitFor();
  assert.equal(await page.getByRole("link", { name: MARKUP }).count(), 0);
  await page.getByLabel("Mode").selectOption("");
  await page.getByLabel("Search").fill("bold");
  await page.getByRole("link", { name: MARKUP }).waitFor();
  assert.match(page.url(), /#\/agents\?q=bold$/);
  assert.equal(await page.locator("main b, main img").count(), 0);
  await page.getByLabel("Search").fill("nobody");
  await page.getByText("No agent fits").waitFor();
  await close();
});

test("an agent that is not there is said so by its code; a failing refresh keeps what was there", LIMIT, async () => {
  const agent = await newAgent();
  const first = await open("/agents/agt_nobody");
  await first.page.locator('[data-code="NOT_FOUND"]').first().waitFor();
  await first.close();
  const { page, close } = await open(`/agents/${agent.id}`);
  await page.getByLabel("Description").fill("Typed");
  site.sandbox.faults.add({ match: { operation: "agents.get" }, status: 403, code: "FORBIDDEN" });
  await page.locator('[data-code="FORBIDDEN"]').first().waitFor();
  assert.equal(await page.getByLabel("Description").inputValue(), "Typed");
  site.sandbox.faults.clear();
  await close();
});

test(
  "with data on them both views are sound for who listens, in the light, the dark and on a phone",
  LIMIT,
  async () => {
    const agent = await newAgent({
      name: MARKUP,
      customTools: [{ name: "hours", description: "Opening hours ".repeat(12), url: "https://example.com/hours" }],
    });
    const number = await site.client.numbers.buy({ agentId: agent.id });
    await site.client.numbers.buy({});
    await site.client.agents.webhook.set(agent.id, {
      url: "https://example.com/a-very-long-address/that-goes-on-and-on/for-no-good-reason/at-all",
    });
    site.sandbox.inbound.message({ to: number.phoneNumber, body: "Are you open? ".repeat(20) });
    await site.client.calls.create({ agentId: agent.id, toNumber: "+15005550001" });
    for (const hash of ["/agents", `/agents/${agent.id}`]) {
      const { page, complaints, close } = await open(hash, { viewport: { width: 340, height: 740 } });
      await page.getByText(MARKUP).first().waitFor();
      if (hash !== "/agents") {
        await page.getByText("How it speaks and listens").click();
        await page.getByRole("list", { name: "Latest calls" }).waitFor();
        await page.getByRole("list", { name: "Latest conversations" }).waitFor();
      }
      assert.equal(await tooWide(page), 0, hash);
      for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width: colorScheme === "dark" ? 1280 : 340, height: 800 });
        assert.deepEqual(await serious(page), []);
      }
      await page.getByRole("button", { name: hash === "/agents" ? "New agent" : "Add a tool" }).click();
      await page
        .getByRole("dialog")
        .getByRole("button", { name: /^(Create|Add)/ })
        .click();
      await page.getByText(/fields must be corrected/).waitFor();
      assert.deepEqual(await serious(page), []);
      assert.deepEqual(complaints, []);
      await close();
    }
  },
);
