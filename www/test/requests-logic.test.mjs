// @ts-check
// What the log of requests decides, without a browser: which requests are one call, what they ask for, and what they are
// as code, which is run.

import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { AgentPhone } from "agentphone-wasm";
import { createSandbox } from "agentphone-wasm/sandbox";
import { parse } from "yaml";
import { serveSandbox } from "../../sandbox/node/server.mjs";
import { callsOf, fits, isFailed, merged, tookOf } from "../src/data/exchange-calls.js";
import { operationIds, operationOf } from "../src/data/operations.js";
import { asClient, asCurl, asTest, literal, ruleOf } from "../src/views/requests/as-code.js";

/** @typedef {import("../src/data/exchange-calls.js").Exchange} Exchange */
/** @typedef {import("../src/views/requests/as-code.js").FullExchange} FullExchange */

const root = fileURLToPath(new URL("../..", import.meta.url));

/** @param {Partial<Exchange>} [fields] @returns {Exchange} */
const exchange = (fields = {}) => ({
  id: 1,
  seq: 1,
  at: 1000,
  method: "POST",
  target: "/v1/calls",
  operation: "calls.create",
  fault: null,
  status: 200,
  outcome: "normal",
  done: true,
  ms: 20,
  requestId: null,
  idempotencyKey: null,
  account: null,
  print: "a",
  sent: 2,
  received: 2,
  ...fields,
});

describe("which requests are one call", () => {
  /** @param {Partial<Exchange>[]} fields */
  const counts = (...fields) =>
    callsOf(fields.map((one, at) => exchange({ id: at + 1, at: 1000 + at * 100, ...one })))
      .reverse()
      .map(({ attempts }) => attempts.length);

  test("the same after a failure that may be retried", () => {
    assert.deepEqual(counts({ status: 503 }, {}), [2]);
    assert.deepEqual(counts({ status: null, outcome: "cut-before-headers" }, { status: 429 }, {}), [3]);
    assert.deepEqual(counts({ outcome: "cut-mid-body" }, {}), [2]);
  });

  test("not the same after a success, after a refusal, or much later", () => {
    assert.deepEqual(counts({}, {}), [1, 1]);
    assert.deepEqual(counts({ status: 400 }, {}), [1, 1]);
    assert.deepEqual(counts({ status: 503 }, { at: 200_000 }), [1, 1]);
  });

  test("not another body, path, account or method", () => {
    for (const other of [{ print: "b" }, { target: "/v1/calls?x=1" }, { account: "sub_1" }, { method: "PUT" }])
      assert.deepEqual(counts({ status: 503 }, other), [1, 1], JSON.stringify(other));
  });

  test("those of one idempotency key, whatever came between, and never those of two", () => {
    const key = { idempotencyKey: "order-1" };
    assert.deepEqual(counts({ ...key }, { ...key, at: 900_000, print: "b" }), [2]);
    assert.deepEqual(counts({ ...key, status: 503 }, { status: 503, idempotencyKey: "order-2" }), [1, 1]);
    assert.deepEqual(counts({ ...key, status: 503 }, {}), [1, 1]);
    assert.deepEqual(counts({ ...key, account: "sub_1" }, key), [1, 1]);
  });

  test("one that is under way is no failure yet", () => {
    assert.deepEqual(counts({ done: false, status: null, ms: null }, {}), [1, 1]);
    assert.equal(isFailed(exchange({ done: false, status: null })), false);
  });

  test("the newest is first, and its time runs from the first attempt to the end of the last", () => {
    const [newest, older] = callsOf([
      exchange({ id: 1, status: 503 }),
      exchange({ id: 2, at: 1500, ms: 10 }),
      exchange({ id: 3, print: "z" }),
    ]);
    assert.deepEqual([newest?.id, older?.id], [3, 1]);
    assert.equal(older && tookOf(older), 510);
  });
});

test("what has changed replaces what was known, and what the log forgot goes", () => {
  const known = [exchange({ id: 1 }), exchange({ id: 2, done: false })];
  const now = merged(known, [exchange({ id: 3 }), exchange({ id: 2, status: 201 })], 2);
  assert.deepEqual(
    now.map(({ id, status }) => [id, status]),
    [
      [2, 201],
      [3, 200],
    ],
  );
});

