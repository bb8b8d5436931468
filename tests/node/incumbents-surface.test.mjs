// What the official SDKs leave out or drop on the way (see incumbents.test.mjs): each defect once, there and complete here.
// Responses without a type and odd names are in incumbents-rest.test.mjs.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { failureOf, recorded } from "../support/client.mjs";
import { contract, minimal } from "../support/contract.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const schema = (/** @type {string} */ name) => contract.components.schemas[name];

describe("what the official SDKs leave out", { concurrency: true }, () => {
  test("limit and search dropped on the way: they reach the wire", async () => {
    const { requests, client } = recorded();
    for (const name of ["agents", "numbers", "calls", "conversations"])
      await /** @type {Record<string, Foreign>} */ (client)[name].list({ limit: 7 });
    await client.contacts.list({ limit: 7, search: "Grace" });
    assert.deepEqual(
      requests.map(({ url }) => url.searchParams.get("limit")),
      Array(5).fill("7"),
    );
    assert.equal(requests[4].url.searchParams.get("search"), "Grace");
  });

  test("a list without an iterator: each can be read to its end, however its pages are made", async () => {
    const { agents, numbers, conversations, webhooks, voices } = recorded(
      /** @type {Foreign} */ ({ data: [{ id: "1" }] }),
    ).client;
    const lists = [
      agents.list(),
      numbers.messages.list("1"),
      conversations.list(),
      webhooks.deliveries.list(),
      voices.list(),
      agents.webhook.deliveries.list("1"),
    ];
    for (const list of lists) assert.deepEqual(await list.toArray(), [{ id: "1" }]);
  });

  test("a sub-account that cannot be named: it goes with every request, as an option of the client or of one request", async () => {
    const { requests, client } = recorded(undefined, { subAccount: "sub_1" });
    await client.calls.get("call_1");
    await client.calls.get("call_1", { subAccount: "sub_2" });
    await client.calls.get("call_1", { subAccount: null });
    assert.deepEqual(
      requests.map(({ headers }) => headers.get("x-sub-account-id")),
      ["sub_1", "sub_2", null],
    );
  });

  test("a carousel refused for want of a body: media alone are sent", async () => {
    const { requests, client } = recorded();
    const message = { agent_id: "a", to_number: "+14155550100", media_urls: ["https://x.test/1", "https://x.test/2"] };
    await client.messages.send(message);
    assert.deepEqual(requests[0].body, message);
  });

  test("operations that the SDK has no method for", async () => {
    const { requests, client } = recorded();
    const lookup = ["+14155550100", "+14155550101"];
    await client.numbers.available({ areaCode: "415" });
    await client.numbers.lookup({ phoneNumbers: lookup });
    await client.numbers.update("1", { externalId: null });
    await client.sipTrunks.create();
    await client.whatsapp.status();
    await client.verification.send({ phone_number: "+14155550100" });
    await client.feedback.create({ category: "bug", note: "n" });
    await client.registration.get();
    await client.registration.update({ brand_name: "b" });
    await client.credits.recording.enable();
    await client.signUp.create({ human_email: "a@example.com" });
    await client.calls.create({ agentId: "a", toNumber: "+14155550100", disableRecording: true });
    assert.deepEqual(
      requests.map(({ method, url }) => `${method} ${url.pathname}`),
      [
        "GET /v1/numbers/available",
        "GET /v1/numbers/lookup",
        "PATCH /v1/numbers/1",
        "POST /v1/sip-trunks",
        "GET /integrations/whatsapp/status",
        "POST /v1/verify/send",
        "POST /v1/feedback",
        "GET /v1/register",
        "PATCH /v1/register",
        "POST /credits/recording/enable",
        "POST /v0/agent/sign-up",
        "POST /v1/calls",
      ],
    );
    assert.equal(requests[1].url.searchParams.get("phoneNumbers"), lookup.join(","));
    assert.equal(requests[11].body.disableRecording, true);
  });

  test("null dropped: it clears a field, so it is sent", async () => {
    const { requests, client } = recorded();
    await client.agents.update("1", { voicemailMessage: null });
    await client.conversations.update("1", { metadata: null });
    assert.deepEqual(
      requests.map(({ body }) => body),
      [{ voicemailMessage: null }, { metadata: null }],
    );
  });

  test("a list as a bare array: it is read as a list", async () => {
    const { client } = recorded(/** @type {Foreign} */ ([{ id: "1" }]));
    for (const list of [client.subAccounts.list(), client.voices.list()])
      assert.deepEqual((await list).data, [{ id: "1" }]);
  });

  test("deliveries without their total: it is there", async () => {
    const page = await recorded(
      /** @type {Foreign} */ ({ items: [{ id: "1" }], total: 9, offset: 0, limit: 1 }),
    ).client.webhooks.deliveries.list({ limit: 1 });
    assert.deepEqual([page.total, page.hasMore], [9, true]);
  });

  test("fields and parameters that the SDK lacks", async () => {
    const { requests, client } = recorded();
    const screening = { callScreeningIdentity: "Ada", callScreeningPurpose: "a delivery" };
    const agent = {
      name: "Ada",
      customTools: [{ name: "look_up", description: "d", url: "https://x.test" }],
      ...screening,
    };
    assert.equal((await failureOf(client.usage.byAgent(/** @type {Foreign} */ ({})))).code, "INVALID_ARGUMENT");
    await client.usage.byAgent({ period: "week", tz: "America/New_York" });
    await client.agents.create(agent);
    await client.calls.create({ agentId: "a", toNumber: "+14155550100", ...screening });
    await client.webhooks.test({ agentId: "agt_1" });
    assert.equal(requests[0].url.searchParams.get("tz"), "America/New_York");
    assert.deepEqual(
      requests.slice(1, 3).map(({ body }) => body),
      [agent, { agentId: "a", toNumber: "+14155550100", ...screening }],
    );
    assert.deepEqual([requests[3].url.search, requests[3].body], ["?agentId=agt_1", {}]);
  });

  test("a registration that says more than its caller: defaults are not sent", async () => {
    const { requests, client } = recorded();
    const registration = minimal(schema("RegistrationRequest"));
    await client.registration.create(registration);
    assert.deepEqual(requests[0].body, registration);
    assert.ok(!("create_sub_account" in registration));
  });
});
