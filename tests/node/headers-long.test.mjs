// The headers of an answer are as long as whoever answers likes, a caller's own `fetch` above all. None is copied into the
// module as a whole: its memory is everybody's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clientOf, failureOf } from "../support/client.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const NOWHERE = "http://127.0.0.1:9";
/** More than fits into the memory of a module, of characters of two bytes each in UTF-8. */
const LONG = "\u00e9".repeat(530_000_000);

test("headers of hundreds of millions of characters fail no call, of nobody", async () => {
  let open = (/** @type {Foreign} */ _response) => {};
  const other = clientOf(NOWHERE, { fetch: () => new Promise((resolve) => (open = resolve)) }).agents.get("a");
  await new Promise(setImmediate);
  for (const status of [429, 503]) {
    const response = { status, headers: { get: () => LONG }, text: async () => "{}" };
    const client = clientOf(NOWHERE, { maxRetries: 0, fetch: async () => /** @type {Foreign} */ (response) });
    const error = await failureOf(client.agents.list());
    assert.notEqual(error.code, "INTERNAL_ERROR");
    assert.equal(error.status, status);
  }
  open(Response.json({ id: "a" }));
  assert.equal((await other).id, "a");
});
