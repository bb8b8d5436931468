// Answers to a caller: whatever the source does, the turn ends, what can be spoken at once is, and nobody
// thinks on when the caller has hung up.
import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { describe, test } from "node:test";
import { entryOf, thrownBy } from "../support/webhooks.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const { InvalidArgumentError, voice } = await import(entryOf(import.meta.url));

const END = { text: "" };

/** The lines of an answer, parsed. @param {string} source @param {Foreign} [options] */
const spoken = async (source, options) => {
  let text = "";
  for await (const piece of voice.lines(source, options)) text += piece;
  assert.ok(text.endsWith("\n"));
  const lines = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  // The first line without `interim` ends the turn: it must be there, and the last.
  assert.deepEqual(
    lines.map((line) => line.interim === true),
    lines.map((_, i) => i < lines.length - 1),
  );
  return lines;
};

const interim = (/** @type {string} */ text) => ({ text, interim: true });

/** A source that is told from outside what to say next; knows whether it was stopped. */
const dictated = () => {
  /** @type {Foreign} */
  let give;
  const state = { stopped: 0, asked: 0 };
  const iterator = {
    next: () => ((state.asked += 1), new Promise((resolve) => (give = resolve))),
    return: async () => ((state.stopped += 1), { done: true }),
    [Symbol.asyncIterator]: () => iterator,
  };
  return {
    source: iterator,
    state,
    say: (/** @type {unknown} */ value) => give({ done: false, value }),
    end: () => give({ done: true }),
  };
};

describe("answers", { concurrency: true }, () => {
  test("each builder gives the documented object", () => {
    assert.deepEqual(voice.say("Hi"), { text: "Hi" });
    assert.deepEqual(voice.interim("Wait"), interim("Wait"));
    assert.deepEqual([voice.hangup(), voice.hangup("Bye")], [{ hangup: true }, { text: "Bye", hangup: true }]);
    assert.deepEqual(
      [voice.transfer(), voice.transfer("Wait")],
      [{ action: "transfer" }, { text: "Wait", action: "transfer" }],
    );
    assert.deepEqual(voice.digits("123#"), { digits: "123#" });
  });

  test("what the caller would hear as silence is refused where it is made", () => {
    for (const call of [
      () => voice.say(),
      () => voice.say(7),
      () => voice.interim(null),
      () => voice.hangup({}),
      () => voice.transfer(7),
      () => voice.digits(123),
      () => voice.digits(""),
      () => voice.digits("call me"),
      () => voice.response(null),
      () => voice.response(7),
    ]) {
      assert.ok(thrownBy(call) instanceof InvalidArgumentError, `${call}`);
    }
  });

  test("a content type that does not match: a single response is JSON, and a streamed one NDJSON", async () => {
    for (const [answer, body] of [
      ["Hi", '{"text":"Hi"}'],
      [voice.hangup("Bye"), '{"text":"Bye","hangup":true}'],
    ]) {
      const response = voice.response(answer);
      assert.deepEqual(
        [response.status, response.headers.get("content-type"), await response.text()],
        [200, "application/json", body],
      );
    }
    const response = voice.response(["Hi", voice.say("Bye")]);
    assert.equal(response.headers.get("content-type"), "application/x-ndjson");
    assert.equal(await response.text(), '{"text":"Hi","interim":true}\n{"text":"Bye"}\n');
  });
});

