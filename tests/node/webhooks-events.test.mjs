// What events say: the documented quirks are mended, and nothing else is touched.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deliver, entryOf, NOW, SECRET, textEvent, vectors } from "../support/webhooks.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const { webhooks } = await import(entryOf(import.meta.url));

const read = (/** @type {Foreign} */ event, /** @type {string} */ id) => {
  const { delivery, ...rest } = webhooks.verify({ ...deliver(event, { id }), secret: SECRET, now: NOW });
  assert.equal(delivery.id, id);
  return rest;
};

describe("events", { concurrency: true }, () => {
  for (const { hazard, body, event } of vectors.events) {
    test(hazard, () => assert.deepEqual(read(body, "del_1"), event));
  }

  test("a mended event is mended for good: read again, it stays", () => {
    for (const { hazard, event } of vectors.events) assert.deepEqual(read(event, "del_2"), event, hazard);
  });

  test("names that every object inherits are no fields", () => {
    const body =
      '{"event":"constructor","channel":"__proto__","data":{"__proto__":{"from":"x"},"constructor":"None"},"recentHistory":[]}';
    const headers = webhooks.sign({ body, secret: SECRET });
    const event = webhooks.verify({ body, headers, secret: SECRET });
    assert.equal(event.data.constructor, "None");
    assert.equal(/** @type {Foreign} */ ({}).from, undefined);
  });

  test("of two readings neither sees what the caller does to the other", () => {
    const first = read(textEvent(), "del_1");
    first.recentHistory.push(1);
    first.data.mediaUrls.push(2);
    assert.deepEqual(read(textEvent(), "del_1"), textEvent());
  });

  test("no value in any field of any event brings the reader down", () => {
    const odd = [
      "None",
      "",
      " ",
      null,
      true,
      0,
      -1,
      1e308,
      "1e400",
      [],
      [null, "None", 7, []],
      {},
      { at: [] },
      "2025-11-22T08:26:40Z",
    ];
    for (const { event } of vectors.events) {
      const places = [
        event,
        ...[event.data, event.data?.group, event.data?.contact].filter((value) => Object(value) === value),
      ];
      for (const place of places) {
        for (const field of Object.keys(place)) {
          const before = place[field];
          for (const value of odd) {
            place[field] = value;
            assert.equal(typeof read(event, "del_1"), "object");
          }
          place[field] = before;
        }
      }
    }
  });
});
