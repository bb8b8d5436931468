// The audio of a call: exact to the byte, without the key, with an end in any case.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { describe, test } from "node:test";
import { clientOf, failureOf, KEY, sleep } from "../support/client.mjs";
import { answer, cut, good, hostileServer } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const AUDIO = Buffer.from(Array.from({ length: 3 << 20 }, (_, i) => (i * 7 + (i >> 8)) & 255));
/** Sends these bytes whole, or breaks off in one of several ways after `sent` of them. */
const file = (bytes = AUDIO, { status = 200, headers = {}, sent = bytes.length, then = "end" } = {}) => ({
  performs: false,
  /** @param {import("node:http").ServerResponse} response @param {import("node:http").ServerResponse} request */
  run(response, request) {
    response.writeHead(status, { "content-type": "audio/wav", "content-length": bytes.length, ...headers });
    response.write(bytes.subarray(0, sent));
    if (then === "end") response.end();
    if (then === "cut") setTimeout(() => request.socket?.destroy(), 50);
  },
});
/** @param {string | { url: string }} server @param {string | import("agentphone-wasm").RecordingOptions} [options] @param {Partial<import("agentphone-wasm").ClientOptions>} [client] */
const get = (server, options, client) =>
  clientOf(server, client).calls.recording.get("call_1", /** @type {Foreign} */ (options));
const named = (/** @type {string | undefined} */ disposition) =>
  file(Buffer.from("x"), { headers: { "content-disposition": disposition } });

describe("a recording is read", { concurrency: true }, () => {
  test("byte for byte, as bytes, as a blob and as a stream, with one GET", async (t) => {
    const server = await hostileServer(
      t,
      /** @type {Foreign} */ (
        file(AUDIO, { headers: { "content-disposition": 'attachment; filename="recording-call_1.wav"' } })
      ),
    );
    const recording = await get(server);
    assert.deepEqual(
      [recording.contentType, recording.fileName, recording.size, recording.range],
      ["audio/wav", "recording-call_1.wav", AUDIO.length, undefined],
    );
    const bytes = await recording.bytes();
    assert.ok(bytes instanceof Uint8Array && AUDIO.equals(bytes));
    const blob = await (await get(server)).blob();
    assert.deepEqual([blob.type, AUDIO.equals(Buffer.from(await blob.arrayBuffer()))], ["audio/wav", true]);
    const chunks = [];
    for await (const chunk of (await get(server)).stream ?? []) chunks.push(chunk);
    assert.ok(AUDIO.equals(Buffer.concat(chunks)));
    assert.deepEqual(
      server.received.map(({ method }) => method),
      ["GET", "GET", "GET"],
    );
  });

  test("all 256 values, and a byte order mark, are kept", async (t) => {
    const bytes = Buffer.from([0xef, 0xbb, 0xbf, ...Array.from({ length: 256 }, (_, i) => i), 0xff, 0xfe, 0xc0]);
    for (const type of ["audio/wav", "audio/mpeg", "application/octet-stream"]) {
      const recording = await get(
        await hostileServer(t, /** @type {Foreign} */ (file(bytes, { headers: { "content-type": type } }))),
      );
      assert.deepEqual([recording.contentType, Buffer.from(await recording.bytes())], [type, bytes]);
    }
  });

  test("without the key, and its supplier is never asked; the caller's own headers go along", async (t) => {
    const server = await hostileServer(t, /** @type {Foreign} */ (file(Buffer.from("x"))));
    let asked = 0;
    for (const apiKey of [
      KEY,
      async () => ((asked += 1), KEY),
      () => {
        throw new Error("no key");
      },
    ]) {
      const headers = { "x-own": "1" };
      await (await get(server, { headers, range: { start: 0 } }, { apiKey, subAccount: "sub_1" })).bytes();
    }
    for (const { headers } of server.received) {
      assert.deepEqual(
        [headers.authorization, headers["x-own"], headers["x-sub-account-id"], headers.accept],
        [undefined, "1", "sub_1", "audio/*"],
      );
      assert.ok(!JSON.stringify(headers).includes(KEY));
    }
    assert.equal(asked, 0);
  });

  test("in part", async (t) => {
    const server = await hostileServer(
      t,
      /** @type {Foreign} */ (
        (/** @type {Foreign} */ { headers }) => {
          const [, start, end] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? "") ?? [];
          const part = AUDIO.subarray(Number(start), end ? Number(end) + 1 : undefined);
          const range = `bytes ${start}-${Number(start) + part.length - 1}/${AUDIO.length}`;
          return file(part, { status: 206, headers: { "content-range": range } });
        }
      ),
    );
    for (const [range, part] of /** @type {const} */ ([
      [{ start: 5, end: 9 }, AUDIO.subarray(5, 10)],
      [{ end: 0 }, AUDIO.subarray(0, 1)],
      [{ start: AUDIO.length - 3 }, AUDIO.subarray(-3)],
      [{}, AUDIO],
    ])) {
      const recording = await get(server, { range, headers: { Range: "bytes=1-1" } });
      assert.ok(recording.range?.endsWith(`/${AUDIO.length}`));
      assert.ok(part.equals(await recording.bytes()));
    }
  });

  test("a range that is none, and wrong headers beside one, are refused before anything is sent", async (t) => {
    const server = await hostileServer(t, /** @type {Foreign} */ (file()));
    for (const range of [
      null,
      5,
      "0-5",
      { start: -1 },
      { start: 1.5 },
      { start: 5, end: 4 },
      { end: "9" },
      { start: 1e300 },
    ]) {
      assert.equal(
        (await failureOf(get(server, { range: /** @type {Foreign} */ (range) }))).code,
        "INVALID_ARGUMENT",
        JSON.stringify(range),
      );
    }
    for (const headers of ["text", new Headers({ a: "b" }), ["a"], 5]) {
      assert.equal(
        (await failureOf(get(server, { headers: /** @type {Foreign} */ (headers), range: { start: 1 } }))).code,
        "CONFIGURATION_ERROR",
      );
    }
    assert.equal((await failureOf(clientOf(server).calls.recording.get(""))).code, "INVALID_ARGUMENT");
    assert.equal(server.count(), 0);
  });
});

