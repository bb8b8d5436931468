// "A phone agent in 60 lines, without a framework" (docs/agents/plain.md): its programs run beside a sandbox, and the agent answers a
// call and texts, each of them once.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { webhooks } from "agentphone-wasm";
import { root } from "../../scripts/tools.mjs";
import { programsOf, startAgent, talk, textsFrom, until } from "../support/agent-page.mjs";
import { sleep } from "../support/client.mjs";

const LIMIT = { timeout: 120_000 };

test("each page has a program of at most 60 lines, empty ones not counted", () => {
  const pages = readdirSync(join(root, "docs", "agents")).map((name) => name.replace(/\.md$/, ""));
  assert.ok(pages.includes("plain"), pages.join());
  for (const page of pages) {
    const lines = programsOf(page)["agent.mjs"]?.match(/^.*\S/gm)?.length ?? 0;
    assert.ok(lines > 20 && lines <= 60, `${page}: ${lines} lines`);
  }
});

test("the agent answers a caller turn by turn", LIMIT, async (t) => {
  const { sandbox, output } = await startAgent(t, "plain");
  assert.deepEqual(await talk(sandbox, ["Who is there?", "When do you open?"], output), [
    "This is Ada at the front desk. Anything else?",
    "We are open until five. Anything else?",
  ]);
});

test("a text is answered once, however often it is delivered, and STOP not at all", LIMIT, async (t) => {
  const { sandbox, output } = await startAgent(t, "plain");
  sandbox.faults.add({ match: { event: "agent.message" }, duplicate: true });
  sandbox.inbound.message({ from: "+14155550100", body: "Are you open?" });
  const ledger = () => sandbox.ledger().byOperation["messages.send"]?.performed ?? 0;
  await until(() => ledger() === 1, output);
  sandbox.inbound.message({ from: "+14155550100", body: "STOP" });
  await until(() => sandbox.deliveries.filter(({ status }) => status !== null).length === 4, output);
  await sleep(50);
  assert.equal(ledger(), 1);
  assert.deepEqual(await textsFrom(sandbox), ["We are open until five. Anything else?"]);
  assert.ok(
    sandbox.deliveries.every(({ status }) => status === 204),
    JSON.stringify(sandbox.deliveries),
  );
});

test("a second start finds what the first has set up, and a forged delivery is refused", LIMIT, async (t) => {
  const { sandbox, number, stop, port } = await startAgent(t, "plain");
  const secrets = () => sandbox.ledger().byOperation["agents.webhook.set"]?.performed;
  assert.deepEqual([sandbox.ledger().numbersBought, secrets()], [1, 1]);
  await stop();
  const { url, ...second } = await startAgent(t, "plain", { sandbox, port });
  assert.equal(second.number, number);
  assert.deepEqual([sandbox.ledger().numbersBought, secrets()], [1, 1]);
  const body = JSON.stringify({
    event: "agent.message",
    channel: "sms",
    data: { message: "Hi", from: "+14155550100" },
  });
  const response = await fetch(url, { method: "POST", body, headers: webhooks.sign({ body, secret: "whsec_forged" }) });
  assert.equal(response.status, 400);
});
