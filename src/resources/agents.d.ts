// Agents, and the numbers attached to them.

import type { ApiPromise, Open, RequestOptions } from "../client/options.js";
import type { PagePromise, PageQuery } from "../client/pages.js";
import type { AgentCallsResource, AgentConversationsResource } from "./agent_history.js";
import type { AgentWebhookResource } from "./agent_webhook.js";

/** An agent, which answers and places calls. */
export interface Agent {
  /** Id; opaque. */
  id: string;
  name: string;
  /** A note for people, in any words. */
  description: string | null;
  /**
   * webhook: each caller turn is posted to your endpoint. hosted: built-in model driven by
   * systemPrompt.
   */
  voiceMode: Open<"webhook" | "hosted">;
  /** Lets a hosted agent read and send texts during a call. Default: `true`. */
  enableMessaging?: boolean | undefined;
  /** Quality or speed tier of the built-in model (hosted mode). Default: `balanced`. */
  modelTier?: Open<"turbo" | "balanced" | "max"> | undefined;
  /** Instructions of the built-in model (hosted mode). */
  systemPrompt?: string | null | undefined;
  /** First words of a hosted call. */
  beginMessage?: string | null | undefined;
  /** `voice_id` of `voices.list`. */
  voice: string;
  /** Where calls are transferred to, E.164. An empty string clears it. */
  transferNumber?: string | null | undefined;
  /** Function tools of a hosted agent. */
  customTools?: Array<Record<string, unknown>> | null | undefined;
  /** What is said to a voicemail. An empty string turns it off. */
  voicemailMessage?: string | null | undefined;
  /** Answer to "who is calling" of automated screeners. */
  callScreeningIdentity?: string | null | undefined;
  /** Answer to "why are you calling". */
  callScreeningPurpose?: string | null | undefined;
  /** fast favours latency; accurate adds about 200 ms. Default: `fast`. */
  sttMode?: Open<"fast" | "accurate"> | undefined;
  /** Background bed mixed into the call. Default: `none`. */
  ambientSound?: Open<"none" | "office" | "coffee-shop" | "outdoor"> | undefined;
  /** The second mode costs $0.005 per minute extra. Default: `noise-cancellation`. */
  denoisingMode?: Open<"noise-cancellation" | "noise-and-background-speech-cancellation"> | undefined;
  /** Caller silence that ends the call, in milliseconds. Default: `600000`. */
  maxSilenceMs?: number | undefined;
  /** Speed of speech, 0.5 to 2. Default: `1`. */
  voiceSpeed?: number | undefined;
  /** 0: cannot be interrupted; 1: yields at once. Default: `0.8`. */
  interruptionSensitivity?: number | undefined;
  /** Listening sounds such as "mhm". Default: `true`. */
  enableBackchannel?: boolean | undefined;
  /** Locale of recognition and synthesis. Default: `en-US`. */
  language?: string | undefined;
  /** When it was made, ISO 8601. */
  createdAt: string;
  /** The phone numbers attached to it. */
  numbers?: AgentNumber[] | null | undefined;
}

/** A number attached to an agent. */
export interface AgentNumber {
  /** Id; opaque. */
  id: string;
  /** E.164. */
  phoneNumber: string;
  status: string;
  /** Kind of line. Default: `sms`. */
  type?: Open<"sms" | "imessage"> | undefined;
}

