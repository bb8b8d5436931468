// Whether a delivery is genuine: the vectors, every form in which servers hand over bodies and headers, and
// what a mistake or a forgery is called.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import vm from "node:vm";
import { Worker } from "node:worker_threads";
import { Webhook } from "standardwebhooks";
import {
  deliver,
  entryOf,
  macOf,
  NOW,
  SECRET,
  SIGNED,
  textEvent,
  thrownBy,
  vectors,
  WRITTEN,
} from "../support/webhooks.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const api = await import(entryOf(import.meta.url));
const { InvalidArgumentError, WebhookVerificationError, webhooks } = api;
/** @param {Foreign} delivery @param {Foreign} [options] */
const verify = (delivery, options) => webhooks.verify({ ...delivery, secret: SECRET, now: NOW, ...options });

describe("deliveries", { concurrency: true }, () => {
  for (const { hazard, body, signature, timestamp, refused, secret, now, tolerance, scheme } of vectors.signatures) {
    test(`${hazard}: ${refused ?? "genuine"}`, () => {
      const headers = {
        ...(signature && { "x-webhook-signature": signature }),
        ...(timestamp && { "x-webhook-timestamp": timestamp }),
      };
      const call = () => webhooks.verify({ body, headers, secret, now, tolerance, scheme });
      if (refused || body === "") {
        const error = thrownBy(call);
        assert.ok(error instanceof WebhookVerificationError);
        assert.deepEqual(
          [error.code, /** @type {Foreign} */ (error).reason],
          ["WEBHOOK_SIGNATURE_INVALID", refused ?? "not_an_event"],
        );
        assert.equal(error.toJSON().reason, /** @type {Foreign} */ (error).reason);
      } else {
        assert.equal(call().event, JSON.parse(body).event);
      }
    });
  }

  test("the event tells how it came, in a place of its own", () => {
    const event = verify(deliver());
    assert.deepEqual({ ...event.delivery, fingerprint: "" }, { id: "del_1", timestamp: SIGNED, fingerprint: "" });
    assert.match(event.delivery.fingerprint, /^[0-9a-f]{32}$/);
    assert.deepEqual({ ...event, delivery: undefined }, { ...textEvent(), delivery: undefined });
  });

  test("a replay under other unsigned headers keeps its fingerprint, whichever secret fits", () => {
    const { body, headers } = deliver();
    const [old, real] = [macOf("whsec_old", `${SIGNED}.${body}`), headers["x-webhook-signature"]];
    const forms = [real, old, `${real}, ${old}`, `${old}, ${real}`, ` ${real.toUpperCase().replace("SHA", "sha")} `];
    const prints = forms.map(
      (signature) =>
        verify({ body, headers: { ...headers, "x-webhook-signature": signature } }, { secret: [SECRET, "whsec_old"] })
          .delivery.fingerprint,
    );
    assert.deepEqual(new Set(prints).size, 1, `${prints}`);
    assert.notEqual(verify(deliver(textEvent(), { at: SIGNED + 1 })).delivery.fingerprint, prints[0]);
  });

  test("a fingerprint is no signature: it cannot be used to send the body again", () => {
    const { body, headers } = deliver();
    assert.ok(!verify({ body, headers }).delivery.fingerprint.includes(headers["x-webhook-signature"].slice(7)));
  });

  test("a genuine body that is no event is refused as what it is", () => {
    for (const body of ["", "null", "[]", "7", '"text"', "{", "{}{}"]) {
      const headers = { "x-webhook-signature": macOf(SECRET, `${SIGNED}.${body}`), "x-webhook-timestamp": `${SIGNED}` };
      assert.equal(/** @type {Foreign} */ (thrownBy(() => verify({ body, headers }))).reason, "not_an_event", body);
    }
  });
});

