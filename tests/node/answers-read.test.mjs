// What passes for a good answer, and where a list goes on after a page. By itself, without a client;
// pages.test.mjs and cuts-and-stalls.test.mjs drive it through the real stack.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { nextOf, readSuccess } from "../../src/js/results/list.js";
import { ofTable, readTable } from "../../src/js/state/table.js";

/** @import { Foreign } from "../support/foreign.js" */

const SHAPES = ["object", "objectOrNull", "list", "empty", "json", "bytes", "events"];
const [WHOLE, OFFSET, BEFORE] = /** @type {const} */ (["whole", "offset", "before"]);
const ROWS = Object.fromEntries(SHAPES.map((name, place) => [name, place]));
const items = (/** @type {number} */ count) => Array.from({ length: count }, () => ({}));

before(() =>
  readTable(
    [
      ...SHAPES.map((shape) => `x.${shape} GET /x nothing ${shape} none read [] []`),
      "x.pages GET /x query list offset read [] []",
    ].join("\n"),
  ),
);

describe("an answer", () => {
  const bodies = {
    object: '{"a":1}',
    array: "[1]",
    null: "null",
    scalar: "7",
    text: '"a"',
    empty: "",
    blank: "  ",
    page: "\n <html>",
    broken: '{"a":',
  };
  const fits = {
    object: ["object"],
    objectOrNull: ["object", "null"],
    list: ["object", "array"],
    empty: ["empty", "blank", "object", "array", "null", "scalar", "text"],
    json: ["object", "array", "null", "scalar", "text"],
  };

  for (const [shape, good] of Object.entries(fits)) {
    test(`that is to be ${shape} is nothing else`, () => {
      for (const [name, body] of Object.entries(bodies)) {
        const { note, body: received } = readSuccess(ROWS[shape], /** @type {Foreign} */ ({}), body, undefined);
        assert.equal(note === undefined, good.includes(name), `${name}: ${note}`);
        if (note)
          assert.deepEqual(received, ["empty", "blank", "page", "broken"].includes(name) ? body : JSON.parse(body));
      }
    });
  }

  test("that is to be empty says nothing, though the API should begin to", () => {
    for (const body of [...Object.values(bodies).slice(0, 5), "", "  "])
      assert.deepEqual(readSuccess(ROWS.empty, /** @type {Foreign} */ ({}), body, undefined), {}, body);
  });

  test("is an event stream by its whole media type, not by how that begins", () => {
    const note = (/** @type {string | undefined} */ type) =>
      readSuccess(
        ROWS.events,
        /** @type {Foreign} */ ({ headers: new Headers(type === undefined ? {} : { "content-type": type }) }),
        undefined,
        undefined,
      ).note;
    for (const type of [
      undefined,
      "text/event-stream",
      "text/event-stream;charset=utf-8",
      "TEXT/Event-Stream ; a=b",
      "text/event-stream;",
    ])
      assert.equal(note(type), undefined, type);
    for (const type of [
      "text/event-streamx",
      "text/event-stream-2",
      "xtext/event-stream",
      "text/html; text/event-stream",
    ])
      assert.match(note(type) ?? "", /not an event stream/, type);
  });

  test("is named for what it is", () => {
    const noteOf = (/** @type {string | undefined} */ body) =>
      readSuccess(ROWS.object, /** @type {Foreign} */ ({}), body, undefined).note;
    assert.equal(noteOf("\n <html>"), "the response is an HTML page and not a JSON object");
    assert.equal(noteOf('{"a":'), "the response is invalid JSON and not a JSON object");
    assert.equal(noteOf("  "), "the response is empty and not a JSON object");
    assert.equal(noteOf("null"), "the response is JSON null and not a JSON object");
  });

  test("that is read as it comes must say that it is what it should be", () => {
    const of = (/** @type {string} */ shape, /** @type {string} */ type) =>
      readSuccess(
        ROWS[shape],
        /** @type {Foreign} */ ({ headers: new Headers(type ? { "content-type": type } : {}) }),
        undefined,
        undefined,
      ).note;
    for (const type of ["", "text/event-stream", "Text/Event-Stream; charset=utf-8"])
      assert.equal(of("events", type), undefined, type);
    for (const type of ["text/html", "application/json"])
      assert.equal(of("events", type), "the response is not an event stream", type);
    for (const type of ["", "audio/mpeg", "application/octet-stream"]) assert.equal(of("bytes", type), undefined, type);
    for (const type of ["text/plain", "Application/JSON"])
      assert.equal(of("bytes", type), "the response is not a file", type);
    assert.equal(
      readSuccess(ROWS.bytes, /** @type {Foreign} */ ({}), undefined, undefined).note,
      undefined,
      "an answer that has no headers",
    );
  });

  test("of a list that holds none is no page", () => {
    const row = ofTable().findIndex(({ id }) => id === "x.pages");
    assert.equal(
      readSuccess(row, /** @type {Foreign} */ ({}), '{"data":5}', undefined).note,
      "the response contains no list",
    );
    assert.deepEqual(readSuccess(row, /** @type {Foreign} */ ({}), '{"items":[1],"total":"3"}', { offset: 1 }).data, {
      data: [1],
      total: 3,
      hasMore: true,
      next: { offset: 2 },
    });
    assert.deepEqual(readSuccess(row, /** @type {Foreign} */ ({}), "[1]", undefined).data, {
      data: [1],
      total: undefined,
      hasMore: false,
    });
  });
});

