// The official TypeScript SDK, unchanged, against the sandbox over HTTP. The tests call each of its methods in
// realistic user stories. What the SDK itself does wrong is named in the tests, so that it is not mistaken for a
// bug of the sandbox. Our client does it right (tests/node/incumbents*.test.mjs).

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { AgentPhoneClient, AgentPhoneError } from "agentphone";
import { serveSandbox } from "./server.mjs";
import { hookReceiver } from "./testing.mjs";

/** @import { Foreign } from "../../tests/support/foreign.js" */

const PHONE = "+14155550100";
const called = new Set();
/** @type {import("../js/types.js").SandboxServer} */
let sandbox;
/** @type {Awaited<ReturnType<typeof hookReceiver>>} */
let hooks;
/** The SDK. Its types lack what some methods return, and some parameters. @type {Foreign} */
let sdk;

/** Wraps the SDK and records each method that returned. */
const noting = (/** @type {AgentPhoneClient} */ client) =>
  new Proxy(client, {
    get: (_, resource) =>
      new Proxy(Reflect.get(client, resource), {
        get:
          (target, method) =>
          async (/** @type {Foreign[]} */ ...args) => {
            const answer = await target[method](...args);
            called.add(`${String(resource)}.${String(method)}`);
            return answer;
          },
      }),
  });

/** Every method of every resource of the SDK. */
const methodsOf = (/** @type {AgentPhoneClient} */ client) => {
  const own = (/** @type {AgentPhoneClient} */ object) => Object.getOwnPropertyNames(Object.getPrototypeOf(object));
  const resources = own(client).filter(
    (name) => typeof (/** @type {Record<string, Foreign>} */ (client)[name]) === "object",
  );
  return resources.flatMap((resource) =>
    own(/** @type {Record<string, Foreign>} */ (client)[resource])
      .filter((name) => name !== "constructor" && !name.startsWith("_"))
      .map((name) => `${resource}.${name}`),
  );
};

const REGISTRATION = {
  registration_type: "sole_proprietor",
  first_name: "Ada",
  last_name: "Byron",
  email: "ada@example.com",
  phone_number: PHONE,
  street_address: "1 Main Street",
  city: "San Francisco",
  state: "CA",
  zip_code: "94105",
  description: "Appointment reminders for the patients of a small dental practice.",
  use_cases: ["customer_care"],
  message_samples: ["Example Dental: see you tomorrow at 10.", "Example Dental: your bill has been paid."],
  consent_flow: "Patients tick a box on the paper form that they sign at their first visit.",
  opt_in_image_url: "https://example.com/opt-in.png",
};

before(async () => {
  hooks = await hookReceiver();
  // A minute of sandbox time takes a second: calls end while the test is running.
  sandbox = await serveSandbox({ speed: 60, limits: false });
  sdk = noting(new AgentPhoneClient({ token: "sk_test_official", baseUrl: sandbox.url, maxRetries: 0 }));
  // The SDK has no method for the recording add-on, without which nothing is recorded.
  const headers = { authorization: "Bearer sk_test_official" };
  await fetch(`${sandbox.url}/credits/recording/enable`, { method: "POST", headers });
});
after(async () => {
  await sandbox.close();
  await hooks.close();
});

/** A hosted agent with an iMessage line, and a text sent from it. */
const staff = async () => {
  const agent = await sdk.agents.createAgent({ name: "Support", voiceMode: "hosted", systemPrompt: "Be brief." });
  const number = await sdk.numbers.createNumber({ country: "US", agentId: agent.id, type: "imessage" });
  return { agent, number };
};

