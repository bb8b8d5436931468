// The packages that bring AgentPhone's tools into agent frameworks, unchanged, over the official Python SDK. The
// tests are in Python (python/agent_tools.py); each framework has its own sandbox. Skipped only where a registry
// does not have the packages.

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
/** For files that a framework writes to the user's home directory. */
const HOME = mkdtempSync(join(tmpdir(), "sandbox-home-"));
after(() => rmSync(HOME, { recursive: true }));
/** Frameworks must not send telemetry from a test. */
const QUIET = { OTEL_SDK_DISABLED: "true", CREWAI_DISABLE_TELEMETRY: "true", OPENAI_AGENTS_DISABLE_TRACING: "1" };

describe("a model's tools work against the sandbox in each framework", { timeout: 600_000 }, () => {
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
