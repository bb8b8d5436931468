// `agentphone-wasm/slim` before it has its module: what it exports is there at once, so that nobody has imported
// `undefined`, and says what is missing; afterwards it works.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { AgentPhone, AgentPhoneError, init, voice, webhooks } from "agentphone-wasm/slim";
import { KEY } from "../support/client.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const options = { apiKey: KEY, fetch: async () => new Response('{"id":"call_1"}') };
const signed = () => webhooks.sign({ body: '{"event":"agent.message"}', secret: "whsec_x" });

test("without a module, client and webhooks say that init comes first; with one, they work", async () => {
  const missing = (/** @type {Foreign} */ error) =>
    AgentPhoneError.is(error) &&
    error.code === "CONFIGURATION_ERROR" &&
    /call init\(\) of agentphone-wasm\/slim first/.test(error.message);
  assert.equal(typeof AgentPhone, "function");
  assert.throws(() => new AgentPhone(options), missing);
  assert.throws(() => new AgentPhone(), missing);
  assert.throws(signed, missing);
  assert.throws(() => webhooks.verify({ body: "{}", headers: {}, secret: "whsec_x" }), missing);
  assert.deepEqual(voice.say("hello"), { text: "hello" }, "needs no module");

  init(readFileSync(new URL("../../pkg/dist/agentphone.wasm", import.meta.url)));
  assert.equal((await new AgentPhone(options).calls.get("call_1")).id, "call_1");
  const body = '{"event":"agent.message"}';
  assert.equal(webhooks.verify({ body, headers: signed(), secret: "whsec_x" }).event, "agent.message");
});
