// What a driver of a framework is: it runs the framework's own loop with a model that follows a script.

import type { AgentTool } from "agentphone-wasm/tools";
import type { Foreign } from "../support/foreign.js";

export interface Driven {
  tools: AgentTool[];
  /** The next tool calls, all at once; undefined to end. `results`: what the model has been told so far. */
  model: (results: Foreign[]) => { name: string; input: unknown }[] | undefined;
  /** What a person says to a question of the framework. */
  answer: (question: Foreign) => Promise<boolean>;
}

/** Returns what the model was told, result by result. */
export type Drive = (driven: Driven) => Promise<Foreign[]>;
