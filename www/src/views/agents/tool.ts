// A tool of an agent between the API's form and that of its dialog, with the contract's bounds.

import type { CustomTool } from "agentphone-wasm";

export const MOST_TOOLS = 20;
const LONGEST_NAME = 64;
const TIMEOUT = { min: 1000, max: 120_000 };

/** As it stands in the dialog. */
export interface ToolDraft {
  name: string;
  description: string;
  url: string;
  method: string;
  timeoutMs: string;
  parameters: string;
  headers: string;
  executionMessage: string;
  speak: boolean;
}

const pretty = (value: unknown): string =>
  value === undefined || value === null ? "" : JSON.stringify(value, null, 2);

/** A tool, or a new one, for the dialog. */
export function draftOf(tool: CustomTool | undefined): ToolDraft {
  return {
    name: tool?.name ?? "",
    description: tool?.description ?? "",
    url: tool?.url ?? "",
    method: tool?.method ?? "POST",
    timeoutMs: typeof tool?.timeoutMs === "number" ? String(tool.timeoutMs) : "",
    parameters: pretty(tool?.parameters),
    headers: pretty(tool?.headers),
    executionMessage: tool?.executionMessage ?? "",
    speak: tool?.speakDuringExecution === true,
  };
}

type Parsed = { object: Record<string, unknown> | null } | { wrong: string };

/** An object as JSON; nothing is null. */
function readObject(text: string): Parsed {
  if (text.trim() === "") return { object: null };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return { wrong: "This has to be a JSON object, { … }." };
    return { object: value as Record<string, unknown> };
  } catch (error) {
    return { wrong: `This is no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** What is wrong with it, by field. */
export function toolProblems(
  draft: ToolDraft,
  others: readonly CustomTool[],
): Partial<Record<keyof ToolDraft, string>> {
  const errors: Partial<Record<keyof ToolDraft, string>> = {};
  if (!/^[A-Za-z0-9_-]+$/.test(draft.name)) errors.name = "Letters, digits, _ and - only, as in look_up_order.";
  else if (draft.name.length > LONGEST_NAME) errors.name = `At most ${LONGEST_NAME} characters.`;
  else if (others.some(({ name }) => name === draft.name)) errors.name = "Another tool of this agent has that name.";
  if (draft.description.trim() === "") errors.description = "The model decides by it when to call the tool.";
  if (!isHttps(draft.url)) errors.url = "An address that begins with https://.";
  const timeout = Number(draft.timeoutMs);
  if (draft.timeoutMs.trim() !== "" && !(Number.isInteger(timeout) && timeout >= TIMEOUT.min && timeout <= TIMEOUT.max))
    errors.timeoutMs = "A whole number from 1000 to 120000, or nothing.";
  const parameters = readObject(draft.parameters);
  if ("wrong" in parameters) errors.parameters = parameters.wrong;
  const headers = readObject(draft.headers);
  if ("wrong" in headers) errors.headers = headers.wrong;
  else if (Object.values(headers.object ?? {}).some((value) => typeof value !== "string" && value !== null))
    errors.headers = "Each header is a text.";
  return errors;
}

function isHttps(text: string): boolean {
  try {
    return new URL(text.trim()).protocol === "https:";
  } catch {
    return false;
  }
}

/** The tool that a draft without problems is. What this page does not know of it stays. */
export function toolOf(draft: ToolDraft, before: CustomTool | undefined): CustomTool {
  const parameters = readObject(draft.parameters);
  const headers = readObject(draft.headers);
  const optional = {
    timeoutMs: draft.timeoutMs.trim() === "" ? undefined : Number(draft.timeoutMs),
    parameters: "object" in parameters ? (parameters.object ?? undefined) : undefined,
    headers: "object" in headers ? ((headers.object as CustomTool["headers"]) ?? undefined) : undefined,
    executionMessage: draft.executionMessage.trim() || undefined,
    speakDuringExecution: draft.speak || undefined,
  };
  const {
    timeoutMs: _1,
    parameters: _2,
    headers: _3,
    executionMessage: _4,
    speakDuringExecution: _5,
    ...rest
  } = before ?? {};
  const set = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined));
  return {
    ...rest,
    name: draft.name,
    description: draft.description.trim(),
    url: draft.url.trim(),
    method: draft.method === "GET" ? "GET" : "POST",
    ...set,
  };
}
