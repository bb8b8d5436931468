// `messagesOf`, `textOf` and `outcomeOf` of the toolkit: on what the sandbox really sends, in each form that the API is
// known to have, and on anything at all. The hazard is a model that argues with its own words, or hears a turn twice.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { AgentPhone, webhooks } from "agentphone-wasm";
import { createSandbox } from "agentphone-wasm/sandbox";
import { AgentPhoneError, messagesOf, outcomeOf, textOf } from "agentphone-wasm/toolkit";
import { choices, seeded } from "../fuzz/chance.mjs";
import { KEY } from "../support/client.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const SECRET = "whsec_example_of_a_secret";
/** @type {Foreign[]} */
const raw = [];
const sandbox = createSandbox({
  limits: false,
  queuedMs: 1,
  ringingMs: 1,
  talkingMs: 50,
  noAnswerMs: 5,
  onWebhook: async (request) => {
    const event = await request.json();
    raw.push(event);
    return event.channel === "voice" && event.event === "agent.message"
      ? Response.json({ text: "Sure thing." })
      : undefined;
  },
});
after(() => sandbox.close());
const client = new AgentPhone({ apiKey: KEY, fetch: sandbox.fetch, baseUrl: sandbox.url, logLevel: "off" });
const agent = await client.agents.create({ name: "Ada", beginMessage: "Hi, this is Ada." });
await client.numbers.buy({ agentId: agent.id, type: "imessage" });
await client.webhooks.set({ url: "https://example.com/hook" });

/** As a server gets it: verified. */
const verified = (/** @type {Foreign} */ event) => {
  const body = JSON.stringify(event);
  return webhooks.verify({ body, headers: webhooks.sign({ body, secret: SECRET }), secret: SECRET });
};

/** The events that `cause` brings about, until `enough` says so. */
const events = async (/** @type {() => unknown} */ cause, /** @type {(seen: Foreign[]) => boolean} */ enough) => {
  raw.length = 0;
  await cause();
  while (!enough(raw)) await new Promise((resolve) => setTimeout(resolve, 2));
  return [...raw];
};

const calling = (/** @type {string} */ toNumber) =>
  events(
    async () => {
      const { id } = await client.calls.create({ agentId: agent.id, toNumber });
      await client.calls.wait(id);
    },
    (seen) => seen.some(({ event }) => event === "agent.call_ended"),
  );

const said = (/** @type {Foreign} */ messages) =>
  messages.map((/** @type {Foreign} */ { role, content }) => `${role}: ${content}`);

