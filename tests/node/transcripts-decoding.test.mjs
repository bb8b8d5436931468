// A live transcript byte by byte: wherever chunks end, whatever a server puts between the events, and
// whatever is no event stream at all.
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { describe, test } from "node:test";
import { clientOf, failureOf } from "../support/client.mjs";
import { CONNECTED, ENDED, events, HEARTBEAT, readAll, sse, turn, withoutPauses } from "../support/event-stream.mjs";
import { answer, hostileServer } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

withoutPauses();
/** @param {string | { url: string }} where @param {import("agentphone-wasm").TranscriptStreamOptions} [options] @param {Partial<import("agentphone-wasm").ClientOptions>} [client] */
const stream = (where, options, client) => clientOf(where, client).calls.transcript.stream("call_1", options);
/** Reads what a `fetch` of our own gives. @param {Foreign} body @param {undefined} [more] */
const stubbed = (body, more) =>
  readAll(
    stream(
      "http://127.0.0.1:9",
      {},
      {
        maxRetries: 0,
        fetch: async () => ({
          status: 200,
          headers: new Headers({ "content-type": "text/event-stream" }),
          text: async () => "",
          body,
          .../** @type {Foreign} */ (more),
        }),
      },
    ),
  );
const SAMPLE = CONNECTED + turn("grüße 😀", "agent") + turn("yes") + ENDED;

describe("a stream is read as it was sent", { concurrency: true }, () => {
  test("all events, with their data, and the end is the end", async (t) => {
    const server = await hostileServer(t, events(SAMPLE));
    const { read, error } = await readAll(stream(server));
    assert.equal(error, undefined);
    assert.deepEqual(read, [
      { event: "connected", data: { callId: "call_1", status: "in-progress" } },
      { event: "turn", data: { role: "agent", content: "grüße 😀", createdAt: "2026-11-22T10:00:00Z" } },
      { event: "turn", data: { role: "user", content: "yes", createdAt: "2026-11-22T10:00:00Z" } },
      { event: "ended", data: { callId: "call_1", status: "completed", durationSeconds: 7 } },
    ]);
    assert.deepEqual([server.count(), server.received[0].headers.accept], [1, "text/event-stream"]);
  });

  test("one byte a chunk, also inside a character", async (t) => {
    const pieces = [...Buffer.from(SAMPLE)].map((byte) => Buffer.from([byte]));
    const { said } = await readAll(stream(await hostileServer(t, events(/** @type {Foreign} */ (pieces)))));
    assert.equal(said, "connected grüße 😀 yes ended");
  });

  test("cut in two at any of 2 000 places: in a character, a line's end, a mark, an escape, between a pair of escapes", async () => {
    const pieces = ["\ufeff"];
    for (let k = 0; k < 12; k += 1) {
      const end = ["\n", "\r\n", "\r"][k % 3];
      const lines = [
        ": heartbeat",
        "event: turn",
        `data: {"role":"${k % 2 ? "user" : "agent"}","content":"${k} é 漢 👋 \\ud83d\\ude00",`,
        `data: "createdAt":"t${k}"}`,
        `id: ${k}`,
        "",
        "",
      ];
      pieces.push(lines.join(end), turn(`q${k} 👋`, "agent"));
    }
    const bytes = new TextEncoder().encode(`${pieces.join("")}${ENDED}`);
    assert.ok(bytes.length > 2_000);
    const readIn = (/** @type {Uint8Array[]} */ ...chunks) =>
      readAll(
        stream(
          "http://127.0.0.1:9",
          {},
          {
            maxRetries: 0,
            fetch: async () =>
              new Response(/** @type {Foreign} */ (ReadableStream).from(chunks), {
                headers: { "content-type": "text/event-stream" },
              }),
          },
        ),
      );
    const whole = await readIn(bytes);
    assert.deepEqual(
      [whole.error, whole.read.length, /** @type {Foreign} */ (whole.read[0].data).content],
      [undefined, 25, "0 é 漢 👋 😀"],
    );
    for (let at = 1; at < bytes.length; at += 1)
      assert.deepEqual(await readIn(bytes.slice(0, at), bytes.slice(at)), whole, `cut at ${at}`);
  });

  test("10 000 turns in one chunk", async (t) => {
    const turns = Array.from({ length: 10_000 }, (_, i) => turn(`t${i}`)).join("");
    const { read } = await readAll(stream(await hostileServer(t, events(CONNECTED + turns + ENDED))));
    assert.equal(read.length, 10_002);
    assert.ok(read.slice(1, -1).every(({ data }, i) => /** @type {Foreign} */ (data).content === `t${i}`));
  });

  test("CR, CRLF, a byte order mark, data over several lines, comments, ids and a retry", async (t) => {
    const text = `\ufeff: hello\r\n\r\nretry: 1\rid: 7\revent: connected\rdata: {"callId":\rdata: "call_1"}\r\r${HEARTBEAT}${turn("a")}${ENDED}`;
    const { read, said } = await readAll(stream(await hostileServer(t, events(text))));
    assert.equal(said, "connected a ended");
    assert.deepEqual(read[0].data, { callId: "call_1" });
  });

  test("unknown events and events without a name are skipped", async (t) => {
    const text = [CONNECTED, sse("mood", { role: "user" }), "data: {}\n\n", turn("a"), sse("Turn", 1), ENDED].join("");
    const { said } = await readAll(stream(await hostileServer(t, events(text))));
    assert.equal(said, "connected a ended");
  });

  test("a turn of another shape, role or order of fields is given as it is", async (t) => {
    const odd = [
      { content: "b", role: "supervisor", at: [1, null] },
      "text",
      null,
      { role: "user", content: "c", createdAt: null },
    ];
    const { read } = await readAll(
      stream(await hostileServer(t, events(odd.map((data) => sse("turn", data)).join("") + ENDED))),
    );
    assert.deepEqual(
      read.slice(0, -1).map(({ data }) => data),
      odd,
    );
  });

  test("ended without connected, and bytes after the end: the rest is not waited for", async (t) => {
    const server = await hostileServer(t, events(turn("a") + ENDED + turn("ghost"), { then: "open" }));
    const { said } = await readAll(stream(server));
    assert.equal(said, "a ended");
    await server.closed(server.received[0]);
    assert.equal(server.count(), 1);
  });
});

