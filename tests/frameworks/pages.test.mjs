// "A phone agent in 60 lines" with each framework (docs/agents): the programs of the pages run beside a sandbox with the framework's real
// package. The hazards: a turn that is not spoken, a text that is sent as often as the model calls its tool, a limit that is not kept.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { startAgent, talk, textsFrom, until } from "../support/agent-page.mjs";
import { frameworkTools, node24 } from "./tools.mjs";

const LIMIT = { timeout: 180_000 };

for (const page of ["ai-sdk", "openai-agents", "langchain"])
  describe(page, { concurrency: false }, () => {
    const how = () => ({ node: node24(), modules: join(frameworkTools(), "node_modules") });

    test("a caller is answered, and gets the text that they ask for, once", LIMIT, async (t) => {
      const { sandbox, output } = await startAgent(t, page, how());
      const said = await talk(sandbox, ["When do you open?", "Please text me your address.", "Text me again."], output);
      assert.deepEqual(said, ["We are open until five.", "I have sent it.", "I have sent it."], output());
      assert.deepEqual(await textsFrom(sandbox), ["12 Elm Street"]);
    });

    test("a text is answered once, and STOP not at all", LIMIT, async (t) => {
      const { sandbox, output } = await startAgent(t, page, how());
      sandbox.faults.add({ match: { event: "agent.message" }, duplicate: true });
      sandbox.inbound.message({ from: "+14155550100", body: "Are you open?" });
      await until(() => sandbox.ledger().textsSent === 1, output);
      sandbox.inbound.message({ from: "+14155550100", body: "STOP" });
      await until(() => sandbox.deliveries.filter(({ status }) => status !== null).length === 4, output);
      assert.deepEqual(await textsFrom(sandbox), ["We are open until five."]);
    });
  });
