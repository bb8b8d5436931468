// @ts-check
// A call's page in a real browser, over a sandbox: what is said as it is said, also when the stream is cut or
// the page reloaded in the middle; the recording; who ends the call.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { eventually, start } from "./browser.mjs";

/** @typedef {import("playwright-core").Page} Page */

const LIMIT = { timeout: 40_000 };
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
/** @type {string} */
let agentId;
before(async () => {
  site = await start({ ringingMs: 1000, talkingMs: 4000 });
});
after(() => site?.close());
afterEach(() => site.sandbox.faults.clear());

/** Forgets everything, and makes an agent with a number. */
async function begin() {
  site.sandbox.reset();
  const { id } = await site.client.agents.create({
    name: "Front desk",
    voiceMode: "hosted",
    systemPrompt: "Be brief.",
  });
  await site.client.numbers.buy({ country: "US", agentId: id });
  agentId = id;
}

/** @param {string} toNumber */
const place = (toNumber) => site.client.calls.create({ agentId, toNumber });

/** What stands in the transcript, in order. @param {Page} page */
const said = (page) => page.getByRole("log").locator("ol div > p").allTextContents();
/** @param {Page} page */
const log = (page) => page.getByRole("log", { name: /Transcript/ });
/** @param {Page} page */
const rows = (page) => page.getByRole("region", { name: "Calls" }).locator("tbody tr:not(.gap)");

const SCRIPT = [
  "Hello?",
  "Hi, this is an assistant calling. How are you today?",
  "I'm fine, thanks. What is this about?",
  "I am calling about your appointment. Does it still suit you?",
  "Yes, that works for me.",
  "Wonderful, then I have you confirmed.",
  "Great, thank you.",
  "Thank you, and have a good day. Goodbye.",
];
/** Two people say a lot, fast, and nobody hangs up. */
const CHATTER = {
  lines: Array.from({ length: 60 }, (_, n) => ({ caller: `Question ${n + 1}`, agent: `Answer ${n + 1}` })),
  hangup: /** @type {const} */ ("nobody"),
};

