// `ensure`: set-up that may run at each start of a program. The code is `src/js/toolkit/ensure.js`.

import type { AgentPhone } from "../client/client.js";
import type { RequestOptions } from "../client/options.js";
import type { Agent, CreateAgentRequest } from "../resources/agents.js";
import type { BuyNumberRequest, PhoneNumber } from "../resources/numbers.js";
import type { Webhook, WebhookRequest } from "../resources/webhooks.js";

/** What `ensure` did. */
export interface Ensured {
  /** `unchanged`: nothing was sent but questions. */
  action: "created" | "updated" | "unchanged";
  /** The names of the fields that were set. */
  changes: string[];
}

/** What became of an agent. */
export interface EnsuredAgent extends Ensured {
  /** The agent as it is now. */
  agent: Agent;
  /** Ids of further agents of the same name, which were left alone: a repeated `agents.create` makes some. */
  others: string[];
}

/** A number that is wanted, known by its tag. */
export interface EnsureNumberRequest extends BuyNumberRequest {
  /** Your own tag, by which the number is known again. */
  externalId: string;
}

/** What became of a number. */
export interface EnsuredNumber extends Ensured {
  /** The number as it is now. */
  number: PhoneNumber;
  /** Ids of further numbers of the same tag, which were left alone and are paid for. */
  others: string[];
}

/** A webhook that is wanted. */
export interface EnsureWebhookRequest extends WebhookRequest {
  /** The agent that it is for. Default: it is that of the project. */
  agentId?: string | null | undefined;
}

/** What became of a webhook. */
export interface EnsuredWebhook extends Ensured {
  /** The webhook as it is now, with its secret. */
  webhook: Webhook;
}

/**
 * Set-up that may run at each start of a program: it reads what is there, and changes only what differs. What is not
 * given stays as it is. Two programs that start at the same moment can both find nothing, and both create something.
 *
 * `options` are those of each request; `idempotencyKey`, where the client knows it, is only for the one that creates. Errors:
 * `InvalidArgumentError`, and those of the requests. Where it is unknown whether something was created
 * (`outcomeUnknown`), it is looked for; the error is thrown only if it is not there.
 */
export interface Ensure {
  /**
   * An agent of this name with these settings. Of several the oldest counts.
   *
   * ```ts
   * const { agent, action } = await ensure.agent(client, { name: "Ada", voice: "custom_voice_ea22ba5fdfaa18f39c274851c1" });
   * console.log(action, agent.id); // unchanged: it exists
   * ```
   */
  agent(client: Pick<AgentPhone, "agents">, agent: CreateAgentRequest, options?: RequestOptions): Promise<EnsuredAgent>;
  /**
   * A number of this tag, bought if there is none (**$3.00 at once and each month**), and attached to the agent: taken from
   * another one if need be. `areaCode` and `imessageType` matter only when it is bought. A number of another country or type is an
   * `InvalidArgumentError`, because it cannot be changed. Of several the oldest counts.
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
   * A webhook with this address. One that is as it should be keeps its secret; one that is changed gets a new one, because
   * the API makes one with each change: `secret` is among the `changes` then, and deliveries under way are signed with
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

/** Set-up that may run at each start of a program. */
export const ensure: Ensure;
