// A recording without an end, or longer than announced, and the name that a server proposes for it.
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { clientOf, failureOf } from "../support/client.mjs";
import { hostileServer } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const LIMIT = 100_000;
const READS = {
  bytes: async (/** @type {Foreign} */ recording) => (await recording.bytes()).length,
  blob: async (/** @type {Foreign} */ recording) => (await recording.blob()).size,
  stream: async (/** @type {{ stream: BodyInit | null | undefined }} */ recording) =>
    (await new Response(recording.stream).arrayBuffer()).byteLength,
};
/** @param {string | { url: string }} server @param {{}} [options] */
const get = (server, options) => clientOf(server).calls.recording.get("call_1", options);
/** Sends this many bytes, or goes on for as long as anybody listens. */
const audio = (/** @type {number} */ length, headers = {}, status = 200) => ({
  performs: false,
  /** @param {import("node:http").ServerResponse} response */
  run(response) {
    response.writeHead(status, { "content-type": "audio/wav", ...headers });
    let left = length;
    const more = () => {
      while (left > 0 && !response.destroyed) {
        const piece = Buffer.alloc(Math.min(left, 8_192));
        left -= piece.length;
        if (!response.write(piece)) return;
      }
      if (left <= 0) response.end();
    };
    response.on("drain", more);
    more();
  },
});
/** A recording out of a response of the caller's own fetch. @param {Response | PromiseLike<Response>} response @param {import("agentphone-wasm").RecordingOptions} [options] */
const given = (response, options) =>
  clientOf("http://127.0.0.1:9", { fetch: async () => response }).calls.recording.get("call_1", options);

describe("how much is read", { concurrency: true }, () => {
  for (const [name, read] of Object.entries(READS)) {
    test(`${name}: an endless one ends with INVALID_RESPONSE, and its connection is closed`, async (t) => {
      const server = await hostileServer(t, audio(Infinity));
      const recording = await get(server, { maxBytes: LIMIT });
      const error = await failureOf(read(recording));
      assert.deepEqual(
        [error.code, error.operation, error.outcomeUnknown],
        ["INVALID_RESPONSE", "calls.recording.get", false],
      );
      assert.match(error.message, /maxBytes allows \(100000 bytes\)/);
      await server.closed(server.received[0]);
    });

    test(`${name}: the limit itself is inside, a byte more is not, announced or not`, async (t) => {
      for (const headers of [{}, { "content-length": LIMIT }]) {
        const server = await hostileServer(t, audio(LIMIT, headers));
        assert.equal(await read(await get(server, { maxBytes: LIMIT })), LIMIT);
        assert.equal((await failureOf(read(await get(server, { maxBytes: LIMIT - 1 })))).code, "INVALID_RESPONSE");
        for (const maxBytes of [null, Infinity, undefined])
          assert.equal(await read(await get(server, { maxBytes })), LIMIT);
      }
    });

    test(`${name}: 256 MiB where nothing is said; maxResponseBytes is for other answers`, async (t) => {
      const server = await hostileServer(t, audio(LIMIT));
      assert.equal(await read(await get(server, { maxResponseBytes: 10 })), LIMIT);
      const long = await given(new Response(new ReadableStream(), { headers: { "content-length": `${2 ** 28 + 1}` } }));
      assert.equal((await failureOf(read(long))).code, "INVALID_RESPONSE");
    });

    test(`${name}: of a body that is a stream of Node's`, async () => {
      const response = () => ({
        status: 200,
        body: Readable.from([Buffer.from("ab"), "cd", new Uint8Array(3).buffer]),
        text: async () => "",
      });
      assert.equal(await read(await given(/** @type {Foreign} */ (response()))), 7);
      const short = response();
      assert.equal(
        (await failureOf(read(await given(/** @type {Foreign} */ (short), { maxBytes: 6 })))).code,
        "INVALID_RESPONSE",
      );
      assert.equal(short.body.destroyed, true);
    });
  }

  test("an answer that has only arrayBuffer() is measured", async () => {
    const response = { status: 200, arrayBuffer: async () => new Uint8Array(7).buffer, text: async () => "" };
    assert.equal((await (await given(/** @type {Foreign} */ (response))).bytes()).length, 7);
    assert.equal(
      (await failureOf((await given(/** @type {Foreign} */ (response), { maxBytes: 6 })).bytes())).code,
      "INVALID_RESPONSE",
    );
  });

  test("an error answer in its place is bounded as every answer is", async (t) => {
    const server = await hostileServer(t, audio(Infinity, {}, 404));
    assert.equal((await failureOf(get(server, { maxResponseBytes: LIMIT }))).code, "INVALID_RESPONSE");
  });

  test("the bytes have a buffer of their own, with nothing of others in it", async (t) => {
    const server = await hostileServer(t, audio(1_000));
    const pooled = Buffer.from("--secret--").subarray(2, 8);
    for (const recording of [
      await get(server),
      await given(
        new Response(
          new ReadableStream({
            start: (c) => (c.enqueue(new Uint8Array(pooled.buffer, pooled.byteOffset, 6)), c.close()),
          }),
        ),
      ),
    ]) {
      const bytes = await recording.bytes();
      assert.deepEqual([bytes.constructor, bytes.byteOffset, bytes.buffer.byteLength], [Uint8Array, 0, bytes.length]);
    }
  });

  test("a length that is no number is none", async () => {
    for (const length of ["x", "-5", "1e3", "5, 5", ""]) {
      assert.equal(
        (await given(new Response("abc", { headers: { "content-type": "audio/wav", "content-length": length } }))).size,
        undefined,
      );
    }
  });

  test("the length of a file that is sent compressed is that of what is read, and not known before", async (t) => {
    const whole = Buffer.alloc(10_000, "la ");
    for (const [encoding, body, size] of /** @type {const} */ ([
      ["gzip", gzipSync(whole), undefined],
      ["identity", whole, whole.length],
    ])) {
      const headers = { "content-type": "audio/wav", "content-encoding": encoding, "content-length": body.length };
      const server = await hostileServer(t, {
        performs: false,
        run: (response) => response.writeHead(200, headers).end(body),
      });
      const recording = await clientOf(server).calls.recording.get("call_1");
      assert.deepEqual([recording.size, (await recording.bytes()).length], [size, whole.length]);
    }
  });

  test("cancelled or late, a body that takes no notice of it does not pass for complete", async () => {
    const never = () =>
      new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(5)) }));
    for (const [name, read] of Object.entries(READS)) {
      const recording = await given(never());
      const reading = failureOf(read(recording));
      setTimeout(() => recording.cancel(), 20);
      assert.equal((await reading).code, "ABORTED", name);
      if (name !== "stream")
        assert.equal((await failureOf(read(await given(never(), { timeout: 30 })))).code, "TIMEOUT", name);
    }
  });
});

