// What would be said wrongly, or to the wrong number, is refused by the plan: names in braces, damaged cells, texts that are too
// long, columns that can only be guessed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonRows } from "agentphone-wasm-cli/campaign";
import { codeOf, planned } from "./campaign-planned.mjs";

const LIMIT = { timeout: 120_000 };
const PHONE = "+14155550101";
const ONE = `phone,name\n${PHONE},Ann\n`;
const HOSTED = { voiceMode: "hosted", systemPrompt: "Be kind." };

/** @param {Awaited<ReturnType<typeof planned>>} found @param {string[]} [wanted] */
const refused = ({ error, problems, people }, wanted = []) => {
  assert.equal(codeOf(error), wanted.length === 0 ? "INVALID_CAMPAIGN" : "INVALID_PEOPLE");
  assert.deepEqual(problems, wanted);
  assert.deepEqual(people, []);
};

test("a greeting with a name that is no column is never spoken by a hosted agent either", LIMIT, async () => {
  const initialGreeting = "Hi {{nam}}!";
  refused(await planned(ONE, { initialGreeting, agent: HOSTED }), ["1:1 missing-column"]);
  refused(await planned(ONE, { initialGreeting, systemPrompt: "Be kind." }), ["1:1 missing-column"]);
  refused(await planned(ONE, { systemPrompt: "You call {{nam}}." }), ["1:1 missing-column"]);
});

test(
  "an empty cell that the greeting needs is refused for hosted agents, but not one that only the prompt uses",
  LIMIT,
  async () => {
    const content = `phone,name,note\n${PHONE},,\n`;
    refused(await planned(content, { initialGreeting: "Hi {{name}}!", agent: HOSTED }), ["2:2 missing-value"]);
    const { error } = await planned(content, { systemPrompt: "Know: {{note}}" });
    assert.equal(error, undefined);
  },
);

test(
  "the agent's own greeting is not spoken with its braces: it needs its columns, and is filled in",
  LIMIT,
  async () => {
    for (const mode of [HOSTED, {}]) {
      refused(await planned(ONE, { agent: { ...mode, beginMessage: "Hi {{nam}}!" } }), ["1:1 missing-column"]);
      refused(await planned(ONE, { agent: { ...mode, beginMessage: "Hi {{name}!" } }));
      const agent = { ...mode, beginMessage: "Hi {{ name }}!" };
      assert.equal((await planned(ONE, { agent })).settings?.message.initialGreeting, "Hi {{ name }}!");
      const own = await planned(ONE, { agent, initialGreeting: "Hello." });
      assert.equal(own.settings?.message.initialGreeting, "Hello.");
    }
    // A greeting without names is left to the API.
    const plain = await planned(ONE, { agent: { beginMessage: "Hi!" } });
    assert.equal(plain.settings?.message.initialGreeting, undefined);
  },
);

test("braces that name nothing are refused before they are spoken", LIMIT, async () => {
  for (const initialGreeting of ["Hi {{name}!", "Hi {{}}!", "Hi name}}"])
    refused(await planned(ONE, { initialGreeting }));
  refused(await planned(ONE, { kind: "text", body: "Hi {{name" }));
});

test("a cell that still has a name in braces is refused where the text says it", LIMIT, async () => {
  const content = `phone,name,note\n${PHONE},{{first_name}},{{x}}\n`;
  refused(await planned(content, { initialGreeting: "Hi {{name}}!" }), ["2:2 unfilled"]);
  const { error } = await planned(content, {});
  assert.equal(error, undefined);
});

test("a text that says the number gets the number", LIMIT, async () => {
  const { error, people } = await planned(ONE, { initialGreeting: "Is this {{phone}}?" });
  assert.equal(error, undefined);
  assert.deepEqual(people[0]?.variables, { phone: PHONE, name: "Ann" });
});

test("a control character in any cell or name is refused, not stored", LIMIT, async () => {
  for (const character of ["\0", "\u0007", "\u001b", "\u007f", "\u000b"])
    refused(await planned(`phone,name\n${PHONE},A${character}n\n`), ["2:2 control-character"]);
  refused(await planned(`phone,name\n${PHONE}\0,Ann\n`), ["2:1 control-character"]);
  refused(await planned(`phone,na\u001bme\n${PHONE},Ann\n`), ["1:2 control-character"]);
  for (const cell of ["\\u0000", "\\ud800"])
    refused(await planned(`{"phone":"${PHONE}","name":"${cell}"}\n`, {}, jsonRows), ["1:1 control-character"]);
  const { people } = await planned(`phone,name\n${PHONE},"A\tn\nn"\n`);
  assert.equal(people[0]?.variables.name, "A\tn\nn");
});

test("two columns that could be the number's are named, and none of them is called", LIMIT, async () => {
  const content = `Number,Name,Phone\n+14155550199,Ann,${PHONE}\n`;
  const found = await planned(content, { skipInvalid: true });
  refused(found, ["1:1 ambiguous-column"]);
  assert.match(found.told[0]?.message ?? "", /Number or Phone.*--column/);
  const { people, plan } = await planned(content, { column: "Phone" });
  assert.equal(people[0]?.recipient, PHONE);
  assert.match(plan?.notes.join() ?? "", /"Phone"/);
});

test("a text that the API refuses for its length is told with the cell that makes it too long", LIMIT, async () => {
  const options = { kind: /** @type {const} */ ("text"), body: "Hi {{name}}: {{note}}" };
  const rows = (/** @type {number} */ size) => `phone,name,note\n${PHONE},Ann,${"x".repeat(size)}\n`;
  refused(await planned(rows(5_000), options), ["2:3 long-text"]);
  refused(await planned(rows(1_600 - 7), options), ["2:3 long-text"]);
  assert.equal((await planned(rows(1_600 - 8), options)).error, undefined);
  refused(await planned(ONE, { kind: "text", body: "x".repeat(1_601) }));
});

test("a file without names is told in its first line, even if that is its only line", LIMIT, async () => {
  for (const content of [
    `${PHONE},Ann\n+14155550102,Bob\n`,
    `${PHONE}\n`,
    "Ann,(415) 555-0101\nBob,(415) 555-0102\n",
  ]) {
    const found = await planned(content, { skipInvalid: true });
    refused(found, [`1:${content.startsWith("Ann") ? 2 : 1} missing-column`]);
    assert.match(found.told[0]?.message ?? "", /first line must name the columns/);
    assert.doesNotMatch(found.told[0]?.message ?? "", /555/);
  }
});
