// `agentTools`: the tools for language models. The code is `src/js/tools`, the page `docs/tools.md`.

import type { AgentPhone } from "../client/client.js";
import type { Open, RequestOptions } from "../client/options.js";
import type { Ledger } from "../js/ledger/ledger.js";
import type { Policy } from "./policy.js";

/** The part of JSON Schema that the tools use. */
export interface JsonSchema {
  /** What the value is. */
  type?: string | undefined;
  /** What it means, for a model. */
  description?: string | undefined;
  /** The fields of an object. */
  properties?: Record<string, JsonSchema> | undefined;
  /** Required fields. */
  required?: string[] | undefined;
  /** Always false in the input of a tool: other fields are refused. */
  additionalProperties?: boolean | undefined;
  /** What each item of an array is. */
  items?: JsonSchema | undefined;
  /** The allowed values. */
  enum?: string[] | undefined;
  /** UTF-16 units. */
  minLength?: number | undefined;
  /** UTF-16 units. */
  maxLength?: number | undefined;
  /** A regular expression. */
  pattern?: string | undefined;
  /** The smallest allowed number. */
  minimum?: number | undefined;
  /** The largest allowed number. */
  maximum?: number | undefined;
  /** Of an array. */
  minItems?: number | undefined;
  /** Of an array. */
  maxItems?: number | undefined;
}

/** What is wrong with a value. */
export interface SchemaIssue {
  /** An explanation, without the value. */
  readonly message: string;
  /** The field. */
  readonly path: string[];
}

/** A schema in the form of [Standard Schema](https://standardschema.dev) and its JSON Schema extension: frameworks accept it directly. */
export interface ToolSchema {
  /** What frameworks read. */
  readonly "~standard": {
    /** The only version so far. */
    readonly version: 1;
    readonly vendor: string;
    /** A checked copy of the value, or what is wrong with it. */
    readonly validate: (value: unknown) =>
      | {
          /** Without fields that the schema does not name. */
          readonly value: unknown;
          readonly issues?: undefined;
        }
      | {
          /** At least one. */
          readonly issues: readonly SchemaIssue[];
        };
    /** The schema for models; the requested draft makes no difference. */
    readonly jsonSchema: {
      /** What is written. */
      readonly input: (options?: { readonly target: string }) => Record<string, unknown>;
      /** The same, because nothing is transformed. */
      readonly output: (options?: { readonly target: string }) => Record<string, unknown>;
    };
  };
}

/** The outcome of a tool call, even if nothing was done: no tool throws because of the API or the network. */
export interface ToolResult {
  /**
   * `done`. `already_done`: an earlier call did it, and `result` is what that call created. `unknown`: the response was lost and it
   * may have happened; `next` finds out. `refused`: nothing happened. `needs_approval`: nothing happened yet, and a person must be
   * asked. `failed`: it could not be read or changed.
   */
  status: "done" | "already_done" | "unknown" | "refused" | "needs_approval" | "failed";
  /** What happened and what to do, for the model. */
  message: string;
  /** True if repeating the call cannot help, or could do harm without these tools. */
  doNotRepeat: boolean;
  /** The tool to use next. */
  next?: string | undefined;
  /** Why it was refused or failed: `INVALID_INPUT`, `NOT_APPROVED` (a person said no), or the code of the policy, the API or the client. */
  code?: string | undefined;
  /** What is wrong with the input, field by field. */
  issues?: string[] | undefined;
  /** Seconds to wait before another try. */
  retryAfterSeconds?: number | undefined;
  /** The idempotency key of an effect, for `find_call` and `client.effects.get`. */
  reference?: string | undefined;
  /** What a person is asked, if the status is `needs_approval`. */
  approval?: ToolApproval | undefined;
  /** The API's response. */
  result?: Record<string, unknown> | undefined;
}

/** What a person is asked before a tool does something. */
export interface ToolApproval {
  /** Name of the tool. */
  tool: string;
  /** Title of the tool, for people. */
  title: string;
  /** Why they are asked, as a sentence. */
  reason: string;
  /** Why they are asked: `APPROVAL_REQUIRED` or `ZONE_UNKNOWN`. */
  code: string;
  /** Exactly what would be done: recipient, words, everything. */
  input: Record<string, unknown>;
  /** US dollars, at most. */
  costAtMost?: number | undefined;
  /** The question, for `approve`. It is not an answer: a model may see it. */
  request: string;
  /** Until when it can be answered and used, ISO 8601. */
  expiresAt: string;
}

/** The context of a tool call; the model has no say in it. */
export interface ToolContext {
  /** Aborts the requests of the tool. An effect that may have happened by then is `unknown`, as usual. */
  signal?: AbortSignal | undefined;
  /** The framework's id of this tool call: a replay with the same id and `again: true` does it only once. */
  callId?: string | undefined;
  /** A person's consent to exactly this input, from `approve`. Never take it from a model. */
  approval?: string | undefined;
  /** Asks a person while the tool waits: true, false, or undefined if there is no answer yet. */
  approve?: ((approval: ToolApproval) => boolean | undefined | Promise<boolean | undefined>) | undefined;
}

