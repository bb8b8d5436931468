// Restate with its own server: a worker dies after the phone rang and before its step was noted, and the next one finds the call.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { freePort } from "../../scripts/free-port.mjs";
import { noPostgres } from "../ledger/servers.mjs";
import { noNode22, setting, TO, toolFile, until } from "./recipes.mjs";

const server = toolFile("@restatedev", "restate-server-linux-x64", "bin", "restate-server");
const skip = server === undefined ? "there is no server of Restate for this machine" : noNode22 || noPostgres;

/** Starts Restate's server, in a folder of its own. */
const startRestate = async () => {
  const folder = mkdtempSync(join(tmpdir(), "agentphone-restate-"));
  const [admin, ingress, node] = await Promise.all([freePort(), freePort(), freePort()]);
  const of = (/** @type {number} */ port) => `127.0.0.1:${port}`;
  const child = spawn(/** @type {string} */ (server), ["--no-logo", "--node-name", "one", "--base-dir", folder], {
    cwd: folder,
    env: {
      ...process.env,
      RESTATE_LISTEN_MODE: "tcp",
      RESTATE_BIND_ADDRESS: of(node),
      RESTATE_ADMIN__BIND_ADDRESS: of(admin),
      RESTATE_INGRESS__BIND_ADDRESS: of(ingress),
      RESTATE_DISABLE_TELEMETRY: "true",
      RESTATE_ROCKSDB_TOTAL_MEMORY_SIZE: "128MB",
      RESTATE_DEFAULT_NUM_PARTITIONS: "1",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (said) => (text += said));
  const ended = once(child, "close");
  const ask = (/** @type {number} */ port, /** @type {string} */ path, /** @type {object} */ body) =>
    fetch(`http://${of(port)}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const isReady = () =>
    Promise.all([fetch(`http://${of(admin)}/health`), fetch(`http://${of(ingress)}/restate/health`)]).then(
      (all) => all.every(({ ok }) => ok),
      () => false,
    );
  await until(isReady, () => `Restate is ready: ${text.slice(-2000)}`);
  return {
    /** Has it look for a worker. @param {number} port */
    register: async (port) => {
      const answer = await ask(admin, "/deployments", { uri: `http://${of(port)}`, force: true });
      assert.ok(answer.ok, await answer.text());
    },
    /** @param {object} call */
    remind: async (call) => (await ask(ingress, "/reminders/remind", call)).json(),
    stop: async () => {
      child.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};

test("Restate", { skip }, async (t) => {
  const { sandbox, agentId, client, start, close } = await setting();
  t.after(close);
  const restate = await startRestate();
  t.after(restate.stop);
  const port = await freePort();
  const worker = async () => {
    const one = start("restate-main", `${port}`);
    await until(
      () => one.out.text.includes("port "),
      () => `a worker: ${one.out.text}`,
    );
    return one;
  };
  const first = await worker();
  await restate.register(port);

  await t.test("a worker that is killed during the call, and the one after it, place one call", async () => {
    sandbox.faults.add({ match: { operation: "calls.create" }, stall: "headers", times: 1 });
    const said = restate.remind({ agentId, toNumber: TO });
    await until(
      () => sandbox.ledger().callsPlaced === 1,
      () => `a call: ${first.out.text}`,
    );
    first.child.kill("SIGKILL");
    await first.ended;
    await worker();
    const id = await said;
    const [call] = (await client.calls.list()).data;
    assert.equal(id, call?.id);
    assert.equal(sandbox.ledger().callsPlaced, 1);
  });

  await t.test("a step that fails each time is not tried again", async () => {
    const { message } = await restate.remind({ agentId: "agt_nobody", toNumber: TO });
    assert.match(message, /calls\.create: Agent not found/);
    const asked = sandbox.requests().filter(({ operation }) => operation === "calls.create");
    assert.equal(asked.length, 2);
  });
});
