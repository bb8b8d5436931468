// The log: the right lines at the right levels, to the right place, and never a key, an id, a phone
// number or a text. A logger that fails costs no call.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { runChild } from "../support/child.mjs";
import { assertPrivate, CLASSES, clientOf, failureOf, KEY, PHONE, sendText, TEXT } from "../support/client.mjs";
import { answer, cut, good, hostileServer } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const LEVELS = ["off", "error", "warn", "info", "debug"];

/** A logger that keeps what it is told. */
function recorder() {
  /** @type {Foreign[]} */
  const lines = [];
  const method =
    (/** @type {string} */ level) =>
    (/** @type {Foreign[]} */ ...args) =>
      lines.push([level, ...args]);
  return { lines, logger: Object.fromEntries(LEVELS.slice(1).map((level) => [level, method(level)])) };
}
const soon = { "retry-after-ms": "1" };
/** Brings about a line of each level: a request, a retry, a rate limit, a broken hook. */
const EVERYTHING = [answer(503, {}, soon), answer(429, {}, soon), good];
const broken = {
  onRequest() {
    throw new Error("mine");
  },
};

describe("the level", { concurrency: true }, () => {
  for (const [index, logLevel] of LEVELS.entries()) {
    test(`${logLevel} lets through what is as grave, and nothing less`, async (t) => {
      const { lines, logger } = recorder();
      await CLASSES.read.call(
        clientOf(await hostileServer(t, EVERYTHING), {
          logger: /** @type {Foreign} */ (logger),
          logLevel: /** @type {Foreign} */ (logLevel),
          hooks: broken,
        }),
      );
      const wanted = LEVELS.slice(1, index + 1);
      assert.deepEqual([...new Set(lines.map(([level]) => level))].sort(), [...wanted].sort());
    });
  }

  test("can be set for one request alone", async (t) => {
    const { lines, logger } = recorder();
    const client = clientOf(await hostileServer(t), { logger: /** @type {Foreign} */ (logger) });
    await client.calls.get("a");
    assert.equal(lines.length, 0);
    await client.calls.get("a", { logLevel: "debug" });
    assert.equal(lines.length, 2);
    await client.calls.get("a");
    assert.equal(lines.length, 2);
  });

  test("is warn by default, to the console: a good call writes nothing, a rate limit one line", async (t) => {
    const server = await hostileServer(t, [good, answer(429, {}, soon), good]);
    const source = `import { AgentPhone } from "agentphone-wasm";
      const client = new AgentPhone({ apiKey: "${KEY}", baseUrl: process.argv[1] });
      await client.calls.get("call_private");
      console.error("---");
      await client.calls.get("call_private");`;
    const { stdout, stderr, code } = await runChild(source, { args: [server.url] });
    assert.deepEqual([stdout, code], ["", 0]);
    const [before, after] = stderr.split("---\n");
    assert.equal(before, "");
    assert.equal(after.trim().split("\n").length, 1, after);
    assert.ok(after.startsWith("agentphone: calls.get"), after);
    assert.ok(!after.includes("call_private") && !after.includes(KEY), after);
  });
});

describe("a line", { concurrency: true }, () => {
  test("never shows key, id, number or text, whatever goes wrong", async (t) => {
    const echo = { error: { message: `${KEY} ${TEXT}`, code: "VALIDATION_ERROR" } };
    const { lines, logger } = recorder();
    for (const script of [
      good,
      answer(400, echo),
      EVERYTHING,
      cut("before-headers"),
      answer(200, `<html>${TEXT}`),
      answer(429, echo, { "retry-after": "3600" }),
    ]) {
      const client = clientOf(await hostileServer(t, script), {
        logger: /** @type {Foreign} */ (logger),
        logLevel: "debug",
        maxRetries: 1,
        subAccount: "sub_private",
      });
      await sendText(client).catch(() => {});
      await client.calls.get("call_private", { apiKey: () => KEY }).catch(() => {});
      await client.calls.list({ search: "query_private" }).catch(() => {});
      await client.calls.get("", {}).catch(() => {});
    }
    assert.ok(lines.length > 30);
    const text = inspect(lines, { depth: 9, showHidden: true });
    assertPrivate(text, "the log");
    for (const secret of ["call_private", "query_private", "sub_private"]) assert.ok(!text.includes(secret), secret);
  });

  test("names operation, template and attempt", async (t) => {
    const { lines, logger } = recorder();
    await clientOf(await hostileServer(t), { logger: /** @type {Foreign} */ (logger), logLevel: "debug" }).calls.get(
      "a",
    );
    assert.deepEqual(
      lines.map(([level, line]) => [level, line]),
      [
        ["debug", "agentphone: calls.get (GET /v1/calls/{call_id}), attempt 1 sent"],
        ["debug", "agentphone: calls.get (GET /v1/calls/{call_id}), attempt 1 received status 200"],
      ],
    );
  });

  test("shows of the answer's headers only those on the list", async (t) => {
    const shown = { "x-request-id": "req_1", "retry-after": "1", "x-ratelimit-remaining": "0", "cf-ray": "ray" };
    const hidden = {
      "set-cookie": "session=private",
      "x-key": KEY,
      "x-anything": "private",
      location: "/private",
      authorization: KEY,
    };
    const { lines, logger } = recorder();
    await clientOf(await hostileServer(t, answer(200, {}, { ...shown, ...hidden })), {
      logger: /** @type {Foreign} */ (logger),
      logLevel: "debug",
    }).calls.get("a");
    const headers = lines[1][2];
    for (const [name, value] of Object.entries(shown)) assert.equal(headers[name], value);
    for (const name of Object.keys(hidden)) assert.equal(headers[name], undefined, name);
    assert.ok(!inspect(lines).includes("private"));
  });
});