/** Hints about a tool's behaviour, as MCP defines them. */
export interface ToolAnnotations {
  title: string;
  /** It changes nothing. */
  readOnlyHint: boolean;
  /** Always false: no tool deletes anything. */
  destructiveHint: boolean;
  /** Always true: a repetition changes nothing more. */
  idempotentHint: boolean;
  /** Always true: it reaches the API, and people. */
  openWorldHint: boolean;
}

/** The names of the tools. */
export type ToolName =
  | "find_number"
  | "buy_number"
  | "place_call"
  | "watch_call"
  | "end_call"
  | "find_call"
  | "send_text"
  | "read_thread"
  | "list_threads"
  | "look_up_contact"
  | "save_contact"
  | "create_agent"
  | "update_agent"
  | "usage";

/** A task for a language model. */
export interface AgentTool {
  /** The name by which models call it. */
  readonly name: Open<ToolName>;
  /** For people. */
  readonly title: string;
  /** For models: what it does, what it costs, what to do when the outcome is unknown. */
  readonly description: string;
  /** JSON Schema of the input. */
  readonly inputSchema: JsonSchema;
  /** JSON Schema of `ToolResult`, with the fields of this tool's `result`. */
  readonly outputSchema: JsonSchema;
  /** The input as Standard Schema. */
  readonly input: ToolSchema;
  /** The result as Standard Schema. */
  readonly output: ToolSchema;
  /** MCP's hints; they are accurate. */
  readonly annotations: ToolAnnotations;
  /** `read`: changes nothing. `change`: a repetition changes nothing more. `effect`: has an idempotency key. */
  readonly kind: "read" | "change" | "effect";
  /** What costs money. */
  readonly spends?: "call" | "text" | "number" | undefined;
  /**
   * Runs the tool. The input may be any value: it is checked. It never rejects.
   *
   * ```ts
   * const [place] = agentTools(client, { agentId, only: ["place_call"] });
   * const { status, result } = await place.execute({ to: "+14155550100" });
   * console.log(status, result?.call_id);
   * ```
   */
  execute(input: unknown, context?: ToolContext): Promise<ToolResult>;
  /** What a person would be asked first; undefined if no question is needed, because it is allowed, refused or already done. */
  approvalFor(input: unknown, context?: ToolContext): Promise<ToolApproval | undefined>;
  /**
   * A person has agreed: turns the `request` of a `ToolApproval` into a value for `context.approval`. It is valid once, until it
   * expires, and for the same input. Errors: `InvalidArgumentError` if this policy did not make the request.
   */
  approve(request: string): Promise<string>;
}

/** Options of `agentTools`. */
export interface AgentToolsOptions {
  /** The agent that all tools act through. With it, models cannot choose an agent, and no tool has the field `agent_id`. */
  agentId?: string | undefined;
  /** Only these tools. Default: all. */
  only?: readonly ToolName[] | undefined;
  /** What the tools may do; tools that it forbids are left out. Default: everything. */
  policy?: Policy | undefined;
  /**
   * Milliseconds for which an effect with the same content is the same effect, from when it was done: 1 000 to 30 days. Default:
   * 3 600 000, an hour. An effect in doubt stays the same effect until its outcome is known.
   */
  window?: number | undefined;
  /** Keeps the model's own keys of different conversations apart, such as the id of the conversation. Default: `""`. */
  namespace?: string | undefined;
  /** The country of numbers without a country code, two capital letters. Default: `"US"`. */
  country?: string | undefined;
  /** libphonenumber-js, for numbers of other countries as people write them. */
  phoneLibrary?: unknown;
  /** Where the tools remember what was done. Default: the ledger of the client, which is right unless the client is a double. */
  ledger?: Ledger | undefined;
  /** Options of all requests. Default: `{ timeout: 30_000, totalTimeout: 60_000, settle: { within: 15_000 } }`. */
  request?: Omit<RequestOptions, "idempotencyKey" | "signal"> | undefined;
  /** Milliseconds since 1970, for tests. Default: `Date.now`. */
  now?: (() => number) | undefined;
}

/**
 * The tools for language models: plain objects, for any framework. Each tool with an effect uses an idempotency key in the client's
 * ledger. So the effect happens once, even if a model calls again, a framework replays, or two calls run at the same time. Give the
 * client a ledger that outlives the process (`agentphone-wasm/ledger`), or the keys are lost with it.
 *
 * Errors: `InvalidArgumentError` for invalid options.
 *
 * ```ts
 * const tools = agentTools(client, { agentId });
 * const text = tools.find(({ name }) => name === "send_text");
 * const words = { to: "+14155550100", text: "Your table is ready." };
 * console.log((await text?.execute(words))?.status, (await text?.execute(words))?.status); // done already_done
 * ```
 */
export function agentTools(client: AgentPhone, options?: AgentToolsOptions): AgentTool[];

/** The names of all tools. */
export const toolNames: readonly ToolName[];
