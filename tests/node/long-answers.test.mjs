// Answers without an end: however long a server talks, and whatever hands its answer on, no more is read than
// maxResponseBytes, and the connection is closed.
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { CLASSES, clientOf, failureOf, sleep } from "../support/client.mjs";
import { hostileServer } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const LIMIT = 10_000;
const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
/** Sends this for as long as anybody listens. */
const endless = (status = 200, piece = Buffer.alloc(4_096, " ")) => ({
  performs: status < 300,
  /** @param {import("node:http").ServerResponse} response */
  run(response) {
    response.writeHead(status, { "content-type": "application/json" });
    const more = () => {
      while (!response.destroyed && response.write(piece));
    };
    response.on("drain", more);
    more();
  },
});
/** Sends a whole body, with this head. */
const whole = (/** @type {Buffer} */ body, headers = {}, status = 200) => ({
  performs: true,
  /** @param {import("node:http").ServerResponse} response */
  run(response) {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    for (let at = 0; at < body.length; at += 4_096) response.write(body.subarray(at, at + 4_096));
    response.end();
  },
});
/** An answer of so many bytes. */
const json = (/** @type {number} */ length) => Buffer.from(`{"id":"${"x".repeat(length - 9)}"}`);
/** A client whose own `fetch` gives this. @param {Foreign} response @param {Partial<import("agentphone-wasm").ClientOptions>} [options] */
const given = (response, options) =>
  clientOf("http://127.0.0.1:9", {
    fetch: async (_, init) => (typeof response === "function" ? response(init) : response),
    maxRetries: 0,
    ...options,
  });
/** A body of these chunks, or of the same one for ever; `state` tells whether it was let go. */
/** @param {Foreign} chunks @param {{ cancelled?: boolean }} [state] */
const streamOf = (chunks, state = {}) =>
  new ReadableStream({
    pull: (controller) => {
      const chunk = Array.isArray(chunks) ? chunks.shift() : chunks;
      if (chunk === undefined) controller.close();
      else controller.enqueue(chunk);
    },
    cancel: () => void (state.cancelled = true),
  });

describe("a server that never stops", { concurrency: true }, () => {
  for (const [effect, { call }] of Object.entries(CLASSES)) {
    test(`${effect}: one request, INVALID_RESPONSE, the connection closed, and ${effect === "effect" ? "the outcome unknown" : "nothing in doubt"}`, async (t) => {
      const server = await hostileServer(t, endless());
      const error = await failureOf(call(clientOf(server), { maxResponseBytes: LIMIT }));
      assert.deepEqual(
        [error.code, error.status, error.outcomeUnknown, error.retryable, server.count()],
        ["INVALID_RESPONSE", 200, effect === "effect", false, 1],
      );
      assert.match(error.message, /maxResponseBytes allows \(10000 bytes\)/);
      await server.closed(server.received[0]);
    });
  }

  test("in an error answer as in a good one", async (t) => {
    for (const status of [400, 404, 409, 429, 500, 503]) {
      const server = await hostileServer(t, endless(status));
      const error = await failureOf(CLASSES.read.call(clientOf(server), { maxResponseBytes: LIMIT }));
      assert.deepEqual([error.code, error.status, server.count()], ["INVALID_RESPONSE", status, 1]);
      await server.closed(server.received[0]);
    }
  });

  test("in chunks of one byte, which are not kept one by one", async (t) => {
    const server = await hostileServer(t, endless(200, Buffer.from(" ")));
    const error = await failureOf(CLASSES.read.call(clientOf(server), { maxResponseBytes: 3_000 }));
    assert.equal(error.code, "INVALID_RESPONSE");
    await server.closed(server.received[0]);
  });

  test("while a page is fetched ahead", async (t) => {
    const page = Buffer.from(JSON.stringify({ data: [{ id: "a" }], hasMore: true, total: 2 }));
    const server = await hostileServer(t, [whole(page), endless()]);
    /** @type {string[]} */
    const read = [];
    const error = await failureOf(
      (async () => {
        for await (const { id } of clientOf(server, { maxResponseBytes: LIMIT }).contacts.list()) read.push(id);
      })(),
    );
    assert.deepEqual([error.code, read], ["INVALID_RESPONSE", ["a"]]);
  });
});