test("the filters keep what fits all of them", () => {
  const [call] = callsOf([exchange({ status: 402, fault: "rule_1", requestId: "req_abc" })]);
  assert.ok(call);
  /** @param {Partial<import("../src/data/exchange-calls.js").Wanted>} wanted */
  const kept = (wanted) => fits(call, { words: "", kind: "", method: "", ...wanted }, "calls.create");
  for (const yes of [
    { words: "CALLS 402" },
    { words: "req_abc" },
    { kind: "failed" },
    { kind: "faults" },
    { method: "POST" },
  ])
    assert.ok(kept(yes), JSON.stringify(yes));
  for (const no of [{ words: "numbers" }, { kind: "retried" }, { method: "GET" }, { kind: "failed", words: "404" }])
    assert.ok(!kept(no), JSON.stringify(no));
});

describe("operations", () => {
  test("the table is that of the contract", () => {
    const { paths } = parse(readFileSync(join(root, "contract/openapi.yaml"), "utf8"));
    /** @type {string[]} */
    const all = [];
    for (const [path, methods] of Object.entries(paths))
      for (const [method, { operationId }] of Object.entries(methods)) {
        if (operationId === undefined) continue;
        all.push(operationId);
        const target = path.replaceAll(/\{[^}]+\}/g, "id_1");
        assert.equal(operationOf(method, target)?.id, operationId, `${method} ${path}`);
      }
    assert.deepEqual(operationIds().sort(), all.sort());
  });

  test("ids are those of the path, and a path without an operation has none", () => {
    assert.deepEqual(operationOf("delete", "/v1/agents/a%2Fb/numbers/n_1?x=1"), {
      id: "agents.numbers.detach",
      ids: ["a/b", "n_1"],
    });
    assert.equal(operationOf("GET", "/v1/numbers/available")?.id, "numbers.available");
    for (const target of ["/", "/v1", "/v2/agents", "/v1/agents/x/y/z/w"])
      assert.equal(operationOf("GET", target), undefined);
    assert.deepEqual(operationOf("GET", "/v1/agents/%")?.ids, ["%"]);
  });
});

