// The forms in which frameworks and hosts hand over a delivery's headers and body. What cannot be read must be told as
// what it is: "the header is missing" sends its reader to the wrong place.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { describe, test } from "node:test";
import { webhooks } from "agentphone-wasm";
import { deliver, macOf, NOW, SECRET, SIGNED, thrownBy } from "../support/webhooks.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const verify = (/** @type {Foreign} */ delivery) => webhooks.verify({ secret: SECRET, now: NOW, ...delivery });
const { body, headers } = deliver();
const pairs = Object.entries(headers);

describe("headers", () => {
  const FORMS = {
    "Node's rawHeaders": pairs.flat(),
    "rawHeaders in their own spelling, among others": [
      "Host",
      "x.test",
      ...pairs.flatMap(([name, value]) => [name.replace(/(^|-)\w/g, (letter) => letter.toUpperCase()), value]),
      "Connection",
    ],
    "Lambda@Edge": Object.fromEntries(pairs.map(([name, value]) => [name, [{ key: name.toUpperCase(), value }]])),
    "lists of { name, value }": pairs.map(([name, value]) => ({ name, value })),
    "lists of { key, value }": pairs.map(([key, value]) => ({ key, value })),
    "API Gateway's multiValueHeaders": Object.fromEntries(pairs.map(([name, value]) => [name, [value]])),
    "a Map": new Map(pairs),
    "a generator of entries": (function* () {
      yield* pairs;
    })(),
  };
  for (const [name, form] of Object.entries(FORMS)) {
    test(`are read: ${name}`, () => assert.equal(verify({ body, headers: form }).event, "agent.message"));
  }

  test("of another delivery are not read for it", () => {
    assert.equal(
      /** @type {Foreign} */ (thrownBy(() => verify({ body, headers: ["x-other", ...pairs.flat()] }))).reason,
      "missing_signature",
    );
    assert.equal(
      /** @type {Foreign} */ (
        thrownBy(() =>
          verify({
            body,
            headers: {
              "x-webhook-signature": [
                { key: /** @type {Foreign} */ ("X"), value: macOf("whsec_other", `${SIGNED}.${body}`) },
              ],
              "x-webhook-timestamp": [{ value: `${SIGNED}` }],
            },
          }),
        )
      ).reason,
      "mismatch",
    );
    assert.equal(
      thrownBy(() =>
        verify({
          body,
          headers: Object.fromEntries(pairs.map(([name, value]) => [name, [{ value }, { value: "other" }]])),
        }),
      ).code,
      "WEBHOOK_SIGNATURE_INVALID",
    );
  });

  test("that come over a real socket as rawHeaders are read", async () => {
    const event = await new Promise((resolve, reject) => {
      const server = createServer(async (request, response) => {
        const chunks = [];
        for await (const chunk of request) chunks.push(chunk);
        try {
          resolve(verify({ body: Buffer.concat(chunks), headers: request.rawHeaders }));
        } catch (error) {
          reject(error);
        }
        response.end();
        server.close();
      }).listen(
        0,
        "127.0.0.1",
        () =>
          void fetch(`http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`, {
            method: "POST",
            headers: { ...headers, connection: "close" },
            body,
          }).catch(reject),
      );
    });
    assert.equal(event.event, "agent.message");
  });
});

describe("a body", () => {
  const signed = (/** @type {string} */ text) => ({
    body: text,
    headers: { ...headers, "x-webhook-signature": macOf(SECRET, `${SIGNED}.${text}`) },
  });

  test("with a byte order mark is read, as bytes and as text", () => {
    const marked = signed(`\ufeff${body}`);
    for (const form of [marked.body, new TextEncoder().encode(marked.body)])
      assert.equal(verify({ ...marked, body: form }).event, "agent.message");
    assert.equal(webhooks.sign({ body: marked.body, secret: SECRET })["X-Webhook-Event"], "agent.message");
  });

  test("that was encoded as JSON twice by who signed it is read", () => {
    assert.equal(verify(signed(JSON.stringify(body))).event, "agent.message");
    for (const text of ['"text"', '"\\"{}\\""', '"[]"', '"null"', '"7"'])
      assert.equal(/** @type {Foreign} */ (thrownBy(() => verify(signed(text)))).reason, "not_an_event", text);
  });

  test("that was changed on its way is told as what it is", () => {
    const told = (/** @type {string} */ text) => thrownBy(() => verify({ body: text, headers }));
    assert.deepEqual(
      [/** @type {Foreign} */ (told(JSON.stringify(body))).reason, /** @type {Foreign} */ (told(`"${body}"`)).reason],
      ["mismatch", "mismatch"],
    );
    assert.match(told(JSON.stringify(body)).message, /it is a text in JSON: it was encoded once more than it was sent/);
    assert.match(told(Buffer.from(body).toString("base64")).message, /it looks like base64: decode it first/);
    for (const text of [`${body} `, "{}", "ok", ""])
      assert.doesNotMatch(told(text).message, /base64|encoded once more/);
  });

  test("shows nothing of itself or of the secret in what is told of it", () => {
    for (const text of [JSON.stringify(body), Buffer.from(body).toString("base64")]) {
      const { message } = thrownBy(() => verify({ body: text, headers }));
      assert.ok(!message.includes(text.slice(0, 12)) && !message.includes(SECRET), message);
    }
  });
});