describe("a stream that falls silent", { concurrency: true }, () => {
  const audio = { "content-type": "audio/wav" };
  /** A body whose reads `next` gives, and which takes no notice of being cancelled. */
  const bodyOf = (/** @type {Foreign} */ next) => ({
    status: 200,
    headers: new Headers(audio),
    text: async () => "",
    body: { getReader: () => ({ read: next, cancel: () => new Promise(() => {}) }) },
  });
  const silent = () => new Promise(() => {});
  const wholeOf = async (/** @type {import("agentphone-wasm").Recording} */ recording) => {
    for await (const _ of recording.stream ?? []);
  };

  test("ends with TIMEOUT after idleTimeout, and its connection is closed", async (t) => {
    const server = await hostileServer(t, {
      performs: false,
      run: (response) => response.writeHead(200, audio).write("abc"),
    });
    const recording = await get(server, { idleTimeout: 50, timeout: 60_000 });
    const reader = recording.stream?.getReader();
    assert.equal((await reader?.read())?.value?.length, 3);
    const error = await failureOf(/** @type {Foreign} */ (reader?.read()));
    assert.deepEqual([error.code, error.name, error.operation], ["TIMEOUT", "TimeoutError", "calls.recording.get"]);
    assert.match(error.message, /idleTimeout \(50 ms\)/);
    await server.closed(server.received[0]);
  });

  test("also where its body takes no notice of being cancelled, or sends chunks without a byte", async () => {
    const empty = async () => (
      await new Promise((resolve) => setTimeout(resolve, 5)), { done: false, value: new Uint8Array(0) }
    );
    for (const next of [silent, empty])
      assert.equal(
        (await failureOf(wholeOf(await given(/** @type {Foreign} */ (bodyOf(next)), { idleTimeout: 40 })))).code,
        "TIMEOUT",
      );
    for (const read of ["bytes", "blob"])
      assert.equal(
        (
          await failureOf(
            /** @type {Record<string, Foreign>} */ (
              await given(/** @type {Foreign} */ (bodyOf(silent)), { timeout: 40 })
            )[read](),
          )
        ).code,
        "TIMEOUT",
      );
  });

  test("can be cancelled and aborted though its body takes no notice", async () => {
    for (const read of Object.values(READS)) {
      const recording = await given(/** @type {Foreign} */ (bodyOf(silent)));
      const reading = failureOf(read(recording));
      setTimeout(() => recording.cancel(), 5);
      assert.equal((await reading).code, "ABORTED");
      assert.equal(
        (
          await failureOf(
            read(await given(/** @type {Foreign} */ (bodyOf(silent)), { signal: AbortSignal.timeout(20) })),
          )
        ).code,
        "ABORTED",
      );
    }
  });

  test("while nobody reads it is not silent, and a slow one that sends is not either", async () => {
    let left = 4;
    const slow = async () => (
      await new Promise((resolve) => setTimeout(resolve, 30)),
      (left -= 1) < 0 ? { done: true } : { done: false, value: new Uint8Array(1) }
    );
    const reader = (await given(/** @type {Foreign} */ (bodyOf(slow)), { idleTimeout: 2_000 })).stream?.getReader();
    let count = 0;
    for (let next; !(next = await reader?.read())?.done; count += /** @type {Foreign} */ (next?.value?.length))
      await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(count, 4);
    const held = (
      await given(/** @type {Foreign} */ (bodyOf(async () => ({ done: false, value: new Uint8Array(2) }))), {
        idleTimeout: 10,
      })
    ).stream?.getReader();
    await held?.read();
    await new Promise((resolve) => setTimeout(resolve, 60));
    assert.equal((await held?.read())?.value?.length, 2);
  });
});

