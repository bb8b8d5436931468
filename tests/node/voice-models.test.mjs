// What people hand over as a voice answer: a language model's own stream, as its package gives it, and what would be
// heard as silence on the phone, which is told.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { entryOf, thrownBy } from "../support/webhooks.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const { InvalidArgumentError, voice } = await import(entryOf(import.meta.url));
/** What is written for a source, and what was told. @param {string} source @param {Foreign} [options] */
const spoken = async (source, options) => {
  const [lines, told] = [/** @type {Foreign[]} */ ([]), /** @type {Foreign[]} */ ([])];
  for await (const line of voice.lines(source, {
    onError: (/** @type {import("agentphone-wasm").AnyAgentPhoneError} */ error) => told.push(error),
    ...options,
  }))
    lines.push(JSON.parse(line));
  return { lines, told, said: lines.map(({ text = "" }) => text).join("") };
};
/** @param {({} | undefined)[]} items */
async function* of(...items) {
  yield* items;
}
const openai = (/** @type {unknown} */ content) => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  choices: [{ index: 0, delta: { content }, finish_reason: null }],
});
/** A piece as Google's package gives it: its text is a getter of its class. */
class Gemini {
  /** @param {string} text */
  constructor(text) {
    this.candidates = [{ content: { role: "model", parts: [{ text }] } }];
  }
  get text() {
    return this.candidates[0].content.parts[0].text;
  }
}

describe("a model's stream is spoken", { concurrency: true }, () => {
  const STREAMS = {
    "OpenAI, chat completions": [
      { choices: [{ delta: { role: "assistant", content: "" } }] },
      openai("Hel"),
      openai("lo"),
      openai(null),
      { choices: [{ delta: {}, finish_reason: "stop" }] },
      { choices: [], usage: {} },
    ],
    "OpenAI, responses": [
      { type: "response.created", response: {} },
      { type: "response.output_item.added", item: {} },
      { type: "response.output_text.delta", delta: "Hel" },
      { type: "response.output_text.delta", delta: "lo" },
      { type: "response.output_text.done", text: "Hello" },
      { type: "response.completed" },
    ],
    Anthropic: [
      { type: "message_start", message: { content: [] } },
      { type: "content_block_start", content_block: { type: "text", text: "" } },
      { type: "ping" },
      { type: "content_block_delta", delta: { type: "thinking_delta", thinking: "hm" } },
      { type: "content_block_delta", delta: { type: "text_delta", text: "Hel" } },
      { type: "content_block_delta", delta: { type: "text_delta", text: "lo" } },
      { type: "content_block_stop" },
      { type: "message_delta", delta: { stop_reason: "end_turn" } },
      { type: "message_stop" },
    ],
    Google: [new Gemini("Hel"), new Gemini("lo"), { candidates: [{ finishReason: "STOP" }] }],
    "the AI SDK, all parts": [
      { type: "start" },
      { type: "start-step" },
      { type: "text-start", id: "0" },
      { type: "reasoning-delta", text: "hm" },
      { type: "text-delta", text: "Hel" },
      { type: "text-delta", textDelta: "l" },
      { type: "text-delta", delta: "o" },
      { type: "text-end" },
      { type: "tool-call" },
      { type: "finish" },
    ],
    LangChain: [
      { content: "Hel", additional_kwargs: {} },
      { content: [{ type: "text", text: "lo" }] },
      { content: "" },
    ],
  };
  for (const [name, pieces] of Object.entries(STREAMS)) {
    test(`${name}: its words, as they come, and nothing else`, async () => {
      const { lines, told, said } = await spoken(/** @type {Foreign} */ (of(...pieces)));
      assert.deepEqual([said, told], ["Hello", []]);
      assert.ok(lines.slice(0, -1).every(({ interim }) => interim === true));
      assert.deepEqual(lines.at(-1), { text: "" });
      assert.ok(
        lines.every((line) => Object.keys(line).every((field) => ["text", "interim"].includes(field))),
        JSON.stringify(lines),
      );
    });
  }

  test("the AI SDK's result is its textStream", async () => {
    const result = () => ({ textStream: of("Hel", "lo"), fullStream: of(), usage: Promise.resolve({}) });
    for (const source of [result(), () => result(), Promise.resolve(result())])
      assert.equal((await spoken(/** @type {Foreign} */ (source))).said, "Hello");
    const response = voice.response(result());
    assert.equal(response.headers.get("content-type"), "application/x-ndjson");
    assert.equal((await response.text()).split("\n").filter(Boolean).length, 3);
  });

  test("answers of a model that came whole are one answer", async () => {
    for (const whole of [
      { choices: [{ message: { role: "assistant", content: "Hello" } }] },
      { id: "msg_1", type: "message", role: "assistant", content: [{ type: "text", text: "Hello" }] },
      { role: "assistant", content: "Hello" },
    ]) {
      assert.deepEqual((await spoken(/** @type {Foreign} */ (whole))).lines, [{ text: "Hello" }]);
      assert.equal(await voice.response(whole).text(), '{"text":"Hello"}');
    }
  });

  test("words and answers can be mixed with it: to hang up after the model's last word", async () => {
    const { lines } = await spoken(/** @type {Foreign} */ (of("One moment. ", openai("Bye"), voice.hangup())));
    assert.deepEqual(lines, [
      { text: "One moment. ", interim: true },
      { text: "Bye", interim: true },
      { hangup: true },
    ]);
  });

  test("an error in the stream is told as what it is, and the fallback is heard", async () => {
    const fault = { type: "overloaded_error", message: "Overloaded" };
    for (const [piece, error] of /** @type {const} */ ([
      [{ type: "error", error: fault }, fault],
      [new RangeError("x"), undefined],
    ])) {
      const { lines, told } = await spoken(/** @type {Foreign} */ (of(openai("Hel"), piece, openai("lo"))), {
        fallback: "Please call again.",
      });
      assert.deepEqual([lines.map(({ text }) => text), told], [["Hel", "Please call again."], [error ?? piece]]);
    }
  });
});

