// `ensure`: set-up that may run at each start of a program. The code is `src/js/toolkit/ensure.js`.

import type { AgentPhone } from "../client/client.js";
import type { RequestOptions } from "../client/options.js";
import type { Agent, CreateAgentRequest } from "../resources/agents.js";
import type { BuyNumberRequest, PhoneNumber } from "../resources/numbers.js";
import type { Webhook, WebhookRequest } from "../resources/webhooks.js";

/** What `ensure` did. */
export interface Ensured {
  /** `unchanged`: only reads were sent. */
  action: "created" | "updated" | "unchanged";
  /** The names of the fields that were set. */
  changes: string[];
}

/** The result for an agent. */
export interface EnsuredAgent extends Ensured {
  /** The agent as it is now. */
  agent: Agent;
  /** Ids of other agents with the same name, which were not changed: a repeated `agents.create` leaves some behind. */
  others: string[];
}

/** The number you want, identified by its tag. */
export interface EnsureNumberRequest extends BuyNumberRequest {
  /** Your own tag, which identifies the number. */
  externalId: string;
}

/** The result for a number. */
export interface EnsuredNumber extends Ensured {
  /** The number as it is now. */
  number: PhoneNumber;
  /** Ids of other numbers with the same tag, which were not changed and still cost money. */
  others: string[];
}

/** The webhook you want. */
export interface EnsureWebhookRequest extends WebhookRequest {
  /** The agent it is for. Default: none, the project's webhook. */
  agentId?: string | null | undefined;
}

/** The result for a webhook. */
export interface EnsuredWebhook extends Ensured {
  /** The webhook as it is now, with its secret. */
  webhook: Webhook;
}

/**
 * Setup that may run at each start of a program: it reads what exists and changes only what differs. Fields that you
 * do not give are not changed. Two programs that start at the same moment can both find nothing and both create an object.
 *
 * `options` are those of each request; `idempotencyKey`, if the client supports it, applies only to the request that creates. Errors:
 * `InvalidArgumentError`, and those of the requests. If it is unknown whether an object was created
 * (`outcomeUnknown`), it is looked for; the error is thrown only if it is not found.
 */
export interface Ensure {
  /**
   * An agent with this name and these settings. If there are several, the oldest is used.
   *
   * ```ts
   * const { agent, action } = await ensure.agent(client, { name: "Ada", voice: "custom_voice_ea22ba5fdfaa18f39c274851c1" });
   * console.log(action, agent.id); // unchanged: it exists
   * ```
   */
  agent(client: Pick<AgentPhone, "agents">, agent: CreateAgentRequest, options?: RequestOptions): Promise<EnsuredAgent>;
  /**
   * A number with this tag, bought if there is none (**$3.00 now and each month**), and attached to the agent, even if
   * it must be taken from another one. `areaCode` and `imessageType` are used only when it is bought. A number of another country or type is an
   * `InvalidArgumentError`, because these cannot be changed. If there are several, the oldest is used.
   *
   * ```ts
   * const { number, action } = await ensure.number(client, { externalId: "front desk", agentId: agent.id });
   * console.log(action, number.phoneNumber); // created
   * ```
   */
  number(
    client: Pick<AgentPhone, "agents" | "numbers">,
    number: EnsureNumberRequest,
    options?: RequestOptions,
  ): Promise<EnsuredNumber>;
  /**
   * A webhook with this URL. If it already matches, it keeps its secret. If it is changed, it gets a new one, because
   * the API creates one with each change: then `changes` contains `secret`, and deliveries in flight are still signed with
   * the old one.
   *
   * ```ts
   * const { webhook, changes } = await ensure.webhook(client, { url: "https://example.com/agentphone" });
   * console.log(changes, webhook.secret.length);
   * ```
   */
  webhook(
    client: Pick<AgentPhone, "agents" | "webhooks">,
    webhook: EnsureWebhookRequest,
    options?: RequestOptions,
  ): Promise<EnsuredWebhook>;
}

/** Setup that may run at each start of a program. */
export const ensure: Ensure;