describe("what is no transcript is an error, after the events before it", { concurrency: true }, () => {
  const BROKEN = {
    "half an object": "{",
    "two values": "1,2",
    "a string left open": '"a',
    "no JSON at all": "hello",
    "a single quote": "{'a':1}",
    nothing: "",
  };
  for (const [name, data] of Object.entries(BROKEN)) {
    test(`data that is no JSON: ${name}`, async (t) => {
      const server = await hostileServer(
        t,
        events(`${CONNECTED}${turn("a")}event: turn\ndata: ${data}\n\n${turn("b")}${ENDED}`, { then: "open" }),
      );
      // The server says nothing more: the error must not wait for it.
      const { said, error } = await readAll(stream(server, { idleTimeout: null }));
      assert.deepEqual([said, error?.code, error?.retryable], ["connected a", "INVALID_RESPONSE", false]);
      await server.closed(server.received[0]);
      assert.equal(server.count(), 1, "it would come again");
    });
  }

  test("an event without end: an error, in bounded memory", async (t) => {
    for (const endless of ["x".repeat(65_536), `\ndata: ${"x".repeat(65_536)}`]) {
      let sent = 0;
      const server = await hostileServer(t, {
        performs: false,
        run(response) {
          response.writeHead(200, { "content-type": "text/event-stream" });
          response.write(`${CONNECTED}data: `);
          const more = () => {
            while (!response.destroyed && response.write(endless)) sent += endless.length;
          };
          response.on("drain", more);
          more();
        },
      });
      const { said, error } = await readAll(stream(server));
      assert.deepEqual([said, error?.code, error?.message.includes("1 MiB")], ["connected", "INVALID_RESPONSE", true]);
      await server.closed(server.received[0]);
      assert.ok(sent < 100 << 20, `${sent} bytes were taken`);
    }
  });

  test("small events without end: each is given once, until there are more turns than any call has", async () => {
    const piece = new TextEncoder().encode(turn("a").repeat(1_000));
    let [given, asked] = [0, 0];
    const body = new ReadableStream(
      { pull: (controller) => ((asked += 1), controller.enqueue(piece)) },
      { highWaterMark: 0 },
    );
    const fetch = async () => ({
      status: 200,
      headers: new Headers({ "content-type": "text/event-stream" }),
      text: async () => "",
      body,
    });
    const error = await failureOf(
      (async () => {
        for await (const { event } of stream(
          "http://127.0.0.1:9",
          {},
          { fetch: /** @type {Foreign} */ (fetch), maxRetries: 0 },
        ))
          if (event === "turn") given += 1;
      })(),
    );
    assert.equal(error.code, "INVALID_RESPONSE");
    assert.match(error.message, /more turns than any call/);
    // What the piece that shows it holds is given before.
    assert.ok(given > 131_072 && given <= 132_000 && asked === 132, `${given} events of ${asked} chunks`);
  });

  test("comments, empty lines and unknown events without end hold nothing, and end with totalTimeout", async (t) => {
    for (const endless of [
      ": x\n".repeat(10_000),
      "\n".repeat(40_000),
      "event: mood\ndata: {}\n\n".repeat(2_000),
      "id: 1\nretry: 5\n".repeat(3_000),
    ]) {
      const server = await hostileServer(t, {
        performs: false,
        run(response) {
          response.writeHead(200, { "content-type": "text/event-stream" });
          const more = () => {
            while (!response.destroyed && response.write(endless));
          };
          response.on("drain", more);
          more();
        },
      });
      const { said, error } = await readAll(stream(server, { totalTimeout: 400 }));
      assert.deepEqual([said, error?.code], ["", "TIMEOUT"]);
      await server.closed(server.received[0]);
    }
  });

  test("a page, JSON, or no body at all, with status 200", async (t) => {
    for (const fault of [
      answer(200, "<html>Sign in</html>", { "content-type": "text/html" }),
      answer(200, {}),
      answer(204, "", {}),
    ]) {
      const server = await hostileServer(t, fault);
      const { read, error } = await readAll(stream(server));
      assert.deepEqual([read.length, error?.code, error?.name], [0, "INVALID_RESPONSE", "InvalidResponseError"]);
      assert.equal(error?.operation, "calls.transcript.stream");
    }
  });

  test("wrong arguments are told at the first read, and nothing is sent", async (t) => {
    const server = await hostileServer(t, events(SAMPLE));
    const client = clientOf(server);
    /** @type {Foreign[]} */
    const told = [];
    const hooks = {
      onError: (/** @type {import("agentphone-wasm").AnyAgentPhoneError} */ error) => told.push(error.code),
    };
    /** @param {string} id @param {import("agentphone-wasm").TranscriptStreamOptions} [options] */
    const open = (id, options) => client.calls.transcript.stream(id ?? "", { hooks, ...options });
    for (const [made, code] of [
      [open(""), "INVALID_ARGUMENT"],
      [open(/** @type {Foreign} */ (undefined)), "INVALID_ARGUMENT"],
      [open("a", /** @type {Foreign} */ ({ nonsense: 1 })), "CONFIGURATION_ERROR"],
      [open("a", { signal: /** @type {Foreign} */ (5) }), "CONFIGURATION_ERROR"],
      [open("a", { signal: /** @type {Foreign} */ ({}) }), "CONFIGURATION_ERROR"],
      ...[0, -1, NaN, "5", {}].map((idleTimeout) => [
        open("a", { idleTimeout: /** @type {Foreign} */ (idleTimeout) }),
        "INVALID_ARGUMENT",
      ]),
      ...["idleTimeout", "signal", "headers"].map((name) => [
        client.calls.transcript.stream("a", {
          get [name]() {
            throw new Error("no");
          },
        }),
        "CONFIGURATION_ERROR",
      ]),
      [
        client.calls.transcript.stream(
          "a",
          new Proxy(
            {},
            {
              ownKeys() {
                throw new Error("no");
              },
              get() {
                throw new Error("no");
              },
            },
          ),
        ),
        "CONFIGURATION_ERROR",
      ],
      [
        open(
          "a",
          /** @type {Foreign} */ ({
            signal: {
              get addEventListener() {
                throw new Error("no");
              },
            },
          }),
        ),
        "CONFIGURATION_ERROR",
      ],
    ]) {
      assert.equal((await failureOf(/** @type {Foreign} */ (made).next())).code, code);
      assert.deepEqual(await /** @type {Foreign} */ (made).next(), { value: undefined, done: true });
    }
    assert.equal(server.count(), 0);
    // Options that cannot be read name no hook.
    assert.deepEqual(told, ["INVALID_ARGUMENT", "INVALID_ARGUMENT"]);
  });
});

