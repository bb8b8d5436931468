// `voice.fill` and `keepTyping` of the toolkit. The hazards: silence on the phone, words after the webhook's time is up, a source
// or a timer that goes on when nobody listens any more. The clock is moved by hand.
import assert from "node:assert/strict";
import { after, afterEach, beforeEach, describe, test } from "node:test";
import FakeTimers from "@sinonjs/fake-timers";
import { AgentPhone, voice as answers } from "agentphone-wasm";
import { createSandbox } from "agentphone-wasm/sandbox";
import { keepTyping, voice } from "agentphone-wasm/toolkit";
import { KEY } from "../support/client.mjs";

/** @import { Foreign } from "../support/foreign.js" */

/** @type {import("@sinonjs/fake-timers").Clock} */
let clock;
const fake = () => (clock = FakeTimers.install({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
const sleep = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Pieces, each after some milliseconds. @param {[number, unknown][]} pieces */
const slowly = (pieces) =>
  (async function* () {
    for (const [ms, piece] of pieces) {
      await sleep(ms);
      yield/** @type {Foreign} */ (piece);
    }
  })();

/** What is heard, and when, while the clock runs. */
const heard = async (/** @type {Foreign} */ filled) => {
  /** @type {[number, unknown][]} */
  const all = [];
  const begun = clock.now;
  let over = false;
  const reading = (async () => {
    for await (const piece of filled) all.push([clock.now - begun, piece]);
  })().finally(() => (over = true));
  reading.catch(() => {});
  while (!over) await clock.tickAsync(10);
  await reading;
  return all;
};
const filler = (/** @type {string} */ text) => ({ text, interim: true });

describe("voice.fill", () => {
  beforeEach(() => void fake());
  afterEach(() => clock.uninstall());

  test("an answer that is quick is as it was", async () => {
    const pieces = slowly([
      [100, "One."],
      [1400, "Two."],
    ]);
    assert.deepEqual(await heard(voice.fill(pieces, { say: "Hm." })), [
      [100, "One."],
      [1500, "Two."],
    ]);
  });

  test("a slow one has words before it, once for each silence", async () => {
    const pieces = slowly([
      [4000, "One."],
      [2000, "Two."],
    ]);
    assert.deepEqual(await heard(voice.fill(pieces, { say: ["Hm.", "Still there?", "Nearly."] })), [
      [1500, filler("Hm.")],
      [3000, filler("Still there?")],
      [4000, "One."],
      [5500, filler("Nearly.")],
      [6000, "Two."],
    ]);
    assert.deepEqual(await heard(voice.fill(slowly([[9000, "One."]]), { say: "Hm.", after: 1000 })), [
      [1000, filler("Hm.")],
      [9000, "One."],
    ]);
  });

  test("pieces of a model that say nothing are silence, and are passed on", async () => {
    const start = { choices: [{ delta: { role: "assistant", content: "" } }] };
    const words = { choices: [{ delta: { content: "Hello" } }] };
    assert.deepEqual(
      await heard(
        voice.fill(
          slowly([
            [100, start],
            [1000, " "],
            [1000, words],
          ]),
          { say: "Hm." },
        ),
      ),
      [
        [100, start],
        [1100, " "],
        [1500, filler("Hm.")],
        [2100, words],
      ],
    );
  });

  for (const [what, source] of /** @type {[string, () => Foreign][]} */ ([
    ["a promise", () => sleep(2000).then(() => "Late.")],
    ["a promise of a stream", () => sleep(1000).then(() => slowly([[1000, "Late."]]))],
    ["a function", () => async () => (await sleep(2000), "Late.")],
    ["a result of the AI SDK", () => ({ textStream: slowly([[2000, "Late."]]) })],
  ]))
    test(`${what} that is slow`, async () => {
      assert.deepEqual(await heard(voice.fill(source(), { say: "Hm." })), [
        [1500, filler("Hm.")],
        [2000, "Late."],
      ]);
    });

  for (const source of ["Now.", { text: "Now." }, ["Now."], new Set(["Now."])])
    test(`what is there already: ${JSON.stringify(source)}`, async () => {
      const all = await heard(voice.fill(/** @type {Foreign} */ (source), { say: "Hm." }));
      assert.equal(all.length, 1);
      assert.equal(all[0]?.[0], 0);
    });

  test("the turn ends before the webhook's time is up, with a last word", async () => {
    const never = () =>
      slowly([
        [1000, "One."],
        [60_000, "Two."],
      ]);
    assert.deepEqual(await heard(voice.fill(never(), { say: "Hm.", late: "Please ask again." })), [
      [1000, "One."],
      [2500, filler("Hm.")],
      [25_000, "Please ask again."],
    ]);
    assert.deepEqual(await heard(voice.fill(never(), { say: "Hm.", deadline: 2000 })), [[1000, "One."]]);
  });

  test("a source that never stops speaking is ended, too", async () => {
    const endless = async function* () {
      for (;;) {
        await sleep(100);
        yield "la ";
      }
    };
    const all = await heard(voice.fill(endless(), { say: "Hm.", deadline: 1050 }));
    assert.equal(all.at(-1)?.[0], 1000);
  });

  test("a source that always has its next piece ready is ended, too", async () => {
    const flood = function* () {
      for (;;) {
        clock.tick(1);
        yield "la ";
      }
    };
    /** @type {unknown[]} */
    const all = [];
    for await (const piece of voice.fill(flood(), { say: "Hm.", deadline: 30, late: "Well." }))
      if (all.push(piece) > 100) break;
    assert.deepEqual([all.length, all.at(-1)], [31, "Well."]);
  });

  test("what the source throws goes on to the reader, once", async () => {
    const broken = async function* () {
      yield "One.";
      throw new Error("the model is gone");
    };
    const filled = voice.fill(broken(), { say: "Hm." });
    assert.equal((await filled.next()).value, "One.");
    await assert.rejects(filled.next(), /the model is gone/);
    assert.deepEqual(await filled.next(), { done: true, value: undefined });
    await assert.rejects(voice.fill(Promise.reject(new Error("no")), { say: "Hm." }).next(), /no/);
  });

  test("whoever stops listening stops the source, its signal and the timer", async () => {
    /** @type {AbortSignal | undefined} */
    let signal;
    let returned = false;
    const source = (/** @type {AbortSignal} */ given) => {
      signal = given;
      return {
        [Symbol.asyncIterator]() {
          return this;
        },
        next: () => new Promise(() => {}),
        return: async () => ((returned = true), { done: true, value: undefined }),
      };
    };
    const filled = voice.fill(/** @type {Foreign} */ (source), { say: "Hm." });
    const waiting = filled.next();
    await clock.tickAsync(1);
    await filled.return?.();
    assert.ok(signal?.aborted && returned);
    assert.equal(clock.countTimers(), 0);
    await clock.tickAsync(60_000);
    assert.equal(clock.countTimers(), 0);
    void waiting;
  });

  test("a source that comes when nobody listens any more is stopped", async () => {
    let returned = false;
    const late = sleep(1000).then(() => ({
      [Symbol.asyncIterator]() {
        return this;
      },
      next: () => assert.fail("it was asked"),
      return: async () => ((returned = true), { done: true, value: undefined }),
    }));
    const filled = voice.fill(/** @type {Foreign} */ (late), { say: "Hm." });
    const waiting = filled.next();
    await clock.tickAsync(10);
    await filled.return?.();
    await clock.tickAsync(1000);
    assert.ok(returned);
    void waiting;
  });

  test("the lines of an answer, filler and words, and the last one without interim", async () => {
    const response = answers.response(voice.fill(slowly([[2000, "It is noon."]]), { say: "Hm." }));
    const text = response.text();
    for (let left = 300; left > 0; left -= 1) await clock.tickAsync(10);
    const lines = (await text)
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      lines.map((line) => line.text),
      ["Hm.", "It is noon.", ""],
    );
    assert.deepEqual(
      lines.map((line) => line.interim ?? false),
      [true, true, false],
    );
  });

  test("wrong options are named at once", () => {
    for (const [options, words] of /** @type {[Foreign, RegExp][]} */ ([
      [{}, /say must be/],
      [{ say: "" }, /say must be/],
      [{ say: [] }, /say must be/],
      [{ say: ["Hm.", 5] }, /say must be/],
      [{ say: "Hm.", after: 0 }, /after must be milliseconds/],
      [{ say: "Hm.", deadline: Number.NaN }, /deadline must be milliseconds/],
      [{ say: "Hm.", late: 5 }, /late must be/],
      [{ say: "Hm.", wait: 5 }, /there is no option wait/],
      [undefined, /options must be an object/],
    ]))
      assert.throws(
        () => voice.fill("Hi.", options),
        (/** @type {Foreign} */ error) => {
          assert.equal(error.code, "INVALID_ARGUMENT");
          assert.match(error.message, words);
          return true;
        },
      );
  });
});

describe("keepTyping", () => {
  const sandbox = createSandbox({ limits: false });
  after(() => sandbox.close());
  const client = new AgentPhone({ apiKey: KEY, fetch: sandbox.fetch, baseUrl: sandbox.url, logLevel: "off" });
  /** How often the sandbox was asked. */
  const shown = () => sandbox.ledger().byOperation["conversations.typing"]?.received ?? 0;
  /** @type {string} */
  let imessage;
  /** @type {string} */
  let sms;
  const conversation = async (/** @type {Foreign} */ type) => {
    const agent = await client.agents.create({ name: type });
    const number = await client.numbers.buy({ agentId: agent.id, type });
    sandbox.inbound.message({ to: number.phoneNumber, body: "Hello" });
    const { data } = await client.conversations.list();
    return data.find(({ phoneNumberId }) => phoneNumberId === number.id)?.id ?? "";
  };

  beforeEach(async () => {
    sandbox.reset();
    imessage = await conversation("imessage");
    sms = await conversation("sms");
    fake();
  });
  afterEach(() => clock.uninstall());

  test("it is shown at once and every four seconds, until it is stopped", async () => {
    const typing = keepTyping(client, imessage);
    await clock.tickAsync(100);
    assert.equal(shown(), 1);
    await clock.tickAsync(4100);
    assert.equal(shown(), 2);
    await clock.tickAsync(4100);
    assert.equal(shown(), 3);
    typing.stop();
    await clock.tickAsync(60_000);
    assert.equal(shown(), 3);
    assert.equal(clock.countTimers(), 0);
  });

  test("one that is forgotten ends by itself", async () => {
    keepTyping(client, imessage, { every: 1000, most: 5000 });
    await clock.tickAsync(60_000);
    assert.equal(shown(), 5);
    assert.equal(clock.countTimers(), 0);
  });

  test("a signal and the end of a block end it", async () => {
    const controller = new AbortController();
    keepTyping(client, imessage, { signal: controller.signal });
    await clock.tickAsync(100);
    controller.abort();
    keepTyping(client, imessage, { signal: AbortSignal.abort() });
    const typing = keepTyping(client, imessage);
    await clock.tickAsync(100);
    /** @type {Foreign} */ (typing)[Symbol.dispose ?? "stop"]();
    await clock.tickAsync(60_000);
    assert.equal(shown(), 2);
  });

  test("a line that cannot show it ends it, and no answer fails for that", async () => {
    /** @type {Foreign[]} */
    const errors = [];
    keepTyping(client, sms, { onError: (error) => errors.push(error) });
    keepTyping(client, sms);
    keepTyping(client, sms, {
      onError: () => {
        throw new Error("of the caller's");
      },
    });
    await clock.tickAsync(60_000);
    assert.equal(shown(), 3);
    assert.deepEqual(
      errors.map(({ status }) => status),
      [400],
    );
  });

  test("wrong arguments are named", () => {
    for (const [given, words] of /** @type {[Foreign[], RegExp][]} */ ([
      [[undefined, imessage], /must be a client/],
      [[{}, imessage], /must be a client/],
      [[client, ""], /id of a conversation/],
      [[client, 5], /id of a conversation/],
      [[client, imessage, { every: 0 }], /every must be/],
      [[client, imessage, { most: "1" }], /most must be/],
      [[client, imessage, { signal: {} }], /signal must be/],
      [[client, imessage, { onError: 1 }], /onError must be/],
      [[client, imessage, { often: 1 }], /there is no option often/],
    ]))
      assert.throws(
        () => keepTyping(.../** @type {[Foreign, Foreign]} */ (given)),
        (/** @type {Foreign} */ error) => {
          assert.equal(error.code, "INVALID_ARGUMENT");
          assert.match(error.message, words);
          return true;
        },
      );
  });
});
