// Fields that the contract does not know. A newer API must not be blocked, so they are sent; but a typing mistake in
// silence makes a mute agent, so each is told once, with the field that was probably meant.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { AgentPhone } from "agentphone-wasm";
import { fieldNames, made } from "../../scripts/fields.mjs";
import { assertPrivate, failureOf, KEY, PHONE } from "../support/client.mjs";
import { argumentsOf, call, inputOf, minimal, operations, resolve, takesInput } from "../support/contract.mjs";

/** @import { Foreign } from "../support/foreign.js" */

/** A client, what it has sent and what it has logged. */
const recorded = (options = {}) => {
  /** @type {Foreign[]} */
  const sent = [];
  /** @type {string[]} */
  const lines = [];
  const fetch = async (/** @type {string} */ url, /** @type {Foreign} */ { body }) => {
    sent.push({ url, body: body && JSON.parse(body) });
    return Response.json({ id: "1", data: [] });
  };
  const keep = (/** @type {string[]} */ ...words) => void lines.push(words.join(" "));
  const logger = { error: keep, warn: keep, info: keep, debug: keep };
  return {
    sent,
    lines,
    logger,
    client: new AgentPhone({ apiKey: KEY, baseUrl: "http://x.test", fetch, logger, ...options }),
  };
};

test("the names of fields are those of the contract", () => {
  assert.equal(readFileSync(fieldNames, "utf8"), made(), "run `npm run fields`");
});

describe("a field that the contract does not know", () => {
  test("is sent, and told with what was probably meant, so that no mute agent is made in silence", async () => {
    const { client, sent, lines } = recorded();
    await client.agents.create(/** @type {Foreign} */ ({ name: "n", voice_mode: "hosted", systemPromt: "Be kind." }));
    assert.deepEqual(/** @type {Foreign} */ (sent[0]).body, {
      name: "n",
      voice_mode: "hosted",
      systemPromt: "Be kind.",
    });
    assert.deepEqual(lines, [
      "agentphone: agents.create (POST /v1/agents): unknown field voice_mode: did you mean voiceMode?",
      "agentphone: agents.create (POST /v1/agents): unknown field systemPromt: did you mean systemPrompt?",
    ]);
  });

  test("is told once for each log, not with every call and page", async () => {
    const first = recorded();
    for (let count = 0; count < 5; count += 1)
      await first.client.agents.create(/** @type {Foreign} */ ({ name: "n", voice_mode: "hosted" }));
    await first.client
      .withSubAccount("sub_1")
      .agents.create(/** @type {Foreign} */ ({ name: "n", voice_mode: "hosted" }));
    await first.client.agents.update("a", /** @type {Foreign} */ ({ voice_mode: "hosted" }));
    assert.equal(first.lines.length, 2);
    const other = recorded();
    await other.client.agents.create(/** @type {Foreign} */ ({ name: "n", voice_mode: "hosted" }));
    assert.equal(other.lines.length, 1);
  });

  test("is told of a query and of the objects in a list, too", async () => {
    const { client, lines } = recorded();
    await client.calls.list(/** @type {Foreign} */ ({ limit: 5, stauts: "completed" }));
    const tool = { name: "t", description: "d", url: "https://x.test", timeoutMS: 5000, timeout: 5 };
    await client.agents.update("a", { customTools: [tool, tool] });
    assert.deepEqual(
      lines.map((line) => /** @type {Foreign} */ (line).replace(/^.*\): /, "")),
      [
        "unknown field stauts: did you mean status?",
        "unknown field customTools[].timeoutMS: did you mean timeoutMs?",
        "unknown field customTools[].timeout: did you mean timeoutMs?",
      ],
    );
  });

  test("is told by its name alone, and not if that may be private", async () => {
    const { client, lines } = recorded();
    await client.agents.update("a", /** @type {Foreign} */ ({ [KEY]: 1, [PHONE]: 2, greeting: PHONE }));
    assert.equal(lines.length, 2);
    assertPrivate(lines.join(), "the log");
    assert.match(lines[0], /unknown field with a name that is not shown$/);
  });

  test("is told to no log that is off, however many there are", async () => {
    const silent = recorded({ logLevel: "error" });
    await silent.client.agents.create(/** @type {Foreign} */ ({ name: "n", voice_mode: "hosted" }));
    assert.deepEqual(silent.lines, []);
    const { client, lines } = recorded();
    for (let count = 0; count < 1000; count += 1)
      await client.agents.update("a", {
        [`field_${String.fromCharCode(97 + (count % 26), 97 + Math.floor(count / 26))}`]: 1,
      });
    assert.ok(lines.length <= 200, `${lines.length} lines`);
  });

  test("is told twenty times of one input at most, and looked at no further", async () => {
    const { client, lines, sent } = recorded();
    const names = Array.from(
      { length: 50_000 },
      (_, at) => `f_${[...at.toString(26)].map((digit) => String.fromCharCode(97 + parseInt(digit, 26))).join("")}`,
    );
    const body = Object.fromEntries(names.map((name) => [name, 1]));
    await client.agents.update("a", body);
    await client.agents.update("a", { customTools: [{ name: "t", description: "d", url: "https://x.test", ...body }] });
    assert.ok(lines.length <= 40, `${lines.length} lines`);
    assert.equal(Object.keys(/** @type {Foreign} */ (sent[0]).body).length, 50_000);
  });

  test("a log that throws costs no call", async () => {
    const boom = () => {
      throw new Error("full");
    };
    const { client, sent } = recorded({ logger: { error: boom, warn: boom, info: boom, debug: boom } });
    await client.agents.create(/** @type {Foreign} */ ({ name: "n", voice_mode: "hosted" }));
    assert.equal(sent.length, 1);
  });

  test("no field of the contract is taken for one, nor what lies below a field of the caller's own", async () => {
    const { client, lines } = recorded();
    for (const operation of operations.filter(takesInput)) {
      const input = inputOf(operation);
      for (const name of Object.keys(input.properties ?? {})) {
        const value =
          name === "customTools"
            ? [
                Object.fromEntries(
                  Object.keys(resolve(resolve(input.properties[name]).items).properties).map((key) => [key, "x"]),
                ),
              ]
            : "x";
        await call(client, operation, argumentsOf(operation, { ...minimal(input), [name]: value })).catch(() => {});
      }
    }
    await client.calls.create({
      agentId: "a",
      toNumber: PHONE,
      variables: { to: "x", anything: /** @type {Foreign} */ ({ goes: 1 }) },
    });
    await client.sipTrunks.create({ field_of_tomorrow: 1 }).catch(() => {});
    assert.deepEqual(
      lines.filter((line) => /** @type {Foreign} */ (line).includes("unknown")),
      [],
    );
  });
});

