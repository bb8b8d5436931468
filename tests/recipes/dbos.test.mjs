// DBOS on PostgreSQL: a worker dies after the phone rang and before its step was noted, and the next one finds the call.

import assert from "node:assert/strict";
import { test } from "node:test";
import { noPostgres } from "../ledger/servers.mjs";
import { setting, TO, until } from "./recipes.mjs";

test("DBOS: a worker that is killed during the call, and the one after it, place one call", {
  skip: noPostgres,
}, async (t) => {
  const { sandbox, agentId, client, start, close } = await setting();
  t.after(close);
  sandbox.faults.add({ match: { operation: "calls.create" }, stall: "headers", times: 1 });
  const first = start("dbos-main", agentId, TO);
  await until(
    () => sandbox.ledger().callsPlaced === 1,
    () => `a call: ${first.out.text}`,
  );
  first.child.kill("SIGKILL");
  await first.ended;
  const said = await start("dbos-main", agentId, TO).ended;
  const [call] = (await client.calls.list()).data;
  assert.match(said, new RegExp(`^outcome ${call?.id}$`, "m"));
  assert.equal(sandbox.ledger().callsPlaced, 1);
});

test("DBOS: a step that fails each time is not tried again", { skip: noPostgres }, async (t) => {
  const { sandbox, start, close } = await setting();
  t.after(close);
  const said = await start("dbos-main", "agt_nobody", TO).ended;
  assert.match(said, /^outcome .*calls\.create: Agent not found/m);
  assert.equal(sandbox.requests().filter(({ operation }) => operation === "calls.create").length, 1);
});