test("a call is followed from queued to completed, in the list and on its page", LIMIT, async () => {
  await begin();
  const { page, complaints, close } = await site.open("/calls", { keep: true });
  await page.getByText("No calls yet.").waitFor();
  const { id } = await place("+14155550100");
  const row = rows(page).filter({ hasText: "(415) 555-0100" });
  await row.waitFor();
  await row.getByText(/Queued|Ringing|In progress/).waitFor();
  await row.getByRole("link").click();
  await page.waitForURL(`**/#/calls/${id}`);
  await page.getByRole("heading", { level: 1, name: "Call to (415) 555-0100" }).waitFor();
  await page.locator("[data-status=in-progress]").first().waitFor();
  await log(page).getByText("I'm fine, thanks. What is this about?").waitFor();
  await page.getByRole("main").getByRole("timer").first().waitFor();
  await page.locator("[data-status=completed]").first().waitFor();
  await log(page).getByText("The call is over.").waitFor();
  assert.deepEqual(await said(page), SCRIPT);
  await page.getByText("The other side hung up").waitFor();
  const course = await page.getByRole("region", { name: "Timings" }).locator("li > span:first-child").allTextContents();
  assert.deepEqual(course.slice(-2), ["In progress", "Completed"]);
  await page.getByRole("link", { name: "All calls" }).click();
  await rows(page).filter({ hasText: "Completed" }).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test("how a call went is shown without a webhook", LIMIT, async () => {
  await begin();
  const script = { lines: [], summary: "They met.", sentiment: "Negative", successful: false };
  site.sandbox.script({ ...script, toNumber: "+14155550100" });
  const { id } = await place("+14155550100");
  await site.client.calls.wait(id);
  const { page, close } = await site.open(`/calls/${id}`, { keep: true });
  const outcome = page.getByRole("region", { name: "How it went" });
  for (const words of ["They met.", "Not successful", "Negative", "The other side hung up"])
    await outcome.getByText(words, { exact: true }).waitFor();
  assert.equal(await outcome.getByText("Set a webhook").count(), 0);
  await close();
});

test("a stream that is cut in the middle of a call goes on without losing or repeating a turn", LIMIT, async () => {
  await begin();
  // After the first live turn of each of three connections.
  site.sandbox.faults.add({ match: { operation: "calls.transcript.stream" }, cut: "mid-body", times: 3 });
  const { id } = await place("+14155550100");
  const { page, close } = await site.open(`/calls/${id}`, { keep: true });
  await log(page).getByText("The call is over.").waitFor();
  assert.deepEqual(await said(page), SCRIPT);
  assert.ok(site.sandbox.faults.list()[0]?.hits === 3);
  assert.equal(await page.getByRole("alert").count(), 0);
  await close();
});

test(
  "a stream that can no longer be had keeps what was said, tells the code, and goes on when asked",
  LIMIT,
  async () => {
    await begin();
    const { id } = await place("+15005550008");
    await site.client.calls.wait(id);
    site.sandbox.faults.add({ match: { operation: "calls.transcript.stream" }, status: 403, code: "FORBIDDEN" });
    const { page, close } = await site.open(`/calls/${id}`, { keep: true });
    await page.getByRole("alert").getByText("FORBIDDEN", { exact: true }).waitFor();
    site.sandbox.faults.clear();
    await page.getByRole("alert").getByRole("button", { name: "Try again" }).click();
    await log(page).getByText("The call is over.").waitFor();
    assert.deepEqual(await said(page), SCRIPT);
    await close();
  },
);

test("a reload in the middle of a stream shows all of the call again", LIMIT, async () => {
  await begin();
  const { id } = await place("+14155550100");
  const { page, complaints, close } = await site.open(`/calls/${id}`, { keep: true });
  await log(page).getByText("How are you today?").waitFor();
  await page.reload();
  await log(page).getByText("Hello?").waitFor();
  await log(page).getByText("The call is over.").waitFor();
  assert.deepEqual(await said(page), SCRIPT);
  assert.deepEqual(complaints, []);
  await close();
});

test("the transcript scrolls along until the reader scrolls up, and back with one button", LIMIT, async () => {
  await begin();
  site.sandbox.script({ toNumber: "+14155550166", ...CHATTER, pauseMs: 60 });
  const { id } = await place("+14155550166");
  const { page, close } = await site.open(`/calls/${id}`, { keep: true });
  await log(page).getByText("Answer 12", { exact: true }).waitFor();
  const fromEnd = () =>
    log(page).evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);
  assert.ok((await fromEnd()) < 80);
  await log(page).focus();
  await page.keyboard.press("Home");
  const button = page.getByRole("button", { name: "Jump to latest" });
  await button.waitFor();
  await log(page).getByText("Answer 25", { exact: true }).waitFor();
  assert.ok((await fromEnd()) > 300);
  await page.getByText(/new turns/).waitFor();
  await button.click();
  await button.waitFor({ state: "detached" });
  assert.ok((await fromEnd()) < 80);
  assert.ok(await log(page).evaluate((element) => element === document.activeElement));
  await close();
});

test("one plays the other side of a call and ends it with the keyboard alone", LIMIT, async () => {
  await begin();
  const { id } = await place("+15005550007");
  const { page, complaints, close } = await site.open(`/calls/${id}`, { keep: true });
  const words = page.getByLabel("They say");
  await words.waitFor();
  await words.focus();
  await page.keyboard.type("<b>Do you have rye bread?</b>");
  await page.keyboard.press("Enter");
  // Markup in what is said stays text.
  await log(page).getByText("<b>Do you have rye bread?</b>").waitFor();
  assert.equal(await words.inputValue(), "");
  await log(page).locator("[data-role=agent]").first().waitFor();
  await page.getByRole("button", { name: "End call" }).focus();
  await page.keyboard.press("Enter");
  await page.locator("[data-status=completed]").first().waitFor();
  await page.getByText("The agent hung up").waitFor();
  assert.equal(await page.getByRole("button", { name: "End call" }).count(), 0);
  assert.deepEqual(complaints, []);
  await close();
});

test("the other side hangs up", LIMIT, async () => {
  await begin();
  const { id } = await place("+15005550007");
  const { page, close } = await site.open(`/calls/${id}`, { keep: true });
  await page.getByLabel("They say").waitFor();
  await page.getByRole("button", { name: "They hang up" }).click();
  await page.getByText("The other side hung up").waitFor();
  await close();
});

test("a recording is heard, seen, sought in by keys and taken along", LIMIT, async () => {
  await begin();
  await site.client.credits.recording.enable();
  site.sandbox.script({ toNumber: "+14155550166", lines: CHATTER.lines.slice(0, 6), pauseMs: 300 });
  const { id } = await place("+14155550166");
  await site.client.calls.wait(id);
  const { page, complaints, close } = await site.open(`/calls/${id}`, { keep: true });
  const slider = page.getByRole("slider", { name: "Position in the recording" });
  await slider.waitFor();
  await page.waitForFunction(() => (document.querySelector("audio")?.duration ?? 0) > 3);
  // As a picture: read pixel by pixel, the browser would complain.
  const painted = () =>
    page.locator("canvas").evaluate((canvas) => (canvas instanceof HTMLCanvasElement ? canvas.toDataURL() : ""));
  assert.ok((await painted()).length > 500, "bars are drawn");
  await slider.focus();
  await page.keyboard.press("End");
  await page.waitForFunction(() => (document.querySelector("audio")?.currentTime ?? 0) > 3);
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.locator("[role=slider][aria-valuetext^='0:01 of 0:0']").waitFor();
  const light = await painted();
  await page.emulateMedia({ colorScheme: "dark" });
  // Drawn anew in the dark.
  await eventually(async () => (await painted()) !== light);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download" }).click(),
  ]);
  assert.equal(download.suggestedFilename(), `recording-${id}.wav`);
  assert.deepEqual(complaints, []);
  await close();
});

