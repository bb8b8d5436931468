// The packages that bring AgentPhone's tools into agent frameworks, unchanged, over the official Python SDK: the
// story is told in Python (python/agent_tools.py), against a sandbox of its own for each framework. Skipped only
// where a registry does not have them.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { execute, pythonWith } from "./python.mjs";
import { serveSandbox } from "./server.mjs";

const STORY = fileURLToPath(new URL("../python/agent_tools.py", import.meta.url));
const SDK = "agentphone==0.20.3";
/** What a framework writes into its user's folder. */
const HOME = mkdtempSync(join(tmpdir(), "sandbox-home-"));
after(() => rmSync(HOME, { recursive: true }));
/** No framework may report from a test to its makers. */
const QUIET = { OTEL_SDK_DISABLED: "true", CREWAI_DISABLE_TELEMETRY: "true", OPENAI_AGENTS_DISABLE_TRACING: "1" };

describe("a model's tools work on the sandbox as their framework makes them", { timeout: 600_000 }, () => {
  for (const [framework, name] of /** @type {const} */ ([
    ["langchain", "langchain-agentphone==0.1.0"],
    ["openai", "openai-agents-agentphone==0.1.0"],
    ["crewai", "crewai-agentphone==0.1.0"],
  ])) {
    test(name, async (t) => {
      const python = await pythonWith(name, SDK).catch((/** @type {Error} */ error) => error);
      if (python instanceof Error) return t.skip(`cannot be had: ${python.message.split("\n", 1)[0]}`);
      const sandbox = await serveSandbox({ speed: 60, limits: false });
      const env = { ...process.env, ...QUIET, HOME, PYTHONDONTWRITEBYTECODE: "1" };
      const told = await execute(python, [STORY, framework, sandbox.url], { env });
      await sandbox.close();
      assert.equal(told.code, 0, told.out);
      assert.match(told.out, /^12 tools ok$/m);
    });
  }
});