describe("as code", () => {
  /** @type {import("agentphone-wasm/sandbox").SandboxServer} */
  let server;
  const dir = mkdtempSync(join(tmpdir(), "agentphone-as-code-"));
  before(async () => {
    symlinkSync(join(root, "node_modules"), join(dir, "node_modules"));
    server = await serveSandbox({ limits: false, staticDir: dir });
  });
  after(async () => {
    await server.close();
    rmSync(dir, { recursive: true });
  });

  /** Every request that `work` sends, as the log has it. @param {(client: AgentPhone) => Promise<unknown>} work @returns {Promise<FullExchange[]>} */
  async function recorded(work) {
    server.reset();
    const client = new AgentPhone({ apiKey: "sk_test", baseUrl: server.url, maxRetries: 0, timeout: 500 });
    await work(client).catch(() => {});
    for (;;) {
      const { data } = await (await fetch(`${server.url}/__sandbox/exchanges`)).json();
      if (data.every((/** @type {Exchange} */ { done }) => done))
        return Promise.all(
          data.map(async (/** @type {Exchange} */ { id }) =>
            (await fetch(`${server.url}/__sandbox/exchanges/${id}`)).json(),
          ),
        );
    }
  }

  /** What matters of a request. @param {FullExchange} one */
  const said = ({ method, target, request, account, idempotencyKey }) => ({
    method,
    target,
    account,
    idempotencyKey,
    body: request.body.text && JSON.parse(request.body.text),
  });

  const STORY = async (/** @type {AgentPhone} */ client) => {
    const agent = await client.agents.create({
      name: 'It\'s "Ann" $HOME `x`',
      voiceMode: "hosted",
      systemPrompt: "A\nB",
    });
    await client.numbers.buy({ agentId: agent.id }, { idempotencyKey: "number/1" });
    await client.calls.list({ limit: 5, direction: "outbound" });
    await client.messages.send({ agent_id: agent.id, to_number: "+14155550100", body: "Grüße 😀" });
    await client.agents.update(agent.id, { name: "Bo" });
    await client.numbers.lookup({ phoneNumbers: ["+14155550100", "+14155550101"] });
    const sub = await client.subAccounts.create({ name: "North" });
    await client.withSubAccount(sub.id ?? "").agents.list({ limit: 2 });
    await client.request("GET", "/v1/brand-new", { query: { a: 1 } }).catch(() => {});
    await client.request("POST", "/v1/brand-new", { body: { a: [1, { b: null }] }, effect: "effect" }).catch(() => {});
  };

  test("the client's code sends what was sent", async () => {
    const seen = await recorded(STORY);
    assert.equal(seen.length, 10);
    for (const one of seen) {
      const again = await recorded(async () => {
        const code = asClient(one, server.url).replace("process.env.AGENTPHONE_API_KEY", '"sk_test"');
        const body = code.replace(/^import .*$/m, "");
        const run = Object.getPrototypeOf(async () => {}).constructor;
        await new run("AgentPhone", body)(AgentPhone);
      });
      assert.ok(
        again.some((other) => JSON.stringify(said(other)) === JSON.stringify(said(one))),
        JSON.stringify([said(one), again.map(said)]),
      );
    }
  });

  test("curl sends what was sent, whatever a shell makes of its characters", async (t) => {
    if (spawnSync("curl", ["--version"]).error) return t.skip("curl is not installed");
    const seen = await recorded(STORY);
    for (const one of seen) {
      const again = await recorded(() =>
        // Not in step: the server is in this process.
        promisify(execFile)("sh", ["-c", `${asCurl(one, server.url)} -s -o /dev/null`], {
          env: { ...process.env, AGENTPHONE_API_KEY: "sk_test" },
        }),
      );
      assert.deepEqual(again.map(said), [said(one)]);
    }
  });

  test("a rule does again what was done", async () => {
    const [one] = await recorded((client) => client.calls.create({ agentId: "a", toNumber: "+14155550100" }));
    assert.ok(one);
    for (const [fields, rule] of /** @type {[Partial<FullExchange>, object][]} */ ([
      [{ outcome: "cut-mid-body", status: 200 }, { cut: "mid-body" }],
      [{ outcome: "stall-headers", status: null }, { stall: "headers" }],
      [{ outcome: "normal", status: 200 }, { cut: "before-headers" }],
      [{ outcome: "normal", status: 500 }, { status: 500 }],
    ]))
      assert.deepEqual(
        ruleOf({ ...one, response: { headers: {}, body: { text: "", size: 0, cut: false } }, ...fields }),
        {
          match: { operation: "calls.create" },
          times: 1,
          ...rule,
        },
      );
    const limited = {
      headers: { "retry-after": "2" },
      body: { text: '{"error":{"code":"RATE_LIMITED"}}', size: 1, cut: false },
    };
    const rule = ruleOf({ ...one, status: 429, response: limited });
    assert.deepEqual(rule, {
      match: { operation: "calls.create" },
      times: 1,
      status: 429,
      code: "RATE_LIMITED",
      headers: { "retry-after": "2" },
    });
    // The sandbox understands each.
    const sandbox = createSandbox();
    sandbox.faults.add(/** @type {any} */ (rule));
    sandbox.close();
  });

  test("tests pass on the package as they are", async () => {
    const seen = await recorded(STORY);
    server.reset();
    const failures = await recorded(async (client) => {
      server.faults.add({ match: { operation: "calls.list" }, cut: "mid-body", times: 1 });
      server.faults.add({ match: { operation: "numbers.list" }, stall: "headers", times: 1 });
      await client.calls.list().catch(() => {});
      await client.numbers.list().catch(() => {});
      await client.calls.create({ agentId: "nobody", toNumber: "+14155550100" }).catch(() => {});
    });
    assert.ok(failures.length === 3);
    const all = [...seen.slice(0, 3), ...failures];
    const files = all.map((one, at) => {
      const file = join(dir, `t${at}.test.mjs`);
      writeFileSync(file, asTest(one));
      return file;
    });
    const { stdout, status } = spawnSync(process.execPath, ["--test", ...files], {
      encoding: "utf8",
      env: { ...process.env, NODE_TEST_CONTEXT: undefined },
    });
    assert.equal(status, 0, stdout);
    assert.match(stdout, new RegExp(`pass ${all.length}\\b`));
  });

  test("values are written as a program has them", () => {
    assert.equal(literal({ a: 1, "b-c": "x", d: undefined, e: [] }), '{ a: 1, "b-c": "x", e: [] }');
    assert.equal(literal({ a: { b: "x".repeat(80) } }), `{\n  a: {\n    b: "${"x".repeat(80)}",\n  },\n}`);
    // biome-ignore lint/security/noGlobalEval: the text is written by this test
    assert.deepEqual(eval(`(${literal([{ __proto__x: [1, [2, "\u2028"]] }])})`), [{ __proto__x: [1, [2, "\u2028"]] }]);
  });
});
