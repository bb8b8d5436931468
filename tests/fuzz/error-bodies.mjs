// Answers that refuse, of any status, with any body. Whatever comes, the caller gets one AgentPhoneError that is fit for a log (one
// line, bounded, without the key, the number or the text that were sent, however the answer repeats them), that can be sent
// elsewhere, and that does not call a call "to be tried again" when it may have happened. And the client goes on.
import assert from "node:assert/strict";
import { AgentPhone, AgentPhoneError } from "agentphone-wasm";
import { search } from "./chance.mjs";

/** @import { Foreign } from "../support/foreign.js" */

export const name = "error-bodies";

const [KEY, PHONE, TEXT] = ["sk_test_a_key_of_nobody_0815", "+14155550134", "the bridge at nine, bring the papers"];

/** Longest message in characters: what is passed on of the server's, and what the client adds. */
const LONGEST = 1_000;

/** @type {Record<string, Foreign>} */
const OPERATIONS = {
  read: (/** @type {import("agentphone-wasm").AgentPhone} */ client) => client.calls.get("call_1"),
  change: (/** @type {import("agentphone-wasm").AgentPhone} */ client) =>
    client.contacts.update("contact_1", { name: TEXT }),
  effect: (/** @type {import("agentphone-wasm").AgentPhone} */ client) =>
    client.messages.send({ agent_id: "agt_1", to_number: PHONE, body: TEXT }),
  list: (/** @type {import("agentphone-wasm").AgentPhone} */ client) => client.agents.list(),
};

/** Puts what was sent where `make` has left a mark for it, in each of the ways in which servers repeat input. */
const filled = (/** @type {string} */ text) =>
  text
    .replaceAll("$KEY", KEY)
    .replaceAll("$PHONE", PHONE)
    .replaceAll("$TEXT", TEXT)
    .replaceAll("$URL", encodeURIComponent(TEXT));

/** Fails where `{ operation, status, body, headers }`, a body in base64, does not become an error as it should be. */
export const check = async (/** @type {Foreign} */ { operation, status, body, headers }) => {
  const bytes = Buffer.from(filled(Buffer.from(body, "base64").toString("latin1")), "latin1");
  let refuse = true;
  const fetch = async () =>
    refuse
      ? new Response([204, 205, 304].includes(status) ? null : bytes, { status, headers })
      : new Response('{"data":[],"total":0}');
  const client = new AgentPhone({ apiKey: KEY, baseUrl: "http://127.0.0.1:9", logLevel: "off", maxRetries: 0, fetch });
  const error = await OPERATIONS[operation](client).then(
    () => undefined,
    (/** @type {Foreign} */ failure) => failure,
  );
  assert.ok(error instanceof AgentPhoneError, `ended with ${error}`);
  assert.notEqual(error.code, "INTERNAL_ERROR");
  assert.ok(!error.outcomeUnknown || !error.retryable, "it may have happened, and is to be tried again");
  if (operation === "read" || operation === "list")
    assert.ok(!error.outcomeUnknown || error.code === "DELIVERY_UNCONFIRMED", "a read has an outcome");
  if (error.code !== "INVALID_RESPONSE") assert.equal(error.status, status);
  const plain = error.toJSON();
  // A key and what reads like a phone number are never shown; a text, where it was sent.
  const secrets = [
    KEY,
    PHONE,
    PHONE.slice(1),
    ...(["change", "effect"].includes(operation) ? [TEXT, encodeURIComponent(TEXT)] : []),
  ];
  for (const [what, text] of [
    ["message", error.message],
    ["code", error.code],
    ["type", error.type],
    ["JSON", JSON.stringify(plain)],
  ]) {
    assert.equal(typeof text, "string", what);
    assert.ok(!/[\n\r\0\u001b]/.test(text), `${what} has control characters`);
    for (const secret of secrets) assert.ok(!text.includes(secret), `${what} shows ${secret}: ${text}`);
  }
  assert.ok([...error.message].length <= LONGEST, `a message of ${error.message.length} characters`);
  // Without the body: no host clones one that is nested as deeply as some of these.
  const copy = AgentPhoneError.fromPlain(structuredClone(plain));
  assert.equal(error.toPlain().message, error.message);
  assert.deepEqual(
    [copy.name, copy.code, copy.message, copy.outcomeUnknown],
    [error.name, error.code, error.message, error.outcomeUnknown],
  );
  refuse = false;
  assert.equal((await client.agents.list()).total, 0);
  client.dispose();
};

const make = (/** @type {Foreign} */ { below, pick, chance, times, text, json, mutated }) => {
  const sent = () => pick(["$KEY", "$PHONE", "$TEXT", "$URL"]);
  const words = () => (chance(0.4) ? `${text()} ${sent()} ${text()}` : text(60));
  const codes = () =>
    pick([
      "VALIDATION_ERROR",
      "RATE_LIMITED",
      "CARRIER_ERROR",
      "TWILIO_ERROR",
      "DELIVERY_UNCONFIRMED",
      "INSUFFICIENT_BALANCE",
      words(),
      json(1),
      "x".repeat(500),
    ]);
  const described = () => {
    const all = {
      message: chance(0.8) ? words() : json(),
      code: codes(),
      type: chance(0.7) ? "validation_error" : words(),
      details: chance(0.6)
        ? times(4, () => (chance(0.8) ? { field: words(), message: words(), type: text(10) } : json()))
        : json(),
    };
    return Object.fromEntries(Object.entries(all).filter(() => chance(0.75)));
  };
  const shape = pick([
    () => ({ error: described() }),
    () => ({
      detail: times(4, () => ({
        loc: ["body", "toNumber", below(3), json(1)],
        msg: words(),
        type: text(8),
        input: { to: sent() },
      })),
    }),
    () => ({ detail: pick([words, described, json])() }),
    () => ({ message: words(), code: codes() }),
    () => ({ error: words(), detail: described() }),
    () => json(5),
  ]);
  const nested = (/** @type {number} */ depth) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
  const body = pick([
    () => JSON.stringify(shape()),
    () => JSON.stringify(shape()),
    () => JSON.stringify(shape()),
    () => JSON.stringify(shape()).slice(0, below(200)),
    () => `<!doctype html><html><head><title>${words()}</title></head><body>${words()}</body></html>`,
    words,
    () => "",
    () => `{"error":${nested(pick([10, 1_000, 20_000]))}}`,
    () => `{"error":{"message":${JSON.stringify("é".repeat(below(20_000)))}}}`,
  ])();
  const bytes = chance(0.15) ? mutated(new TextEncoder().encode(body)) : new TextEncoder().encode(body);
  const status = chance(0.9) ? 400 + below(200) : pick([300, 301, 304, 307]);
  /** @type {Record<string, Foreign>} */
  const headers = { "content-type": pick(["application/json", "text/html", "text/plain; charset=latin1"]) };
  if (chance(0.2)) headers["retry-after"] = pick(["1", "x", "-1", "Sat, 22 Nov 2025 18:41:30 GMT"]);
  if (chance(0.2)) headers["x-request-id"] = pick(["req_1", KEY, PHONE, "x".repeat(300)]);
  return { operation: pick(Object.keys(OPERATIONS)), status, body: Buffer.from(bytes).toString("base64"), headers };
};

export const run = (/** @type {{ seed: number, seconds: number, random: () => number }} */ given) =>
  search(given, make, check);
