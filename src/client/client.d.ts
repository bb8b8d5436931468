// The class that users construct (`src/js/client/client.js`) and the resources on it. Each resource is a file in
// `src/resources`.

import type { AccountResource } from "../resources/account.js";
import type { AgentsResource } from "../resources/agents.js";
import type { CallsResource } from "../resources/calls.js";
import type { ContactsResource } from "../resources/contacts.js";
import type { ConversationsResource } from "../resources/conversations.js";
import type { CreditsResource } from "../resources/credits.js";
import type { FeedbackResource } from "../resources/feedback.js";
import type { LocationResource } from "../resources/location.js";
import type { MessagesResource } from "../resources/messages.js";
import type { NumbersResource } from "../resources/numbers.js";
import type { RegistrationResource } from "../resources/registration.js";
import type { SignUpResource } from "../resources/sign_up.js";
import type { SipTrunksResource } from "../resources/sip_trunks.js";
import type { SubAccountsResource } from "../resources/sub_accounts.js";
import type { UsageResource } from "../resources/usage.js";
import type { VerificationResource } from "../resources/verification.js";
import type { VoicesResource } from "../resources/voices.js";
import type { WebhooksResource } from "../resources/webhooks.js";
import type { WhatsAppResource } from "../resources/whatsapp.js";
import type { DisposeKey } from "./disposal.js";
import type { Effects, Intent } from "./effects.js";
import type { ApiPromise, ClientOptions, RequestOptions } from "./options.js";

/** The request that `client.request` sends. */
export interface AnyRequest {
  /** The query string; null and undefined are left out. */
  query?: Record<string, string | number | boolean | null | undefined> | undefined;
  /** An object that is sent as JSON. Default: no body. */
  body?: object | null | undefined;
  /**
   * What a repetition does. `read`: nothing. `idempotent`: it leaves the same state and costs nothing more. `effect`: it
   * costs money, rings a phone, creates another object; such a request is never repeated unless it is proven that
   * nothing happened. Default: `read` for a GET, otherwise `effect`.
   */
  effect?: "read" | "idempotent" | "effect" | undefined;
}

/**
 * The AgentPhone client.
 *
 * One client keeps a retry budget and rate limits for each key that it uses; share it. It is ready at once: there is
 * nothing to await after `new`. Methods can be detached from their objects. If its WebAssembly module breaks, all calls
 * in flight reject with `INTERNAL_ERROR`, and the next one gets a fresh module.
 *
 * ```ts
 * const client = new AgentPhone({ apiKey: process.env.AGENTPHONE_API_KEY });
 * const { data } = await client.agents.list({ limit: 20 });
 * ```
 */
export class AgentPhone {
  /**
   * Creates a client and checks its options.
   *
   * Throws `ConfigurationError`, naming the option, for a missing key, a wrong value or an unknown
   * name.
   */
  constructor(options?: ClientOptions);
  /**
   * The same client for a sub-account, or with null for the master account: every request carries its id in
   * `X-Sub-Account-Id`. Retry budget and rate limits are shared, like the key. It has the same class; the constructor of
   * a subclass is called with the options of this client. A subclass declares this to the compiler with
   * `override withSubAccount(id: string | null): this { return super.withSubAccount(id) as this; }`.
   */
  withSubAccount(id: string | null): AgentPhone;
  /**
   * Sends a request to any path of the API, for anything that this version of the package has no method for: with the
   * key, retries, rate limits, time limits, hooks, errors and sub-account of every request. The response is parsed, not
   * checked; it is `undefined` if it has no body.
   *
   * Effect class: the one that you state in `effect`. Errors: `InvalidArgumentError` for a path or a body that cannot be sent,
   * and those of every request. Errors and logs show only lower-case words of the path; what may be an id is `{id}`.
   *
   * ```ts
   * const trunk = await client.request<{ id: string }>("POST", "/v1/sip-trunks", { body: { name: "Office" }, effect: "effect" });
   * await client.request("DELETE", `/v1/sip-trunks/${encodeURIComponent(trunk.id)}`, { effect: "idempotent" });
   * ```
   */
  request<T = unknown>(
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    request?: AnyRequest,
    options?: RequestOptions,
  ): ApiPromise<T>;
  /**
   * Finds out what became of a failed call without an idempotency key: pass its error, as this process got it. Nothing is
   * sent again. The state of the intent says what was found. The request's options apply, except its `signal`.
   *
   * Errors: `INVALID_ARGUMENT` for an error whose outcome is not unknown.
   *
   * ```ts
   * await client.calls.create({ agentId, toNumber }).catch(async (error) => {
   *   if (!error.outcomeUnknown) throw error;
   *   const { state, id } = await client.settle(error);
   *   console.log(state === "placed" ? `it rang: ${id}` : "not found so far");
   * });
   * ```
   */
  settle(error: unknown, options?: RequestOptions): Promise<Intent>;
  /**
   * Releases the resources of the client. Calls, pages of lists and transcripts in flight continue to their end; each later call
   * rejects with `ConfigurationError`. Optional: the garbage collector frees an unreferenced client.
   * `using client = new AgentPhone()` does it at the end of the block.
   */
  dispose(): void;

  /** The account that the key belongs to. */
  readonly account: AccountResource;
  /** Calls with idempotency keys: what became of them. */
  readonly effects: Effects;
  /** Agents, which answer calls and texts. */
  readonly agents: AgentsResource;
  /** Phone calls: place, follow, list and end them, and get their audio. */
  readonly calls: CallsResource;
  /** Contacts: the people whom agents call and text. */
  readonly contacts: ContactsResource;
  /** Threads of texts, with a person or a group. */
  readonly conversations: ConversationsResource;
  /** Paid add-ons, such as call recording. */
  readonly credits: CreditsResource;
  /** Sends feedback to AgentPhone. */
  readonly feedback: FeedbackResource;
  /** Where numbers were last located. */
  readonly location: LocationResource;
  /** Sends texts and reactions. */
  readonly messages: MessagesResource;
  /** The phone numbers of the account: buy, look up, configure and release them. */
  readonly numbers: NumbersResource;
  /** 10DLC registration, which US carriers require before a number may text. */
  readonly registration: RegistrationResource;
  /** Sign-up of a new account. */
  readonly signUp: SignUpResource;
  /** SIP trunks, which connect a phone system of your own. */
  readonly sipTrunks: SipTrunksResource;
  /** Sub-accounts: separate agents, numbers and conversations on one balance. */
  readonly subAccounts: SubAccountsResource;
  /** Usage counters: by day, month, number and agent. */
  readonly usage: UsageResource;
  /** One-time codes that prove a phone number belongs to a person. */
  readonly verification: VerificationResource;
  /** The voices that agents can speak with. */
  readonly voices: VoicesResource;
  /** The webhook of the project, and what became of its deliveries. */
  readonly webhooks: WebhooksResource;
  /** WhatsApp Business: connections, numbers and message templates. */
  readonly whatsapp: WhatsAppResource;
}

export interface AgentPhone extends Record<DisposeKey, () => void> {}
