// What `listen` has changed is put back, whatever happens: signals, kill -9, somebody else's change meanwhile.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, test } from "node:test";
import { webhooks } from "agentphone-wasm";
import { command, environment, errorOf, lines, run } from "./harness.mjs";
import { arrived, end, freePort, listen, listenAt, state, webhookNow } from "./listening.mjs";

/** @import { Got } from "./listening.mjs" */

describe("the webhook is put back", () => {
  for (const signal of /** @type {NodeJS.Signals[]} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    test(`after ${signal}: an agent without one has none again`, async () => {
      const one = await listen();
      assert.equal((await webhookNow()).url, `http://127.0.0.1:${one.port}/`);
      assert.equal((await end(signal)(one)).status, 130);
      assert.equal(await webhookNow(), null);
    });
  }

  test("after the reader of its output has left, as `head` does", async () => {
    const one = await listen();
    one.child.stdout?.destroy();
    await run(["agents", "webhook", "test", state.agent], { env: state.env });
    assert.equal((await one.ended).status, 0);
    assert.equal(await webhookNow(), null);
  });

  test("a disk that is full: nothing is changed, and the command ends", {
    skip: process.platform === "win32" && "there is no ulimit",
  }, async () => {
    const line = [process.execPath, command, ...listenAt(await freePort())].map((word) => `'${word}'`).join(" ");
    const { code, stderr } = await new Promise((resolve) =>
      execFile(
        "sh",
        ["-c", `ulimit -f 0; exec ${line}`],
        { env: environment(state.env), timeout: 30_000 },
        (error, _, text) => resolve({ code: error?.code, stderr: text }),
      ),
    );
    assert.equal(code, 2, stderr);
    assert.match(stderr, /the previous webhook could not be saved in .*; nothing was changed/);
    assert.equal(await webhookNow(), null);
    assert.match((await run(["doctor"], { env: state.env })).stdout, /no webhook needs to be restored/);
  });

  test("after kill -9, when it is started again, even for another program", async () => {
    const one = await listen();
    await end("SIGKILL")(one);
    assert.equal((await webhookNow()).url, `http://127.0.0.1:${one.port}/`);
    const doctor = await run(["doctor"], { env: state.env });
    assert.match(doctor.stdout, /not restored/);
    const other = await listen();
    await end("SIGINT")(other);
    assert.match((await other.ended).stderr, /"note":"restored"/);
    assert.equal(await webhookNow(), null);
  });

  test("but not where somebody has set another one meanwhile", async () => {
    const one = await listen();
    await run(["agents", "webhook", "set", state.agent, "--url", "https://example.com/new"], { env: state.env });
    await end("SIGINT")(one);
    assert.equal((await webhookNow()).url, "https://example.com/new");
    await run(["agents", "webhook", "delete", state.agent, "--yes"], { env: state.env });
  });

  test("an agent's own is not touched without a word, and comes back with the new secret told", async () => {
    await run(
      [
        "agents",
        "webhook",
        "set",
        state.agent,
        "--url",
        "https://example.com/mine",
        "--json",
        '{"contextLimit":3,"timeout":20}',
      ],
      { env: state.env },
    );
    const { secret } = await webhookNow();
    const refused = await run(
      ["listen", "--forward-to", state.forwardTo, "--agent", state.agent, "--port", "1", "--tunnel", "https://t.test"],
      { env: state.env },
    );
    assert.deepEqual([refused.status, errorOf(refused).code], [1, "WEBHOOK_EXISTS"]);
    assert.equal((await webhookNow()).secret, secret);
    const one = await listen(["--replace-secret", "--yes"]);
    state.account.inbound.message({ from: "+14155550111", body: "Hi" });
    await arrived();
    const [{ headers, body }] = /** @type {[Got]} */ (/** @type {unknown} */ (state.got));
    assert.ok(webhooks.verify({ body, headers, secret }), "the program goes on with its old secret");
    const { stderr } = await end("SIGTERM")(one);
    const now = await webhookNow();
    assert.deepEqual([now.url, now.contextLimit, now.timeout], ["https://example.com/mine", 3, 20]);
    assert.equal(lines(stderr).at(-1).secret, now.secret);
    await run(["agents", "webhook", "delete", state.agent, "--yes"], { env: state.env });
  });

  test("two that listen to one agent would put back each other's: the second is refused", async () => {
    const one = await listen();
    const args = listenAt(await freePort());
    const second = await run([...args, "--replace-secret", "--yes"], { env: state.env });
    assert.deepEqual([second.status, errorOf(second).code], [1, "LISTENING"]);
    await end("SIGINT")(one);
    assert.equal(await webhookNow(), null);
  });
});
