// The tools in the form that each framework expects. The code is `src/js/adapters`; the caller passes in the parts of the framework.

import type { AgentTool, ToolResult } from "./tools.js";

/** A tool in the AI SDK's form. */
export interface AiTool {
  /** For people. */
  title: string;
  /** For models. */
  description: string;
  /** A Standard Schema that accepts any input: the tool itself reports what is wrong. */
  inputSchema: AiToolSchema;
  /** Called by the SDK. It never rejects. */
  execute: (
    input: unknown,
    options: {
      /** A replay with the same id is done only once. */
      toolCallId: string;
      /** Contain the SDK's approvals. */
      messages: unknown[];
      /** Aborts the requests of the tool. */
      abortSignal?: AbortSignal | undefined;
    },
  ) => Promise<ToolResult>;
}

/** A schema that the AI SDK accepts. */
export interface AiToolSchema {
  /** See [Standard Schema](https://standardschema.dev). */
  readonly "~standard": {
    /** The only version so far. */
    readonly version: 1;
    readonly vendor: string;
    /** Accepts every value. */
    readonly validate: (value: unknown) => {
      /** Unchanged. */
      readonly value: unknown;
      readonly issues?: undefined;
    };
    /** What the SDK shows to models. */
    readonly jsonSchema: {
      /** What a model writes. */
      readonly input: (options?: { readonly target: string }) => Record<string, unknown>;
      /** The same, because nothing is transformed. */
      readonly output: (options?: { readonly target: string }) => Record<string, unknown>;
    };
  };
}

/**
 * The tools for the AI SDK 7 (`ai`). Spread them into `generateText`, `streamText` or a `ToolLoopAgent`:
 * `generateText({ model, prompt, ...aiTools(agentTools(client, { policy: rules })) })`. If the policy requires a person's approval,
 * the SDK asks for a `user-approval`; without it, the tool refuses. If messages come from a browser, set the SDK's
 * `experimental_toolApprovalSecret` too: the SDK trusts their approvals.
 *
 * ```ts
 * const { tools, toolApproval } = aiTools(agentTools(client, { agentId }));
 * console.log(Object.keys(tools).length, typeof toolApproval); // 14 function
 * ```
 */
export function aiTools(tools: readonly AgentTool[]): {
  /** By name. */
  tools: Record<string, AiTool>;
  /** Asks for the approvals that the policy requires. */
  toolApproval: (options: {
    /** What the model wants to do, in the SDK's form. */
    toolCall: any;
  }) => Promise<{ type: "user-approval"; reason: string } | undefined>;
};

/**
 * The tools for the OpenAI Agents SDK: pass its `tool`. If the policy requires a person's approval, the run is interrupted
 * (`needsApproval`) and continues with `state.approve(interruption)`.
 *
 * ```ts
 * const tool = (options: object) => options; // of @openai/agents
 * console.log(openaiTools(agentTools(client, { only: ["usage"] }), { tool }).length); // 1
 * ```
 */
export function openaiTools<T>(
  tools: readonly AgentTool[],
  framework: {
    tool: (options: any) => T;
  },
): T[];

/**
 * The tools for LangChain and LangGraph: pass `tool` of `@langchain/core/tools`, and `interrupt` of `@langchain/langgraph` if a person
 * should be asked; without it, such a tool returns `needs_approval`. Resume with `true`, `false` or `{ approved, request }`; with the
 * `request` of the interrupt, the consent is for exactly what was shown. The result is also the artifact of the tool's message.
 *
 * ```ts
 * const tool = (run: unknown, options: object) => ({ run, ...options }); // of @langchain/core/tools
 * console.log(langchainTools(agentTools(client, { only: ["usage"] }), { tool }).length); // 1
 * ```
 */
export function langchainTools<T>(
  tools: readonly AgentTool[],
  framework: {
    tool: (run: any, options: any) => T;
    interrupt?: ((question: any) => any) | undefined;
  },
): T[];

/**
 * The tools for Mastra: pass its `createTool`. If the policy requires a person's approval, the run is suspended; resume it with
 * `{ approved: true }`.
 *
 * ```ts
 * const createTool = (options: object) => options; // of @mastra/core/tools
 * console.log(Object.keys(mastraTools(agentTools(client, { only: ["usage"] }), { createTool }))); // [ "usage" ]
 * ```
 */
export function mastraTools<T>(
  tools: readonly AgentTool[],
  framework: {
    createTool: (options: any) => T;
  },
): Record<string, T>;

/**
 * Registers the tools on an `McpServer` of `@modelcontextprotocol/server` 2: pass its `inputRequired` to ask a person by elicitation.
 * Without it, or if the client cannot ask, such a tool returns `needs_approval`. No result sets `isError`.
 *
 * ```ts
 * const names: string[] = [];
 * const server = { registerTool: (name: string) => void names.push(name) }; // of @modelcontextprotocol/server
 * mcpTools(server, agentTools(client, { only: ["usage"] }));
 * console.log(names); // [ "usage" ]
 * ```
 */
export function mcpTools(
  server: {
    registerTool: (name: string, config: any, run: any) => unknown;
  },
  tools: readonly AgentTool[],
  framework?: {
    inputRequired?: any;
  },
): void;
