// `listen`: events reach the user's program as they were, its answers go back, and wrong usage changes nothing.

import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { webhooks } from "agentphone-wasm";
import { lines, run, scratch, start } from "./harness.mjs";
import { arrived, end, freePort, listen, state } from "./listening.mjs";

/** @import { Got } from "./listening.mjs" */

describe("what arrives", () => {
  test("is the delivery byte for byte, at the path and query that were given, and verifies with the secret that was told", async () => {
    const one = await listen();
    state.account.inbound.message({ from: "+14155550111", body: "Grüße 👋" });
    await arrived();
    const [{ url, headers, body }] = /** @type {[Got]} */ (/** @type {unknown} */ (state.got));
    assert.equal(url, "/hooks/agentphone?tenant=7");
    const event = webhooks.verify({ body, headers, secret: one.ready.secret });
    assert.equal(/** @type {any} */ (event).data.message, "Grüße 👋");
    const { stdout } = await end("SIGINT")(one);
    const [shown] = lines(stdout);
    assert.deepEqual([shown.event.event, shown.status], ["agent.message", 200]);
  });

  test("is signed again with the program's own secret, if that is set", async () => {
    const one = await listen([], { AGENTPHONE_WEBHOOK_SECRET: "whsec_of_my_program" });
    state.account.inbound.message({ from: "+14155550111", body: "Hi" });
    await arrived();
    const [{ headers, body }] = /** @type {[Got]} */ (/** @type {unknown} */ (state.got));
    assert.ok(webhooks.verify({ body, headers, secret: "whsec_of_my_program" }));
    const { stdout, stderr } = await end("SIGINT")(one);
    assert.ok(!`${stdout}${stderr}`.includes("whsec_"), "no secret need be told");
  });

  test("is nothing that AgentPhone has not signed", async () => {
    const one = await listen();
    const body = JSON.stringify({ event: "agent.message", data: {} });
    const forged = webhooks.sign({ body, secret: "whsec_other" });
    for (const headers of [forged, {}]) {
      const response = await fetch(`http://127.0.0.1:${one.port}/`, { method: "POST", body, headers });
      assert.equal(response.status, 401);
    }
    assert.equal((await fetch(`http://127.0.0.1:${one.port}/`)).status, 405);
    assert.equal(state.got.length, 0);
    await end("SIGINT")(one);
  });

  test("the program's answer to a voice turn goes back as it comes", async () => {
    state.answer = (response) => {
      response.writeHead(200, { "content-type": "application/x-ndjson" });
      response.write('{"text":"One moment.","interim":true}\n');
      setTimeout(() => response.end('{"text":"Done.","hangup":true}\n'), 200);
    };
    const one = await listen();
    const call = state.account.inbound.call({
      from: "+14155550111",
      agentId: state.agent,
      script: { lines: [{ caller: "Hello?" }] },
    });
    await one.seen(/"status":200/);
    const { stdout } = await run(["calls", "transcript", "get", call.id ?? call.callId], { env: state.env });
    assert.match(stdout, /Done\./);
    await end("SIGINT")(one);
  });

  test("a program that does not answer is shown, and AgentPhone is told to try again", async () => {
    const before = state.account.deliveries.length;
    const one = await listen(["--forward-to", `http://127.0.0.1:${await freePort()}/`]);
    state.account.inbound.message({ from: "+14155550111", body: "Hi" });
    await one.seen(/"problem":"ECONNREFUSED"/);
    await end("SIGINT")(one);
    const [delivery] = state.account.deliveries.slice(before);
    assert.equal(
      /** @type {any} */ (delivery).status ?? /** @type {any} */ (delivery).response?.status,
      502,
      JSON.stringify(delivery),
    );
  });
});

describe("input", () => {
  for (const args of [
    ["--forward-to", "localhost:3000"],
    ["--forward-to", "ftp://localhost"],
    ["--forward-to", "http://localhost:3000"],
    ["--forward-to", "http://localhost:3000", "--agent", "x", "--tunnel", "http://example.com", "--port", "4001"],
    ["--forward-to", "http://localhost:3000", "--agent", "x", "--tunnel", "https://example.com"],
    [],
  ])
    test(`${args.join(" ") || "nothing"} is wrong usage, and changes nothing`, async () => {
      const before = state.account.requests().length;
      assert.equal((await run(["listen", ...args], { env: state.env })).status, 2);
      assert.equal(state.account.requests().length, before);
    });
});

test("with --sandbox nothing is needed: the project's events come directly, and other commands join meanwhile", async () => {
  const own = { AGENTPHONE_STATE_DIR: join(scratch, "listening") };
  const one = start(["listen", "--sandbox", "--forward-to", state.forwardTo], { env: own });
  await one.seen(/"note":"listening"/);
  const [agentOne] = lines((await run(["agents", "list", "--sandbox"], { env: own })).stdout);
  const [hook] = lines((await run(["webhooks", "get", "--sandbox"], { env: own })).stdout);
  assert.match(hook.url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
  await run(["webhooks", "test", "--sandbox", "--message", "Hello"], { env: own });
  await arrived();
  one.child.kill("SIGINT");
  assert.equal((await one.ended).status, 130);
  const [after] = lines((await run(["webhooks", "get", "--sandbox"], { env: own })).stdout);
  assert.equal(after.url, "https://hooks.larkspur.example/agentphone");
  assert.ok(agentOne.id);
});