test("what is wrong with the options is told by an error of ours, before anything is sent", async (t) => {
  const server = await hostileServer(t, audio(5));
  const trap = new Proxy(
    {},
    {
      ownKeys() {
        throw new Error("no");
      },
      get() {
        throw new Error("no");
      },
    },
  );
  const throwing = (/** @type {string} */ name) => ({
    get [name]() {
      throw new Error("no");
    },
  });
  for (const [options, code] of [
    ...[0, -1, 1.5, NaN, "5", true, {}, 5n].map((maxBytes) => [{ maxBytes }, "INVALID_ARGUMENT"]),
    ...[0, -1, NaN, "5", true, {}, 5n].map((idleTimeout) => [{ idleTimeout }, "INVALID_ARGUMENT"]),
    ...["range", "maxBytes", "idleTimeout", "signal", "headers", "timeout"].map((name) => [
      throwing(name),
      "CONFIGURATION_ERROR",
    ]),
    [trap, "CONFIGURATION_ERROR"],
    [{ range: trap }, "INVALID_ARGUMENT"],
    [{ range: throwing("start") }, "INVALID_ARGUMENT"],
    [{ range: { start: Symbol("x") } }, "INVALID_ARGUMENT"],
    [{ range: { start: 1 }, headers: throwing("x-own") }, "CONFIGURATION_ERROR"],
    [{ range: { start: 1 }, headers: trap }, "CONFIGURATION_ERROR"],
    [5, "CONFIGURATION_ERROR"],
    ["x", "CONFIGURATION_ERROR"],
    [[], "CONFIGURATION_ERROR"],
    [{ nonsense: 1 }, "CONFIGURATION_ERROR"],
  ]) {
    assert.equal((await failureOf(get(server, options))).code, code);
  }
  assert.equal(server.count(), 0);
});

test("a proposed name is safe to save a file under, on any system", async () => {
  const NAMES = [
    ["CON", "_CON"],
    ["con.wav", "_con.wav"],
    ["CON .txt", "_CON .txt"],
    ["COM1.mp3", "_COM1.mp3"],
    ["lpt9", "_lpt9"],
    ["com\u00b9.wav", "_com\u00b9.wav"],
    ["nul.tar.gz", "_nul.tar.gz"],
    ["CONIN$", "_CONIN$"],
    ["console.wav", "console.wav"],
    ["com10.wav", "com10.wav"],
    ["a.con", "a.con"],
    [".bashrc", "bashrc"],
    ["..a", "a"],
    ["-rf", "rf"],
    ["--help", "help"],
    ["~root", "root"],
    [" .-x", "x"],
    ["a..", "a"],
    ["a. .", "a"],
    ["a ", "a"],
    ["....", undefined],
    [" ", undefined],
    ["-", undefined],
    ["C:x", "C_x"],
    ["a.wav:stream", "a.wav_stream"],
    ["what?*<|>.wav", "what_____.wav"],
    ["..\u2215..\u2215etc\u2215passwd", "passwd"],
    ["a\uff0fb\uff3cc.wav", "c.wav"],
    ["a\u2044b.wav", "b.wav"],
    ["x\\..\\y.wav", "y.wav"],
    ["\u202egpj.exe", "gpj.exe"],
    ["a\u200b\u200d\ufeffb.wav", "ab.wav"],
    ["a\u2066b\u2069.wav", "ab.wav"],
    ["\u3164", undefined],
    ["a\u2028b.wav", "ab.wav"],
    ["\u200b.bashrc", "bashrc"],
    ["\u200bCON", "_CON"],
    ["C\u200bON", "_CON"],
    ["a\u0000.wav", undefined],
    ["a\u0085.wav", undefined],
    ["a\nb.wav", undefined],
    [`${"x".repeat(400)}.wav`, `${"x".repeat(251)}.wav`],
    [`${"é".repeat(300)}.wav`, `${"é".repeat(125)}.wav`],
    [`${"😀".repeat(200)}`, "😀".repeat(63)],
    ["grüße €.wav", "grüße €.wav"],
    ["my call (2).wav", "my call (2).wav"],
    [`${" ".repeat(100_000)}.wav`, "wav"],
  ];
  for (const [proposed, name] of NAMES) {
    const header = `attachment; filename*=UTF-8''${encodeURIComponent(proposed ?? "")}`;
    const { fileName } = await given(
      /** @type {Foreign} */ ({
        status: 200,
        headers: /** @type {Foreign} */ ({
          get: (/** @type {string} */ asked) => (asked === "content-disposition" ? header : null),
        }),
        text: async () => "",
      }),
    );
    // What is longer than any name is cut before it is decoded.
    if (header.length > 4_000) assert.ok(fileName === undefined || new TextEncoder().encode(fileName).length <= 255);
    else assert.equal(fileName, name, JSON.stringify(proposed));
  }
});