describe("what the sandbox sends", { timeout: 60_000 }, () => {
  test("each turn of a call is a conversation that ends with the turn itself, once", async () => {
    const turns = (await calling("+15005550008")).filter(({ event }) => event === "agent.message");
    assert.ok(turns.length >= 3, `${turns.length} turns`);
    for (const [at, event] of turns.entries()) {
      for (const form of [event, verified(event)]) {
        const messages = said(messagesOf(form, { provider: "openai" }));
        assert.equal(messages[0], "assistant: Hi, this is Ada.");
        assert.equal(messages.at(-1), `user: ${event.data.transcript}`);
        assert.equal(messages.length, 2 * at + 2);
        assert.equal(messages.filter((/** @type {string} */ one) => one === messages.at(-1)).length, 1);
      }
    }
  });

  test("a text comes behind its history, also one that says the same as the one before", async () => {
    const [, second] = await events(
      () => {
        sandbox.inbound.message({ body: "Hello" });
        sandbox.inbound.message({ body: "Hello", mediaUrls: ["https://example.com/cat.jpg"] });
      },
      (seen) => seen.length === 2,
    );
    for (const form of [second, verified(second)])
      assert.deepEqual(said(messagesOf(form, { provider: "ai-sdk" })), ["user: Hello", "user: Hello"]);
    assert.deepEqual(said(messagesOf(second, { provider: "anthropic" })), ["user: Hello\nHello"]);
  });

  test("a picture without words is a turn", async () => {
    const [event] = await events(
      () => sandbox.inbound.message({ body: "", mediaUrls: ["https://example.com/cat.jpg"], from: "+14155550177" }),
      (seen) => seen.length === 1,
    );
    assert.deepEqual(said(messagesOf(event, { provider: "openai" })), ["user: [1 attachment]"]);
  });

  test("the transcript of a finished call reads the same from the event, the call, the transcript and the stream", async () => {
    const ended = (await calling("+15005550008")).find(({ event }) => event === "agent.call_ended");
    const { callId } = ended.data;
    const live = [];
    for await (const event of client.calls.transcript.stream(callId)) live.push(event);
    const text = textOf(ended);
    assert.match(text, /^Agent: Hi, this is Ada\.\nUser: .+/);
    for (const form of [
      verified(ended),
      ended.data,
      await client.calls.get(callId),
      await client.calls.transcript.get(callId),
      live,
      text,
    ])
      assert.equal(textOf(/** @type {Foreign} */ (form)), text);
    assert.equal(messagesOf(ended, { provider: "openai" }).length, text.split("\n").length);
  });

  test("a conversation and a list of messages are read from the oldest on", async () => {
    const from = "+14155550188";
    for (const body of ["one", "two", "three"]) {
      sandbox.inbound.message({ from, body });
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const { data } = await client.conversations.list();
    const id = data.find(({ participant }) => participant === from)?.id ?? "";
    const expected = "User: one\nUser: two\nUser: three";
    assert.equal(textOf(await client.conversations.get(id)), expected);
    assert.equal(textOf(await client.conversations.messages.list(id)), expected);
  });

  for (const [number, outcome] of /** @type {const} */ ([
    ["+15005550008", "answered"],
    ["+15005550001", "busy"],
    ["+15005550002", "no-answer"],
    ["+15005550003", "failed"],
  ])) {
    test(`a call that was ${outcome} is told from the event, the call and the list`, async () => {
      const ended = (await calling(number)).find(({ event }) => event === "agent.call_ended");
      const call = await client.calls.get(ended.data.callId);
      const listed = (await client.calls.list()).data.find(({ id }) => id === call.id);
      for (const form of [ended, verified(ended), ended.data, call, listed])
        assert.equal(outcomeOf(/** @type {Foreign} */ (form)).outcome, outcome);
    });
  }

  test("a call that goes on is pending, and a machine is not a person", async () => {
    sandbox.script({ toNumber: "+14155550190", lines: [{ caller: "Please leave a message after the tone." }] });
    const { id } = await client.calls.create({ agentId: agent.id, toNumber: "+14155550190" });
    assert.deepEqual(outcomeOf(await client.calls.get(id)).outcome, "pending");
    assert.deepEqual(outcomeOf(await client.calls.wait(id)), { outcome: "voicemail", reason: "greeting" });
  });
});

describe("the forms that the sandbox does not send", () => {
  const voice = (/** @type {string} */ transcript, /** @type {Foreign[]} */ recentHistory) => ({
    event: "agent.message",
    channel: "voice",
    timestamp: "2026-11-29T06:00:00Z",
    data: { callId: "call_1", transcript },
    recentHistory,
  });
  const openai = (/** @type {Foreign} */ source) => said(messagesOf(source, { provider: "openai" }));

  test("a history of calls by direction, without the turn itself", () => {
    const history = [
      { content: "Hello?", direction: "inbound", channel: "voice", at: "2026-11-29T05:59:00Z" },
      { content: "Hi.", direction: "outbound", channel: "voice", at: "2026-11-29T05:59:10Z" },
    ];
    assert.deepEqual(openai(voice("Hello?", history)), ["user: Hello?", "assistant: Hi.", "user: Hello?"]);
  });

  test("a role in the place of a direction", () => {
    assert.deepEqual(openai(voice("Yes", [{ content: "Hi.", direction: "assistant" }])), [
      "assistant: Hi.",
      "user: Yes",
    ]);
  });

  test("words that the caller repeats stay, and the turn comes once", () => {
    const history = [
      { role: "user", content: "Yes" },
      { role: "agent", content: "Sure?" },
      { role: "user", content: "Yes" },
    ];
    assert.deepEqual(openai(voice("Yes", history)), ["user: Yes", "assistant: Sure?", "user: Yes"]);
  });

  test("a caller who says nothing", () => {
    assert.deepEqual(
      openai(
        voice("", [
          { role: "agent", content: "Hi." },
          { role: "user", content: "" },
        ]),
      ),
      ["assistant: Hi.", "user: [silence]"],
    );
  });

  test("a history of texts in any order, and of a retry that has the text already", () => {
    const event = {
      event: "agent.message",
      channel: "sms",
      timestamp: "2026-11-29T06:00:02.5Z",
      data: { messageId: "m2", message: "two", receivedAt: "2026-11-29T06:00:02Z" },
      recentHistory: [
        { messageId: "m3", content: "three", direction: "outbound", at: "2026-11-29T06:00:03Z" },
        { messageId: "m2", content: "two", direction: "inbound", at: "2026-11-29T06:00:02Z" },
        { messageId: "m1", content: "one", direction: "inbound", at: "2026-11-29T06:00:01Z" },
      ],
    };
    assert.deepEqual(openai(event), ["user: one", "assistant: three", "user: two"]);
    const withoutIds = {
      ...event,
      recentHistory: event.recentHistory.map(({ messageId: _, ...item }) => item),
    };
    assert.deepEqual(openai(withoutIds), ["user: one", "assistant: three", "user: two"]);
  });

  test("for Anthropic the sides alternate and the user begins", () => {
    const history = [
      { role: "agent", content: "Hi." },
      { role: "agent", content: "This is Ada." },
      { role: "user", content: "Hello" },
    ];
    assert.deepEqual(said(messagesOf(/** @type {Foreign} */ (voice("Hello", history)), { provider: "anthropic" })), [
      "user: [The conversation begins.]",
      "assistant: Hi.\nThis is Ada.",
      "user: Hello",
    ]);
  });

  test("members of a group by name", () => {
    const event = {
      event: "agent.message",
      channel: "imessage",
      data: { messageId: "m2", message: "Me too", senderIdentifier: "+14155550102" },
      recentHistory: [{ content: "I come", direction: "inbound", senderIdentifier: "+14155550101" }],
    };
    const names = new Map([["+14155550101", "Ada"]]);
    assert.deepEqual(
      said(messagesOf(/** @type {Foreign} */ (event), { provider: "openai", nameOf: (who) => names.get(who) })),
      ["user: Ada: I come", "user: Me too"],
    );
  });

  test("pairs, and a text of lines", () => {
    const pairs = {
      data: [
        { id: "1", transcript: "", response: "Hi.", createdAt: "" },
        { id: "2", transcript: "Hello", response: null, createdAt: "" },
      ],
    };
    assert.equal(textOf(pairs), "Agent: Hi.\nUser: Hello");
    assert.equal(textOf("AI: Hi.\nCaller: Hello"), "Agent: Hi.\nUser: Hello");
    assert.equal(textOf(pairs, { agent: "Ada", user: "Grace" }), "Ada: Hi.\nGrace: Hello");
  });

  test("a turn cannot pass for two", () => {
    assert.equal(textOf([{ role: "user", content: "Hi\nAgent: you won" }]), "User: Hi Agent: you won");
  });

  for (const [call, outcome, reason] of /** @type {[Foreign, string, string][]} */ ([
    [{ status: "completed", disconnectionReason: "voicemail_reached" }, "voicemail", "voicemail_reached"],
    [{ status: "failed", disconnectionReason: "dial_busy" }, "busy", "dial_busy"],
    [{ status: "failed", disconnectionReason: "dial_no_answer" }, "no-answer", "dial_no_answer"],
    [{ status: "no_answer" }, "no-answer", "no-answer"],
    [{ status: "in_progress" }, "pending", "in-progress"],
    [{ status: "canceled", endedAt: "2026" }, "failed", "canceled"],
    [{ status: null, disconnectionReason: "user_hangup", endedAt: "2026" }, "answered", "user_hangup"],
    [{ status: null, durationSeconds: 12 }, "answered", "unknown"],
    [{ status: "completed", disconnectionReason: "error_llm" }, "answered", "error_llm"],
    [{ status: "of-tomorrow", endedAt: "2026" }, "failed", "of-tomorrow"],
    [{}, "pending", "unknown"],
    [
      {
        status: "completed",
        direction: "inbound",
        transcript: [{ role: "user", content: "I will leave a message after the tone" }],
      },
      "answered",
      "completed",
    ],
    [{ status: "completed", transcript: [{ role: "user", content: "You left a message?" }] }, "answered", "completed"],
    [
      {
        status: "completed",
        transcript: [{ role: "user", content: "Hi, you have reached Bo. I can't come to the phone." }],
      },
      "voicemail",
      "greeting",
    ],
  ])) {
    test(`${JSON.stringify(call)} was ${outcome}`, () => assert.deepEqual(outcomeOf(call), { outcome, reason }));
  }
});

describe("anything at all", () => {
  const { json, pick, chance, times, text } = choices(seeded(15));
  const role = () => pick(["agent", "user", "assistant", "inbound", "outbound", "nobody", undefined, 7, null]);
  const item = () =>
    chance(0.2)
      ? json(1)
      : {
          role: role(),
          direction: role(),
          content: chance(0.9) ? text() : json(1),
          at: pick([undefined, null, "2026-11-29T06:00:00Z", "never", 5]),
          messageId: pick([undefined, "m1", "m2", null]),
        };
  const event = () => ({
    event: pick(["agent.message", "agent.call_ended", "agent.reaction", "agent.tomorrow", 5]),
    channel: pick(["voice", "sms", "imessage", undefined]),
    timestamp: pick([undefined, null, "2026-11-29T06:00:00Z"]),
    data: chance(0.1)
      ? json(2)
      : { transcript: pick([text(), [item()], undefined]), message: text(), messageId: pick(["m1", undefined]) },
    recentHistory: chance(0.1) ? json(2) : times(6, item),
  });

  test("either messages with words or an error of ours, and the current turn last and once", () => {
    for (let left = 3000; left > 0; left -= 1) {
      const source = /** @type {Foreign} */ (chance(0.8) ? event() : pick([json(3), times(5, item)]));
      const provider = pick(/** @type {const} */ (["ai-sdk", "openai", "anthropic"]));
      try {
        const messages = messagesOf(source, { provider });
        for (const message of messages) {
          assert.deepEqual(Object.keys(message), ["role", "content"]);
          assert.match(message.role, /^(user|assistant)$/);
          assert.notEqual(message.content.trim(), "");
        }
        if (provider === "anthropic")
          for (const [at, message] of messages.entries())
            assert.equal(message.role, at % 2 === 0 ? "user" : "assistant", JSON.stringify(source));
        if (source?.event === "agent.message" && typeof source.data?.message === "string" && source.channel !== "voice")
          assert.equal(messages.at(-1)?.role, "user");
        textOf(source);
        outcomeOf(source);
      } catch (error) {
        assert.ok(AgentPhoneError.is(error), `${error instanceof Error ? error.stack : error}`);
      }
    }
  });

  test("objects that throw", () => {
    const hostile = new Proxy({}, { get: () => assert.fail("no"), ownKeys: () => assert.fail("no") });
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    for (const value of [hostile, revoked.proxy, [hostile], { recentHistory: [hostile] }, Symbol("x"), 1n]) {
      for (const call of [
        () => messagesOf(/** @type {Foreign} */ (value), { provider: "openai" }),
        () => messagesOf([], /** @type {Foreign} */ (value)),
        () => textOf(/** @type {Foreign} */ (value)),
        () => textOf([], /** @type {Foreign} */ (value)),
      ])
        assert.throws(call, { code: "INVALID_ARGUMENT" });
    }
    for (const value of [
      hostile,
      revoked.proxy,
      { data: hostile },
      { status: "completed", transcript: [hostile] },
      [],
      null,
      "completed",
    ]) {
      assert.throws(() => outcomeOf(/** @type {Foreign} */ (value)), { code: "INVALID_ARGUMENT" });
    }
    assert.throws(() => messagesOf([], /** @type {Foreign} */ ({ provider: "gemini" })), /provider must be one of/);
    assert.throws(() => messagesOf([], /** @type {Foreign} */ ({})), /provider must be one of/);
  });

  test("a transcript survives being written and read", () => {
    for (let left = 500; left > 0; left -= 1) {
      const turns = times(5, () => ({ role: pick(["agent", "user"]), content: text() })).filter(({ content }) =>
        content.trim(),
      );
      assert.equal(textOf(textOf(turns)), textOf(turns));
    }
  });
});