describe("what would be heard as silence is told", { concurrency: true }, () => {
  const SILENCE = {
    "a misspelt answer": { message: "Hello" },
    "an empty object": {},
    "an answer that only says that more follows": { interim: true },
    "a text that is none": { text: 5 },
    "a text that is missing": { text: undefined },
    "null for a text": { text: null },
    "a field of another type beside a text": { text: "a", digits: 5 },
    "hangup as a text": { hangup: "yes" },
    "a Date": new Date(0),
    "a Map": new Map(),
    "an event that nobody knows": { type: "something", data: 1 },
    bytes: new Uint8Array(3),
    "an object in a list's place": { data: ["a"] },
  };
  for (const [name, value] of Object.entries(SILENCE)) {
    test(name, async () => {
      for (const source of [of("a", value, "b"), Promise.resolve([value]), () => of(value)]) {
        const { lines, told } = await spoken(/** @type {Foreign} */ (source), { fallback: voice.hangup("Sorry.") });
        assert.ok(told.length === 1 && told[0] instanceof InvalidArgumentError, `${told}`);
        assert.deepEqual(lines.at(-1), { text: "Sorry.", hangup: true });
      }
      if (!(value instanceof Map || value instanceof Uint8Array))
        assert.ok(thrownBy(() => voice.response(value)) instanceof InvalidArgumentError);
      assert.ok(thrownBy(() => voice.lines([], { fallback: value })) instanceof InvalidArgumentError);
    });
  }

  test("but every field that the API knows is an answer, and others may stand beside it", async () => {
    for (const known of [
      { text: "" },
      { hangup: true },
      { hangup: false },
      { action: "transfer" },
      { digits: "1" },
      { press_digit: "1" },
      { dtmf: "1" },
      { text: "a", voice: "b" },
      { text: "a", newer: { b: 1 } },
      { text: "a", digits: null },
    ]) {
      assert.deepEqual(
        [(await spoken(/** @type {Foreign} */ (of(known)))).told, (await spoken(/** @type {Foreign} */ (known))).told],
        [[], []],
        JSON.stringify(known),
      );
      assert.deepEqual(await voice.response(known).json(), known);
    }
  });
});

describe("characters are whole", { concurrency: true }, () => {
  test("one that a model has cut in two is put together again", async () => {
    for (const pieces of [
      ["Hi \ud83d", "\ude00!"],
      ["Hi \ud83d", "", "\ude00!"],
      ["Hi ", "\ud83d", "\ude00", "!"],
      [openai("Hi \ud83d"), openai("\ude00!")],
    ]) {
      const { said, lines } = await spoken(/** @type {Foreign} */ (of(...pieces)));
      assert.equal(said, "Hi 😀!");
      for (const { text } of lines) assert.ok(!/\p{Surrogate}/u.test(text), JSON.stringify(lines));
    }
  });

  test("half a character alone does not leave as one, wherever it stands", async () => {
    for (const source of [
      () => of("a\ude00b"),
      () => of("a\ud83d", "b"),
      () => of(voice.say("a\ud83d")),
      () => voice.say("\ude00"),
      () => of("a\ud83d"),
      () => of("a\ud83d", voice.hangup("b\ud83d")),
    ]) {
      const text = await voice.response(source).text();
      assert.ok(!/\\ud[89a-f]|\p{Surrogate}/iu.test(text), text);
    }
    assert.equal(await voice.response("a\ud83d").text(), '{"text":"a\ufffd"}');
  });
});

test("null for the options is none", async () => {
  assert.equal(
    (
      await (async () => {
        const lines = [];
        for await (const line of voice.lines(["a"], null)) lines.push(line);
        return lines;
      })()
    ).length,
    2,
  );
});