/** Polls until a call has ended. */
const ended = async (/** @type {string} */ id) => {
  for (;;) {
    const call = await sdk.calls.getCall({ call_id: id });
    if (call.endedAt) return call;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

describe("the official TypeScript SDK", () => {
  test("agents: created, read, changed, listed, deleted", async () => {
    const { data: voices } = await sdk.agents.listVoices();
    assert.ok(voices.length > 0);
    const made = await sdk.agents.createAgent({ name: "Ada", voiceMode: "webhook" });
    assert.equal((await sdk.agents.getAgent({ agent_id: made.id })).name, "Ada");
    assert.equal((await sdk.agents.updateAgent({ agent_id: made.id, name: "Bea" })).name, "Bea");
    assert.ok((await sdk.agents.listAgents()).data.some((/** @type {Foreign} */ agent) => agent.id === made.id));
    assert.equal((await sdk.agents.deleteAgent({ agent_id: made.id })).success, true);
    await assert.rejects(sdk.agents.getAgent({ agent_id: made.id }), { statusCode: 404 });
  });

  test("the SDK drops the limit of a list; there is a workaround", async () => {
    for (const name of ["One", "Two"]) await sdk.agents.createAgent({ name });
    assert.ok((await sdk.agents.listAgents({ limit: 1 })).data.length > 1);
    assert.equal((await sdk.agents.listAgents({}, { queryParams: { limit: 1 } })).data.length, 1);
  });

  test("numbers: bought, attached, read, detached, released", async () => {
    const agent = await sdk.agents.createAgent({ name: "Lines" });
    const bought = await sdk.numbers.createNumber({ country: "US" });
    await sdk.agents.attachNumberToAgent({ agent_id: agent.id, numberId: bought.id });
    assert.equal((await sdk.numbers.getNumber({ number_id: bought.id })).agentId, agent.id);
    assert.ok((await sdk.numbers.listNumbers()).data.some((/** @type {Foreign} */ number) => number.id === bought.id));
    await sdk.agents.detachNumberFromAgent({ agent_id: agent.id, number_id: bought.id });
    assert.equal((await sdk.numbers.getNumber({ number_id: bought.id })).agentId, null);
    await sdk.numbers.deleteNumber({ number_id: bought.id });
    assert.ok(!(await sdk.numbers.listNumbers()).data.some((/** @type {Foreign} */ number) => number.id === bought.id));
  });

  test("contact cards: set, read, deleted", async () => {
    const { number } = await staff();
    const id = { number_id: number.id };
    const card = await sdk.contactCards.putContactCard({ ...id, firstName: "Ada", lastName: "Byron" });
    assert.equal(card.firstName, "Ada");
    assert.equal((await sdk.contactCards.getContactCard(id)).lastName, "Byron");
    await sdk.contactCards.deleteContactCard(id);
  });

  test("contacts: created once, found, changed, deleted", async () => {
    const made = await sdk.contacts.createContact({ phoneNumber: PHONE, name: "Ada" });
    await assert.rejects(sdk.contacts.createContact({ phoneNumber: PHONE, name: "Ada" }), { statusCode: 409 });
    const id = { contact_id: made.id };
    assert.equal((await sdk.contacts.updateContact({ ...id, name: "Bea" })).name, "Bea");
    assert.equal((await sdk.contacts.getContact(id)).name, "Bea");
    assert.equal((await sdk.contacts.listContacts()).total, 1);
    const capabilities = await sdk.contacts.getContactCapabilities({ phone_number: PHONE });
    assert.equal(capabilities.phoneNumber, PHONE);
    await sdk.contacts.deleteContact(id);
    assert.equal((await sdk.contacts.listContacts()).total, 0);
  });

  test("messages make a conversation that can be read and changed", async () => {
    const { agent, number } = await staff();
    const sent = await sdk.messages.sendMessage({ agent_id: agent.id, to_number: PHONE, body: "Hello" });
    assert.equal(sent.to_number, PHONE);
    await sdk.messages.sendReaction({ message_id: sent.id, reaction: "love" });
    const texts = await sdk.numbers.getMessages({ number_id: number.id });
    assert.ok(texts.data.some((/** @type {{ body: string }} */ text) => text.body === "Hello"));
    const { data: threads } = await sdk.conversations.listConversations();
    const [thread] = (await sdk.agents.listAgentConversations({ agent_id: agent.id })).data;
    assert.ok(threads.some((/** @type {Foreign} */ one) => one.id === thread.id));
    const id = { conversation_id: thread.id };
    assert.equal((await sdk.conversations.getConversation(id)).messages.length, 1);
    const changed = await sdk.conversations.updateConversation({ ...id, metadata: { order: 7 } });
    assert.deepEqual(changed.metadata, { order: 7 });
    assert.equal((await sdk.conversations.getConversationMessages(id)).data[0].body, "Hello");
    await sdk.conversations.sendTypingIndicator(id);
    await sdk.conversations.setChatBackground({ ...id, image_url: "https://example.com/sea.png" });
    await sdk.conversations.removeChatBackground(id);
  });

  test("a call runs, ends and leaves a transcript", async () => {
    const { agent, number } = await staff();
    const call = await sdk.calls.createOutboundCall({ agentId: agent.id, toNumber: PHONE });
    const done = await ended(call.id);
    assert.equal(done.status, "completed");
    const { transcript } = await sdk.calls.getCallTranscript({ call_id: call.id });
    assert.ok(transcript.length > 0);
    for (const list of [
      await sdk.calls.listCalls(),
      await sdk.calls.listCallsForNumber({ number_id: number.id }),
      await sdk.agents.listAgentCalls({ agent_id: agent.id }),
    ]) {
      assert.ok(list.data.some((/** @type {Foreign} */ one) => one.id === call.id));
    }
  });

  test("the recording arrives, and the SDK cannot return it", async () => {
    const { agent } = await staff();
    const call = await sdk.calls.createOutboundCall({ agentId: agent.id, toNumber: PHONE });
    await ended(call.id);
    const answer = await sdk.calls.getCallRecording({ call_id: call.id });
    assert.equal(answer.ok, false);
    assert.match(answer.error.rawBody, /^RIFF/);
    const raw = await fetch(`${sandbox.url}/v1/calls/${call.id}/recording`);
    assert.deepEqual([raw.status, raw.headers.get("content-type")], [200, "audio/wav"]);
  });

  test("the stream arrives, and the SDK returns it in one piece after its end", async () => {
    const { agent } = await staff();
    const call = await sdk.calls.createOutboundCall({ agentId: agent.id, toNumber: PHONE });
    const answer = await sdk.calls.streamCallTranscript({ call_id: call.id });
    assert.equal(answer.ok, false);
    assert.match(answer.error.rawBody, /event: connected[^]*event: turn[^]*event: ended/);
  });

  test("a call is hung up, and a web call gets its token", async () => {
    const { agent } = await staff();
    const call = await sdk.calls.createOutboundCall({ agentId: agent.id, toNumber: PHONE });
    await sdk.calls.endCall({ call_id: call.id });
    assert.ok(/** @type {Foreign} */ (await ended(call.id)).endedAt);
    assert.ok(/** @type {Foreign} */ (await sdk.calls.createWebCall({ agentId: agent.id })).accessToken);
  });

  test("webhooks of the project and of an agent are set, tested, counted, deleted", async () => {
    const { agent } = await staff();
    const id = { agent_id: agent.id };
    const made = await sdk.webhooks.createOrUpdateWebhook({ body: { url: hooks.url } });
    assert.match(made.secret, /^whsec_/);
    assert.equal((await sdk.webhooks.getWebhook())?.url, hooks.url);
    await sdk.webhooks.testWebhook();
    assert.ok((await sdk.webhooks.listDeliveries()).items.length > 0);
    assert.ok((await sdk.webhooks.deliveryStats()).total > 0);
    await sdk.webhooks.allTimeStats();
    await sdk.agentWebhooks.createOrUpdateAgentWebhook({ ...id, body: { url: hooks.url } });
    assert.equal((await sdk.agentWebhooks.getAgentWebhook(id))?.url, hooks.url);
    await sdk.agentWebhooks.testAgentWebhook(id);
    assert.ok((await sdk.agentWebhooks.listAgentDeliveries(id)).length > 0);
    await sdk.agentWebhooks.deleteAgentWebhook(id);
    await sdk.webhooks.deleteWebhook();
    // A call of an earlier test may end in the meantime and send its own event.
    assert.equal(hooks.received.filter((/** @type {Foreign} */ { body }) => body.test).length, 2);
  });

  test("usage counts what the other tests did", async () => {
    const usage = await sdk.usage.getUsage();
    assert.ok(usage.stats.totalCalls > 0);
    assert.equal((await sdk.usage.getDailyUsage({ days: 7 })).data.length, 7);
    assert.equal((await sdk.usage.getMonthlyUsage({ months: 3 })).data.length, 3);
    assert.ok(await sdk.usage.getUsageByNumber());
    assert.ok(await sdk.usage.getUsageByAgent({ period: "week" }));
  });

  test("registration is filed and has a status", async () => {
    assert.equal((await sdk.registration.registerA2P(REGISTRATION)).ok, true);
    assert.ok(await sdk.registration.getRegistrationStatus());
  });

  test("a sub-account is separate from its master", async () => {
    const made = await sdk.subAccounts.createSubAccount({ name: "Shop" });
    const header = { "X-Sub-Account-Id": made.id };
    assert.equal((await sdk.agents.listAgents(header)).total, 0);
    await sdk.subAccounts.updateSubAccount({ sub_account_id: made.id, name: "Store" });
    const { data } = await sdk.subAccounts.listSubAccounts();
    assert.ok(data.some((/** @type {{ name: string }} */ one) => one.name === "Store"));
    await sdk.subAccounts.deleteSubAccount({ sub_account_id: made.id });
  });

  test("a location is requested and refreshed", async () => {
    const { number } = await staff();
    const place = await sdk.location.getLocation({ phone_number: number.phoneNumber });
    assert.equal(place.phoneNumber, number.phoneNumber);
    assert.equal((await sdk.location.refreshLocations()).success, true);
  });

  test("a documented error arrives with its status and its envelope", async () => {
    const wrong = sdk.calls.createOutboundCall({ agentId: "cm_nobody", toNumber: PHONE });
    await assert.rejects(wrong, (error) => error instanceof AgentPhoneError && error.statusCode === 404);
    const keyless = new AgentPhoneClient({ token: "wrong", baseUrl: sandbox.url });
    await assert.rejects(keyless.agents.listAgents(), { statusCode: 401 });
  });

  test("no method was left out", () => {
    const missing = methodsOf(new AgentPhoneClient({ token: "sk_test" })).filter((name) => !called.has(name));
    assert.deepEqual(missing, []);
    assert.equal(called.size, 67);
  });
});
