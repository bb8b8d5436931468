// LangChain's agent, on LangGraph, with a scripted model.

import { langchainTools } from "agentphone-wasm/tools";
import { load } from "../tools.mjs";

/** @import { Foreign } from "../../support/foreign.js" */
/** @import { Drive } from "../scripted.js" */

/** @param {Foreign} message */
const read = ({ content, artifact }) => {
  if (artifact) return artifact;
  try {
    return JSON.parse(content);
  } catch {
    return content;
  }
};

/** @type {Drive} */
export const drive = async ({ tools, model, answer }) => {
  const { tool } = await load("@langchain/core/tools");
  const { AIMessage } = await load("@langchain/core/messages");
  const { BaseChatModel } = await load("@langchain/core/language_models/chat_models");
  const { Command, interrupt, MemorySaver } = await load("@langchain/langgraph");
  const { createAgent } = await load("langchain");
  let count = 0;
  /** @type {Foreign[]} */
  let results = [];
  const Scripted = class extends BaseChatModel {
    _llmType() {
      return "scripted";
    }
    bindTools() {
      return this;
    }
    /** @param {Foreign[]} messages */
    async _generate(messages) {
      results = messages.filter((message) => message.getType() === "tool").map(read);
      const calls = model(results);
      const message = new AIMessage({
        content: calls ? "" : "done",
        tool_calls: (calls ?? []).map(({ name, input }) => ({ id: `call_${(count += 1)}`, name, args: input })),
      });
      return { generations: [{ text: "", message }] };
    }
  };
  const agent = createAgent({
    model: new /** @type {Foreign} */ (Scripted)({}),
    tools: langchainTools(tools, { tool, interrupt }),
    checkpointer: new MemorySaver(),
  });
  const config = { configurable: { thread_id: "1" }, recursionLimit: 200 };
  let state = await agent.invoke({ messages: [{ role: "user", content: "go" }] }, config);
  while (state.__interrupt__?.length > 0) {
    const answers = await Promise.all(
      state.__interrupt__.map(async (/** @type {Foreign} */ { id, value }) => [
        id,
        { approved: await answer(value), request: value.request },
      ]),
    );
    state = await agent.invoke(new Command({ resume: Object.fromEntries(answers) }), config);
  }
  return results;
};
