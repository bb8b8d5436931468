// What every project does with the package, in whatever runtime it runs: construct, create, list, an error by
// code, a call with a key in a ledger and its stream, a webhook by both entries. One text for all, so that no runtime is let off
// anything.

/** @import { Foreign } from "../../support/foreign.js" */

const holds = (/** @type {boolean} */ truth, /** @type {string} */ what) => {
  if (!truth) throw new Error(`the exercise: ${what}`);
};

/** Throws, or gives "done". `api` is what the project imported; `options` are those of the client. */
export const exercise = async (
  /** @type {Foreign} */ api,
  /** @type {import("agentphone-wasm").RequestOptions} */ options,
) => {
  const { AgentPhone, AgentPhoneError, NotFoundError, WebhookVerificationError, webhooks, alone } = api;
  const ledger = api.memoryLedger();
  const client = new AgentPhone({ ...options, ledger });

  const agent = await client.agents.create({ name: "Ada", voiceMode: "hosted", systemPrompt: "Be brief." });
  await client.numbers.buy({ agentId: agent.id });
  const names = [];
  for await (const { name } of client.agents.list({ limit: 1 })) names.push(name);
  holds(names.includes("Ada"), `agents.list gave ${JSON.stringify(names)}`);

  const error = await client.agents.get("nobody").catch((/** @type {unknown} */ thrown) => thrown);
  if (!(error instanceof NotFoundError) || !AgentPhoneError.is(error)) throw error;
  holds(error.code === "NOT_FOUND" && error.status === 404, `agents.get failed with ${error.code}`);

  const place = () =>
    client.calls.create({ agentId: agent.id, toNumber: "+14155550100" }, { idempotencyKey: "order-42" });
  const call = await place();
  holds((await place()).id === call.id, "one key placed two calls");
  const misuse = await ledger.open({ limit: 0 }).catch((/** @type {unknown} */ thrown) => thrown);
  holds(misuse instanceof api.LedgerError && misuse.code === "INVALID_ARGUMENT", `the ledger gave ${misuse}`);
  const events = [];
  for await (const { event } of client.calls.transcript.stream(call.id)) events.push(event);
  holds(events.includes("turn") && events.at(-1) === "ended", `the stream gave ${events}`);

  const secret = "whsec_example";
  const body = JSON.stringify({
    event: "agent.call_ended",
    channel: "voice",
    timestamp: new Date().toISOString(),
    agentId: agent.id,
    data: {},
  });
  const headers = webhooks.sign({ body, secret });
  for (const { verify } of [webhooks, alone]) {
    holds(verify({ body, headers, secret }).event === "agent.call_ended", "the webhook was read wrongly");
    let refused;
    try {
      verify({ body: `${body} `, headers, secret });
    } catch (thrown) {
      refused = thrown;
    }
    holds(refused instanceof WebhookVerificationError, `a forged webhook gave ${refused}`);
  }
  return "done";
};