describe("bodies", { concurrency: true }, () => {
  const { body, headers } = deliver(textEvent({ message: "Grüße 👋🏽" }));
  const bytes = Buffer.from(body);
  const padded = Buffer.concat([Buffer.from("xx"), bytes, Buffer.from("y")]);
  const forms = {
    string: body,
    Buffer: bytes,
    Uint8Array: new Uint8Array(bytes),
    "a view into a larger buffer": padded.subarray(2, -1),
    ArrayBuffer: new Uint8Array(bytes).buffer,
    DataView: new DataView(new Uint8Array(bytes).buffer),
    "an ArrayBuffer of another realm": vm.runInNewContext("new Uint8Array(list).buffer", { list: [...bytes] }),
  };
  for (const [form, given] of Object.entries(forms)) {
    test(`${form} is read without a byte changed`, () => {
      assert.equal(verify({ body: given, headers }).data.message, "Grüße 👋🏽");
    });
  }

  test("a parsed body is refused with what to do instead, and not stringified in the hope that it fits", () => {
    for (const parsed of [JSON.parse(body), {}, [], null, undefined, 7, true]) {
      const error = thrownBy(() => verify({ body: parsed, headers }));
      assert.ok(error instanceof InvalidArgumentError);
      assert.match(error.message, /raw body, before JSON\.parse/);
    }
  });
});

describe("headers", { concurrency: true }, () => {
  const { body, headers } = deliver();
  const shouted = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
  const documented = {
    "X-Webhook-Signature": headers["x-webhook-signature"],
    "X-Webhook-Timestamp": headers["x-webhook-timestamp"],
    "X-Webhook-ID": "del_1",
  };
  const forms = {
    Headers: new Headers(headers),
    IncomingHttpHeaders: headers,
    headersDistinct: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    "an object without a prototype": Object.assign(Object.create(null), headers),
    "an object in the documented spelling": documented,
    "an object in capitals": shouted,
    Map: new Map(Object.entries(headers)),
    "a Map in capitals": new Map(Object.entries(shouted)),
    entries: Object.entries(documented),
    "an iterator of entries": new Map(Object.entries(shouted)).entries(),
    "a number as timestamp": { ...documented, "X-Webhook-Timestamp": SIGNED },
  };
  for (const [form, given] of Object.entries(forms)) {
    test(`${form} is read`, () => assert.equal(verify({ body, headers: given }).delivery.id, "del_1"));
  }

  test("a second timestamp beside the signed one is not chosen from, in any form", () => {
    const twice = [...Object.entries(documented), ["x-webhook-timestamp", `${SIGNED + 1}`]];
    for (const given of [
      twice,
      new Headers(/** @type {Foreign} */ (twice)),
      { ...headers, "x-webhook-timestamp": [`${SIGNED}`, `${SIGNED + 1}`] },
    ]) {
      assert.equal(
        /** @type {Foreign} */ (thrownBy(() => verify({ body, headers: given }))).reason,
        "malformed_timestamp",
      );
    }
  });

  test("a forged signature in front of the real one, or behind it, changes nothing", () => {
    const fake = `sha256=${"0".repeat(64)}`;
    const real = headers["x-webhook-signature"];
    for (const list of [
      [fake, real],
      [real, fake],
    ]) {
      assert.equal(verify({ body, headers: { ...headers, "x-webhook-signature": list } }).event, "agent.message");
    }
    assert.equal(
      /** @type {Foreign} */ (
        thrownBy(() => verify({ body, headers: { ...headers, "x-webhook-signature": [fake, fake] } }))
      ).reason,
      "mismatch",
    );
  });

  test("odd entries are no headers, and no crash", () => {
    for (const given of [
      [],
      [null],
      [7, "x"],
      [[]],
      {},
      new Map(),
      new Headers(),
      { "x-webhook-signature": null },
      () => {},
    ]) {
      assert.equal(
        /** @type {Foreign} */ (thrownBy(() => verify({ body, headers: given }))).reason,
        "missing_signature",
      );
    }
    for (const given of [undefined, null, "x", 7]) {
      assert.ok(thrownBy(() => verify({ body, headers: given })) instanceof InvalidArgumentError);
    }
  });
});

