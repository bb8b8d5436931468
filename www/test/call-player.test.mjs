// @ts-check
// The player of a call and its transcript, which know of each other; keys; search; exports; the way to the next call.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { eventually, sound, start } from "./browser.mjs";

/** @typedef {import("playwright-core").Page} Page */

const LIMIT = { timeout: 60_000 };
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
/** Of calls with one script each, the oldest first. @type {string[]} */
const ids = [];
const LINES = Array.from({ length: 12 }, (_, n) => ({ caller: `Question ${n + 1}?`, agent: `Answer <${n + 1}>.` }));

before(async () => {
  site = await start({ speed: 100 });
  const { client, sandbox } = site;
  const agent = await client.agents.create({ name: "Desk", voiceMode: "hosted", systemPrompt: "Be brief." });
  await client.numbers.buy({ country: "US", agentId: agent.id });
  await client.credits.recording.enable();
  await client.contacts.create({ phoneNumber: "+14155550167", name: "Ada Byron" });
  for (const toNumber of ["+14155550166", "+14155550167", "+14155550168"]) {
    sandbox.script({ toNumber, lines: LINES, pauseMs: 1000 });
    const { id } = await client.calls.create({ agentId: agent.id, toNumber });
    await client.calls.wait(id);
    ids.push(id);
  }
});
after(() => site?.close());

/** @param {Page} page */
const time = (page) => page.evaluate(() => document.querySelector("audio")?.currentTime ?? -1);
/** @param {Page} page */
const playing = (page) => page.evaluate(() => document.querySelector("audio")?.paused === false);
/** @param {Page} page */
const log = (page) => page.getByRole("log", { name: /Transcript/ });

/** The page of the second call, with its sound there and nothing to hear. */
async function open(options = {}) {
  const opened = await site.open(`/calls/${ids[1]}`, { keep: true, ...options });
  await opened.page.getByRole("slider", { name: "Position in the recording" }).waitFor();
  await opened.page.waitForFunction(() => (document.querySelector("audio")?.duration ?? 0) > 10);
  await opened.page.evaluate(() => {
    const audio = document.querySelector("audio");
    if (audio) audio.muted = true;
  });
  return opened;
}

test(
  "a line of the transcript plays from there, and the line that is heard is marked and kept in sight",
  LIMIT,
  async () => {
    const { page, complaints, close } = await open();
    const line = log(page).getByRole("listitem").filter({ hasText: "Answer <9>." });
    await line.getByRole("button", { name: /^Play from/ }).click();
    await eventually(() => playing(page));
    await page.getByRole("log").locator("li[aria-current]", { hasText: "Answer <9>." }).waitFor();
    await page.getByLabel("Speed").selectOption("2");
    // It goes on to the next by itself.
    await page.getByRole("log").locator("li[aria-current]", { hasText: "Question 11?" }).waitFor();
    await eventually(() =>
      page.evaluate(() => {
        const [turn, box] = [
          document.querySelector("[role=log] li[aria-current]"),
          document.querySelector("[role=log]"),
        ];
        if (!turn || !box) return false;
        const [inner, outer] = [turn.getBoundingClientRect(), box.getBoundingClientRect()];
        return inner.top >= outer.top && inner.bottom <= outer.bottom;
      }),
    );
    assert.deepEqual(complaints, []);
    await close();
  },
);

test(
  "Space plays and pauses, arrows move, and neither does so while one types or presses a button",
  LIMIT,
  async () => {
    const { page, close } = await open();
    await page.keyboard.press("Space");
    await eventually(() => playing(page));
    await page.keyboard.press("Space");
    await eventually(async () => !(await playing(page)));
    const at = await time(page);
    await page.keyboard.press("ArrowRight");
    await eventually(async () => Math.abs((await time(page)) - at - 5) < 0.2);
    await page.keyboard.press("ArrowLeft");
    await eventually(async () => Math.abs((await time(page)) - at) < 0.2);
    await page.getByLabel("Search in the transcript").click();
    await page.keyboard.type("j k ");
    await page.keyboard.press("ArrowRight");
    assert.ok(Math.abs((await time(page)) - at) < 0.2);
    assert.equal(await playing(page), false);
    assert.ok(page.url().endsWith(ids[1] ?? "?"));
    await page.getByRole("button", { name: "Forward 5 seconds" }).focus();
    await page.keyboard.press("Space");
    await eventually(async () => Math.abs((await time(page)) - at - 5) < 0.2);
    assert.equal(await playing(page), false);
    await close();
  },
);

test("the speed that one has chosen stays for the next call", LIMIT, async () => {
  const { page, close } = await open();
  await page.getByLabel("Speed").selectOption("1.5");
  await page.reload();
  await eventually(() => page.evaluate(() => document.querySelector("audio")?.playbackRate === 1.5));
  await close();
});