test(
  "a recording that is not there is said kindly, and one that was never made can be had next time",
  LIMIT,
  async () => {
    await begin();
    const plain = await place("+15005550008");
    await site.client.calls.wait(plain.id);
    const first = await site.open(`/calls/${plain.id}`, { keep: true });
    await first.page.getByText("This call was not recorded.").waitFor();
    await first.page.getByRole("button", { name: "Turn on recording" }).click();
    await first.page.getByText("Calls are recorded from now on.").waitFor();
    await first.close();
    const { id } = await place("+15005550008");
    await site.client.calls.wait(id);
    site.sandbox.faults.add({ match: { operation: "calls.recording.get" }, status: 404 });
    const { page, close } = await site.open(`/calls/${id}`, { keep: true });
    await page.getByText("The recording is not there.").waitFor();
    site.sandbox.faults.clear();
    await page.getByRole("button", { name: "Look again" }).click();
    await page.getByRole("slider", { name: "Position in the recording" }).waitFor();
    await close();
  },
);

test("a call that is over is read from its beginning, and one that goes on from its end", LIMIT, async () => {
  await begin();
  site.sandbox.script({ toNumber: "+14155550166", ...CHATTER, pauseMs: 60 });
  const { id: callId } = await place("+14155550166");
  const { page, close } = await site.open(`/calls/${callId}`, { keep: true });
  const first = log(page).getByText("Question 1", { exact: true });
  const top = () => log(page).evaluate((element) => element.scrollTop);
  await eventually(async () => (await top()) > 100);
  await site.client.calls.end(callId);
  await page.locator("[data-status=completed]").first().waitFor();
  assert.ok((await top()) > 100, "whoever follows stays where it ends");
  await page.reload();
  await log(page).getByText("The call is over.").waitFor();
  assert.equal(await top(), 0);
  await first.waitFor();
  await close();
});

test("a call without a summary tells to set a webhook only where none is set", LIMIT, async () => {
  await begin();
  const { id } = await place("+15005550003");
  // As on a real account, where no summary is told outside of webhooks.
  const bare = (/** @type {Page} */ page) =>
    page.route(`**/__sandbox/calls/${id}`, (route) => route.fulfill({ json: { disconnectionReason: "dial_failed" } }));
  const { page, close } = await site.open(`/calls/${id}`, { keep: true, prepare: bare });
  await page.getByRole("link", { name: "Set a webhook" }).waitFor();
  await site.client.webhooks.set({ url: `${site.url}/nobody` });
  await page.reload();
  await page.getByText("A webhook is set").waitFor();
  assert.equal(await page.getByRole("link", { name: "Set a webhook" }).count(), 0);
  await close();
});