describe("streamed answers", { concurrency: true }, () => {
  test("every kind of source is spoken, and the turn is ended", async () => {
    const generator = async function* () {
      yield "a";
      yield "b";
    };
    for (const source of [
      ["a", "b"],
      new Set(["a", "b"]),
      generator(),
      generator,
      () => ["a", "b"],
      Promise.resolve(["a", "b"]),
      [Promise.resolve("a"), "b"],
      (async () => generator())(),
    ]) {
      assert.deepEqual(await spoken(/** @type {Foreign} */ (source)), [interim("a"), interim("b"), END]);
    }
    for (const source of ["a", voice.say("a"), Promise.resolve("a"), () => voice.say("a"), [voice.say("a")]]) {
      assert.deepEqual(await spoken(source), [{ text: "a" }]);
    }
    assert.deepEqual(await spoken(/** @type {Foreign} */ ([])), [END]);
    assert.deepEqual(await spoken(/** @type {Foreign} */ (["", "a", ""])), [interim("a"), END]);
  });

  test("an answer is the last only if none follows", async () => {
    assert.deepEqual(await spoken(/** @type {Foreign} */ ([voice.say("a"), voice.say("b")])), [
      interim("a"),
      { text: "b" },
    ]);
    assert.deepEqual(await spoken(/** @type {Foreign} */ ([voice.say("a"), "b"])), [interim("a"), interim("b"), END]);
    assert.deepEqual(await spoken(/** @type {Foreign} */ ([voice.digits("1"), voice.say("b")])), [
      { digits: "1", interim: true },
      { text: "b" },
    ]);
    assert.deepEqual(await spoken(/** @type {Foreign} */ ([voice.interim("a")])), [interim("a"), END]);
  });

  test("after hanging up or a transfer nothing is said, and the source is stopped", async () => {
    for (const end of [voice.hangup("Bye"), voice.transfer(), { action: "hangup" }]) {
      let stopped = false;
      const source = function* () {
        try {
          yield "a";
          yield voice.say("b");
          yield end;
          yield "never heard";
        } finally {
          stopped = true;
        }
      };
      assert.deepEqual(await spoken(/** @type {Foreign} */ (source())), [interim("a"), interim("b"), end]);
      assert.ok(stopped);
    }
  });

  test("a text is spoken before the next one is thought of", async () => {
    const { source, say, end } = dictated();
    const lines = voice.lines(source);
    const first = lines.next();
    await new Promise(setImmediate);
    say("a");
    assert.equal((await first).value, '{"text":"a","interim":true}\n');
    const last = lines.next();
    await new Promise(setImmediate);
    end();
    assert.equal((await last).value, '{"text":""}\n');
    assert.equal((await lines.next()).done, true);
  });

  test("a source that fails anywhere still ends the turn, and its error is told", async () => {
    const fault = new Error("the model is down");
    const failing = (/** @type {(string | undefined)[]} */ ...words) =>
      (async function* () {
        yield* words;
        throw fault;
      })();
    const broken = {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          throw fault;
        },
      }),
    };
    for (const [source, before] of /** @type {const} */ ([
      [failing(), []],
      [failing("a"), [interim("a")]],
      [Promise.reject(fault), []],
      [
        () => {
          throw fault;
        },
        [],
      ],
      [broken, []],
      [["a", Promise.reject(fault)], [interim("a")]],
    ])) {
      /** @type {Foreign[]} */
      const errors = [];
      assert.deepEqual(
        await spoken(/** @type {Foreign} */ (source), {
          onError: (/** @type {import("agentphone-wasm").AnyAgentPhoneError} */ error) => errors.push(error),
        }),
        [...before, END],
      );
      assert.deepEqual(errors, [fault]);
    }
    const held = [];
    assert.deepEqual(
      await spoken(/** @type {Foreign} */ (failing(voice.say("a"))), {
        onError: (/** @type {import("agentphone-wasm").AnyAgentPhoneError} */ error) => held.push(error),
      }),
      [{ text: "a" }],
    );
    assert.equal(held.length, 1);
  });

  test("a fallback is spoken when the source fails, and only then", async () => {
    const failing = () =>
      (function* () {
        yield voice.say("a");
        throw new Error("x");
      })();
    const options = { onError: () => {}, fallback: "Please call again." };
    assert.deepEqual(await spoken(/** @type {Foreign} */ (failing()), options), [
      interim("a"),
      { text: "Please call again." },
    ]);
    assert.deepEqual(
      await spoken(/** @type {Foreign} */ (failing()), { ...options, fallback: voice.hangup("Sorry.") }),
      [interim("a"), { text: "Sorry.", hangup: true }],
    );
    assert.deepEqual(await spoken(/** @type {Foreign} */ (["a"]), options), [interim("a"), END]);
  });

  test("a value that cannot be spoken ends the turn, and is told; onError that throws changes nothing", async () => {
    for (const value of [null, 7, true, () => {}, ["nested"]]) {
      /** @type {Foreign[]} */
      const errors = [];
      assert.deepEqual(
        await spoken(/** @type {Foreign} */ (["a", value, "b"]), {
          onError: (/** @type {import("agentphone-wasm").AnyAgentPhoneError} */ error) => errors.push(error),
        }),
        [interim("a"), END],
      );
      assert.ok(errors[0] instanceof InvalidArgumentError);
    }
    assert.deepEqual(
      await spoken(/** @type {Foreign} */ ([7]), {
        onError: () => {
          throw new Error("x");
        },
      }),
      [END],
    );
    assert.ok(thrownBy(() => voice.lines([], { fallback: 7 })) instanceof InvalidArgumentError);
    let stopped = false;
    const source = (function* () {
      try {
        yield 7;
      } finally {
        stopped = true;
      }
    })();
    await spoken(/** @type {Foreign} */ (source), { onError: () => {} });
    assert.ok(stopped, "the source goes on though nobody listens");
  });

  test("an answer that no JSON can hold still does not leave the turn open", async () => {
    const circular = { text: "a" };
    /** @type {Foreign} */ (circular).itself = circular;
    for (const source of [
      [circular],
      ["b", circular],
      [circular, "b"],
      [voice.say("b"), circular],
      [{ ...circular, hangup: true }],
    ]) {
      /** @type {Foreign[]} */
      const errors = [];
      const lines = await spoken(/** @type {Foreign} */ (source), {
        onError: (/** @type {import("agentphone-wasm").AnyAgentPhoneError} */ error) => errors.push(error),
      });
      assert.ok(errors[0] instanceof TypeError);
      assert.ok(!JSON.stringify(lines).includes("itself"));
    }
    assert.throws(() => voice.lines([], { fallback: circular }), { code: "INVALID_ARGUMENT" });
  });

  test("a line end or a foreign letter in a text breaks no line", async () => {
    const text = 'one\ntwo\r\n"three"\u2028👋🏽';
    assert.deepEqual(await spoken(/** @type {Foreign} */ ([text])), [interim(text), END]);
    assert.deepEqual(JSON.parse((await new Response(voice.stream([text])).text()).split("\n")[0]), interim(text));
  });
});

