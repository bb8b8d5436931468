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
import type { ClientOptions } from "./options.js";

/**
 * The AgentPhone client.
 *
 * One client keeps a retry budget and rate limits for each key that it uses; share it. It is ready at
 * once: there is nothing to await after `new`. Methods may be taken off their objects. Should its WebAssembly module
 * break down, all calls under way reject with `INTERNAL_ERROR`, and the next one gets a fresh module.
 *
 * ```ts
 * const client = new AgentPhone({ apiKey: process.env.AGENTPHONE_API_KEY });
 * const { data } = await client.agents.list({ limit: 20 });
 * ```
 */
export class AgentPhone {
  /**
   * Makes a client and checks its options.
   *
   * Throws `ConfigurationError`, naming the option, for a missing key, a wrong value or an unknown
   * name.
   */
  constructor(options?: ClientOptions);
  /**
   * The same client for a sub-account, or with null for the master account: every request carries its
   * id in `X-Sub-Account-Id`. Retry budget and rate limits are shared, as the key is. It is of the same class; the
   * constructor of a subclass is called with the options that this client was made with.
   */
  withSubAccount(id: string | null): this;
  /**
   * Gives up what the client holds. Calls, lists' pages and transcripts under way go on to their end; each later
   * call rejects with `ConfigurationError`. Not needed: a client that nobody refers to is freed by the garbage
   * collector. `using client = new AgentPhone()` does it at the end of the block.
   */
  dispose(): void;

  /** The account that the key belongs to. */
  readonly account: AccountResource;
  /** Agents: who answers calls and texts, and how. */
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
