// @ts-check
// What the views of agents decide, without a browser: figures, variables, what has changed, copies, voices.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { diffWords } from "../src/views/agents/diff.js";
import { copyOf, nameOfCopy } from "../src/views/agents/duplicate.js";
import { figuresOf, since } from "../src/views/agents/figures.js";
import { languageOf, voiceFor } from "../src/views/agents/speech.js";
import { brokenIn, exampleOf, variablesIn } from "../src/views/agents/variables.js";

describe("an agent in figures", () => {
  const at = "2026-11-20T12:00:00Z";
  /** @param {string} status @param {number | null} [durationSeconds] */
  const call = (status, durationSeconds = null) => ({ status, startedAt: at, durationSeconds });

  test("calls that go on are neither answered nor missed", () => {
    const { calls, ended, answered, rate } = figuresOf(
      [call("completed", 60), call("busy"), call("no-answer"), call("failed"), call("in-progress"), call("ringing")],
      "hosted",
    );
    assert.deepEqual([calls, ended, answered, rate], [6, 4, 1, 0.25]);
  });

  test("each call is billed by the second and rounded up, by the price of its mode", () => {
    const calls = [call("completed", 30), call("completed", 61), call("busy", 5)];
    assert.equal(figuresOf(calls, "hosted").cents, 11 + 23);
    assert.equal(figuresOf(calls, "webhook").cents, 7 + 14);
    assert.deepEqual([figuresOf(calls, "hosted").seconds, figuresOf(calls, "hosted").average], [91, 45.5]);
    assert.equal(figuresOf(calls, "other").cents, null);
  });

  test("without calls nothing is claimed", () => {
    assert.deepEqual(figuresOf([], "hosted"), {
      calls: 0,
      ended: 0,
      answered: 0,
      rate: null,
      seconds: 0,
      average: null,
      cents: 0,
    });
    assert.equal(figuresOf([call("ringing")], "hosted").rate, null);
  });

  test("only what began since a time counts", () => {
    const old = { ...call("completed", 1), startedAt: "2026-10-01T00:00:00Z" };
    assert.deepEqual(since([call("completed"), old], Date.parse("2026-11-01T00:00:00Z")), [call("completed")]);
  });
});

describe("the variables of an agent", () => {
  test("are found once each, with their places", () => {
    const found = variablesIn(
      { systemPrompt: "You call {{name}} about {{order.id}}.", beginMessage: "Hi {{name}}!" },
      true,
    );
    assert.deepEqual(found, [
      { name: "name", places: ["systemPrompt", "beginMessage"] },
      { name: "order.id", places: ["systemPrompt"] },
    ]);
  });

  test("those that are not filled in say why", () => {
    const of = (/** @type {Record<string, string>} */ texts, hosted = true) =>
      variablesIn(texts, hosted)[0]?.problem ?? "";
    assert.match(of({ systemPrompt: "{{ name }}" }), /without spaces: \{\{name\}\}/);
    assert.match(of({ systemPrompt: "{{}}" }), /no name/);
    assert.match(of({ systemPrompt: "{{first name}}" }), /letters, digits/);
    assert.match(of({ voicemailMessage: "{{name}}" }), /not filled in here/);
    assert.match(of({ systemPrompt: "{{name}}" }, false), /hosted agent/);
    assert.equal(of({ systemPrompt: "{{name}}" }), "");
  });

  test("braces that do not match are found, code in a prompt is not", () => {
    assert.deepEqual(brokenIn("Call {name} about {{order"), ["{name}", "{{order"]);
    assert.deepEqual(brokenIn("Hello name}}"), ["name}}"]);
    assert.deepEqual(brokenIn('Hello {{name}}. Answer with {"a": 1}.'), []);
  });

  test("the example names those that are filled in, and only those", () => {
    const code = exampleOf("agent_1", variablesIn({ systemPrompt: "{{name}} {{order-id}} {{ x }}" }, true));
    assert.match(code, /variables: \{ name: "…", "order-id": "…" \}/);
    assert.doesNotMatch(code, /x:/);
  });
});

describe("what has changed in a text", () => {
  /** @param {string} before @param {string} after */
  const marked = (before, after) =>
    diffWords(before, after)
      .map(({ kind, text }) => (kind === "same" ? text : kind === "out" ? `[-${text}-]` : `[+${text}+]`))
      .join("");

  test("is marked word by word, and both texts can be read from it", () => {
    assert.equal(marked("Be brief and kind.", "Be brief, warm and kind."), "Be [-brief-][+brief, warm+] and kind.");
    for (const [before, after] of [
      ["a b c d", "b c x d"],
      ["", "new"],
      ["old", ""],
      ["one\n\ntwo", "one\ntwo"],
      ["same", "same"],
    ]) {
      const pieces = diffWords(before ?? "", after ?? "");
      const read = (/** @type {string} */ not) =>
        pieces.flatMap(({ kind, text }) => (kind === not ? [] : [text])).join("");
      assert.deepEqual([read("in"), read("out")], [before, after]);
    }
  });

  test("nothing has changed in two equal texts", () => {
    assert.deepEqual(diffWords("a b", "a b"), [{ kind: "same", text: "a b" }]);
    assert.deepEqual(diffWords("", ""), []);
  });

  test("long texts that share nothing are compared as a whole", () => {
    const long = (/** @type {string} */ word) => Array.from({ length: 3000 }, (_, n) => `${word}${n} `).join("");
    assert.deepEqual(
      diffWords(long("a"), long("b"))
        .map(({ kind }) => kind)
        .slice(0, 2),
      ["out", "in"],
    );
  });
});

describe("a copy of an agent", () => {
  const agent = /** @type {import("agentphone-wasm").Agent} */ (
    /** @type {unknown} */ ({
      id: "agent_1",
      name: "Front desk",
      description: null,
      voiceMode: "hosted",
      systemPrompt: "Be kind.",
      voice: "v1",
      voiceSpeed: 1.2,
      enableMessaging: false,
      customTools: [{ name: "t", url: "https://example.com" }],
      numbers: [{ id: "num_1" }],
      createdAt: "2026-11-20T12:00:00Z",
    })
  );

  test("has every setting and nothing that belongs to the original", () => {
    assert.deepEqual(copyOf(agent, "Copy"), {
      name: "Copy",
      voiceMode: "hosted",
      systemPrompt: "Be kind.",
      voice: "v1",
      voiceSpeed: 1.2,
      enableMessaging: false,
      customTools: [{ name: "t", url: "https://example.com" }],
    });
  });

  test("has a name that is not taken, also a copy of a copy", () => {
    assert.equal(nameOfCopy("Desk", []), "Desk copy");
    assert.equal(nameOfCopy("Desk", ["Desk copy", "Desk copy 2"]), "Desk copy 3");
    assert.equal(nameOfCopy("Desk copy", ["Desk copy"]), "Desk copy 2");
  });
});

test("a voice is of the language's region, else of the language, else none", () => {
  const all = [{ lang: "de-DE" }, { lang: "en_GB" }, { lang: "en-US" }];
  assert.equal(voiceFor(all, "en-US")?.lang, "en-US");
  assert.equal(voiceFor(all, "en-AU")?.lang, "en_GB");
  assert.equal(voiceFor(all, "fr-FR"), undefined);
});

test("a voice speaks in its accent, and in that of the API's own voices where it is not known", () => {
  assert.deepEqual(["British", "american", "Indian", "Martian", ""].map(languageOf), [
    "en-GB",
    "en-US",
    "en-IN",
    "en-US",
    "en-US",
  ]);
});
