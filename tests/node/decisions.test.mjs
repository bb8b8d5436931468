// Every cell of the decision table (contract/vectors/decisions.json) through the real stack: what
// counts is how many requests arrived at a server, and what the caller is told of the outcome.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { CLASSES, clientOf, failureOf } from "../support/client.mjs";
import { refusedUrl, untrustedUrl } from "../support/dead-ports.mjs";
import { answer, cut, good, hostileServer, stall } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const { cases } = JSON.parse(readFileSync(new URL("../../contract/vectors/decisions.json", import.meta.url), "utf8"));

/** The ways in which a server can bring a row's failure about. Of what is idempotent, an empty answer says that it is done. */
function faultsOf(/** @type {Foreign} */ row, /** @type {Foreign} */ effect) {
  switch (row.failure) {
    case "no-answer":
      return {
        reset: cut("before-headers", { reset: true }),
        "closed unanswered": cut("before-headers"),
        "cut body": cut("mid-body"),
      };
    case "timed-out":
      return { "silent server": stall("headers"), "body that stops": stall("body") };
    case "unreadable":
      return {
        page: answer(200, "<html>"),
        "broken JSON": answer(200, '{"id":'),
        ...(effect !== "idempotent" && { empty: answer(200, "") }),
      };
    case "answer": {
      const wait = row.retryAfter === undefined ? {} : { "retry-after": String(row.retryAfter) };
      return { [`HTTP ${row.status}`]: answer(row.status, row.body, wait) };
    }
    default:
      assert.fail(`unknown failure ${row.failure}`);
  }
}

/**
 * @param {test.TestContext} t @param {{ [x: string]: string, failure: string }} row @param {string} effect @param {import("../support/hostile-server.mjs").Action} fault
 */
async function proveByRequests(t, row, effect, fault) {
  const server = await hostileServer(t, [fault, good]);
  const options = { maxRetries: 1, timeout: row.failure === "timed-out" ? 2_000 : 20_000 };
  const client = clientOf(server, options);
  const { call, place } = /** @type {Record<string, Foreign>} */ (CLASSES)[effect];
  if (row[effect] === "retry") {
    assert.equal((await call(client)).id, "call_1");
    assert.equal(server.count(place), 2, "requests");
    return;
  }
  const error = await failureOf(call(client));
  assert.equal(server.count(place), 1, "requests");
  assert.equal(server.count(), 1, "requests to other places");
  assert.equal(error.attempts, 1, "attempts told");
  assert.equal(error.outcomeUnknown, row[effect] === "fail-unknown", "outcomeUnknown");
  assert.ok(!(error.outcomeUnknown && error.retryable), "never both unknown and retryable");
}

/**
 * Where nothing can be sent there is no server to count at: the error tells the attempts.
 * @param {{ [x: string]: string }} row @param {string} effect @param {string | { url: string }} url
 */
async function proveByAttempts(row, effect, url) {
  const error = await failureOf(
    /** @type {Record<string, Foreign>} */ (CLASSES)[effect].call(clientOf(url, { maxRetries: 1 })),
  );
  assert.equal(error.code, "CONNECTION_ERROR");
  assert.equal(error.attempts, row[effect] === "retry" ? 2 : 1, "attempts");
  assert.equal(error.outcomeUnknown, row[effect] === "fail-unknown", "outcomeUnknown");
  assert.equal(error.retryable, row[effect] === "retry", "retryable");
}

const table = (/** @type {string} */ name, /** @type {Foreign} */ rows) =>
  describe(name, { concurrency: true }, () => {
    for (const [index, row] of rows) {
      for (const effect of Object.keys(CLASSES)) {
        const name = `${index}: ${row.row}: ${effect}: ${row[effect]}`;
        if (row.failure === "not-sent") {
          test(`${name}: refused port`, async (t) => proveByAttempts(row, effect, await refusedUrl(t)));
          test(`${name}: untrusted certificate`, async (t) => {
            const seen = await untrustedUrl(t);
            await proveByAttempts(row, effect, seen.url);
            assert.equal(seen.bytes, 0, "bytes of a request");
          });
          test(`${name}: name that cannot resolve`, () =>
            proveByAttempts(row, effect, `http://${"a".repeat(64)}.invalid`));
          continue;
        }
        for (const [fault, action] of Object.entries(faultsOf(row, effect))) {
          test(`${name}: ${fault}`, (t) => proveByRequests(t, row, effect, action));
        }
      }
    }
  });

const timed = (/** @type {Foreign} */ [, row]) => row.failure === "timed-out";
table(
  "every cell of the decision table holds over real sockets",
  [...cases.entries()].filter((entry) => !timed(entry)),
);
// By themselves: beside a hundred others a good answer might come too late for a short timeout.
table("every cell of an attempt that timed out, too", [...cases.entries()].filter(timed));

describe("the caller's word on repeating", { concurrency: true }, () => {
  test("replay never sends nothing twice, not even a read", async (t) => {
    for (const fault of [answer(503), cut("before-headers"), answer(429, {}, { "retry-after": "0" })]) {
      const server = await hostileServer(t, [fault, good]);
      await failureOf(CLASSES.read.call(clientOf(server, { replay: "never" })));
      assert.equal(server.count(), 1);
    }
  });

  test("replay always repeats an effect and still tells that it may have happened before", async (t) => {
    const server = await hostileServer(t, [cut("before-headers"), answer(400, { detail: "no" })]);
    const error = await failureOf(CLASSES.effect.call(clientOf(server, { replay: "always" })));
    assert.equal(server.count("POST /v1/calls"), 2);
    assert.equal(error.status, 400);
    assert.equal(error.outcomeUnknown, true);
    assert.equal(error.retryable, false);
  });

  test("maxRetries is counted in requests at the server", async (t) => {
    for (const maxRetries of [0, 1, 3]) {
      const server = await hostileServer(t, answer(503, {}, { "retry-after-ms": "1" }));
      const error = await failureOf(CLASSES.read.call(clientOf(server, { maxRetries, maxRetryDelay: 30 })));
      assert.equal(server.count(), maxRetries + 1);
      assert.equal(error.attempts, maxRetries + 1);
    }
  });
});