/** What can be set of an agent. The defaults are those of a new one. */
export interface AgentSettings {
  /** A note for people, in any words. */
  description?: string | null | undefined;
  /**
   * webhook: each caller turn is posted to your endpoint. hosted: built-in model driven by
   * systemPrompt. Default: `webhook`.
   */
  voiceMode?: "webhook" | "hosted" | undefined;
  /** Lets a hosted agent read and send texts during a call. Default: `true`. */
  enableMessaging?: boolean | null | undefined;
  /** Quality or speed tier of the built-in model (hosted mode). Default: `balanced`. */
  modelTier?: "turbo" | "balanced" | "max" | undefined;
  /** Needed when voiceMode is hosted. */
  systemPrompt?: string | null | undefined;
  /** First words of a hosted call. */
  beginMessage?: string | null | undefined;
  /** voice_id from voices.list. Default: `custom_voice_ea22ba5fdfaa18f39c274851c1`. */
  voice?: string | null | undefined;
  /** Where calls are transferred to, E.164. An empty string clears it. */
  transferNumber?: string | null | undefined;
  /** Hosted only. Replaces the whole set; [] clears, absence leaves it. At most 20 items. */
  customTools?: CustomTool[] | null | undefined;
  /** What is said to a voicemail. An empty string turns it off. */
  voicemailMessage?: string | null | undefined;
  /** Answer to "who is calling" of automated screeners. */
  callScreeningIdentity?: string | null | undefined;
  /** Answer to "why are you calling". */
  callScreeningPurpose?: string | null | undefined;
  /** fast favours latency; accurate adds about 200 ms. Default: `fast`. */
  sttMode?: "fast" | "accurate" | undefined;
  /** Background bed mixed into the call. Default: `none`. */
  ambientSound?: "none" | "office" | "coffee-shop" | "outdoor" | undefined;
  /** The second mode costs $0.005 per minute extra. Default: `noise-cancellation`. */
  denoisingMode?: "noise-cancellation" | "noise-and-background-speech-cancellation" | undefined;
  /** Length of caller silence that ends the call. 10000 to 3600000. Default: `600000`. */
  maxSilenceMs?: number | null | undefined;
  /** Speed of speech, 0.5 to 2. Default: `1`. */
  voiceSpeed?: number | null | undefined;
  /** 0 = cannot be interrupted, 1 = yields at once. Default: `0.8`. */
  interruptionSensitivity?: number | null | undefined;
  /** Listening sounds such as mhm. Default: `true`. */
  enableBackchannel?: boolean | null | undefined;
  /** Locale of recognition and synthesis. Default: `en-US`. */
  language?: Language | undefined;
}

/** A new agent. */
export interface CreateAgentRequest extends AgentSettings {
  /** A label for people. */
  name: string;
}

/** Only the keys that are present change. */
export interface UpdateAgentRequest extends AgentSettings {
  /** A new label for people. */
  name?: string | null | undefined;
}

/** Function tool of a hosted agent. */
export interface CustomTool {
  /** Function name shown to the model. At most 64 characters. */
  name: string;
  /** What the tool does, for the model to decide when to call it. */
  description: string;
  /** Your HTTPS endpoint. */
  url: string;
  /** HTTP method. Default: `POST`. */
  method?: "GET" | "POST" | undefined;
  /** Headers sent with each invocation. */
  headers?: Record<string, string | null> | null | undefined;
  /** JSON Schema of the arguments. */
  parameters?: Record<string, unknown> | null | undefined;
  /** How long the tool may take, in milliseconds. 1000 to 120000. */
  timeoutMs?: number | null | undefined;
  /** Whether the agent speaks while the tool runs. */
  speakDuringExecution?: boolean | null | undefined;
  /** Spoken while the tool runs. */
  executionMessage?: string | null | undefined;
}

/** BCP-47 locale for recognition and synthesis. */
export type Language =
  | "af-ZA"
  | "ar-SA"
  | "az-AZ"
  | "bg-BG"
  | "bs-BA"
  | "ca-ES"
  | "cs-CZ"
  | "cy-GB"
  | "da-DK"
  | "de-DE"
  | "el-GR"
  | "en-AU"
  | "en-GB"
  | "en-IN"
  | "en-NZ"
  | "en-US"
  | "es-419"
  | "es-ES"
  | "fa-IR"
  | "fi-FI"
  | "fil-PH"
  | "fr-CA"
  | "fr-FR"
  | "gl-ES"
  | "he-IL"
  | "hi-IN"
  | "hr-HR"
  | "hu-HU"
  | "hy-AM"
  | "id-ID"
  | "is-IS"
  | "it-IT"
  | "ja-JP"
  | "kk-KZ"
  | "kn-IN"
  | "ko-KR"
  | "lt-LT"
  | "lv-LV"
  | "mk-MK"
  | "mr-IN"
  | "ms-MY"
  | "ne-NP"
  | "nl-BE"
  | "nl-NL"
  | "no-NO"
  | "pl-PL"
  | "pt-BR"
  | "pt-PT"
  | "ro-RO"
  | "ru-RU"
  | "sk-SK"
  | "sl-SI"
  | "sr-RS"
  | "sv-SE"
  | "sw-KE"
  | "ta-IN"
  | "th-TH"
  | "tr-TR"
  | "uk-UA"
  | "ur-IN"
  | "vi-VN"
  | "yue-CN"
  | "zh-CN";

