// What the official clients get wrong, the rest of it: what incumbents.test.mjs (requests and failures) and
// incumbents-surface.test.mjs (what is left out) do not contain, with what the official MCP server and the agent tools
// show of the API beyond the SDKs.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { AgentPhone, AgentPhoneError, ConnectionError, InvalidResponseError, TimeoutError } from "agentphone-wasm";
import { createSandbox } from "agentphone-wasm/sandbox";
import { runChild } from "../support/child.mjs";
import { CLASSES, clientOf, failureOf, recorded } from "../support/client.mjs";
import { operations } from "../support/contract.mjs";
import { answer, cut, good, hostileServer, stall } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const types = readFileSync(new URL("../../pkg/dist/index.d.cts", import.meta.url), "utf8");

describe("what the official clients get wrong, the rest", { concurrency: true }, () => {
  test("an error body as one string: message, code, details, status and headers of the documented envelope are separate, and no object is shown as text", async (t) => {
    const error = {
      message: "Validation error",
      code: "VALIDATION_ERROR",
      type: "validation_error",
      details: [{ field: "toNumber", message: "bad", type: "value_error" }],
    };
    const told = await failureOf(
      CLASSES.effect.call(clientOf(await hostileServer(t, answer(400, { error }, { "x-request-id": "req_1" })))),
    );
    assert.ok(
      told.message.startsWith("calls.create: Validation error: toNumber: bad (VALIDATION_ERROR, HTTP 400)"),
      told.message,
    );
    assert.ok(!/[{}]|\[object/.test(told.message), told.message);
    assert.deepEqual(
      [told.code, told.details, told.headers?.get("x-request-id")],
      ["VALIDATION_ERROR", error.details, "req_1"],
    );
  });

  test("a list as the message of a FastAPI 422: the message is a string, and the list is in details", async (t) => {
    const body = { detail: [{ loc: ["body", "toNumber"], msg: "field required", type: "missing" }] };
    const error = await failureOf(CLASSES.effect.call(clientOf(await hostileServer(t, answer(422, body)))));
    assert.equal(typeof error.message, "string");
    assert.deepEqual(error.details, [{ field: "body.toNumber", message: "field required", type: "missing" }]);
  });

  test("a read that is never retried: after 503 or 429 it is, once the wait that the response names is over", async (t) => {
    for (const status of [429, 503]) {
      const server = await hostileServer(t, [answer(status, {}, { "retry-after": "1" }), good]);
      await CLASSES.read.call(clientOf(server));
      assert.equal(server.count(), 2);
      assert.ok(server.received[1].at - server.received[0].at >= 995);
    }
  });

  test("errors of the platform in the caller's hands: timeout, reset, broken JSON and an empty 200 are errors of this package", async (t) => {
    const faults = [
      [stall("headers"), TimeoutError],
      [cut("before-headers", { reset: true }), ConnectionError],
      [answer(200, '{"id":'), InvalidResponseError],
      [answer(200, ""), InvalidResponseError],
    ];
    for (const [fault, Class] of faults) {
      const error = await failureOf(
        CLASSES.effect.call(
          clientOf(await hostileServer(t, /** @type {Foreign} */ (fault)), { timeout: 500, maxRetries: 0 }),
        ),
      );
      assert.ok(AgentPhoneError.is(error) && error.constructor === Class, error.name);
    }
  });

  test("an id that is a path and a query: it stays one segment", async () => {
    const { requests, client } = recorded();
    await client.agents.get("a/../../v1/numbers?x=1");
    assert.deepEqual(
      [requests[0].url.pathname, requests[0].url.search],
      ["/v1/agents/a%2F..%2F..%2Fv1%2Fnumbers%3Fx%3D1", ""],
    );
  });

  test("a placed call lost because a field is missing: it is returned although its response lacks documented fields", async () => {
    const { requests, client } = recorded(/** @type {Foreign} */ ({ id: "call_1" }));
    assert.deepEqual(await client.calls.create({ agentId: "agt_1", toNumber: "+14155550100" }), { id: "call_1" });
    assert.equal(requests.length, 1);
  });

  test("the plan in usage without a type: it is typed, and returned", async () => {
    const usage = await recorded(/** @type {Foreign} */ ({ plan: { name: "pro" } })).client.usage.get();
    assert.equal(usage.plan?.name, "pro");
    const [, body] = types.match(/export interface Usage \{(.*?)\n\}/s) ?? [];
    assert.match(body, /\n\s+plan\??:/);
  });

  test("a client that ignores the environment: without arguments it reads it", async () => {
    const source = 'import { AgentPhone } from "agentphone-wasm"; new AgentPhone(); console.log("made");';
    assert.equal((await runChild(source, { env: { AGENTPHONE_API_KEY: "sk_test_env" } })).stdout.trim(), "made");
  });

  test("responses typed as unknown: only those that no source describes are", () => {
    const untyped = operations.filter(({ answer }) => answer.kind === "untyped").length;
    assert.equal([...types.matchAll(/: ApiPromise<unknown>;/g)].length, untyped);
    assert.ok(!/\bany\b(?! (name|code|of))/.test(types.replaceAll(/\/\*\*.*?\*\//gs, "").replaceAll(/"[^"]*"/g, "")));
  });

  test("names of the server's code: no name is one, and no method repeats its resource", () => {
    assert.ok(!/AppRoutes|V1[A-Z]\w*(Get|Post|Patch|Delete)Request/.test(types));
    for (const { id } of operations) {
      const names = id.split(".");
      const method = names.pop().toLowerCase();
      for (const name of names) assert.ok(!method.includes(name.replace(/s$/, "").toLowerCase()), id);
    }
  });

  test("arguments of the official tools refused: they are accepted, and reach the wire", async () => {
    const { requests, client } = recorded();
    await client.agents.create({ name: "A", systemPrompt: "p", voiceMode: "hosted" });
    await client.calls.create({ agentId: "a", toNumber: "+14155550100", systemPrompt: "p", modelTier: "max" });
    assert.deepEqual(
      [requests[0].body.systemPrompt, requests[0].body.voiceMode, requests[1].body.modelTier],
      ["p", "hosted", "max"],
    );
  });

  test("deliveries of an undocumented shape: they are read as items with httpStatus, and as the bare array of an agent", async () => {
    const item = { id: "d1", httpStatus: 200 };
    assert.equal(
      (await recorded(/** @type {Foreign} */ ({ items: [item], total: 1 })).client.webhooks.deliveries.list()).data[0]
        .httpStatus,
      200,
    );
    assert.equal(
      (await recorded(/** @type {Foreign} */ ([item])).client.agents.webhook.deliveries.list("agt_1")).data[0]
        .httpStatus,
      200,
    );
  });

  test("no total timeout, no hooks, no replay per request and no fake server: there are", async () => {
    const sandbox = createSandbox();
    let seen = 0;
    const client = new AgentPhone({
      apiKey: "sk_sandbox_t25",
      baseUrl: sandbox.url,
      fetch: sandbox.fetch,
      hooks: { onResponse: () => (seen += 1) },
    });
    await client.agents.create({ name: "A" }, { replay: "never", totalTimeout: 5_000 });
    assert.equal(seen, 1);
    const silent = new AgentPhone({
      apiKey: "k",
      baseUrl: "http://x.test",
      logLevel: "off",
      fetch: () => new Promise(() => {}),
    });
    assert.equal((await failureOf(silent.calls.list({}, { totalTimeout: 100 }))).code, "TIMEOUT");
    sandbox.close();
  });

  test("a file for every type: the package is a few files", () => {
    const root = new URL("../../", import.meta.url);
    const count = (/** @type {string | URL} */ folder) =>
      readdirSync(new URL(folder, root), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
        .length;
    const theirs = count("node_modules/agentphone/");
    const listed = execFileSync("npm", ["pack", "--dry-run", "--json", "--offline"], {
      cwd: new URL("pkg/", root),
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    // Theirs has no sandbox.
    const ours = JSON.parse(listed)[0].files.filter(
      (/** @type {Foreign} */ { path }) => !path.includes("sandbox"),
    ).length;
    assert.equal(theirs, 939);
    assert.ok(ours <= 70, `${ours} files`);
  });
});