describe("a list", () => {
  test("without hasMore ends at its total", () => {
    assert.deepEqual(nextOf(OFFSET, items(20), 45, undefined, { offset: 0 }), { offset: 20 });
    assert.equal(nextOf(OFFSET, items(5), 45, undefined, { offset: 40 }), undefined);
    assert.equal(nextOf(OFFSET, [], 45, undefined, { offset: 20 }), undefined);
  });

  test("believes hasMore before the total", () => {
    assert.deepEqual(nextOf(OFFSET, items(20), 20, true, {}), { offset: 20 });
    assert.equal(nextOf(OFFSET, items(20), 99, false, {}), undefined);
  });

  test("that tells nothing is one page", () => {
    assert.equal(nextOf(OFFSET, items(20), undefined, undefined, undefined), undefined);
    assert.equal(nextOf(BEFORE, [{ receivedAt: "2026-01-01T00:00:00Z" }], undefined, undefined, undefined), undefined);
    assert.equal(nextOf(WHOLE, items(20), 45, true, undefined), undefined);
  });

  test("that says as text whether more follows is understood", () => {
    /** @param {Foreign} hasMore @param {number} [total] */
    const page = (hasMore, total) =>
      readSuccess(6 + 1, /** @type {Foreign} */ ({}), JSON.stringify({ data: [{ id: "a" }], total, hasMore }), {}).data;
    for (const yes of [true, "true", "True"])
      assert.deepEqual(
        [/** @type {Foreign} */ (page(yes)).hasMore, /** @type {Foreign} */ (page(yes, 1)).next],
        [true, { offset: 1 }],
      );
    for (const no of [false, "false", "False"])
      assert.deepEqual(
        [/** @type {Foreign} */ (page(no, 9)).hasMore, /** @type {Foreign} */ (page(no, 9)).next],
        [false, undefined],
      );
    for (const untold of [null, "None", "", 1, {}])
      assert.deepEqual(
        [/** @type {Foreign} */ (page(untold, 1)).hasMore, /** @type {Foreign} */ (page(untold, 9)).hasMore],
        [false, true],
      );
  });

  test("that does not move is not read for ever", () => {
    const page = [{ receivedAt: "2026-01-01T00:00:00Z" }];
    assert.deepEqual(nextOf(OFFSET, [], undefined, true, { offset: 40 }), {});
    assert.deepEqual(nextOf(BEFORE, page, undefined, true, { before: "2026-01-01T00:00:00Z" }), {});
    assert.deepEqual(nextOf(BEFORE, page, undefined, true, { before: new Date("2026-01-01T00:00:00Z") }), {});
    assert.deepEqual(nextOf(BEFORE, [{}, null, 5], undefined, true, {}), {});
    assert.deepEqual(nextOf(BEFORE, page, undefined, true, { before: "2026-01-02T00:00:00Z" }), {
      before: "2026-01-01T00:00:00Z",
    });
  });

  test("goes on before its oldest item by the clock, not by the alphabet", () => {
    const times = ["2026-01-01T00:00:00.5Z", "no time", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"];
    assert.deepEqual(
      nextOf(
        BEFORE,
        times.map((receivedAt) => ({ receivedAt })),
        undefined,
        true,
        {},
      ),
      { before: "2026-01-01T00:00:00Z" },
    );
  });

  test("only moves forward, whatever a server and a caller say", () => {
    for (const offset of [0, 7, "7", 3.9, -1, Number.NaN, "x", null, undefined, {}]) {
      for (const length of [0, 1, 20]) {
        for (const total of [undefined, 0, 8, 1e9]) {
          for (const hasMore of [undefined, true, false]) {
            const next = nextOf(OFFSET, items(length), total, hasMore, { offset });
            if (next && "offset" in next)
              assert.ok(
                /** @type {Foreign} */ (next.offset) > (Math.floor(Number(offset)) || 0),
                JSON.stringify([offset, length, total, hasMore]),
              );
          }
        }
      }
    }
    const throwing = {
      get offset() {
        throw new Error("no");
      },
    };
    assert.deepEqual(nextOf(OFFSET, items(1), 5, undefined, throwing), { offset: 1 });
  });
});