describe("the length that is announced", { concurrency: true }, () => {
  test("too long: nothing of it is waited for", async (t) => {
    const server = await hostileServer(t, {
      performs: true,
      run: (response) => response.writeHead(200, { "content-length": LIMIT + 1 }).flushHeaders(),
    });
    const error = await failureOf(CLASSES.read.call(clientOf(server), { maxResponseBytes: LIMIT, timeout: 20_000 }));
    assert.equal(error.code, "INVALID_RESPONSE");
    await server.closed(server.received[0]);
  });

  test("a lie: what comes is counted all the same", async () => {
    for (const length of ["2", "-1", "1e3", "", "2, 2"]) {
      /** @type {{ cancelled?: boolean }} */
      const state = {};
      const response = new Response(streamOf(bytes(" ".repeat(1_000)), state), {
        headers: { "content-length": length },
      });
      assert.equal(
        (await failureOf(CLASSES.read.call(given(response, { maxResponseBytes: LIMIT })))).code,
        "INVALID_RESPONSE",
      );
      assert.equal(state.cancelled, true, length);
    }
    // Longer than what comes: no memory is filled for it, and nothing is added.
    const short = new Response(streamOf([bytes('{"a"'), bytes(":1}")]), { headers: { "content-length": "9999" } });
    assert.deepEqual(await CLASSES.read.call(given(short, { maxResponseBytes: LIMIT })), { a: 1 });
  });

  test("that of a compressed answer, which says little of what is in it", async (t) => {
    const bomb = gzipSync(Buffer.alloc(20 << 20, " "), { level: 9 });
    assert.ok(bomb.length < 50_000);
    const server = await hostileServer(t, whole(bomb, { "content-encoding": "gzip", "content-length": bomb.length }));
    for (const call of [CLASSES.read.call, CLASSES.effect.call]) {
      assert.equal((await failureOf(call(clientOf(server), { maxResponseBytes: 1 << 20 }))).code, "INVALID_RESPONSE");
    }
    const fine = gzipSync(json(5_000));
    assert.equal(
      /** @type {Foreign} */ (
        await CLASSES.read.call(clientOf(await hostileServer(t, whole(fine, { "content-encoding": "gzip" }))), {
          maxResponseBytes: 5_000,
        })
      ).id.length,
      4_991,
    );
  });
});

describe("what is allowed is read to its last byte", { concurrency: true }, () => {
  test("the limit itself is inside, a byte more is not, however it is sent", async (t) => {
    for (const headers of [{}, { "content-length": LIMIT }]) {
      const server = await hostileServer(t, whole(json(LIMIT), headers));
      assert.equal(
        /** @type {Foreign} */ (await CLASSES.read.call(clientOf(server), { maxResponseBytes: LIMIT })).id.length,
        LIMIT - 9,
      );
      assert.equal(
        (await failureOf(CLASSES.read.call(clientOf(server), { maxResponseBytes: LIMIT - 1 }))).code,
        "INVALID_RESPONSE",
      );
    }
  });

  test("64 MiB where nothing is said, and no limit where that is asked for", async (t) => {
    const server = await hostileServer(t, whole(Buffer.concat([Buffer.from("{}"), Buffer.alloc(2 ** 26 - 1, " ")])));
    assert.equal((await failureOf(CLASSES.read.call(clientOf(server)))).code, "INVALID_RESPONSE");
    for (const none of [null, Infinity])
      assert.deepEqual(await CLASSES.read.call(clientOf(server, { maxResponseBytes: none })), {});
    assert.deepEqual(
      await CLASSES.read.call(clientOf(server, { maxResponseBytes: 1 }), { maxResponseBytes: 2 ** 27 }),
      {},
      "a request's own goes before the client's",
    );
  });

  test("in chunks of any length, of which some end inside a character", async () => {
    const text = `\ufeff${JSON.stringify({ id: "grüße 👋🏽 €".repeat(500) })}`;
    const all = bytes(text);
    for (const size of [1, 2, 3, 7, 1_000, all.length]) {
      const chunks = Array.from({ length: Math.ceil(all.length / size) }, (_, i) =>
        all.slice(i * size, (i + 1) * size),
      );
      for (const length of [undefined, all.length]) {
        const response = new Response(streamOf([...chunks, new Uint8Array()]), {
          headers: length ? { "content-length": `${length}` } : {},
        });
        assert.deepEqual(await CLASSES.read.call(given(response)), JSON.parse(text.slice(1)), `${size}`);
      }
    }
  });

  test("a wrong limit is refused by name", async () => {
    for (const maxResponseBytes of [0, -1, 1.5, NaN, "5", true, {}, 5n]) {
      assert.throws(
        () => clientOf("http://127.0.0.1:9", { maxResponseBytes: /** @type {Foreign} */ (maxResponseBytes) }),
        { code: "CONFIGURATION_ERROR", message: /maxResponseBytes/ },
      );
      assert.equal(
        (
          await failureOf(
            CLASSES.read.call(given(new Response("{}")), {
              maxResponseBytes: /** @type {Foreign} */ (maxResponseBytes),
            }),
          )
        ).code,
        "CONFIGURATION_ERROR",
      );
    }
  });
});

