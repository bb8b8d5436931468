// A good answer without a body. Of what is done and nothing has to be read, it is a success: told as an error, a delete
// that was done would be done again. Where something was made, its id must be read, and it stays an error.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clientOf, failureOf } from "../support/client.mjs";
import { answerTo, argumentsOf, call, inputOf, minimal, operations } from "../support/contract.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const EMPTY = {
  204: () => new Response(null, { status: 204 }),
  "an empty 200": () => new Response(""),
  "white space": () => new Response(" \r\n"),
  "an empty 202": () => new Response("", { status: 202 }),
};
const client = (/** @type {Foreign} */ fetch) => clientOf("http://x.test", { fetch, maxRetries: 0 });
const argsOf = (/** @type {Foreign} */ operation) => argumentsOf(operation, minimal(inputOf(operation)));

const writes = operations.filter(({ method }) => method !== "GET");
/** Whether all there is to tell is that it is done. */
const isDone = (/** @type {Foreign} */ { effect, method, ids }) => !effect && (method !== "POST" || ids.length > 0);

describe("an answer without a body", { concurrency: true }, () => {
  for (const operation of writes.filter(isDone)) {
    test(`is a success of ${operation.id}`, async () => {
      for (const empty of Object.values(EMPTY))
        assert.equal(
          await call(
            client(async () => empty()),
            operation,
            argsOf(operation),
          ),
          undefined,
        );
      // What is said is still given.
      const data = await call(
        client(async () => answerTo(operation)),
        operation,
        argsOf(operation),
      );
      if (operation.answer.kind !== "empty") assert.notEqual(data, undefined);
    });
  }

  for (const operation of operations.filter(
    (one) =>
      (!isDone(one) && !["empty", "bytes", "events"].includes(one.answer.kind)) ||
      (one.method === "GET" && !["bytes", "events"].includes(one.answer.kind)),
  )) {
    test(`is none of ${operation.id}, of which something must be read`, async () => {
      for (const empty of Object.values(EMPTY)) {
        const error = await failureOf(
          call(
            client(async () => empty()),
            operation,
            argsOf(operation),
          ),
        );
        assert.deepEqual([error.code, error.outcomeUnknown], ["INVALID_RESPONSE", operation.effect]);
      }
    });
  }

  test("the operations of both kinds are those that were meant", () => {
    const done = writes.filter(isDone).map(({ id }) => id);
    for (const id of [
      "agents.delete",
      "agents.update",
      "calls.end",
      "numbers.release",
      "messages.react",
      "webhooks.delete",
    ])
      assert.ok(done.includes(id), id);
    for (const id of [
      "messages.send",
      "calls.create",
      "numbers.buy",
      "contacts.create",
      "webhooks.set",
      "verification.check",
    ])
      assert.ok(!done.includes(id), id);
  });

  test("a page, a text or a list in its place is no success of a delete", async () => {
    for (const body of ["<html>", "OK", "[]", "null", '"deleted"'])
      assert.equal(
        (await failureOf(client(async () => new Response(body)).agents.delete("a"))).code,
        "INVALID_RESPONSE",
        body,
      );
  });
});