describe("secrets and other options", { concurrency: true }, () => {
  const delivery = deliver();

  test("an empty or missing secret opens nothing, even to who signs with it", () => {
    const { body } = delivery;
    for (const secret of ["", undefined, null, [], [""], [SECRET, ""], 7, {}, [undefined]]) {
      const empty = {
        body,
        headers: {
          ...delivery.headers,
          "x-webhook-signature": `sha256=${createHmac("sha256", "").update(`${SIGNED}.${body}`).digest("hex")}`,
        },
      };
      assert.ok(thrownBy(() => verify(empty, { secret })) instanceof InvalidArgumentError);
    }
  });

  test("a secret with the line end of the file that it came from is told, not tried", () => {
    for (const secret of [`${SECRET}\n`, ` ${SECRET}`, `${SECRET}\r\n`, `a\n${SECRET}`]) {
      assert.match(thrownBy(() => verify(delivery, { secret })).message, /white space/);
    }
  });

  test("a time given as Date is the time", () => {
    assert.equal(verify(delivery, { now: new Date(NOW + 300_000) }).event, "agent.message");
    assert.equal(
      /** @type {Foreign} */ (thrownBy(() => verify(delivery, { now: new Date(NOW + 300_001) }))).reason,
      "too_old",
    );
  });

  test("without now it is the clock's time: an old delivery is refused", () => {
    assert.equal(
      /** @type {Foreign} */ (thrownBy(() => webhooks.verify({ ...delivery, secret: SECRET }))).reason,
      "too_old",
    );
    const fresh = deliver(textEvent(), { at: Math.floor(Date.now() / 1000) });
    assert.equal(webhooks.verify({ ...fresh, secret: SECRET }).event, "agent.message");
  });

  test("a wrong option is refused by name, rather than ignored", () => {
    for (const [options, name] of /** @type {const} */ ([
      [{ tolerance: -1 }, "tolerance"],
      [{ tolerance: Number.NaN }, "tolerance"],
      [{ tolerance: "60" }, "tolerance"],
      [{ tolerance: null }, "tolerance"],
      [{ now: new Date("x") }, "now"],
      [{ now: "today" }, "now"],
      [{ now: null }, "now"],
      [{ now: {} }, "now"],
      [{ now: Number.NaN }, "now"],
      [{ scheme: "v2" }, "scheme"],
      [{ tolerence: 0 }, "tolerence"],
    ])) {
      const error = thrownBy(() => verify(delivery, options));
      assert.ok(error instanceof InvalidArgumentError);
      assert.ok(error.message.includes(name), error.message);
    }
    for (const options of [undefined, null, 7])
      assert.ok(thrownBy(() => webhooks.verify(options)) instanceof InvalidArgumentError);
  });

  test("no error shows a secret, a body, a signature or a phone number", () => {
    const { body, headers } = delivery;
    const calls = [
      () => verify(delivery, { secret: "whsec_another" }),
      () => verify(delivery, { now: 0 }),
      () => verify(delivery, { secret: `${SECRET} ` }),
      () => verify({ body: JSON.parse(body), headers }),
      () => verify({ body, headers: { "x-webhook-signature": SECRET } }),
      () => verify({ body: body.slice(1), headers }),
      () => webhooks.sign({ body, secret: "" }),
      () =>
        verify({
          body: WRITTEN,
          headers: { ...headers, "x-webhook-signature": macOf(SECRET, `${SIGNED}.${WRITTEN}`) },
        }),
    ];
    for (const call of calls) {
      const error = thrownBy(call);
      const text = `${error.stack} ${JSON.stringify(error)} ${JSON.stringify(error.toPlain())}`;
      for (const hidden of [SECRET, SECRET.slice(6), WRITTEN, "4155550", headers["x-webhook-signature"].slice(7)])
        assert.ok(!text.includes(hidden), text);
    }
  });
});