describe("an argument that is refused", () => {
  const message = async (/** @type {Foreign} */ run) => (await failureOf(run(recorded().client))).message;

  test("names what was passed in its place", async () => {
    assert.match(
      await message((/** @type {Foreign} */ client) => client.calls.create({ to: PHONE })),
      /agentId is missing; unknown field to: did you mean toNumber\? \(INVALID_ARGUMENT\)/,
    );
    assert.match(
      await message((/** @type {Foreign} */ client) => client.messages.send({ text: "hi", to: PHONE, agent: "a" })),
      /unknown field text: did you mean body\?; unknown field to: did you mean to_number\?; unknown field agent: did you mean agent_id\?/,
    );
    assert.match(
      await message((/** @type {Foreign} */ client) => client.registration.create({ firstName: "Ada" })),
      /unknown field firstName: did you mean first_name\?/,
    );
    assert.match(
      await message((/** @type {Foreign} */ client) => client.verification.send({ phone: PHONE })),
      /unknown field phone: did you mean phone_number\?/,
    );
    assert.match(
      await message((/** @type {Foreign} */ client) => client.agents.create({ agentName: "x", zzz: 1 })),
      /name is missing; unknown field agentName.*; unknown field zzz \(/,
    );
  });

  test("shows no value and no name that may be private, and not a hundred names", async () => {
    const text = await message((/** @type {Foreign} */ client) =>
      client.calls.create({
        [PHONE]: 1,
        [KEY]: 2,
        ...Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`f${"x".repeat(at % 20)}_${at}`, 1])),
      }),
    );
    assertPrivate(text, "the error");
    assert.ok(text.length < 700, text);
  });
});

describe("messages.send takes its fields in camel case as well", () => {
  test("and sends them as the API has them", async () => {
    const { client, sent, lines } = recorded();
    await client.messages.send({
      agentId: "a",
      toNumber: PHONE,
      body: "b",
      mediaUrls: ["https://x.test/1"],
      replyToMessageId: "m",
      sendStyle: "love",
    });
    await client.messages.send({
      numberId: "n",
      recipients: [PHONE, "a@example.com"],
      body: "b",
      mediaUrl: "https://x.test/1",
    });
    await client.messages.send({ fromNumber: PHONE, to_number: PHONE, body: "b" });
    assert.deepEqual(
      sent.map(({ body }) => body),
      [
        {
          agent_id: "a",
          to_number: PHONE,
          body: "b",
          media_urls: ["https://x.test/1"],
          reply_to_message_id: "m",
          send_style: "love",
        },
        { number_id: "n", recipients: [PHONE, "a@example.com"], body: "b", media_url: "https://x.test/1" },
        { from_number: PHONE, to_number: PHONE, body: "b" },
      ],
    );
    assert.deepEqual(lines, []);
  });

  test("and is not sent to one of two who are named in both ways", async () => {
    const { client, sent } = recorded();
    const error = await failureOf(
      client.messages.send({ agent_id: "a", to_number: PHONE, toNumber: "+14155550199", body: "b" }),
    );
    assert.match(error.message, /to_number and toNumber must not both be given \(INVALID_ARGUMENT\)/);
    assert.equal(sent.length, 0);
  });

  test("and checks them by the same rules", async () => {
    const error = await failureOf(recorded().client.messages.send({ agentId: "a", toNumber: "Bob", body: "b" }));
    assert.match(error.message, /to_number must be a phone number/);
  });
});
