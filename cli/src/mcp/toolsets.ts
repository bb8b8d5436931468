// Selects the tools that a model gets: groups by name, individual tools, or only those that change nothing.

import { type ToolName, toolNames } from "agentphone-wasm/tools";
import { usage } from "../failure.js";

/** Every tool is in exactly one toolset. */
export const TOOLSETS: Readonly<Record<string, readonly ToolName[]>> = {
  calls: ["place_call", "watch_call", "end_call", "find_call"],
  texts: ["send_text", "read_thread", "list_threads"],
  contacts: ["look_up_contact", "save_contact"],
  numbers: ["find_number", "buy_number"],
  agents: ["create_agent", "update_agent"],
  account: ["usage"],
};

/** A comma-separated list of known words. A typo must not silently disable a protection, so it is an error at start. */
const words = <T extends string>(option: string, text: string, known: readonly T[]): T[] => {
  const given = text
    .split(",")
    .map((word) => word.trim())
    .filter(Boolean);
  const wrong = given.find((word) => !(known as readonly string[]).includes(word));
  if (given.length === 0 || wrong !== undefined)
    throw usage(
      wrong === undefined ? `${option} is empty` : `${option} has an unknown name "${wrong}"`,
      `known names: ${known.join(", ")}`,
    );
  return given as T[];
};

/**
 * The selected tools: those of the toolsets and the individual ones together; all if neither is given.
 * @param toolsets The value of `--toolsets`.
 * @param tools The value of `--tools`.
 */
export const chosenTools = (toolsets: string | undefined, tools: string | undefined): ToolName[] => {
  if (toolsets === undefined && tools === undefined) return [...toolNames];
  const sets = toolsets === undefined ? [] : words("--toolsets", toolsets, Object.keys(TOOLSETS));
  const single = tools === undefined ? [] : words("--tools", tools, toolNames);
  const wanted = [...sets.flatMap((name) => TOOLSETS[name] ?? []), ...single];
  return toolNames.filter((name) => wanted.includes(name));
};