describe("what an answer's headers say of the caller", { concurrency: true }, () => {
  test("is not shown, in whatever header a server puts it", async (t) => {
    const said = {
      "x-request-id": `req ${KEY}`,
      "cf-ray": `${PHONE} ray`,
      server: `${encodeURIComponent(TEXT)} 1`,
      "content-type": `application/json; of=sub_private1; ${KEY.toUpperCase()}`,
      "x-ratelimit-limit": "call_private",
      "retry-after": "hospital-north",
    };
    for (const apiKey of [KEY, async () => KEY]) {
      const { lines, logger } = recorder();
      const options = {
        logger,
        logLevel: "debug",
        maxRetries: 0,
        apiKey,
        subAccount: "sub_private1",
        headers: { "x-team": "hospital-north" },
      };
      const client = clientOf(await hostileServer(t, answer(400, {}, said)), /** @type {Foreign} */ (options));
      await failureOf(sendText(client));
      await failureOf(client.calls.get("call_private"));
      const answers = lines.filter(([, line]) => line.includes("received status"));
      assert.equal(answers.length, 2);
      for (const [, , headers] of answers) assert.match(headers["x-request-id"], /^req \[redacted\]$/);
      const shown = inspect(lines, { depth: 9 });
      assertPrivate(shown, "the log");
      for (const secret of [KEY.toUpperCase(), "sub_private1", "hospital-north"])
        assert.ok(!shown.includes(secret), `${secret}: ${shown}`);
      assert.ok(!inspect(answers[0], { depth: 9 }).includes(encodeURIComponent(TEXT)));
      assert.ok(!inspect(answers[1], { depth: 9 }).includes("call_private"));
    }
  });

  test("has one line and an end", async (t) => {
    const { lines, logger } = recorder();
    await clientOf(await hostileServer(t, answer(200, {}, { "x-request-id": "r".repeat(5_000) })), {
      logger: /** @type {Foreign} */ (logger),
      logLevel: "debug",
    }).calls.get("a");
    assert.equal(lines[1][2]["x-request-id"].length, 201);
  });
});

describe("a logger that fails", { concurrency: true }, () => {
  const with4 = (/** @type {(...args: unknown[]) => unknown} */ method) => ({
    error: method,
    warn: method,
    info: method,
    debug: method,
  });
  for (const [name, method] of Object.entries({
    "throws an Error": () => {
      throw new Error("disk full");
    },
    "throws undefined": () => {
      throw undefined;
    },
    "never settles": () => new Promise(() => {}),
  })) {
    test(`because it ${name} costs no call`, async (t) => {
      const client = clientOf(await hostileServer(t, EVERYTHING), {
        logger: /** @type {Foreign} */ (with4(method)),
        logLevel: "debug",
        hooks: broken,
      });
      assert.equal(/** @type {Foreign} */ (await CLASSES.read.call(client)).id, "call_1");
      const failing = clientOf(await hostileServer(t, answer(404)), {
        logger: /** @type {Foreign} */ (with4(method)),
        logLevel: "debug",
      });
      assert.equal((await failureOf(CLASSES.read.call(failing))).code, "NOT_FOUND");
    });
  }

  test("because it is async and rejects does not end the process", async (t) => {
    const server = await hostileServer(t);
    const { stdout, stderr, code } = await runChild(
      `
      import { AgentPhone } from "agentphone-wasm";
      const late = async () => { throw new Error("disk full"); };
      const logger = { error: late, warn: late, info: late, debug: late };
      const client = new AgentPhone({ apiKey: "sk_test_x", baseUrl: process.argv[1], logger, logLevel: "debug" });
      const { id } = await client.calls.get("a");
      setTimeout(() => console.log(id), 50);`,
      { args: [server.url] },
    );
    assert.deepEqual([code, stdout.trim(), stderr], [0, "call_1", ""]);
  });

  test("its methods are called on it, and found at each line", async (t) => {
    class Logger {
      /** @type {string[]} */
      lines = [];
      error() {}
      warn() {}
      info() {}
      debug(/** @type {string} */ line) {
        this.lines.push(line);
      }
    }
    const logger = new Logger();
    await clientOf(await hostileServer(t), { logger, logLevel: "debug" }).calls.get("a");
    assert.equal(logger.lines.length, 2);
  });
});