describe("signing, and others who sign", { concurrency: true }, () => {
  const { body } = deliver();

  test("what is signed here is what Node's own crypto signs", () => {
    for (const text of [body, "", "ü".repeat(500), "x".repeat(100_000)]) {
      const headers = webhooks.sign({
        body: text,
        secret: SECRET,
        timestamp: SIGNED,
        id: "del_9",
        event: "agent.message",
      });
      assert.deepEqual(headers, {
        "Content-Type": "application/json",
        "X-Webhook-Signature": macOf(SECRET, `${SIGNED}.${text}`),
        "X-Webhook-Timestamp": `${SIGNED}`,
        "X-Webhook-ID": "del_9",
        "X-Webhook-Event": "agent.message",
      });
      const old = webhooks.sign({ body: Buffer.from(text), secret: SECRET, scheme: "body", timestamp: new Date(NOW) });
      assert.equal(old["X-Webhook-Signature"], macOf(SECRET, text));
    }
  });

  test("every length around the edges of a block is hashed right", () => {
    for (let length = 0; length < 200; length += 1) {
      const secret = `s${"k".repeat(length)}`;
      const text = "b".repeat(length);
      assert.equal(webhooks.sign({ body: text, secret, scheme: "body" })["X-Webhook-Signature"], macOf(secret, text));
    }
  });

  test("what is signed now is genuine now, and no two deliveries have one id", () => {
    const headers = webhooks.sign({ body, secret: SECRET });
    assert.equal(webhooks.verify({ body, headers, secret: SECRET }).delivery.id, headers["X-Webhook-ID"]);
    assert.equal(headers["X-Webhook-Event"], "agent.message");
    assert.notEqual(webhooks.sign({ body, secret: SECRET })["X-Webhook-ID"], headers["X-Webhook-ID"]);
  });

  test("a body of any length is signed whole, also where it fills the module's buffer", () => {
    for (const length of [16_383, 16_384, 16_385, 32_768, 50_000]) {
      const text = "b".repeat(length);
      assert.equal(
        webhooks.sign({ body: text, secret: SECRET, scheme: "body" })["X-Webhook-Signature"],
        macOf(SECRET, text),
        `${length}`,
      );
    }
  });

  test("a secret is used whole or refused, and never cut", () => {
    const longest = "ü".repeat(2048);
    assert.equal(webhooks.sign({ body, secret: longest, scheme: "body" })["X-Webhook-Signature"], macOf(longest, body));
    assert.match(thrownBy(() => webhooks.sign({ body, secret: `${longest}x` })).message, /secret is longer/);
  });

  test("headers longer than any server passes on open nothing, and leave the next delivery alone", () => {
    const { headers } = deliver();
    for (const long of ["sha256=".repeat(10_000), ",".repeat(100_000), "ü".repeat(50_000)]) {
      for (const name of ["x-webhook-signature", "x-webhook-timestamp"]) {
        assert.ok(
          thrownBy(() => verify({ body, headers: { ...headers, [name]: long } })) instanceof WebhookVerificationError,
        );
      }
      assert.equal(verify({ body, headers }).event, "agent.message");
    }
  });

  test("standardwebhooks, given the same text and key, computes the same", () => {
    const theirs = new Webhook(Buffer.from(SECRET).toString("base64")).sign("del_1", new Date(NOW), body);
    const ours = webhooks.sign({ body: `del_1.${SIGNED}.${body}`, secret: SECRET, scheme: "body" })[
      "X-Webhook-Signature"
    ];
    assert.equal(Buffer.from(ours.slice(7), "hex").toString("base64"), theirs.split(",")[1]);
  });

  test("a body whose bytes were transferred elsewhere is told, to who verifies and to who signs", () => {
    for (const form of [
      (/** @type {Uint8Array} */ bytes) => bytes,
      (/** @type {Uint8Array} */ bytes) => bytes.buffer,
      (/** @type {Uint8Array} */ bytes) => new DataView(bytes.buffer),
    ]) {
      const bytes = new TextEncoder().encode(body);
      const given = form(bytes);
      structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
      for (const call of [
        () => webhooks.verify({ body: given, headers: {}, secret: SECRET }),
        () => webhooks.sign({ body: given, secret: SECRET }),
      ]) {
        const error = thrownBy(call);
        assert.ok(error instanceof InvalidArgumentError);
        assert.match(error.message, /transferred/);
      }
    }
    assert.equal(
      /** @type {Foreign} */ (thrownBy(() => webhooks.verify({ body: new Uint8Array(), headers: {}, secret: SECRET })))
        .reason,
      "missing_signature",
    );
  });

  test("headers that are no texts, or cannot be read, are a mistake of the caller and no error of JavaScript's own", () => {
    const throwing = {
      get "x-webhook-signature"() {
        throw new Error("no");
      },
    };
    const trap = new Proxy(
      {},
      {
        get() {
          throw new Error("no");
        },
      },
    );
    for (const headers of [
      { "x-webhook-signature": Symbol("x") },
      { "x-webhook-timestamp": Symbol("x") },
      { "x-webhook-signature": [Symbol("x")] },
      [[Symbol("x"), "y"]],
      throwing,
      trap,
    ]) {
      assert.ok(thrownBy(() => verify({ body, headers })) instanceof InvalidArgumentError);
    }
  });

  test("a mistake in what is to be signed is told", () => {
    for (const options of [
      { body: {}, secret: SECRET },
      { body, secret: "" },
      { body },
      { body, secret: SECRET, timestamp: "now" },
      { body, secret: SECRET, timestamp: Symbol("x") },
      { body, secret: SECRET, timestamp: 1n },
      { body, secret: SECRET, key: 1 },
    ]) {
      assert.ok(thrownBy(() => webhooks.sign(options)) instanceof InvalidArgumentError);
    }
  });
});

