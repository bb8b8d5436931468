// Webhooks as evidence for intents in doubt. The console sees the webhooks of a sandbox inside the page; those of a server or of a
// real account go to their own endpoint.

import { type WebhookEvent, webhooks } from "agentphone-wasm";
import { onPageWebhook } from "../session/page-sandbox.js";
import { api } from "../session/session.js";
import { type Found, noticed, readDoubts } from "./doubts.js";
import { changed } from "./queries.js";

/** Uses each webhook as evidence, if something is in doubt and the signature is valid; passes what was found to `tell`. */
export const watchWebhooks = (tell: (news: readonly Found[]) => void): void =>
  onPageWebhook((request) => void newsOf(request).then(tell, () => {}));

async function newsOf(request: Request): Promise<readonly Found[]> {
  const before = await readDoubts();
  if (before.length === 0) return [];
  const event = await verified(request);
  if (event === undefined || (await api().effects.observe(event)) === 0) return [];
  const news = await noticed(before);
  await changed();
  return news;
}

/** The event, if it is signed with the secret of the project's webhook or of its agent's. */
async function verified(request: Request): Promise<WebhookEvent | undefined> {
  const body = await request.text();
  const { agentId } = JSON.parse(body) as { agentId?: unknown };
  const hooks = [await api().webhooks.get()];
  if (typeof agentId === "string")
    hooks.push(
      await api()
        .agents.webhook.get(agentId)
        .catch(() => null),
    );
  for (const secret of hooks.flatMap((hook) => hook?.secret ?? [])) {
    try {
      return webhooks.verify({ body, headers: request.headers, secret });
    } catch {
      // Signed by the other webhook, or not genuine.
    }
  }
  return undefined;
}