/** What was deleted. */
export interface DeletedAgent {
  /** True when it was done. */
  success: boolean;
  /** Id; opaque. */
  id: string;
  name: string;
}

/** Which number to attach. */
export interface AttachNumberRequest {
  /** The number to attach, from `numbers.list`. */
  numberId: string;
}

/** The number as attached. */
export interface AttachNumberResponse {
  /** The agent that now has the number. */
  agentId: string;
  /** The number as the agent has it. */
  number: AgentNumber;
}

/** Acknowledgement. Further keys may be present. */
export interface SuccessFlag {
  /** True when it was done. */
  success?: boolean | undefined;
}

/** Agents. */
export interface AgentsResource {
  /** Numbers attached to an agent. */
  readonly numbers: AgentNumbersResource;
  /** The conversations that an agent is part of. */
  readonly conversations: AgentConversationsResource;
  /** The calls that an agent took part in. */
  readonly calls: AgentCallsResource;
  /** A webhook of its own for one agent. */
  readonly webhook: AgentWebhookResource;

  /**
   * Lists agents, the newest first, a page at a time.
   *
   * Effect class: read. Free. Errors: those of every request, which are `AuthenticationError`,
   * `RateLimitError`, `ServerError`, `ConnectionError`, `TimeoutError`, `AbortError` and
   * `InvalidResponseError`.
   *
   * ```ts
   * const { data, total } = await client.agents.list({ limit: 50 });
   * console.log(data.length, "of", total);
   * ```
   */
  list(query?: PageQuery, options?: RequestOptions): PagePromise<Agent>;

  /**
   * Creates an agent.
   *
   * Effect class: effect (a repeat makes a second agent). Free. Errors: `ValidationError` (see
   * `details`), and those of every request.
   *
   * ```ts
   * const agent = await client.agents.create({
   *   name: "Support",
   *   voiceMode: "hosted",
   *   systemPrompt: "You answer for a bakery.",
   * });
   * ```
   */
  create(body: CreateAgentRequest, options?: RequestOptions): ApiPromise<Agent>;

  /**
   * Reads an agent.
   *
   * Effect class: read. Free. Errors: `NotFoundError`, and those of every request.
   */
  get(agentId: string, options?: RequestOptions): ApiPromise<Agent>;

  /**
   * Changes an agent: null clears a field, absence leaves it.
   *
   * Effect class: idempotent. Free. Errors: `ValidationError`, `NotFoundError`, and those of every
   * request.
   *
   * ```ts
   * await client.agents.update(agent.id, { voicemailMessage: null });
   * ```
   */
  update(agentId: string, body: UpdateAgentRequest, options?: RequestOptions): ApiPromise<Agent>;

  /**
   * Deletes an agent for good. Its numbers stay in the account, unassigned.
   *
   * Effect class: idempotent. Free. Errors: `NotFoundError`, and those of every request.
   */
  delete(agentId: string, options?: RequestOptions): ApiPromise<DeletedAgent>;
}

/** Numbers of an agent. */
export interface AgentNumbersResource {
  /**
   * Attaches a number, which then calls and is answered as this agent.
   *
   * Effect class: idempotent. Free. Errors: `NotFoundError`, `ConflictError`, and those of every
   * request.
   *
   * ```ts
   * await client.agents.numbers.attach(agent.id, { numberId: number.id });
   * ```
   */
  attach(agentId: string, body: AttachNumberRequest, options?: RequestOptions): ApiPromise<AttachNumberResponse>;

  /**
   * Detaches a number. It stays in the account and is still paid for.
   *
   * Effect class: idempotent. Free. Errors: `NotFoundError`, and those of every request.
   */
  detach(agentId: string, numberId: string, options?: RequestOptions): ApiPromise<SuccessFlag>;
}
