// The API has several spellings of one thing. Whoever reads the one that did not come reads nothing, or a text letter by
// letter: one form is always there, beside what came.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { webhooks } from "agentphone-wasm";
import { clientOf, PHONE } from "../support/client.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const OTHER = "+14155550123";
const answering = (/** @type {Foreign} */ body) =>
  clientOf("http://x.test", { fetch: async () => Response.json(body) });

describe("a message", { concurrency: true }, () => {
  const CAME = {
    "the published spelling": { from_: PHONE, to: OTHER },
    "the documented one": { from: PHONE, to: OTHER },
    "a third": { fromNumber: PHONE, toNumber: OTHER },
    "an empty one beside another": { from: null, from_: PHONE, to: OTHER, toNumber: null },
  };
  for (const [name, came] of Object.entries(CAME)) {
    test(`has its sender and recipient in one form, whichever came: ${name}`, async () => {
      const lists = { data: [{ id: "m", ...came }, null, "x"], hasMore: false };
      /** @type {Foreign[]} */
      const messages = [
        (await answering(lists).numbers.messages.list("n")).data[0],
        (await answering(lists).conversations.messages.list("c")).data[0],
        (await answering([{ id: "m", ...came }]).numbers.messages.list("n")).data[0],
        (await answering({ id: "c", messages: lists.data }).conversations.get("c")).messages[0],
      ];
      for (const { fromNumber, toNumber, from_ } of messages)
        assert.deepEqual([fromNumber, toNumber, from_], [PHONE, OTHER, /** @type {Foreign} */ (came).from_]);
      for (const { from, to } of [messages[0], messages[2]]) assert.deepEqual([from, to], [PHONE, OTHER]);
    });
  }

  test("that names nobody is left as it came, and so is what is no message", async () => {
    const data = [{ id: "m", from: "", to: 7 }, null, [], 5];
    assert.deepEqual(
      (await answering({ data, hasMore: false }).numbers.messages.list("n")).data.slice(1),
      data.slice(1),
    );
    assert.deepEqual((await answering({ data: [{ id: "a", from_: "x" }] }).agents.list()).data, [
      { id: "a", from_: "x" },
    ]);
  });
});

const TEXTS = [
  [
    "Agent: Hello.\nUser: Hi,\nwho is it?\r\n\nassistant: Me.",
    [
      ["agent", "Hello."],
      ["user", "Hi,\nwho is it?"],
      ["agent", "Me."],
    ],
  ],
  ["Nobody is named here: at all.", [["unknown", "Nobody is named here: at all."]]],
  ["  CALLER :  spaced  ", [["user", "spaced"]]],
  [
    "Agent:\nUser: yes",
    [
      ["agent", ""],
      ["user", "yes"],
    ],
  ],
  ['[{"role":"user","content":"Hi"}]', [["user", "Hi"]]],
  ["", []],
  ["\n \n", []],
  ["[broken", [["unknown", "[broken"]]],
];

describe("a transcript that came as text", { concurrency: true }, () => {
  const pairs = (/** @type {Foreign} */ turns) =>
    turns.map((/** @type {Foreign} */ { role, content }) => [role, content]);

  test("is a list of turns, and not of letters, in a delivery", () => {
    for (const [text, turns] of TEXTS) {
      const body = JSON.stringify({
        event: "agent.call_ended",
        channel: "voice",
        data: { callId: "c", transcript: text },
      });
      const { data } = webhooks.verify({
        body,
        secret: "whsec_1",
        headers: webhooks.sign({ body, secret: "whsec_1" }),
      });
      assert.deepEqual(pairs(/** @type {Foreign} */ (data).transcript), turns);
      assert.equal(/** @type {Foreign} */ (data).transcriptText, text);
    }
  });

  test("is a list of turns, and not of letters, in an answer", async () => {
    for (const [text, turns] of TEXTS) {
      const data = /** @type {Foreign} */ (
        await answering({ callId: "c", transcript: text }).calls.transcript.get("c")
      );
      assert.deepEqual(pairs(data.transcript), turns);
      assert.equal(data.transcriptText, text);
    }
  });

  test("is left alone where a caller speaks: what was said is one text", () => {
    const body = JSON.stringify({
      event: "agent.message",
      channel: "voice",
      data: { callId: "c", transcript: "User: hello" },
    });
    assert.equal(
      /** @type {Foreign} */ (
        webhooks.verify({ body, secret: "whsec_1", headers: webhooks.sign({ body, secret: "whsec_1" }) }).data
      ).transcript,
      "User: hello",
    );
  });
});

test("the older form of a transcript has its turns, too", async () => {
  const data = [
    { id: "1", transcript: "Hi", response: "Hello", confidence: 1, createdAt: "2026-11-22T10:00:00Z" },
    { id: "2", transcript: "", response: null, createdAt: null },
    null,
  ];
  const transcript = await answering({ data }).calls.transcript.get("c");
  assert.deepEqual(/** @type {Foreign} */ (transcript).data, data);
  assert.deepEqual(transcript.transcript, [
    { role: "user", content: "Hi", createdAt: "2026-11-22T10:00:00Z" },
    { role: "agent", content: "Hello", createdAt: "2026-11-22T10:00:00Z" },
  ]);
  const turns = [{ role: "user", content: "Hi" }];
  assert.deepEqual(await answering({ callId: "c", transcript: turns }).calls.transcript.get("c"), {
    callId: "c",
    transcript: turns,
  });
});
