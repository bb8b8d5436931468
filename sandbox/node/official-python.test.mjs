// The official Python SDK, with both of its clients. The tests are in Python (python/stories.py), each with its
// own sandbox, and every one is reported as a test here.

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

    test("every test passes, and no method was left out", () => {
      assert.equal(told.code, 0, told.out);
      assert.match(told.out, /no_method_was_left_out .* ok\n/);
    });
  });
}