describe("whatever a fetch of the caller's gives", { concurrency: true }, () => {
  const text = '{"id":"grüße"}';
  const forms = {
    "a text() alone": () => ({ status: 200, text: async () => text }),
    "a text() that is not async": () => ({ status: 200, text: () => text }),
    "a text() that begins with a byte order mark": () => ({ status: 200, text: async () => `\ufeff${text}` }),
    "a text() of its own on a Response": () => Object.assign(new Response("what came"), { text: async () => text }),
    "no body": () => ({ status: 200, body: null, text: async () => text }),
    "a body that is a text": () => ({ status: 200, body: text, text: async () => text }),
    "a body that cannot be looked at": () => ({
      status: 200,
      get body() {
        throw new Error("no");
      },
      text: async () => text,
    }),
    "a body that is locked, beside a text()": () => ({
      status: 200,
      body: {
        getReader() {
          throw new Error("locked");
        },
      },
      text: async () => text,
    }),
    "headers that throw": () => ({
      status: 200,
      headers: {
        get() {
          throw new Error("no");
        },
      },
      text: async () => text,
    }),
    "a stream of Node's": () =>
      new (class {
        status = 200;
        body = Readable.from([Buffer.from(text)]);
        text() {
          return "not read";
        }
      })(),
    "a stream of Node's, of texts": () =>
      new (class {
        status = 200;
        body = Readable.from([text]);
        text() {
          return "not read";
        }
      })(),
    "chunks that are buffers": () =>
      new (class {
        status = 200;
        body = streamOf([bytes(text).buffer]);
        text() {
          return "not read";
        }
      })(),
    "a Response of another class": () =>
      new (class Response {
        status = 200;
        body = streamOf([bytes(text)]);
        text() {
          return "not read";
        }
      })(),
  };
  for (const [form, make] of Object.entries(forms)) {
    test(`${form}: is read`, async () => assert.deepEqual(await CLASSES.read.call(given(make())), { id: "grüße" }));
  }

  test("is measured, too: what is too long is refused, and let go where that can be", async () => {
    /** @type {{} | undefined} */
    /** @type {{ cancelled?: boolean }} */
    const state = {};
    const node = Object.assign(
      Readable.from(
        (function* () {
          for (;;) yield Buffer.alloc(100, " ");
        })(),
      ),
      {},
    );
    const endlessForms = [
      { status: 200, text: async () => " ".repeat(LIMIT + 1) },
      new (class {
        status = 200;
        body = streamOf(bytes(" ".repeat(100)), state);
        text() {}
      })(),
      new (class {
        status = 200;
        body = node;
        text() {}
      })(),
      {
        status: 200,
        headers: new Headers({ "content-length": `${LIMIT + 1}` }),
        body: streamOf(bytes(" "), state),
        text: () => new Promise(() => {}),
      },
    ];
    for (const form of endlessForms) {
      state.cancelled = undefined;
      const error = await failureOf(CLASSES.effect.call(given(form, { maxResponseBytes: LIMIT })));
      assert.deepEqual([error.code, error.outcomeUnknown], ["INVALID_RESPONSE", true]);
      if (form.body && form.body !== node) assert.equal(state.cancelled, true);
    }
    assert.equal(node.destroyed, true);
  });

  test("and is told of as a broken connection where its body holds what is no text", async () => {
    for (const chunk of [null, 7, {}, ["x"]]) {
      /** @type {{ cancelled?: boolean }} */
      const state = {};
      const form = new (class {
        status = 200;
        body = streamOf([chunk, bytes("{}")], state);
        text() {}
      })();
      /** @type {Foreign} */
      let signal;
      const error = await failureOf(
        CLASSES.read.call(given((/** @type {RequestInit} */ init) => ((signal = init.signal), form))),
      );
      assert.deepEqual([error.code, signal?.aborted], ["CONNECTION_ERROR", true]);
    }
  });

  test("a body that takes no notice of its signal is not read on behind the caller's back", async () => {
    let [asked, give] = [0, undefined];
    const body = new ReadableStream(
      {
        pull: (controller) => (
          (asked += 1),
          new Promise((resolve) => {
            give = /** @type {Foreign} */ (() => resolve(controller.enqueue(bytes(" "))));
          })
        ),
      },
      { highWaterMark: 0 },
    );
    const client = given(
      new (class {
        status = 200;
        body = body;
        text() {}
      })(),
    );
    assert.equal((await failureOf(CLASSES.read.call(client, { timeout: 50 }))).code, "TIMEOUT");
    /** @type {Foreign} */ (give)?.();
    await sleep(20);
    assert.equal(asked, 1);
  });
});
