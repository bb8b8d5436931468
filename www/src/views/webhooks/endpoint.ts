// Whose webhook it is: the project's or an agent's own. Both are read, set, tried and removed the same way.

import type {
  Agent,
  AgentPhone,
  ApiPromise,
  RequestOptions,
  Webhook,
  WebhookRequest,
  WebhookTestResult,
} from "agentphone-wasm";
import { api } from "../../session/session.js";

/** A webhook without its secret: that is shown once, when it is made, and kept nowhere in the page. */
export type KnownWebhook = Omit<Webhook, "secret">;

/** What a test event says. */
export interface TestEvent {
  channel?: "sms" | "imessage" | "mms" | "whatsapp" | "rcs";
  message?: string;
}

/** A place that may have a webhook. */
export interface Endpoint {
  /** Under what the query is kept. */
  key: readonly unknown[];
  /** As in `the webhook of …`. */
  whose: string;
  /** Absent for the project's. */
  agentId?: string;
  read: (client: AgentPhone, signal: AbortSignal) => Promise<KnownWebhook | null>;
  /** The operation that sets it. */
  operation: "webhooks.set" | "agents.webhook.set";
  set: (body: WebhookRequest, options: RequestOptions) => ApiPromise<Webhook>;
  /** The secret that it has now. */
  secret: () => PromiseLike<string>;
  remove: () => PromiseLike<unknown>;
  test: (event: TestEvent) => PromiseLike<WebhookTestResult>;
}

function withoutSecret(webhook: Webhook | null): KnownWebhook | null {
  if (webhook === null) return null;
  const { secret: _, ...rest } = webhook;
  return rest;
}

const secretOf = (webhook: Webhook | null): string => webhook?.secret ?? "";

/** The project's. */
export const PROJECT: Endpoint = {
  key: ["webhooks", "project"],
  whose: "the project",
  read: (client, signal) => client.webhooks.get({ signal }).then(withoutSecret),
  operation: "webhooks.set",
  set: (body, options) => api().webhooks.set(body, options),
  secret: () => api().webhooks.get().then(secretOf),
  remove: () => api().webhooks.delete(),
  test: (event) => api().webhooks.test(event),
};

/** An agent's own. */
export function agentEndpoint({ id, name }: Agent): Endpoint {
  return {
    key: ["webhooks", "agent", id],
    whose: name,
    agentId: id,
    read: (client, signal) => client.agents.webhook.get(id, { signal }).then(withoutSecret),
    operation: "agents.webhook.set",
    set: (body, options) => api().agents.webhook.set(id, body, options),
    secret: () => api().agents.webhook.get(id).then(secretOf),
    remove: () => api().agents.webhook.delete(id),
    test: () => api().agents.webhook.test(id),
  };
}

/** What is wrong with an address, if anything. A sandbox also posts to servers on the same machine. */
export function urlProblem(text: string, live: boolean): string | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return "An address, as in https://example.com/agentphone.";
  }
  if (url.protocol === "https:" || (!live && url.protocol === "http:")) return undefined;
  return live ? "An address that begins with https://." : "An address that begins with https:// or http://.";
}