describe("bodies of a caller's own fetch", { concurrency: true }, () => {
  const bytes = Buffer.from(SAMPLE);
  const SAID = "connected grüße 😀 yes ended";
  test("a Node stream of buffers, of text, of array buffers and of views", async () => {
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    for (const chunk of [bytes, SAMPLE, buffer, new DataView(buffer), new Uint8ClampedArray(buffer)]) {
      assert.equal((await stubbed(Readable.from([chunk]))).said, SAID);
    }
  });

  test("a chunk that holds neither bytes nor text is an error, never a hang", async () => {
    for (const chunk of [7, 1e12, Symbol("s"), { length: 1e9 }, true, 10n, undefined, null]) {
      const body = { getReader: () => ({ read: async () => ({ done: false, value: chunk }), cancel: async () => {} }) };
      assert.equal((await stubbed(body)).error?.code, "INVALID_RESPONSE", String(chunk));
    }
  });

  test("no body, or one that is already being read, is an error", async () => {
    const locked = new Response("x").body;
    locked?.getReader();
    for (const body of [undefined, null, "text", 5, locked])
      assert.equal((await stubbed(body)).error?.code, "INVALID_RESPONSE");
  });

  test("a body that does not listen to the signal is let go of all the same", async () => {
    let cancelled = 0;
    const web = new ReadableStream({
      start: (c) => c.enqueue(bytes.subarray(0, 90)),
      cancel: () => void (cancelled += 1),
    });
    const node = new Readable({ read() {} });
    node.push(bytes.subarray(0, 90));
    for (const body of [web, node]) {
      const fetch = async () => ({ status: 200, headers: new Headers(), text: async () => "", body });
      for await (const { event } of stream("http://127.0.0.1:9", {}, { fetch: /** @type {Foreign} */ (fetch) })) {
        assert.equal(event, "connected");
        break;
      }
    }
    assert.deepEqual([cancelled, node.destroyed], [1, true]);
  });
});