test("J and K go to the next call and back, as the list has them, and the back link to the list", LIMIT, async () => {
  const { page, close } = await site.open("/calls?direction=outbound", { keep: true });
  await page.getByRole("region", { name: "Calls" }).getByRole("link").first().click();
  await page.waitForURL(`**/#/calls/${ids[2]}`);
  await page.getByRole("heading", { level: 1, name: "Call to (415) 555-0168" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Previous call" }).isDisabled(), true);
  await page.keyboard.press("j");
  await page.waitForURL(`**/#/calls/${ids[1]}`);
  await page.keyboard.press("j");
  await page.waitForURL(`**/#/calls/${ids[0]}`);
  assert.equal(await page.getByRole("button", { name: "Next call" }).isDisabled(), true);
  await page.keyboard.press("k");
  await page.waitForURL(`**/#/calls/${ids[1]}`);
  assert.match((await page.getByRole("link", { name: "All calls" }).getAttribute("href")) ?? "", /direction=outbound/);
  await close();
  // By a link, without a list.
  const linked = await site.open(`/calls/${ids[2]}`, { keep: true });
  await linked.page.getByRole("button", { name: "Next call" }).click();
  await linked.page.waitForURL(`**/#/calls/${ids[1]}`);
  await linked.close();
});

test(
  "a key pressed as soon as the next call is shown, before the browser has painted it, is not lost",
  LIMIT,
  async () => {
    const { page, close } = await open();
    await page.getByRole("button", { name: "Previous call" }).click();
    await page.getByRole("heading", { level: 1, name: "Call to (415) 555-0168" }).waitFor();
    const shown = await page.evaluate(async () => {
      const press = () => dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true, cancelable: true }));
      press();
      // Rendering is a microtask; painting is a task.
      for (let at = 0; at < 20; at += 1) await null;
      press();
      return location.hash;
    });
    assert.equal(shown, `#/calls/${ids[0]}`);
    await close();
  },
);

test("a contact's name comes first, in the list, on the page of the call and in its transcript", LIMIT, async () => {
  const { page, close } = await open();
  await page.getByRole("heading", { level: 1, name: "Call to Ada Byron" }).waitFor();
  await page.getByRole("log", { name: "Transcript with Ada Byron" }).waitFor();
  await page.getByRole("link", { name: "Contact", exact: true }).waitFor();
  await page.goto(`${site.url}/#/calls`);
  await page
    .getByRole("region", { name: "Calls" })
    .getByRole("link", { name: /Ada Byron/ })
    .waitFor();
  await page.goto(`${site.url}/#/calls/${ids[0]}`);
  await page.getByRole("link", { name: "Add to contacts" }).click();
  await page.getByRole("dialog", { name: "New contact" }).getByLabel("Number").waitFor();
  await close();
});

test("words are found in the transcript, one match after the other", LIMIT, async () => {
  const { page, close } = await open();
  const box = page.getByLabel("Search in the transcript");
  await box.fill("question 1");
  await page.getByText("1 of 4", { exact: true }).waitFor();
  assert.deepEqual(await page.locator("mark").allTextContents(), Array(4).fill("Question 1"));
  await box.press("Enter");
  await box.press("Enter");
  await page.getByText("3 of 4", { exact: true }).waitFor();
  await box.press("Shift+Enter");
  await page.getByText("2 of 4", { exact: true }).waitFor();
  await box.fill("<img src=x>");
  await page.getByText("Not found", { exact: true }).waitFor();
  await close();
});

test("the transcript is taken along as text, JSON and WebVTT, and the audio too", LIMIT, async () => {
  const { page, close } = await open();
  for (const [form, name, part] of /** @type {const} */ ([
    ["Text", `call-${ids[1]}.txt`, "Ada Byron: Question 1?"],
    ["JSON", `call-${ids[1]}.json`, '"content": "Answer <12>."'],
    ["WebVTT", `call-${ids[1]}.vtt`, "<v Desk>Answer &lt;12&gt;."],
  ])) {
    await page.getByText("Export", { exact: true }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: form, exact: true }).click(),
    ]);
    assert.equal(download.suggestedFilename(), name);
    assert.ok((await readFile(await download.path(), "utf8")).includes(part), form);
  }
  await page.getByText("Export", { exact: true }).click();
  const [audio] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Audio", exact: true }).click(),
  ]);
  assert.equal(audio.suggestedFilename(), `recording-${ids[1]}.wav`);
  await close();
});

test("cost and talk time are told, and the page is sound on a wide screen and on a phone", LIMIT, async () => {
  const { page, complaints, close } = await open();
  const call = await site.client.calls.get(ids[1] ?? "");
  const cents = Math.ceil(((call.durationSeconds ?? 0) * 22) / 60);
  await page
    .getByText(`$${(cents / 100).toFixed(2)}`, { exact: false })
    .first()
    .waitFor();
  await page.getByText(/^Ada Byron \d+%$/).waitFor();
  await sound(page);
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 360, height: 740 });
  await sound(page);
  assert.deepEqual(complaints, []);
  await close();
});