describe("streams", { concurrency: true }, () => {
  test("nothing is asked of the source faster than it is read", async () => {
    let asked = 0;
    const endless = (function* () {
      for (;;) yield `${(asked += 1)} `;
    })();
    const reader = voice.response(endless).body.getReader();
    await new Promise(setImmediate);
    assert.equal(asked, 0);
    for (let i = 1; i <= 3; i += 1) {
      await reader.read();
      await new Promise(setImmediate);
      assert.equal(asked, i);
    }
    await reader.cancel();
  });

  test("a caller who hangs up stops the source at once, even while it is waited for", async () => {
    const { source, state } = dictated();
    /** @type {Foreign} */
    let signal;
    const reader = voice.response((/** @type {unknown} */ given) => ((signal = given), source)).body.getReader();
    reader.read().catch(() => {});
    await new Promise(setImmediate);
    assert.deepEqual([state.asked, state.stopped, signal?.aborted], [1, 0, false]);
    await reader.cancel();
    assert.deepEqual([state.stopped, signal?.aborted], [1, true]);
  });

  test("the source runs in the async context in which the answer was made, whoever reads it, also twice at once", async () => {
    const request = new AsyncLocalStorage();
    /** @type {unknown[]} */
    const seen = [];
    const model = async function* () {
      for (const word of ["One ", "two ", "three."]) {
        seen.push(request.getStore());
        await new Promise((resolve) => setTimeout(resolve, 1));
        yield word;
      }
    };
    const onError = () => void seen.push(request.getStore());
    const lines = request.run("A", () => voice.lines(model()));
    const response = request.run("B", () => voice.response(() => model()));
    const broken = request.run("C", () => voice.lines(Promise.reject(new Error("broken")), { onError }));
    const all = await request.run("reader", () =>
      Promise.all([lines.next(), lines.next(), lines.next(), lines.next()]),
    );
    assert.equal(all.map(({ value }) => JSON.parse(`${value}`).text).join(""), "One two three.");
    await request.run("reader", () => response.text());
    for await (const _ of broken);
    assert.deepEqual(seen, ["A", "A", "A", "B", "B", "B", "C"]);
  });

  test("a source that never began is not begun for who has hung up", async () => {
    let begun = false;
    const source = async function* () {
      begun = true;
      yield "a";
    };
    await voice.response(source).body.cancel();
    await new Promise(setImmediate);
    assert.equal(begun, false);
  });

  test("leaving the lines early stops the source", async () => {
    let stopped = false;
    const source = (async function* () {
      try {
        yield "a";
        yield "b";
      } finally {
        stopped = true;
      }
    })();
    for await (const line of voice.lines(source)) if (line) break;
    assert.ok(stopped);
  });

  test("a source that fails while it is stopped disturbs nobody", async () => {
    const iterator = {
      next: async () => ({ done: false, value: "a" }),
      return: () => {
        throw new Error("x");
      },
    };
    const rejecting = {
      ...iterator,
      return: async () => {
        throw new Error("x");
      },
    };
    for (const broken of [iterator, rejecting]) {
      for await (const line of voice.lines({ [Symbol.asyncIterator]: () => broken })) if (line) break;
    }
    await new Promise(setImmediate);
  });
});

test("an AbortController that throws, in the place of the host's, keeps nobody from speaking or from hanging up", async (t) => {
  const Own = globalThis.AbortController;
  t.after(() => {
    globalThis.AbortController = Own;
  });
  const boom = () => {
    throw new Error("own");
  };
  for (const Controller of [
    class {
      constructor() {
        boom();
      }
    },
    class {
      abort() {
        boom();
      }
    },
    5,
  ]) {
    globalThis.AbortController = /** @type {Foreign} */ (Controller);
    assert.deepEqual(await spoken(/** @type {Foreign} */ (() => "hello")), [{ text: "hello" }]);
    for await (const line of voice.lines(["a", "b"])) if (line) break;
  }
});