describe("what is no recording", { concurrency: true }, () => {
  test("none there, a range outside of it, a page, JSON", async (t) => {
    for (const [fault, code, name] of /** @type {const} */ ([
      [answer(404, { detail: "Recording not found" }), "NOT_FOUND", "NotFoundError"],
      [answer(416, "", { "content-range": "bytes */9" }), "HTTP_416", "AgentPhoneError"],
      [
        answer(200, "<html>Sign in</html>", { "content-type": "text/html; charset=utf-8" }),
        "INVALID_RESPONSE",
        "InvalidResponseError",
      ],
      [answer(200, { url: "x" }), "INVALID_RESPONSE", "InvalidResponseError"],
    ])) {
      const error = await failureOf(get(await hostileServer(t, fault)));
      assert.deepEqual([error.code, error.name, error.operation], [code, name, "calls.recording.get"]);
    }
  });

  test("a cut or an error before it begins is tried again", async (t) => {
    const server = await hostileServer(
      t,
      /** @type {Foreign} */ ([
        cut("before-headers"),
        answer(503, {}, { "retry-after-ms": "1" }),
        file(Buffer.from("abc")),
      ]),
    );
    const { data, attempts } = await get(server).withResponse();
    assert.deepEqual([Buffer.from(await data.bytes()).toString(), attempts], ["abc", 3]);
  });
});

