// @ts-check
// Voices in a real browser: a recording where the API has one, through the proxy of a real account; else a sentence by a voice of the browser, which says that it
// is one, and only in a sandbox.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { serveLive } from "../server/live.mjs";
import { dist, openPage, sound, start } from "./browser.mjs";

/** @typedef {import("playwright-core").Page} Page */

const LIMIT = { timeout: 60_000 };
/** @type {Awaited<ReturnType<typeof start>>} */
let site;
before(async () => {
  site = await start();
});
after(() => site?.close());

/** A browser with the voices of a machine; what it says is noted. @param {Page} page @param {boolean} late They come after the page. */
const withVoices = (page, late = false) =>
  page.addInitScript((late) => {
    const said = /** @type {string[][]} */ ([]);
    const voices = ["en-US", "en-GB", "de-DE"].map((lang) => ({ lang, name: lang, localService: true }));
    let there = !late;
    const synthesis = Object.assign(new EventTarget(), {
      getVoices: () => (there ? voices : []),
      speak: (/** @type {{ text: string, lang: string }} */ { text, lang }) => said.push([lang, text]),
      cancel: () => {},
    });
    if (late)
      setTimeout(() => {
        there = true;
        synthesis.dispatchEvent(new Event("voiceschanged"));
      }, 1500);
    Object.defineProperty(window, "speechSynthesis", { value: synthesis });
    Object.defineProperty(window, "SpeechSynthesisUtterance", {
      value: class {
        voice = null;
        lang = "";
        constructor(/** @type {string} */ text) {
          Object.assign(this, { text });
        }
      },
    });
    Object.assign(window, { said });
  }, late);

/** @param {Page} page @returns {Promise<string[][]>} */
const said = (page) => page.evaluate(() => /** @type {any} */ (window).said);

async function agent() {
  site.sandbox.reset();
  return site.client.agents.create({ name: "Desk", voiceMode: "hosted", systemPrompt: "Be brief." });
}

test("a voice of the sandbox is read by one of the browser in its accent, and it is said so", LIMIT, async () => {
  const { id } = await agent();
  const { page, close } = await site.open(`/agents/${id}`, { keep: true, prepare: (page) => withVoices(page, true) });
  await page.getByLabel("Voice", { exact: true }).selectOption({ label: "Willa · female, British · cartesia" });
  await page.getByRole("button", { name: "Hear a sentence" }).click();
  await page.getByText("Spoken by a voice of this browser, not by Willa").waitFor();
  assert.deepEqual(await said(page), [["en-GB", "Hello, this is Willa. How can I help you today?"]]);
  await sound(page);
  await close();
});

test("where the API has a recording it is that one, and without a voice nothing is offered", LIMIT, async () => {
  const { id } = await agent();
  const voice = {
    voice_id: "v1",
    voice_name: "Vera",
    provider: "openai",
    preview_audio_url: "https://cdn.example/v.mp3",
  };
  const { page, close } = await site.open(`/agents/${id}`, {
    keep: true,
    prepare: async (page) => {
      await withVoices(page);
      await page.route("**/v1/**/voices*", (route) => route.fulfill({ json: { data: [voice] } }));
    },
  });
  await page.getByLabel("Voice", { exact: true }).selectOption("v1");
  const link = page.getByRole("link", { name: "Listen to Vera" });
  assert.equal(await link.getAttribute("href"), voice.preview_audio_url);
  assert.equal(await page.getByRole("button", { name: "Hear a sentence" }).count(), 0);
  await close();
  const mute = await site.open(`/agents/${id}`, { keep: true });
  await mute.page.getByLabel("Voice", { exact: true }).selectOption({ label: "Willa · female, British · cartesia" });
  assert.equal(await mute.page.getByRole("button", { name: "Hear a sentence" }).count(), 0);
  await mute.close();
});

/** Half a second of silence. */
function silence() {
  const data = Buffer.alloc(8000, 128);
  const head = Buffer.alloc(44);
  head.write("RIFF");
  head.writeUInt32LE(36 + data.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(16_000, 24);
  head.writeUInt32LE(16_000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write("data", 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

test("on a real account a recording is played in the page, which asks no other host for it", LIMIT, async (t) => {
  const { id } = await agent();
  // The API is a sandbox whose voices have recordings.
  const api = createServer(async ({ url = "", headers }, response) => {
    if (url === "/vera.wav") return response.writeHead(200, { "content-type": "audio/wav" }).end(silence());
    if (url.startsWith("/v1/agents/voices")) {
      const recorded = {
        voice_id: "v1",
        voice_name: "Vera",
        provider: "openai",
        preview_audio_url: `${base}/vera.wav`,
      };
      return response.end(JSON.stringify({ data: [recorded] }));
    }
    const answer = await fetch(site.url + url, { headers: { authorization: headers.authorization ?? "" } });
    response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
  });
  await new Promise((resolve) => api.listen(0, "127.0.0.1", () => resolve(undefined)));
  t.after(() => api.close());
  const base = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (api.address()).port}`;
  const proxy = await serveLive({ apiKey: "sk_live_of_the_proxy", baseUrl: base, staticDir: dist });
  t.after(() => proxy.close());
  /** @type {string[]} */
  const asked = [];
  const { page, complaints, close } = await openPage(site.browser, proxy.address, {}, async (page) => {
    page.on("request", (request) => asked.push(request.url()));
  });
  await page.evaluate((id) => location.assign(`#/agents/${id}`), id);
  await page.getByLabel("Voice", { exact: true }).selectOption("v1");
  await page.getByRole("button", { name: "Listen to Vera" }).click();
  await page.waitForFunction(() => (document.querySelector("audio")?.currentTime ?? 0) > 0.1);
  const hosts = new Set(asked.filter((url) => url.startsWith("http")).map((url) => new URL(url).origin));
  assert.deepEqual([...hosts], [proxy.url]);
  assert.deepEqual(complaints, []);
  await close();
});