describe("what the incumbents get wrong", { concurrency: true }, () => {
  test("no verification, typed events or voice responses in the official SDK: they are exports", () => {
    assert.deepEqual(
      [typeof webhooks.verify, typeof webhooks.sign, typeof webhooks.deduplicate, typeof api.voice.say],
      Array(4).fill("function"),
    );
  });

  test("a timestamp that the caller has to find: body, headers and secret are enough", () => {
    const { body, headers } = deliver(textEvent(), { at: Math.floor(Date.now() / 1000) });
    assert.equal(webhooks.verify({ body, headers, secret: SECRET }).event, "agent.message");
  });

  test("a signature that throws a foreign error: a missing or non-ASCII one is an error of this package, and an empty secret is refused", () => {
    const { body, headers } = deliver();
    for (const signature of [undefined, "", "sha256=ü", "ü", "sha256=\u0000"]) {
      assert.ok(
        thrownBy(() => verify({ body, headers: { ...headers, "x-webhook-signature": signature } })) instanceof
          WebhookVerificationError,
      );
    }
    assert.ok(thrownBy(() => verify({ body, headers }, { secret: "" })) instanceof InvalidArgumentError);
  });

  test("it is synchronous in a worker thread too", async () => {
    const { body, headers } = deliver();
    const code = `
      const { parentPort, workerData } = require("node:worker_threads");
      const { webhooks } = require(workerData.entry);
      parentPort.postMessage(webhooks.verify(workerData.options).event);`;
    const entry = createRequire(import.meta.url).resolve(entryOf(import.meta.url));
    const worker = new Worker(code, {
      eval: true,
      workerData: { entry, options: { body, headers, secret: SECRET, now: NOW } },
    });
    assert.equal(
      await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject)),
      "agent.message",
    );
  });
});