describe("a recording that breaks off", { concurrency: true }, () => {
  test("cut in the middle: an error, never half of it", async (t) => {
    for (const read of ["bytes", "blob"]) {
      const recording = await get(
        await hostileServer(t, /** @type {Foreign} */ (file(AUDIO, { sent: 70_000, then: "cut" }))),
      );
      const error = await failureOf(/** @type {Record<string, Foreign>} */ (recording)[read]());
      assert.deepEqual([error.code, error.retryable, error.cause instanceof Error], ["CONNECTION_ERROR", true, true]);
    }
    const { stream } = await get(
      await hostileServer(t, /** @type {Foreign} */ (file(AUDIO, { sent: 70_000, then: "cut" }))),
    );
    assert.equal((await failureOf(new Response(stream).arrayBuffer())).code, "CONNECTION_ERROR");
  });

  test("stalled in the middle: TIMEOUT, by timeout or by totalTimeout, and the socket is closed", async (t) => {
    for (const [options, words] of /** @type {const} */ ([
      [{ timeout: 800 }, "timeout (800 ms)"],
      [{ totalTimeout: 800 }, "totalTimeout"],
      [{ timeout: 9_000, totalTimeout: 800 }, "totalTimeout"],
    ])) {
      const server = await hostileServer(t, /** @type {Foreign} */ (file(AUDIO, { sent: 70_000, then: "stall" })));
      const error = await failureOf((await get(server, options)).bytes());
      assert.deepEqual([error.code, error.name, error.message.includes(words)], ["TIMEOUT", "TimeoutError", true]);
      await server.closed(server.received[0]);
    }
  });

  test("left unread or cancelled: the socket is closed, and what was read ends with ABORTED", async (t) => {
    for (const read of [undefined, "bytes", "stream"]) {
      const server = await hostileServer(t, /** @type {Foreign} */ (file(AUDIO, { sent: 70_000, then: "stall" })));
      const recording = await get(server);
      const reading =
        read === "bytes"
          ? failureOf(recording.bytes())
          : read && failureOf(new Response(recording.stream).arrayBuffer());
      await sleep(30);
      recording.cancel();
      if (reading) assert.equal((await reading).code, "ABORTED");
      await server.closed(server.received[0]);
    }
    const server = await hostileServer(t, /** @type {Foreign} */ (file(AUDIO, { sent: 70_000, then: "stall" })));
    for await (const _ of (await get(server)).stream ?? []) break;
    await server.closed(server.received[0]);
  });

  test("aborted by the caller's signal, before or while it is read, by whichever way", async (t) => {
    for (const read of ["bytes", "blob", "stream"]) {
      for (const before of [true, false]) {
        const server = await hostileServer(t, /** @type {Foreign} */ (file(AUDIO, { sent: 70_000, then: "stall" })));
        const controller = new AbortController();
        const recording = await get(server, { signal: controller.signal });
        if (before) controller.abort("enough");
        const reading = failureOf(
          read === "stream"
            ? new Response(recording.stream).arrayBuffer()
            : /** @type {Record<string, Foreign>} */ (recording)[read](),
        );
        await sleep(30);
        controller.abort("enough");
        const error = await reading;
        assert.deepEqual([error.code, error.cause], ["ABORTED", "enough"]);
        await server.closed(server.received[0]);
        assert.equal(getEventListeners(controller.signal, "abort").length, 0);
      }
    }
  });

  test("no listener is left after a recording that was read", async (t) => {
    const { signal } = new AbortController();
    const server = await hostileServer(t, /** @type {Foreign} */ (file(Buffer.from("abc"))));
    await (await get(server, { signal })).bytes();
    assert.equal(await new Response((await get(server, { signal })).stream).text(), "abc");
    (await get(server, { signal })).stream;
    assert.equal(getEventListeners(signal, "abort").length, 0);
  });

  test("read twice: the second time is refused in words; a look at the stream is no reading", async (t) => {
    const server = await hostileServer(t, /** @type {Foreign} */ (file(Buffer.from("abc"))));
    const recording = await get(server);
    assert.equal(recording.stream, recording.stream);
    assert.equal((await recording.bytes()).length, 3);
    for (const again of [recording.bytes(), recording.blob()])
      assert.equal((await failureOf(again)).code, "INVALID_ARGUMENT");
    const streamed = await get(server);
    const reader = streamed.stream?.getReader();
    await reader?.read();
    assert.equal((await failureOf(streamed.bytes())).code, "INVALID_ARGUMENT");
    const both = await get(server);
    const [one, two] = await Promise.allSettled([both.bytes(), both.bytes()]);
    assert.deepEqual([one.status, /** @type {Foreign} */ (two).reason?.code], ["fulfilled", "INVALID_ARGUMENT"]);
  });
});

test("a file name has no folder, no control character and no special meaning", async (t) => {
  const NAMES = [
    ["attachment; filename=a.wav", "a.wav"],
    ['attachment; filename="my call; 2.wav"', "my call; 2.wav"],
    [String.raw`attachment; filename="say \"hi\".wav"`, 'say "hi".wav'],
    ['attachment; filename="../../etc/passwd"', "passwd"],
    [String.raw`attachment; filename="C:\calls\a.wav"`, "a.wav"],
    ["attachment; filename*=UTF-8''gr%C3%BC%C3%9Fe%20%E2%82%AC.wav", "grüße €.wav"],
    ["attachment; filename=plain.wav; filename*=utf-8'en'better.wav", "better.wav"],
    ["attachment; filename*=UTF-8''%2e%2e%2f%2e%2e%2fetc%2fpasswd", "passwd"],
    ["attachment; filename*=UTF-8''%ff.wav; filename=plain.wav", "plain.wav"],
    ["attachment; filename*=iso-8859-1''%fc.wav; filename=plain.wav", "plain.wav"],
    ["attachment; filename*=UTF-8''a%00.wav", undefined],
    ['attachment; filename=".."', undefined],
    ["attachment; filename=.", undefined],
    ['attachment; filename="folder/"', undefined],
    ['attachment; filename=""', undefined],
    ["attachment", undefined],
  ];
  const server = await hostileServer(t, /** @type {Foreign} */ (NAMES.map(([disposition]) => named(disposition))));
  const client = clientOf(server);
  for (const [disposition, name] of NAMES)
    assert.equal((await client.calls.recording.get("call_1")).fileName, name, disposition);
  assert.equal(
    (
      await clientOf(
        await hostileServer(t, /** @type {Foreign} */ ({ ...good, run: file(Buffer.from("x")).run })),
      ).calls.recording.get("call_1")
    ).fileName,
    undefined,
  );
});

test("a file that was partly read and then cancelled leaves the signal, which others may keep", async () => {
  const { signal } = new AbortController();
  const client = clientOf("http://127.0.0.1:9", {
    fetch: async () => new Response("x".repeat(100_000), { headers: { "content-type": "audio/wav" } }),
  });
  const media = await client.messages.media.get("a", { signal });
  const reader = /** @type {ReadableStream<Uint8Array>} */ (media.stream).getReader();
  await reader.read();
  assert.equal(getEventListeners(signal, "abort").length, 1);
  media.cancel();
  assert.equal(getEventListeners(signal, "abort").length, 0);
});
