// The official Python SDK, both of its clients: the stories are told in Python (python/stories.py), each
// against a sandbox of its own, and every one of them is a test here.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { execute, pythonWith } from "./python.mjs";
import { serveSandbox } from "./server.mjs";
import { hookReceiver } from "./testing.mjs";

const STORIES = fileURLToPath(new URL("../python/stories.py", import.meta.url));

for (const kind of ["sync", "async"]) {
  describe(`the official Python SDK, ${kind}`, { timeout: 300_000 }, () => {
    /** @type {{ code: number, out: string }} */
    let told;
    before(async () => {
      const python = await pythonWith("agentphone[async]==0.20.3");
      const [sandbox, hooks] = [await serveSandbox({ speed: 60, limits: false }), await hookReceiver()];
      const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1" };
      told = await execute(python, [STORIES, sandbox.url, hooks.url, kind], { env });
      await Promise.all([sandbox.close(), hooks.close()]);
    });

    test("every story holds, and no method was left out", () => {
      assert.equal(told.code, 0, told.out);
      assert.match(told.out, /no_method_was_left_out .* ok\n/);
    });
  });
}
